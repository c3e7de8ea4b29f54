# SPDX-License-Identifier: Apache-2.0
"""Which of the terms that are there may have been meant by one that is not."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from cosigraph.emptiness.findings import Kind
from cosigraph.emptiness.naming import local_name, most_alike
from cosigraph.suggestions import did_you_mean
from cosigraph.terms import Term

# Characters of the texts that are compared letter by letter, which takes quadratic time.
_SHORTEST, _LONGEST = 3, 100
_ORDER = (Kind.LANGUAGE, Kind.DATATYPE, Kind.CASE, Kind.SPELLING, Kind.TERM)
_TOLD = {
    Kind.LANGUAGE: "The same text is there {with}.",
    Kind.DATATYPE: "The same value is there as {near}, which is another term.",
    Kind.CASE: "The same is there with other capitals: {near}.",
    Kind.SPELLING: "{near} is there, and spelt alike.",
    Kind.TERM: "What is there is {what}, for instance {near}.",
}


def nearest(wanted: Term, there: Iterable[Term]) -> tuple[Kind, Term] | None:
    """The nearest of the terms that are there to the one that was asked, and how it is near."""
    candidates = [term for term in there if term != wanted]
    found = [(kind, term) for term in candidates if (kind := _nearness(wanted, term)) is not None]
    if found:
        return min(found, key=lambda pair: _ORDER.index(pair[0]))
    return _spelt_alike(wanted, candidates) or _of_another_kind(wanted, candidates)


def told(kind: Kind, near: Term, written: str) -> str:
    """The sentence that says how a term is near."""
    language = getattr(near, "language", None)
    tag = f"with the language tag @{language}" if language else "without a language tag"
    what = "an IRI" if isinstance(near, NamedNode) else "a literal"
    return _TOLD[kind].format_map({"with": tag, "near": written, "what": what})


def _nearness(wanted: Term, term: Term) -> Kind | None:
    if not isinstance(wanted, Literal) or not isinstance(term, Literal):
        return None
    if wanted.value == term.value:
        is_tag = wanted.language or term.language
        return Kind.LANGUAGE if is_tag else Kind.DATATYPE
    number = _number(wanted.value)
    if number is not None and number == _number(term.value):
        return Kind.DATATYPE
    return Kind.CASE if wanted.value.casefold() == term.value.casefold() else None


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if len(text) < 40 else None
    except InvalidOperation:
        return None


def _spelt_alike(wanted: Term, candidates: list[Term]) -> tuple[Kind, Term] | None:
    if isinstance(wanted, NamedNode):
        iris = [term.value for term in candidates if isinstance(term, NamedNode)]
        like = most_alike(wanted.value, iris)
        return (Kind.SPELLING, NamedNode(like)) if like is not None else None
    if not isinstance(wanted, Literal) or not _SHORTEST <= len(wanted.value) <= _LONGEST:
        return None
    literals = {
        term.value: term
        for term in candidates
        if isinstance(term, Literal) and len(term.value) <= _LONGEST
    }
    near = did_you_mean(wanted.value, literals)
    return (Kind.SPELLING, literals[near]) if near is not None else None


def _of_another_kind(wanted: Term, candidates: list[Term]) -> tuple[Kind, Term] | None:
    others = [term for term in candidates if isinstance(term, (NamedNode, Literal))]
    if not others or any(type(term) is type(wanted) for term in others):
        return None
    text = (
        local_name(wanted.value) if isinstance(wanted, NamedNode) else getattr(wanted, "value", "")
    )
    for term in others:
        name = local_name(term.value) if isinstance(term, NamedNode) else term.value
        if name.casefold() == text.casefold():
            return Kind.TERM, term
    return Kind.TERM, others[0]
