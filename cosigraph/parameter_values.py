# SPDX-License-Identifier: Apache-2.0
"""From what a caller gives for a parameter, text or Python value, to a literal of its type."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from numbers import Integral
from typing import Final

from pyoxigraph import Literal, NamedNode

from cosigraph.parameters import Parameter, ParameterType
from cosigraph.terms import XSD, LanguageString, Prefixes


def literal_value(parameter: Parameter, value: object) -> Literal:
    """A value, as text or as a Python object, as a literal of the parameter's type.

    Raises:
        ParameterValueError: the value is not of that type, or the type is ``iri``.
    """
    if isinstance(value, Literal):
        # Its parts are read again, so that only well-formed literals of the type get through.
        read = _READERS[parameter.type](_spoken(value))
        if read is None or (read.datatype, read.language) != (value.datatype, value.language):
            raise parameter.wrong(value)
        return read
    try:
        literal = _READERS[parameter.type](value)
    except ValueError:  # a surrogate that belongs to no character
        literal = None
    if literal is None:
        raise parameter.wrong(value)
    return literal


def _spoken(literal: Literal) -> str:
    return f"{literal.value}@{literal.language}" if literal.language else literal.value


def _no_literal(_value: object) -> Literal | None:
    return None


def _integer(value: object) -> Literal | None:
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,1000}", value.strip()):
        return _typed(str(int(value)), "integer")
    if isinstance(value, Integral) and not isinstance(value, bool):
        return _typed(str(int(value)), "integer")
    return None


def _decimal(value: object) -> Literal | None:
    if isinstance(value, str):
        text = value.strip()
        return _typed(text, "decimal") if re.fullmatch(_DECIMAL_FORM, text) else None
    if isinstance(value, float):
        value = Decimal(repr(float(value)))
    elif isinstance(value, Integral) and not isinstance(value, bool):
        value = Decimal(int(value))
    if isinstance(value, Decimal) and value.is_finite():
        return _typed(f"{value:f}", "decimal")
    return None


_DECIMAL_FORM: Final = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"


def _date(value: object) -> Literal | None:
    if isinstance(value, datetime.datetime):
        # Data frames keep days as midnights.
        midnight = value.time() == datetime.time() and value.tzinfo is None
        return _typed(value.date().isoformat(), "date") if midnight else None
    if isinstance(value, datetime.date):
        return _typed(value.isoformat(), "date")
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            return _typed(datetime.date.fromisoformat(value.strip()).isoformat(), "date")
        except ValueError:
            return None
    return None


def _string(value: object) -> Literal | None:
    return Literal(str(value)) if isinstance(value, str) else None


def _language_string(value: object) -> Literal | None:
    if isinstance(value, LanguageString):
        return Literal(str(value), language=value.language)
    if isinstance(value, str):
        text, mark, language = value.rpartition("@")
        if mark and re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language):
            return Literal(text, language=language)
    return None


def _boolean(value: object) -> Literal | None:
    if isinstance(value, bool):
        return _typed(str(value).lower(), "boolean")
    if isinstance(value, str) and value.strip() in ("true", "false"):
        return _typed(value.strip(), "boolean")
    return None


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


_READERS: Final[Mapping[ParameterType, Callable[[object], Literal | None]]] = {
    ParameterType.IRI: _no_literal,
    ParameterType.INTEGER: _integer,
    ParameterType.DECIMAL: _decimal,
    ParameterType.DATE: _date,
    ParameterType.STRING: _string,
    ParameterType.LANGUAGE_STRING: _language_string,
    ParameterType.BOOLEAN: _boolean,
}


# What is an identifier whatever prefixes there are: hierarchical IRIs and URNs.
_IRI_FORM: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|urn:)\S")


def identifiers_of(text: str, prefixes: Prefixes) -> list[NamedNode]:
    """The IRIs that a text can be read as: ``<IRI>``, a CURIE or an IRI; none for other names."""
    if text.startswith("<") and text.endswith(">"):
        candidates = [text[1:-1]]
    else:
        expanded = prefixes.expand(text)
        candidates = [] if expanded is None else [expanded]
        candidates += [text] if _IRI_FORM.match(text) else []
    return [node for node in map(_node, candidates) if node is not None]


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:  # no IRI, or half of a character in it
        return None
