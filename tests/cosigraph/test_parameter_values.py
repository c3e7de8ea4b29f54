# SPDX-License-Identifier: Apache-2.0
"""From text and Python values to literals of a parameter's type."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cosigraph.errors import ParameterValueError
from cosigraph.parameter_values import identifiers_of, literal_value
from cosigraph.parameters import Parameter, ParameterType
from cosigraph.terms import XSD, LanguageString, Prefixes, to_python

PREFIXES = Prefixes({"ex": "https://example.org/"})


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("integer", "2", literal("2", "integer")),
        ("integer", " -07 ", literal("-7", "integer")),
        ("integer", 2, literal("2", "integer")),
        ("integer", literal("2", "integer"), literal("2", "integer")),
        ("decimal", "1.50", literal("1.50", "decimal")),
        ("decimal", 3, literal("3", "decimal")),
        ("decimal", 0.25, literal("0.25", "decimal")),
        ("decimal", Decimal("1E+3"), literal("1000", "decimal")),
        ("date", "2011-10-21", literal("2011-10-21", "date")),
        ("date", datetime.date(2011, 10, 21), literal("2011-10-21", "date")),
        ("date", datetime.datetime(2011, 10, 21), literal("2011-10-21", "date")),
        ("string", " kept as it is ", Literal(" kept as it is ")),
        ("string", LanguageString("goal", "en"), Literal("goal")),
        ("language-string", "goal@en-GB", Literal("goal", language="en-gb")),
        ("language-string", "a@b@en", Literal("a@b", language="en")),
        ("language-string", LanguageString("Ziel", "de"), Literal("Ziel", language="de")),
        ("language-string", Literal("Ziel", language="de"), Literal("Ziel", language="de")),
        ("boolean", "true", literal("true", "boolean")),
        ("boolean", False, literal("false", "boolean")),
    ],
)
def test_a_value_becomes_a_literal_of_the_type(
    type_: str, value: object, expected: Literal
) -> None:
    assert literal_value(Parameter("p", ParameterType(type_)), value) == expected


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("integer", "two"),
        ("integer", "2.0"),
        ("integer", ""),
        ("integer", "٣"),
        ("integer", True),
        ("integer", 2.0),
        ("integer", Literal("2")),
        ("integer", NamedNode("https://example.org/2")),
        ("decimal", "1e3"),
        ("decimal", "."),
        ("decimal", "NaN"),
        ("decimal", float("inf")),
        ("decimal", Decimal("NaN")),
        ("decimal", True),
        ("date", "21.10.2011"),
        ("date", "2011-02-30"),
        ("date", datetime.datetime(2011, 10, 21, 12)),
        ("string", 2),
        ("string", None),
        ("string", "\ud800"),
        ("string", Literal("Ziel", language="de")),
        ("language-string", "goal"),
        ("language-string", "goal@"),
        ("language-string", "goal@e n"),
        ("boolean", "yes"),
        ("boolean", 1),
        ("iri", "https://example.org/"),
    ],
)
def test_a_value_of_another_type_is_refused_with_an_example(type_: str, value: object) -> None:
    with pytest.raises(ParameterValueError) as caught:
        literal_value(Parameter("the-name", ParameterType(type_)), value)
    assert "'the-name'" in str(caught.value)
    assert "for example" in str(caught.value)


def test_a_long_value_is_cut_in_the_message_and_shown_on_one_line() -> None:
    with pytest.raises(ParameterValueError) as caught:
        literal_value(Parameter("p", ParameterType.INTEGER), "a\nb" * 1000)
    assert len(str(caught.value)) < 250
    assert "\n" not in str(caught.value)


@given(st.integers())
def test_every_integer_comes_back(value: int) -> None:
    assert to_python(literal_value(Parameter("p", ParameterType.INTEGER), value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.floats(-1e300, 1e300))
def test_every_finite_number_comes_back(value: Decimal | float) -> None:
    assert to_python(literal_value(Parameter("p", ParameterType.DECIMAL), value)) == Decimal(
        str(value)
    )


@given(st.sampled_from(ParameterType), st.text(st.characters()))
def test_any_text_is_a_literal_or_refused(type_: ParameterType, text: str) -> None:
    try:
        found = literal_value(Parameter("p", type_), text)
    except ParameterValueError:
        return
    # A literal that was made can be given again.
    assert literal_value(Parameter("p", type_), found) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a", ["https://example.org/a"]),
        ("<https://example.org/a>", ["https://example.org/a"]),
        ("urn:isbn:1", ["urn:isbn:1"]),
        ("<mailto:a@example.org>", ["mailto:a@example.org"]),
        ("ex:a", ["https://example.org/a"]),
        ("ex:a b", []),
        ("<ex:a", []),
        ("other:a", []),
        ("a", []),
        ("https://example.org/> } #", []),
        ("<https://example.org/> <https://example.org/>", []),
        ("https://example.org/\ud800", []),
    ],
)
def test_identifiers_are_iris_and_curies(text: str, expected: list[str]) -> None:
    assert identifiers_of(text, PREFIXES) == [NamedNode(iri) for iri in expected]
