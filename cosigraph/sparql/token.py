# SPDX-License-Identifier: Apache-2.0
"""The tokens of SPARQL 1.1 (section 19.8), with the signs and language tags that 1.2 adds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cosigraph.errors import Position


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


# Any character beyond ASCII counts as part of a name: those that are not can start no token
# either. The classes are written as what is not in them, all of it ASCII, which compiles in a tenth
# of the time. Lengths are bounded where an unbounded look-ahead would make the time quadratic.
_LETTER = r"[^\x00-@\[-`{-\x7f]"
_NAME = r"[^\x00-/:-@\[-^`{-\x7f]"
_NAME_OR_HYPHEN = r"[^\x00-,./:-@\[-^`{-\x7f]"
_NAME_HYPHEN_OR_DOT = r"[^\x00-,/:-@\[-^`{-\x7f]"
_LOCAL = r"(?:[^\x00-/;-@\[-^`{-\x7f]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%])"
TOKEN = re.compile(
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
_SHOWN = 60


def mentions(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether one of ``words``, given in small letters, stands anywhere in ``text``.

    Letters beyond ASCII that some engine might take for one of theirs (a long s) count too.
    """
    if text.isascii():  # a tenth of the time
        lower = text.lower()
        return any(word in lower for word in words)
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
    for match in TOKEN.finditer(text, start):
        if match.lastgroup != "space":
            yield token_of(match)


def token_of(match: re.Match[str]) -> Token:
    """Return the token that has been found by ``TOKEN``."""
    return Token(str(match.lastgroup), match.group(), match.start(), match.end())


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
