# SPDX-License-Identifier: Apache-2.0
"""What can be told of a SPARQL query from its tokens: its form, its dataset, what it may not ask.

The engine has no switch for ``SERVICE`` and would dial out, so a query is looked at before it is
run. It is looked at more strictly than the grammar needs, because Oxigraph reads a text without
separate tokens: ``trueSERVICE<…>`` holds a keyword that no tokeniser sees, and whether ``<`` opens
an IRI or compares depends on the grammar around it. So a keyword counts wherever any reading of
the text could find it. Tokens are those of SPARQL 1.1 (section 19.8) with the signs and language
tags that 1.2 adds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, NoReturn

from cosigraph.errors import Position, QueryRefused, QuerySyntaxError
from cosigraph.suggestions import suggestion_sentence


class Form(StrEnum):
    """The four forms of a query (SPARQL 1.1, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


class Token(NamedTuple):
    """A token: its kind, its characters, and where they start and end in the text.

    ``kind`` is iri, string, variable, blank, language, number, name (a prefixed name), word
    (a keyword or function) or sign (everything else, one sign each).
    """

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Tell whether this is one of the keywords ``words``, given in capitals."""
        return self.kind == "word" and self.text.upper() in words


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


# Any character beyond ASCII counts as part of a name: those that are not can start no token
# either. The classes are written as what is not in them, all of it ASCII, which compiles in a tenth
# of the time. Lengths are bounded where an unbounded look-ahead would make the time quadratic.
_LETTER = r"[^\x00-@\[-`{-\x7f]"
_NAME = r"[^\x00-/:-@\[-^`{-\x7f]"
_NAME_OR_HYPHEN = r"[^\x00-,./:-@\[-^`{-\x7f]"
_NAME_HYPHEN_OR_DOT = r"[^\x00-,/:-@\[-^`{-\x7f]"
_LOCAL = r"(?:[^\x00-/;-@\[-^`{-\x7f]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
    | (?P<string>
          \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
        | "(?:[^"\\\r\n]|\\[^\r\n])*+" | '(?:[^'\\\r\n]|\\[^\r\n])*+')
    | (?P<variable>[?$]{_NAME}+)
    | (?P<blank>_:{_NAME}(?:{_NAME_OR_HYPHEN}|\.+(?={_NAME_OR_HYPHEN}))*+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    | (?P<number>[0-9]+\.[0-9]*[eE][+-]?[0-9]+ | \.?[0-9]+[eE][+-]?[0-9]+
        | [0-9]*\.[0-9]+ | [0-9]+)
    | (?P<name>(?:{_LETTER}(?:{_NAME_HYPHEN_OR_DOT}{{0,256}}{_NAME_OR_HYPHEN})?)?:
        (?:{_LOCAL}(?:{_LOCAL}|-|\.+(?={_LOCAL}|-))*+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>\^\^|&&|\|\||!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_GOOD_ESCAPES = re.compile(
    r"""(?:[^\\]|\\[tbnrf"'\\]
      |\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}
      |\\U(?!0000[Dd][89A-Fa-f])(?:0010|000[0-9A-Fa-f])[0-9A-Fa-f]{4})*+""",
    re.VERBOSE,
)
_SPACE_AND_BRACE = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*+\{")

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DEEPEST = 256
_SHOWN = 60
# A prologue and a form without any ado, as most queries have them; others are read by tokens.
_PLAIN = re.compile(
    rf"""\s*(?:PREFIX\s+\w*:\s*<[^<>"{{}}|^`\\\s]*>\s*)*(?P<form>{"|".join(Form)})(?=[\s{{?$*(])""",
    re.IGNORECASE | re.ASCII,
)
_CLOSING = frozenset({")", "}", ">"})
_LEADING = frozenset({"GRAPH", "PREFIX", "FROM", "NAMED", "DESCRIBE"})
_BEFORE_NAMES = {"PREFIX", "GRAPH", "WITH", "USING", "NAMED", "TO", "ADD", "COPY", "MOVE", "SILENT"}
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_SUSPICIOUS = ("service", "from", "load", "\\u")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(0010[0-9A-Fa-f]{4}|000[0-9A-Fa-f]{5})|.", re.DOTALL)


def mentions(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether one of ``words``, given in small letters, stands anywhere in ``text``.

    Letters beyond ASCII that some engine might take for one of theirs (a long s) count too.
    """
    if text.isascii():  # a tenth of the time
        lower = text.lower()
        for word in words:  # noqa: SIM110 - a generator takes twice as long
            if word in lower:
                return True
        return False
    pattern = "|".join(map(re.escape, words))
    return re.search(pattern, text, re.IGNORECASE) is not None


def position_at(text: str, offset: int, source: str | None = None) -> Position:
    """Return the line and column of ``offset``; lines end at LF, CR or CR LF."""
    before = re.split(r"\r\n|\r|\n", text[:offset])
    return Position(source, len(before), len(before[-1]) + 1)


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of ``text`` from ``start`` on, without white space and comments.

    Never raises: a character that starts no token is a ``sign``.
    """
    for match in _TOKEN.finditer(text, start):
        if match.lastgroup != "space":
            yield _token(match)


def _token(match: re.Match[str]) -> Token:
    return Token(str(match.lastgroup), match.group(), match.start(), match.end())


def query_form(text: str) -> Form:
    """Return the form of the query ``text``, read after its prologue.

    Raises:
        QueryRefused: it is an update.
        QuerySyntaxError: it is neither; the position is that of the first wrong token.
    """
    plain = _PLAIN.match(text)
    if plain is not None:
        return Form(plain["form"].upper())
    stream = tokens(text)
    for token in stream:
        if token.is_word("PREFIX"):
            next(stream, None)
            next(stream, None)
        elif token.is_word("BASE", "VERSION"):
            next(stream, None)
        elif token.is_word(*Form):
            return Form(token.text.upper())
        elif token.is_word(*_UPDATES):
            _refuse(text, token.start, f"{token.text.upper()} is an update; this dataset is read.")
        else:
            break
    else:
        token = Token("sign", "", len(text), len(text))
    raise QuerySyntaxError(
        f"{describe(token)} stands where SELECT, ASK, CONSTRUCT or DESCRIBE was expected.",
        position=position_at(text, token.start),
    )


def describe(token: Token) -> str:
    """Return the token as an error message names it."""
    if not token.text:
        return "The end of the query"
    if len(token.text) == 1 and not token.text.isprintable():
        return f"The character U+{ord(token.text):04X}"
    return f"'{shown(token.text)}'"


def shown(text: str) -> str:
    """Return what fits of ``text`` in a line of a message, with nothing a terminal would obey."""
    line = text.splitlines()[0] if text else ""
    cut = line if len(line) <= _SHOWN and line == text else line[: _SHOWN - 1] + "…"
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in cut)


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
    if not mentions(text, _SUSPICIOUS) and sum(map(text.count, "({[")) <= _DEEPEST:
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


def _has_bad_escape(token: Token) -> bool:
    """Tell whether this is a long string that the engine may not take for one."""
    is_long = token.kind == "string" and token.text.startswith(("'''", '"""'))
    return is_long and _GOOD_ESCAPES.fullmatch(token.text) is None


def possible_tokens(text: str) -> Iterator[tuple[Token | None, Token, str]]:
    """Yield the tokens of every way to read ``text``, each with the one before and open brackets.

    The ways differ where ``<`` may open an IRI or compare: after an operand within parentheses.
    They also differ at a long string with an escape that there is not: Oxigraph may read its
    opening as an empty string and go on behind that.

    Raises:
        QuerySyntaxError: brackets are nested too deeply, or there are too many ways.
    """
    pending: list[tuple[int, str, Token | None]] = [(0, "", None)]
    seen: set[tuple[int, str, bool, str]] = set()
    while pending:
        offset, brackets, previous = pending.pop()
        while (match := _TOKEN.match(text, offset)) is not None:
            offset = match.end()
            if match.lastgroup == "space":
                continue
            token = _token(match)
            # An operand also ends with the "}" of EXISTS {} or the ">" of a triple term.
            after_operand = previous is not None and (
                previous.kind != "sign" or previous.text in _CLOSING
            )
            word = previous.text.upper() if previous is not None else ""
            # What comes before matters to whoever looks at the token, so it is part of the state.
            state = (token.start, brackets, after_operand, word if word in _LEADING else "")
            # Two slashes are no SPARQL, so "http://…" is an IRI however it is looked at.
            is_impossible = token.text == "/" and previous is not None and previous.text == "/"
            if state in seen or is_impossible:
                break
            seen.add(state)
            if len(seen) > 4 * len(text) + _DEEPEST or len(brackets) > _DEEPEST:
                raise QuerySyntaxError(
                    "The query is nested too deeply.", position=position_at(text, token.start)
                )
            if token.kind == "iri" and after_operand and brackets.endswith("("):
                less = Token("sign", "<", token.start, token.start + 1)
                pending.append((less.end, brackets, less))
            if _has_bad_escape(token):
                empty = Token("string", token.text[:2], token.start, token.start + 2)
                pending.append((empty.end, brackets, empty))
            yield previous, token, brackets
            if token.text in {"(", "{", "["}:
                brackets += token.text
            elif token.text in {")", "}", "]"}:
                brackets = brackets[:-1]
            previous = token


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


def variables_in_order(text: str) -> list[str]:
    """Return the names of the variables of ``text`` in the order of their first appearance."""
    return list(dict.fromkeys(token.text[1:] for token in tokens(text) if token.kind == "variable"))


def select_star(text: str) -> Token | None:
    """Return the ``*`` of a query ``SELECT * …``, or None when it names its columns."""
    previous: Token | None = None
    for token in tokens(text):
        if token.text == "*" and previous is not None:
            return token if previous.is_word("SELECT", "DISTINCT", "REDUCED") else None
        if token.text in {"{", "("} or token.kind == "variable":
            return None
        previous = token
    return None
