# SPDX-License-Identifier: Apache-2.0
"""What a query may not ask: anything beyond the dataset.

The engine has no switch for ``SERVICE`` and would dial out, so a query is looked at before it is
run. It is looked at more strictly than the grammar needs, because Oxigraph reads a text without
separate tokens: ``trueSERVICE<…>`` holds a keyword that no tokeniser sees, and whether ``<`` opens
an IRI or compares depends on the grammar around it. So a keyword counts wherever any reading of
the text could find it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, NoReturn

from cosigraph.errors import QueryRefused
from cosigraph.sparql.readings import DEEPEST, possible_tokens
from cosigraph.sparql.token import Token, mentions, position_at, shown, tokens
from cosigraph.suggestions import suggestion_sentence


class ServiceCall(NamedTuple):
    """A call of another endpoint: from its keyword to its IRI, which is given as it resolves."""

    start: int
    end: int
    iri: str
    is_silent: bool


class DatasetClause(NamedTuple):
    """The graphs that a query names after ``FROM`` and ``FROM NAMED``, in order; its calls."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    services: tuple[ServiceCall, ...] = ()


_SPACE_AND_BRACE = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*+\{")

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BEFORE_NAMES = {"PREFIX", "GRAPH", "WITH", "USING", "NAMED", "TO", "ADD", "COPY", "MOVE", "SILENT"}
_SUSPICIOUS = ("service", "from", "load", "\\u")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(0010[0-9A-Fa-f]{4}|000[0-9A-Fa-f]{5})|.", re.DOTALL)


def refuse_egress(  # noqa: PLR0913 - what may be named, and by which words
    text: str,
    graphs: Collection[str] = (),
    prefixes: Mapping[str, str] | None = None,
    services: Collection[str] = (),
    base_iri: str | None = None,
    *,
    is_update: bool = False,
) -> DatasetClause:
    """Refuse a text that would reach beyond the dataset; return the graphs that it names.

    ``graphs`` are the IRIs of the dataset's graphs; ``prefixes`` those known without ``PREFIX``;
    ``services`` the IRIs of the endpoints that may be called; ``base_iri`` resolves relative IRIs;
    ``is_update`` tells that the text is read as an update, which knows ``LOAD``.

    Raises:
        QueryRefused: ``LOAD``, ``SERVICE`` with any other endpoint, or ``FROM`` with a graph that
            the dataset does not have; the position is the keyword's.
        QuerySyntaxError: brackets are nested deeper than any question needs.
    """
    if not mentions(text, _SUSPICIOUS) and sum(map(text.count, "({[")) <= DEEPEST:
        return DatasetClause()
    allowed = _Allowed(graphs, prefixes or {}, services, base_iri or "")
    places = range(len(text) + 1)
    clause = _Inspection(text, places, allowed, is_update=is_update).clause()
    if re.search(r"\\u", text, re.IGNORECASE):
        characters, offsets = _unescape(text)
        unescaped = _Inspection(text, offsets, allowed, characters, is_update=is_update).clause()
        _check_calls(text, {offsets[call.start]: call.iri for call in unescaped.services}, clause)
    return clause


def _check_calls(text: str, unescaped: Mapping[int, str], clause: DatasetClause) -> None:
    """Refuse calls that only one of both readings has: as written, and without escapes."""
    written = {call.start: call.iri for call in clause.services}
    for start, _ in sorted(written.items() ^ unescaped.items()):
        _refuse(text, start, "SERVICE must be written without escapes.")


def _unescape(text: str) -> tuple[str, list[int]]:
    """Apply the code point escapes (SPARQL 1.1, section 19.2); return where each character was."""
    characters: list[str] = []
    offsets: list[int] = []
    for match in _ESCAPED.finditer(text):
        code = match[1] or match[2]
        characters.append(chr(int(code, 16)) if code else match.group())
        offsets.append(match.start())
    return "".join(characters), [*offsets, len(text)]


def _refuse(text: str, offset: int, detail: str, advice: str | None = None) -> NoReturn:
    raise QueryRefused(detail, position=position_at(text, offset), advice=advice)


class _Allowed(NamedTuple):
    """What a query may name: graphs, prefixes and endpoints; and its base."""

    graphs: Collection[str]
    prefixes: Mapping[str, str]
    services: Collection[str]
    base_iri: str


@dataclass(frozen=True)
class _Inspection:
    """One look through a text: as it is written, or with its code point escapes applied."""

    original: str
    offsets: Collection[int]
    allowed: _Allowed
    unescaped: str | None = None
    is_update: bool = False

    def clause(self) -> DatasetClause:
        """Return the graphs named; raise QueryRefused for what is not allowed."""
        text = self._text
        named: dict[int, tuple[bool, str]] = {}
        calls: dict[int, ServiceCall] = {}
        for previous, token, brackets in possible_tokens(text):
            if self.allowed.services and token.is_word("SERVICE"):
                calls[token.start] = self._call(token)
            elif token.kind == "word":
                self._refuse_service(token, token.text)
                if "LOAD" in token.text.upper():
                    self._refuse_load(token)
                if token.is_word("FROM"):
                    named[token.start] = self._graph(token)
                elif "FROM" in token.text.upper():
                    self._refuse(token, "FROM must be a word of its own.")
            elif token.kind == "name":
                self._check_prefixed_name(previous, token, brackets)
        ordered = dict.fromkeys(named[start] for start in sorted(named))
        return DatasetClause(
            tuple(iri for is_named, iri in ordered if not is_named),
            tuple(iri for is_named, iri in ordered if is_named),
            tuple(calls[start] for start in sorted(calls)),
        )

    @property
    def _text(self) -> str:
        return self.original if self.unescaped is None else self.unescaped

    def _refuse(self, token: Token, detail: str, advice: str | None = None) -> NoReturn:
        offset = list(self.offsets)[token.start]
        _refuse(self.original, offset, detail, advice)

    def _refuse_service(self, token: Token, word: str) -> None:
        if "SERVICE" in word.upper():
            if self.allowed.services:
                self._refuse(token, "SERVICE must be a word of its own.")
            self._refuse(
                token,
                "SERVICE is not allowed: a query is answered from this dataset alone.",
                "Ask the other endpoint yourself and join the two answers.",
            )

    def _call(self, keyword: Token) -> ServiceCall:
        """Return the call that begins with ``keyword``, of an endpoint that is allowed."""
        following = tokens(self._text, keyword.end)
        token = next(following, None)
        is_silent = token is not None and token.is_word("SILENT")
        if is_silent:
            token = next(following, None)
        iri = None if token is None else self._resolve(token)
        if token is None or iri is None:
            self._refuse(
                keyword,
                "SERVICE must be followed by the IRI of an endpoint that is allowed here.",
                "A variable is not followed, as it could lead anywhere.",
            )
        if iri not in self.allowed.services:
            self._refuse(
                keyword,
                f"The endpoint <{shown(iri)}> is not one of those that are allowed here.",
                suggestion_sentence(iri, self.allowed.services),
            )
        return ServiceCall(keyword.start, token.end, iri, is_silent)

    def _refuse_load(self, token: Token) -> None:
        self._refuse(
            token,
            "LOAD is not allowed: nothing is fetched from elsewhere.",
            "Send the data itself: INSERT DATA, or the Graph Store protocol.",
        )

    def _check_prefixed_name(self, previous: Token | None, token: Token, brackets: str) -> None:
        """Find a keyword that Oxigraph would see at the start of what looks like a prefix."""
        prefix = token.text.partition(":")[0]
        follows = previous.text.upper() if previous is not None else ""
        if follows != "GRAPH" and _SPACE_AND_BRACE.match(self._text, token.end):
            self._refuse_service(token, prefix)
        begins_operation = self.is_update and not brackets and follows not in _BEFORE_NAMES
        if begins_operation and prefix.upper().startswith("LOAD"):
            self._refuse_load(token)
        is_declared_here = follows in {"PREFIX", "FROM", "NAMED", "DESCRIBE"}
        if "FROM" in prefix.upper() and not brackets and not is_declared_here:
            self._refuse(token, "FROM must be a word of its own.")

    def _graph(self, keyword: Token) -> tuple[bool, str]:
        """Return whether ``FROM`` is followed by ``NAMED``, and the graph's IRI."""
        following = tokens(self._text, keyword.end)
        token = next(following, None)
        is_named = token is not None and token.is_word("NAMED")
        if is_named:
            token = next(following, None)
        iri = None if token is None else self._resolve(token)
        if iri is None:
            self._refuse(keyword, "FROM must be followed by the IRI of a graph of this dataset.")
        if iri not in self.allowed.graphs:
            self._refuse(
                keyword,
                f"There is no graph <{shown(iri)}> in this dataset, and no other is loaded.",
                suggestion_sentence(iri, self.allowed.graphs),
            )
        return is_named, iri

    def _resolve(self, token: Token) -> str | None:
        """Return the IRI that an IRI reference or a prefixed name stands for, or None."""
        base, prefixes = self._prologue
        if token.kind == "iri":
            return _joined(base, _unescape(token.text[1:-1])[0])
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in prefixes:
            return None
        return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    @cached_property
    def _prologue(self) -> tuple[str, dict[str, str]]:
        """The base IRI and the prefixes that the query declares, beside those that are known."""
        base, prefixes = self.allowed.base_iri, dict(self.allowed.prefixes)
        stream = tokens(self._text)
        for declaration in stream:
            if declaration.is_word("BASE"):
                base = _joined(base, _next_text(stream)[1:-1])
            elif declaration.is_word("PREFIX"):
                prefix = _next_text(stream)[:-1]
                prefixes[prefix] = _joined(base, _next_text(stream)[1:-1])
            else:
                break
        return base, prefixes


def _joined(base: str, iri: str) -> str:
    from urllib.parse import urljoin  # noqa: PLC0415 - few queries name graphs

    # What has a scheme is whole; to change its spelling would make it another IRI.
    return iri if not base or _ABSOLUTE.match(iri) else urljoin(base, iri)


def _next_text(stream: Iterator[Token]) -> str:
    token = next(stream, None)
    return "" if token is None else token.text
