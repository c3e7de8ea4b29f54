# SPDX-License-Identifier: Apache-2.0
"""The form of a canned query, made from its front matter and from what may be chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cosigraph.choices import Choice
from cosigraph.errors import ParameterValueError
from cosigraph.names import NameResolver
from cosigraph.parameters import Parameter, ParameterType
from cosigraph.terms import Prefixes, Term

from .canned_answers import READING, Call

_MOST_OPTIONS = 500
_INPUTS = {
    ParameterType.INTEGER: ("number", "1"),
    ParameterType.DECIMAL: ("number", "any"),
    ParameterType.DATE: ("date", ""),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """A parameter's place in the form: a list to choose from, or inputs for values.

    ``empty`` is what choosing nothing is called, or "" where something is always chosen.
    """

    name: str
    label: str
    hint: str
    is_required: bool = False
    is_many: bool = False
    options: tuple[Option, ...] = ()
    empty: str = ""
    values: tuple[str, ...] = ()
    input: str = "text"
    step: str = ""


def form_fields(
    call: Call, resolver: NameResolver, prefixes: Prefixes, readings: Sequence[str]
) -> list[FormField]:
    """The fields for a query's parameters and the project's readings, filled in from ``call``.

    It asks the store for choices, so it must not be called in the event loop.
    """
    fields = [
        _field(parameter, call.values.get(name, ()), resolver, prefixes)
        for name, parameter in call.query.parameters.items()
    ]
    if readings and READING not in call.query.parameters:
        options = [Option(name, name, name == call.reading) for name in readings]
        hint = "Ask another reading of the data"
        fields.append(
            FormField(READING, "Reading", hint, options=tuple(options), empty="The settled one")
        )
    return fields


def short_names(choices: Sequence[Choice]) -> list[str]:
    """What stands for each choice in an address: its code where all have one of their own."""
    codes = [choice.code or "" for choice in choices]
    if all(codes) and len(set(codes)) == len(codes):
        return codes
    return [choice.value for choice in choices]


def _field(
    parameter: Parameter, given: Sequence[str], resolver: NameResolver, prefixes: Prefixes
) -> FormField:
    label = parameter.name.replace("-", " ").capitalize()
    choices = resolver.choices(parameter)
    if parameter.type is ParameterType.BOOLEAN and not choices:
        options = [Option(word, word, word in given) for word in ("true", "false")]
    elif 0 < len(choices) <= _MOST_OPTIONS:
        options = _options(choices, _selected(parameter, given, resolver), prefixes)
    else:
        return _open_field(parameter, label, given)
    empty = "" if parameter.default else "All"
    return FormField(
        parameter.name,
        label,
        parameter.description,
        parameter.required,
        parameter.many,
        tuple(options),
        "Choose" if parameter.required else empty,
    )


def _selected(
    parameter: Parameter, given: Sequence[str], resolver: NameResolver
) -> tuple[Term, ...]:
    """What is chosen; a value that means nothing chooses nothing, and is told of elsewhere."""
    if not given:
        return parameter.default
    try:
        return resolver.terms(parameter, list(given))
    except ParameterValueError:
        return ()


def _options(
    choices: Sequence[Choice], selected: Sequence[Term], prefixes: Prefixes
) -> list[Option]:
    return [
        Option(name, _label(choice, prefixes), choice.term in selected)
        for name, choice in zip(short_names(choices), choices, strict=True)
    ]


def _label(choice: Choice, prefixes: Prefixes) -> str:
    """The code and the label, or the label alone where it holds the code as a word."""
    code, label = choice.code or "", choice.label or ""
    if code and label and not re.search(rf"(?<!\w){re.escape(code)}(?!\w)", label):
        return f"{code}: {label}"
    return label or code or prefixes.shorten(choice.value)


def _open_field(parameter: Parameter, label: str, given: Sequence[str]) -> FormField:
    kind, step = _INPUTS.get(parameter.type, ("text", ""))
    values = tuple(given) or tuple(str(getattr(term, "value", term)) for term in parameter.default)
    spare = ("",) if parameter.many or not values else ()
    return FormField(
        parameter.name,
        label,
        parameter.description,
        parameter.required,
        parameter.many,
        values=values + spare,
        input=kind,
        step=step,
    )


def without_empty(values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The values without those that a form sends for a field that was left empty."""
    filled = {name: [text for text in texts if text.strip()] for name, texts in values.items()}
    return {name: texts for name, texts in filled.items() if texts}
