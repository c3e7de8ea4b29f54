# SPDX-License-Identifier: Apache-2.0
"""Parameters and examples as a canned query's front matter declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from cosigraph.errors import ParameterValueError
from cosigraph.front_matter import Entry
from cosigraph.parameter_values import identifiers_of, literal_value
from cosigraph.parameters import (
    Choices,
    ClassChoices,
    Parameter,
    ParameterType,
    QueryChoices,
    SchemeChoices,
    ValueChoices,
)
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes, Term

#: Names that the command line and the addresses need for themselves.
RESERVED_NAMES: Final = frozenset(
    {"format", "help", "long", "output", "project", "reading", "receipt", "version"}
)
#: What the names of queries, parameters and cases look like.
NAME_FORM: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CASE_FORM: Final = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")

#: The texts that an example gives to each of its parameters.
Example = Mapping[str, tuple[str, ...]]


def read_parameters(entry: Entry | None, prefixes: Prefixes) -> dict[str, Parameter]:
    """The parameters in the order of their declaration.

    Raises:
        QueryFileError: a name, key, type, default or choice cannot be what it is.
    """
    if entry is None:
        return {}
    return {
        name: _parameter(name, declared, prefixes) for name, declared in entry.mapping().items()
    }


def _parameter(name: str, entry: Entry, prefixes: Prefixes) -> Parameter:
    if not NAME_FORM.fullmatch(name):
        raise entry.wrong_key(
            f"'{name}' is no name for a parameter.",
            "Use lower-case letters, digits and single hyphens, beginning with a letter.",
        )
    if name in RESERVED_NAMES:
        raise entry.wrong_key(f"The name '{name}' is taken by every query.", "Choose another one.")
    fields = entry.fields("description", "type", "many", "required", "default", "choices")
    if "type" not in fields:
        raise entry.wrong_key(
            f"The parameter '{name}' has no type.", f"Add one of: {', '.join(ParameterType)}."
        )
    bare = Parameter(
        name=name,
        type=_type(fields["type"]),
        description=fields["description"].text() if "description" in fields else "",
        many="many" in fields and fields["many"].flag(),
        required="required" in fields and fields["required"].flag(),
    )
    choices = _choices(bare, fields["choices"], prefixes) if "choices" in fields else None
    default = _default(bare, choices, fields["default"], prefixes) if "default" in fields else ()
    return Parameter(
        bare.name, bare.type, bare.description, bare.many, bare.required, default, choices
    )


def _type(entry: Entry) -> ParameterType:
    text = entry.text()
    if text not in set(ParameterType):
        raise entry.wrong(f"'{text}' is no type.", suggestion_sentence(text, list(ParameterType)))
    return ParameterType(text)


def _default(
    parameter: Parameter, choices: Choices | None, entry: Entry, prefixes: Prefixes
) -> tuple[Term, ...]:
    if parameter.required:
        raise entry.wrong_key(
            f"The parameter '{parameter.name}' is required and has a default.",
            "Keep one of the two.",
        )
    items = entry.items()
    if len(items) != 1 and not parameter.many:
        raise entry.wrong(
            f"The parameter '{parameter.name}' takes one value, so it has one default."
        )
    terms = tuple(_term(parameter, item, prefixes) for item in items)
    if isinstance(choices, ValueChoices) and not set(terms) <= set(choices.terms):
        raise entry.wrong(
            "The default is none of the choices.", "Add it to them, or take one of them."
        )
    return terms


def _choices(parameter: Parameter, entry: Entry, prefixes: Prefixes) -> Choices:
    fields = entry.fields("class", "scheme", "query", "column", "values")
    match sorted(fields):
        case ["class" | "scheme" as kind]:
            if parameter.type is not ParameterType.IRI:
                raise fields[kind].wrong_key(
                    f"Choices by {kind} are for parameters of the type iri, not {parameter.type}.",
                    "Use 'query' and 'column', or 'values'.",
                )
            iri = _iri(fields[kind], prefixes).value
            return ClassChoices(iri) if kind == "class" else SchemeChoices(iri)
        case ["column", "query"]:
            return QueryChoices(fields["query"].text(), fields["column"].text())
        case ["values"]:
            items = fields["values"].items()
            return ValueChoices(tuple(_term(parameter, item, prefixes) for item in items))
    raise entry.wrong(
        "Choices are named in one way.",
        "Write one of: {class: …}, {scheme: …}, {query: …, column: …}, {values: […]}.",
    )


def _term(parameter: Parameter, entry: Entry, prefixes: Prefixes) -> Term:
    if parameter.type is ParameterType.IRI:
        return _iri(entry, prefixes)
    try:
        return literal_value(parameter, entry.text())
    except ParameterValueError as error:
        raise entry.wrong(error.detail, error.advice) from None


def _iri(entry: Entry, prefixes: Prefixes) -> NamedNode:
    identifiers = identifiers_of(entry.text(), prefixes)
    if not identifiers:
        raise entry.wrong(
            f"'{entry.text()}' is no IRI.",
            "Write a full IRI, or a CURIE whose prefix the query declares.",
        )
    return identifiers[0]


def read_examples(entry: Entry | None, parameters: Mapping[str, Parameter]) -> dict[str, Example]:
    """The cases for which an answer is kept beside the query, by their names.

    Raises:
        QueryFileError: a case names an unknown parameter, leaves out a required one, or gives a
            value of the wrong type.
    """
    if entry is None:
        return {}
    return {case: _example(case, given, parameters) for case, given in entry.mapping().items()}


def _example(case: str, entry: Entry, parameters: Mapping[str, Parameter]) -> Example:
    if not _CASE_FORM.fullmatch(case):
        raise entry.wrong_key(
            f"'{case}' is no name for a case.", "Use letters, digits and single hyphens."
        )
    given = entry.mapping()
    for name, value in given.items():
        if name not in parameters:
            raise value.wrong_key(
                f"The query has no parameter '{name}'.", suggestion_sentence(name, parameters)
            )
        if len(value.items()) != 1 and not parameters[name].many:
            raise value.wrong(f"The parameter '{name}' takes one value.")
        if parameters[name].type is not ParameterType.IRI:
            for item in value.items():
                _term(parameters[name], item, Prefixes({}))
    for parameter in parameters.values():
        if parameter.required and parameter.name not in given:
            raise entry.wrong_key(
                f"The case '{case}' lacks the required parameter '{parameter.name}'."
            )
    return {name: tuple(item.text() for item in value.items()) for name, value in given.items()}
