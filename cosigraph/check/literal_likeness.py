# SPDX-License-Identifier: Apache-2.0
"""A literal found again after an engine has written it another way.

Engines turn ``"007"^^xsd:integer`` into ``7``, and know no ``xsd:int``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Candidate = TypeVar("Candidate")


def likest(
    value: Term, candidates: Iterable[Candidate], term_of: Callable[[Candidate], Term]
) -> list[Candidate]:
    """Return those of the candidates that are ``value``; where none is, those most like it.

    Like a literal is first one that means the same within its datatype, then one with the same
    words, then one that means the same.
    """
    known = [(candidate, term_of(candidate)) for candidate in candidates]
    same = [candidate for candidate, term in known if term == value]
    if same or not isinstance(value, Literal):
        return same
    literals = [(candidate, term) for candidate, term in known if isinstance(term, Literal)]
    for key in (_value, _words, _meaning):
        wanted = key(value)
        like = [candidate for candidate, term in literals if key(term) == wanted]
        if like:
            return like
    return []


def _words(literal: Literal) -> tuple[str, str]:
    return literal.value, (literal.language or "").lower()


def _value(literal: Literal) -> object:
    return literal.datatype, _meaning(literal)


def _meaning(literal: Literal) -> object:
    """Return a number or a moment where the words can be one, else the words."""
    words = literal.value.strip()
    if words in {"true", "false"}:
        return Decimal(words == "true")
    with suppress(InvalidOperation):
        return Decimal(words)
    with suppress(ValueError):
        return datetime.fromisoformat(words)
    return _words(literal)
