# SPDX-License-Identifier: Apache-2.0
"""Terms become the Python values that people expect, and nothing is lost or raised."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.terms import IRI, WELL_KNOWN_PREFIXES, XSD, LanguageString, Prefixes, to_python


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("7", "integer", 7),
        ("+007", "integer", 7),
        ("7", "nonNegativeInteger", 7),
        ("1.50", "decimal", Decimal("1.50")),
        ("1.5e3", "double", 1500.0),
        ("-INF", "double", float("-inf")),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("2011-10-21", "date", date(2011, 10, 21)),
        ("2011-10-21T09:30:00", "dateTime", datetime(2011, 10, 21, 9, 30)),
        ("2011-10-21T09:30:00Z", "dateTime", datetime(2011, 10, 21, 9, 30, tzinfo=UTC)),
        ("2011", "gYear", 2011),
    ],
)
def test_a_literal_has_the_value_of_its_datatype(text: str, datatype: str, value: object) -> None:
    result = to_python(typed(text, datatype))
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("seven", "integer"),
        ("1_000", "integer"),
        ("٣", "integer"),
        ("9" * 5000, "integer"),
        ("1e3", "decimal"),
        ("infinity", "double"),
        ("yes", "boolean"),
        ("2011-02-30", "date"),
        ("20111021", "date"),
        ("2011-10-21Z", "date"),
        ("2011-10-21T09:30:00.1234567", "dateTime"),
        ("2011-10-21T24:00:00", "dateTime"),
        ("P1Y", "duration"),
        ("x", "unheardOf"),
    ],
)
def test_what_python_cannot_hold_exactly_stays_as_it_is_written(text: str, datatype: str) -> None:
    assert to_python(typed(text, datatype)) == text


def test_an_iri_can_be_told_from_a_string() -> None:
    value = to_python(NamedNode("https://orchard.example/id/tree/1"))
    assert value == "https://orchard.example/id/tree/1"
    assert isinstance(value, IRI)
    assert repr(value) == "IRI('https://orchard.example/id/tree/1')"
    assert not isinstance(to_python(Literal("https://orchard.example/id/tree/1")), IRI)


def test_a_language_string_keeps_its_language() -> None:
    value = to_python(Literal("Baum", language="de"))
    assert isinstance(value, LanguageString)
    assert (value, value.language) == ("Baum", "de")


def test_a_language_string_survives_copying_and_pickling() -> None:
    value = LanguageString("Baum", "de")
    for twin in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert (twin, twin.language) == ("Baum", "de")


def test_blank_nodes_and_triple_terms_are_written_out() -> None:
    node = NamedNode("a:b")
    assert to_python(BlankNode("x")) == "_:x"
    assert to_python(Triple(node, node, node)) == "<a:b> <a:b> <a:b>"


@given(st.text(), st.sampled_from(["integer", "decimal", "double", "date", "dateTime", "gYear"]))
def test_no_literal_makes_it_raise(text: str, datatype: str) -> None:
    to_python(typed(text.replace("\0", ""), datatype))


@given(st.integers())
def test_integers_come_back_as_they_were(number: int) -> None:
    assert to_python(typed(str(number), "integer")) == number


def test_a_curie_is_expanded_and_an_iri_shortened() -> None:
    prefixes = Prefixes({"ex": "https://ex.example/", "deep": "https://ex.example/deep/"})
    assert prefixes.expand("ex:name") == "https://ex.example/name"
    assert prefixes.shorten("https://ex.example/name") == "ex:name"
    assert prefixes.shorten("https://ex.example/deep/name") == "deep:name"


def test_an_iri_that_no_prefix_fits_stays_whole() -> None:
    prefixes = Prefixes({"ex": "https://ex.example/"})
    for iri in ("https://other.example/a", "https://ex.example/a/b", "https://ex.example/a."):
        assert prefixes.shorten(iri) == iri


@pytest.mark.parametrize("text", ["nocolon", "unknown:name", ""])
def test_what_is_no_curie_is_not_expanded(text: str) -> None:
    assert Prefixes({"ex": "https://ex.example/"}).expand(text) is None


def test_declarations_are_sorted_sparql() -> None:
    prefixes = Prefixes({"b": "https://b.example/", "a": "https://a.example/"})
    assert prefixes.declarations() == (
        "PREFIX a: <https://a.example/>\nPREFIX b: <https://b.example/>\n"
    )


@given(st.sampled_from(sorted(WELL_KNOWN_PREFIXES)), st.from_regex(r"[A-Za-z_]\w*", fullmatch=True))
def test_shortening_and_expanding_are_inverse(prefix: str, name: str) -> None:
    prefixes = Prefixes(WELL_KNOWN_PREFIXES)
    iri = WELL_KNOWN_PREFIXES[prefix] + name
    shortened = prefixes.shorten(iri)
    assert prefixes.expand(shortened) in {iri, None}
    assert shortened == iri or prefixes.expand(shortened) == iri
