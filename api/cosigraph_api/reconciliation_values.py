# SPDX-License-Identifier: Apache-2.0
"""The values of things' properties: for data extension, and to hold candidates to properties."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from cosigraph.choices import fold
from cosigraph.terms import IRI, Prefixes, Term, to_python

from .reconciliation_queries import AskedProperty, PropertyValue
from .service import Service

Values: TypeAlias = Mapping[str, Mapping[str, Sequence[Term]]]
"""Terms by the IRI of the thing and that of the property."""

_AT_A_TIME = 1000  # things in one query


async def values_of(
    service: Service, properties: Iterable[str], things: Sequence[str] | None = None
) -> Values:
    """The values of properties, of these things or of all; raises as a query does.

    What is no IRI has none.
    """
    wanted = _iris(properties)
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    if not wanted:
        return found
    if things is None:
        groups = [""]
    else:
        named = _iris(things)
        parts = [named[start : start + _AT_A_TIME] for start in range(0, len(named), _AT_A_TIME)]
        groups = [f"VALUES ?thing {{ {' '.join(part)} }} " for part in parts]
    for group in groups:
        text = (
            f"SELECT DISTINCT ?thing ?property ?value {{ {group}"
            f"VALUES ?property {{ {' '.join(wanted)} }} ?thing ?property ?value }}"
        )
        for thing, property_, value in await service.select(text):
            if isinstance(thing, NamedNode) and isinstance(property_, NamedNode) and value:
                found[thing.value][property_.value].append(value)
    return found


def written(term: Term, names: Mapping[str, str], prefixes: Prefixes) -> dict[str, Any]:
    """A value as a data extension response has it (section 7.4)."""
    value = to_python(term)
    told: dict[str, Any] = {"str": str(value)}
    if isinstance(value, IRI):
        told = {"id": str(value), "name": names.get(value) or prefixes.shorten(value)}
    elif isinstance(value, bool):
        told = {"str": str(value).lower()}
    elif isinstance(value, int):
        told = {"int": value}
    elif isinstance(value, (Decimal, float)) and math.isfinite(value):
        told = {"float": float(value)}
    elif isinstance(value, datetime):
        told = {"date": value.isoformat()}
    elif isinstance(value, date):
        told = {"date": f"{value.isoformat()}T00:00:00"}
    return told


def share_of(
    asked: Sequence[AskedProperty],
    values: Mapping[str, Sequence[Term]],
    names: Mapping[str, str],
    prefixes: Prefixes,
) -> float:
    """Which share of the properties a thing has with one of the values that are asked for."""
    met = sum(_meets(each, values, names, prefixes) for each in asked)
    return met / len(asked) if asked else 1.0


def _meets(
    asked: AskedProperty,
    values: Mapping[str, Sequence[Term]],
    names: Mapping[str, str],
    prefixes: Prefixes,
) -> bool:
    terms = values.get(prefixes.expand(asked.property) or asked.property, ())
    identifiers = {prefixes.expand(each) or each for each in asked.identifiers}
    return any(
        (isinstance(term, NamedNode) and term.value in identifiers)
        or any(_is_same(term, text, names, prefixes) for text in asked.texts)
        for term in terms
    )


def _is_same(term: Term, text: PropertyValue, names: Mapping[str, str], prefixes: Prefixes) -> bool:
    if isinstance(term, NamedNode):
        spellings = (term.value, prefixes.shorten(term.value), names.get(term.value, ""))
        return isinstance(text, str) and (
            text in spellings or (bool(fold(text)) and fold(text) == fold(spellings[-1]))
        )
    if not isinstance(term, Literal):
        return False
    if isinstance(text, str):
        return text == term.value or (bool(fold(text)) and fold(text) == fold(term.value))
    value = to_python(term)
    return isinstance(value, bool) == isinstance(text, bool) and value == text


def _iris(texts: Iterable[str]) -> list[str]:
    """The texts that are IRIs, as SPARQL has them, each once."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[str(NamedNode(text))] = None
        except ValueError:
            continue
    return list(found)
