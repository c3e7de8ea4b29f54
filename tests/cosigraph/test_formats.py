# SPDX-License-Identifier: Apache-2.0
"""Formats are found by the names that people use, and fit one kind of answer."""

from __future__ import annotations

import pytest

from cosigraph.errors import UnknownFormatError
from cosigraph.formats import Kind, ResultFormat


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("json", None, ResultFormat.JSON),
        ("CSV", "bindings", ResultFormat.CSV),
        ("xml", None, ResultFormat.XML),
        ("xml", "graph", ResultFormat.RDFXML),
        ("rdf/xml", None, ResultFormat.RDFXML),
        ("RDF-XML", "graph", ResultFormat.RDFXML),
        ("rdf+xml", "graph", ResultFormat.RDFXML),
        ("n3", "graph", ResultFormat.TURTLE),
        ("ttl", None, ResultFormat.TURTLE),
        ("nt", None, ResultFormat.NTRIPLES),
        ("n-triples", None, ResultFormat.NTRIPLES),
        ("json-ld", "graph", ResultFormat.JSONLD),
        ("json", "graph", ResultFormat.JSONLD),
        ("TriG", "graph", ResultFormat.TRIG),
        ("n-quads", None, ResultFormat.NQUADS),
        ("nq", "graph", ResultFormat.NQUADS),
    ],
)
def test_a_format_is_found_by_every_usual_name(
    name: str, kind: Kind | None, expected: ResultFormat
) -> None:
    assert ResultFormat.from_name(name, kind) is expected


def test_an_unknown_format_is_one_clear_line() -> None:
    with pytest.raises(UnknownFormatError) as caught:
        ResultFormat.from_name("turtel")
    assert str(caught.value) == "There is no format 'turtel'. Did you mean 'turtle'?"


def test_an_unknown_format_that_is_near_none_lists_those_that_fit() -> None:
    with pytest.raises(UnknownFormatError) as caught:
        ResultFormat.from_name("spreadsheet", "bindings")
    assert str(caught.value).endswith("Known: json, xml, csv, tsv.")


def test_a_table_in_turtle_is_refused_with_the_formats_that_fit() -> None:
    with pytest.raises(UnknownFormatError) as caught:
        ResultFormat.from_name("turtle", "bindings")
    assert str(caught.value) == (
        "The answer is a table, which cannot be written as turtle. "
        "Formats that fit: json, xml, csv, tsv."
    )


def test_every_label_is_found_again() -> None:
    for member in ResultFormat:
        assert ResultFormat.from_name(member.label) is member
        assert ResultFormat.from_name(member.extension, member.kind) is member


def test_the_default_formats_come_first() -> None:
    assert ResultFormat.of_kind("bindings")[0] is ResultFormat.JSON
    assert ResultFormat.of_kind("graph")[0] is ResultFormat.TURTLE
