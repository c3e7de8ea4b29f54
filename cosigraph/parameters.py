# SPDX-License-Identifier: Apache-2.0
"""The typed parameters of canned queries: what they take, and how values become RDF terms.

A query holds a block ``VALUES ?p_name { … }`` for each of its parameters. Binding rewrites what is
between the braces from typed terms; no character that a caller wrote gets into the query but as
part of a term that the engine has written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from cosigraph.errors import ParameterValueError, UnknownParameterError
from cosigraph.sparql import Token, tokens
from cosigraph.suggestions import did_you_mean
from cosigraph.terms import Term

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery

#: What the variables of parameters begin with.
VARIABLE_PREFIX: Final = "p_"


class ParameterType(StrEnum):
    """What kind of value a parameter takes."""

    IRI = "iri"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    STRING = "string"
    LANGUAGE_STRING = "language-string"
    BOOLEAN = "boolean"

    @property
    def form(self) -> str:
        """The form of a value in words, with an example."""
        return _FORMS[self]


_FORMS: Final = {
    ParameterType.IRI: "an IRI, a CURIE, a code or a label, for example https://example.org/thing",
    ParameterType.INTEGER: "a whole number, for example 2",
    ParameterType.DECIMAL: "a number with digits and at most one point, for example 0.25",
    ParameterType.DATE: "a date as year-month-day, for example 2011-10-21",
    ParameterType.STRING: "any text, for example asset recovery",
    ParameterType.LANGUAGE_STRING: "a text with its language after @, for example goal@en",
    ParameterType.BOOLEAN: "true or false, for example true",
}


@dataclass(frozen=True, slots=True)
class ClassChoices:
    """The things of a class or of its subclasses."""

    iri: str


@dataclass(frozen=True, slots=True)
class SchemeChoices:
    """The concepts of a SKOS concept scheme."""

    iri: str


@dataclass(frozen=True, slots=True)
class QueryChoices:
    """What a column of another canned query holds, asked without parameters."""

    query: str
    column: str


@dataclass(frozen=True, slots=True)
class ValueChoices:
    """Values that the front matter lists."""

    terms: tuple[Term, ...]


Choices = ClassChoices | SchemeChoices | QueryChoices | ValueChoices


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a canned query.

    ``name`` is its public name, with hyphens. ``default`` holds what stands in the query's text
    while nobody says otherwise; without it, a parameter that is left out means all.
    """

    name: str
    type: ParameterType
    description: str = ""
    many: bool = False
    required: bool = False
    default: tuple[Term, ...] = ()
    choices: Choices | None = None

    @property
    def keyword(self) -> str:
        """The name in Python, with underscores."""
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        """The variable in the query, without its question mark."""
        return VARIABLE_PREFIX + self.keyword

    def wrong(self, value: object, advice: str | None = None) -> ParameterValueError:
        """The error for a value that does not fit; by default it says the form expected."""
        return ParameterValueError(
            f"{shown(value)} is no value for the parameter '{self.name}'.",
            advice=advice or f"Give {self.type.form}.",
        )


def shown(value: object) -> str:
    """A value that somebody gave, on one line and not too long, in quotation marks."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(character if character.isprintable() else "\ufffd" for character in text)
    return f"'{text[:77]}…'" if len(text) > 80 else f"'{text}'"


@dataclass(frozen=True, slots=True)
class ValuesBlock:
    """A block ``VALUES ?p_name { … }``; the offsets are those between its braces."""

    variable: str
    start: int
    end: int


def values_blocks(text: str) -> Iterator[ValuesBlock]:
    """The parameter blocks of a query, in order; what only looks like one is left out."""
    stream = list(tokens(text))
    for index, (keyword, variable, opening) in enumerate(
        zip(stream, stream[1:], stream[2:], strict=False)
    ):
        if (
            keyword.is_word("VALUES")
            and is_parameter_variable(variable)
            and opening.text == "{"
            and (closing := next((token for token in stream[index:] if token.text == "}"), None))
        ):
            yield ValuesBlock(variable.text[1:], opening.end, closing.start)


def is_parameter_variable(token: Token) -> bool:
    """Whether the token is a variable named as those of parameters are."""
    return token.kind == "variable" and token.text[1:].startswith(VARIABLE_PREFIX)


def bind(query: CannedQuery, terms: Mapping[str, Sequence[Term]]) -> str:
    """The query's text with the given terms in its parameter blocks.

    Blocks of parameters that are left out stay as they are. Outside of the blocks nothing
    changes, and every line keeps its number.

    Args:
        query: the canned query.
        terms: for each parameter's public name, one term or more.

    Raises:
        UnknownParameterError: the query has no such parameter.
        ParameterValueError: a required parameter is missing, there are no terms or too many, or a
            term is neither an IRI nor a literal.
    """
    for name in terms:
        if name not in query.parameters:
            raise unknown_parameter(query, name)
    contents: dict[str, str] = {}
    for name, parameter in query.parameters.items():
        if name in terms:
            contents[parameter.variable] = _content(parameter, terms[name])
        elif parameter.required:
            raise ParameterValueError(
                f"The query '{query.name}' needs the parameter '{name}'.",
                advice=f"Give {parameter.type.form}.",
            )
    text, done = [], 0
    for block in values_blocks(query.text):
        if block.variable in contents:
            lines = query.text.count("\n", block.start, block.end)
            text += [query.text[done : block.start], contents[block.variable], "\n" * lines]
            done = block.end
    return "".join([*text, query.text[done:]])


def unknown_parameter(query: CannedQuery, name: str) -> UnknownParameterError:
    """The error for a name that is none of the query's parameters; it tells them."""
    names = list(query.parameters)
    known = f"Its parameters: {', '.join(names)}." if names else "It takes no parameters."
    near = did_you_mean(name, names)
    return UnknownParameterError(
        f"The query '{query.name}' has no parameter '{name}'.",
        advice=f"Did you mean '{near}'? {known}" if near else known,
    )


def _content(parameter: Parameter, terms: Sequence[Term]) -> str:
    if not terms:
        raise ParameterValueError(
            f"The parameter '{parameter.name}' was given no value.",
            advice="Give at least one, or leave the parameter out.",
        )
    distinct = list(dict.fromkeys(terms))
    if len(distinct) > 1 and not parameter.many:
        raise ParameterValueError(
            f"The parameter '{parameter.name}' takes one value, not {len(distinct)}.",
            advice="Give one of them.",
        )
    for term in distinct:
        if not isinstance(term, (NamedNode, Literal)):
            raise parameter.wrong(term, "Give an IRI or a literal.")
    return f" {' '.join(map(str, distinct))} "
