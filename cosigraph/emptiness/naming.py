# SPDX-License-Identifier: Apache-2.0
"""What the terms in a query's text stand for, how terms are written, and which are alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryResultsFormat

from cosigraph.errors import QueryError
from cosigraph.formats import ResultFormat
from cosigraph.sparql import refuse_egress, tokens
from cosigraph.store import EmbeddedStore, Query, Snapshot
from cosigraph.suggestions import did_you_mean
from cosigraph.terms import XSD, Prefixes, Term

_SHORT = {XSD + name for name in ("integer", "decimal", "boolean")}
_LONGEST = 300  # characters of an IRI that is compared with others
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:/*(?:www\.)?")


class Declaration(NamedTuple):
    """What a prefix stands for: the IRI, and where it is written."""

    iri: str
    text: str
    start: int


class Naming:
    """Reads and writes terms as one query does.

    Args:
        prologue: the query's own prefixes and base, as it writes them.
        prefixes: those known without ``PREFIX``.
        base_iri: what relative IRIs are resolved by, unless the query says.
    """

    def __init__(self, prologue: str, prefixes: Mapping[str, str], base_iri: str | None) -> None:
        self._prologue = prologue
        self._known = dict(prefixes)
        self._base_iri = base_iri
        self._store = EmbeddedStore(Snapshot(b"", {None: ()}))
        stream = list(tokens(prologue))
        self._declared = {
            name.text[:-1]: Declaration(iri.text[1:-1], iri.text, iri.start)
            for word, name, iri in zip(stream, stream[1:], stream[2:], strict=False)
            if word.is_word("PREFIX")
        }
        own = {name: each.iri for name, each in self._declared.items()}
        whole = {name: iri for name, iri in own.items() if ":" in iri}
        # A prefix that the query declares anew, and relative to something, is not written.
        known = {name: iri for name, iri in prefixes.items() if name not in own}
        self._prefixes = Prefixes({**known, **whole})

    def declaration(self, prefix: str) -> Declaration | None:
        """What the query itself says that the prefix stands for."""
        return self._declared.get(prefix)

    def term(self, text: str) -> Term | None:
        """The term that an IRI, a prefixed name or a literal stands for; the engine reads it."""
        query = Query(
            f"{self._prologue} SELECT ?value {{ VALUES ?value {{ {text}\n}} }}",
            ResultFormat.JSON,
            prefixes=self._known,
            base_iri=self._base_iri,
        )
        try:
            refuse_egress(query.text, (), self._known)
            content = b"".join(self._store.execute(query))
        except QueryError:
            return None
        rows = pyoxigraph.parse_query_results(content, format=QueryResultsFormat.JSON)
        return next((row[0] for row in cast("pyoxigraph.QuerySolutions", rows)), None)

    def iri(self, text: str) -> str | None:
        """The IRI that a text stands for, or None where it stands for something else."""
        term = self.term(text)
        return term.value if isinstance(term, NamedNode) else None

    def written(self, term: Term) -> str:
        """The term as this query may write it."""
        if isinstance(term, NamedNode):
            short = self._prefixes.shorten(term.value)
            return short if short != term.value else str(term)
        if isinstance(term, Literal) and term.datatype.value in _SHORT:
            is_plain = re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?|true|false", term.value)
            if is_plain and ("." in term.value) == (term.datatype.value == f"{XSD}decimal"):
                return term.value
        if isinstance(term, Literal) and term.datatype.value.startswith(XSD):
            name = self._prefixes.shorten(term.datatype.value)
            if name.startswith("xsd:") and term.datatype.value != f"{XSD}string":
                return f"{Literal(term.value)}^^{name}"
        return str(term)


def local_name(iri: str) -> str:
    """What follows the last ``#`` or ``/`` that something follows."""
    return re.split(r"[#/]", iri.rstrip("#/"))[-1]


def namespace(iri: str) -> str:
    """What stands before the local name."""
    return iri.rstrip("#/")[: len(iri.rstrip("#/")) - len(local_name(iri))]


def skeleton(iri: str) -> str:
    """The IRI without what is often mistaken: scheme, case, ``#`` for ``/``, a slash at the end."""
    return _SCHEME.sub("", iri).casefold().replace("#", "/").rstrip("/")


def most_alike(iri: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is most likely meant by an IRI that is not known, or None.

    One that differs in scheme, case, ``#`` for ``/`` or a slash at the end comes first, then one
    with the same name in another namespace, then one with a name that is spelt alike.
    """
    if len(iri) > _LONGEST:
        return None
    known = [each for each in candidates if each != iri and len(each) <= _LONGEST]
    skeletons = {skeleton(candidate): candidate for candidate in known}
    if (same := skeletons.get(skeleton(iri))) is not None:
        return same
    name, here = local_name(iri), namespace(iri)
    namesakes = [each for each in known if local_name(each).casefold() == name.casefold()]
    if len(namesakes) == 1:
        return namesakes[0]
    neighbours = {
        local_name(each): each for each in known if skeleton(namespace(each)) == skeleton(here)
    }
    near = did_you_mean(name, neighbours) if name else None
    if near is not None:
        return neighbours[near]
    elsewhere = {local_name(each): each for each in known}
    near = did_you_mean(name, elsewhere) if name else None
    return elsewhere[near] if near is not None else None
