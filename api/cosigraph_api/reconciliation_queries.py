# SPDX-License-Identifier: Apache-2.0
"""Reading what a client of the reconciliation service asks (Reconciliation API 0.2, sections 4, 7).

What does not fit the specification is refused with where it does not, for a program's author to
read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn, TypeAlias

from cosigraph.reconciliation.matching import LONGEST_NAME, Strictness

from .problems import Problem, ProblemError, bad_request

MOST_QUERIES = 10_000
"""The names of one batch."""
MOST_CANDIDATES = 100
DEFAULT_CANDIDATES = 5
MOST_PROPERTIES = 20
"""The properties of a batch, or of a data extension."""
MOST_VALUES = 20
MOST_TYPES = 20
MOST_IDENTIFIERS = 10_000
_LONGEST_IDENTIFIER = 2000
FIELDS = {"query", "type", "limit", "properties", "type_strict"}
"""The members of a query."""

PropertyValue: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class AskedProperty:
    """A property and the values that a thing is to have; ``identifiers`` are those of things."""

    property: str
    texts: tuple[PropertyValue, ...]
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedName:
    """One query of a batch; ``name`` is None where only properties are given."""

    key: str
    name: str | None
    types: tuple[str, ...] = ()
    limit: int = DEFAULT_CANDIDATES
    properties: tuple[AskedProperty, ...] = ()
    strictness: Strictness = Strictness.ANY


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension query: the identifiers of things and of properties."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


def read_batch(text: str) -> list[AskedName]:
    """The queries of a batch.

    Raises:
        ProblemError: 400, it is no batch of queries; 413, it has too many
    """
    batch = _object(_json(text, "queries"), "queries")
    if len(batch) > MOST_QUERIES:
        raise too_many(f"The batch has {len(batch):,} queries", MOST_QUERIES, "queries")
    asked = [_name(key, value) for key, value in batch.items()]
    properties = {each.property for name in asked for each in name.properties}
    if len(properties) > MOST_PROPERTIES:
        raise too_many(f"The batch has {len(properties)} properties", MOST_PROPERTIES, "properties")
    return asked


def read_extension(text: str) -> Extension:
    """A data extension query.

    Raises:
        ProblemError: 400, it is none; 413, it asks for too much
    """
    asked = _object(_json(text, "extend"), "extend")
    ids = _strings(asked.get("ids"), "extend.ids")
    listed = asked.get("properties")
    if not isinstance(listed, list):
        _wrong("extend.properties", "is no array of properties")
    properties = []
    for number, each in enumerate(listed):
        where = f"extend.properties[{number}]"
        properties.append(_identifier(_object(each, where).get("id"), f"{where}.id"))
    if len(ids) > MOST_IDENTIFIERS:
        raise too_many(f"{len(ids):,} things are asked", MOST_IDENTIFIERS, "things")
    if len(properties) > MOST_PROPERTIES:
        raise too_many(f"{len(properties)} properties are asked", MOST_PROPERTIES, "properties")
    return Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(properties)))


def too_many(what: str, most: int, of: str) -> ProblemError:
    """A batch that is larger than the manifest allows (section 3.1: 413)."""
    problem = Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        "The request is too large",
        f"{what}, more than {most:,}.",
        advice=f"Send at most {most:,} {of} at a time.",
    )
    return ProblemError(problem)


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        _wrong(where, "is nested too deeply")
    except ValueError as error:
        _wrong(where, f"is no JSON: {error}")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _name(key: str, value: Any) -> AskedName:
    where = f"queries[{key[:50]!r}]"
    fields = _object(value, where)
    for field in fields:
        if field not in FIELDS:
            _wrong(where, f"has a member {field[:50]!r}, which no query has")
    properties = fields.get("properties", [])
    if not isinstance(properties, list) or len(properties) > MOST_PROPERTIES:
        _wrong(f"{where}.properties", f"is no array of at most {MOST_PROPERTIES} properties")
    if "query" not in fields and not properties:
        _wrong(where, "has neither query nor properties")
    return AskedName(
        key,
        _text(fields["query"], f"{where}.query") if "query" in fields else None,
        _types(fields.get("type", []), f"{where}.type"),
        _limit(fields.get("limit", DEFAULT_CANDIDATES), f"{where}.limit"),
        tuple(
            _property(each, f"{where}.properties[{number}]")
            for number, each in enumerate(properties)
        ),
        _strictness(fields.get("type_strict", Strictness.ANY), f"{where}.type_strict"),
    )


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        _wrong(where, "is no string")
    if len(value) > LONGEST_NAME:
        _wrong(where, f"has {len(value):,} characters, more than {LONGEST_NAME:,}")
    return value


def _types(value: Any, where: str) -> tuple[str, ...]:
    types = _strings([value] if isinstance(value, str) else value, where)
    if len(types) > MOST_TYPES:
        _wrong(where, f"has more than {MOST_TYPES} types")
    return tuple(type_ for type_ in types if type_)


def _limit(value: Any, where: str) -> int:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 1 <= value < float("inf") or value != int(value):
        _wrong(where, "is no positive whole number")
    return min(int(value), MOST_CANDIDATES)


def _strictness(value: Any, where: str) -> Strictness:
    try:
        return Strictness(value)
    except ValueError:
        _wrong(where, f"is none of {', '.join(Strictness)}")


def _property(value: Any, where: str) -> AskedProperty:
    fields = _object(value, where)
    if "v" not in fields:
        _wrong(where, "has no v")
    values = fields["v"] if isinstance(fields["v"], list) else [fields["v"]]
    if len(values) > MOST_VALUES:
        _wrong(f"{where}.v", f"has more than {MOST_VALUES} values")
    texts: list[PropertyValue] = []
    identifiers: list[str] = []
    for each in values:
        if isinstance(each, dict):
            identifiers.append(_identifier(each.get("id"), f"{where}.v.id"))
        elif isinstance(each, (str, int, float)):
            texts.append(_text(each, f"{where}.v") if isinstance(each, str) else each)
        else:
            _wrong(f"{where}.v", "is neither a string, a number, a boolean nor a thing")
    property_ = _identifier(fields.get("pid"), f"{where}.pid")
    return AskedProperty(property_, tuple(texts), tuple(identifiers))


def _identifier(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value or len(value) > _LONGEST_IDENTIFIER:
        _wrong(where, f"is no string of 1 to {_LONGEST_IDENTIFIER:,} characters")
    return value


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _wrong(where, "is no object")
    return value


def _strings(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        _wrong(where, "is no array of strings")
    return list(value)


def _wrong(where: str, how: str) -> NoReturn:
    raise bad_request(f"{where} {how}.", "See the Reconciliation API 0.2, sections 4 and 7.")
