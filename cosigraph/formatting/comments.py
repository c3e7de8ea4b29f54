# SPDX-License-Identifier: Apache-2.0
"""The comments of Turtle and TriG, each with the token that it belongs to.

A comment on a line of its own belongs to the token that follows; where that closes something, to
the end of it. A comment behind something on its line belongs to that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cosigraph.source.lines import text_begin
from cosigraph.source.tokens import DIRECTIVES, EMPTY_BRACKETS, PUNCTUATION, SUFFIXED_STRING, TOKEN

Lines: TypeAlias = list[str]
ByOffset: TypeAlias = dict[int, Lines]

_LINE_END = re.compile(rb"\r\n|\n|\r")
_WITHIN = re.compile(rb"(?:\A|\^\^|[\[(])((?:[ \t\r\n]|#[^\r\n]*)*)")
_COMMENT = re.compile(rb"#[^\r\n]*")
_QUOTES, _QUOTE_ENDS = {b"<<", b"<<("}, {b">>", b")>>"}
_OPENING: Final = {b"[", b"(", b"{|"}
_CLOSING: Final = {b"]", b")", b"|}"}


def _by_offset() -> ByOffset:
    return defaultdict(list)


@dataclass
class Comments:
    """Comments by the offset of the token that they belong to.

    ``before`` a token; ``behind`` it on its line; behind an ``opening`` bracket; at the ``end`` of
    what a bracket opens or a subject begins. ``prefixes`` are those behind declarations, by prefix.
    An empty string is an empty line.
    """

    header: Lines = field(default_factory=list)
    footer: Lines = field(default_factory=list)
    before: ByOffset = field(default_factory=_by_offset)
    behind: ByOffset = field(default_factory=_by_offset)
    opening: ByOffset = field(default_factory=_by_offset)
    end: ByOffset = field(default_factory=_by_offset)
    prefixes: dict[str, Lines] = field(default_factory=lambda: defaultdict(list))
    before_graphs: ByOffset = field(default_factory=_by_offset)
    end_of_graphs: ByOffset = field(default_factory=_by_offset)
    graphs: list[tuple[int, int]] = field(default_factory=list)
    """Where the braces of each graph are."""
    namespaces: dict[str, str] = field(default_factory=dict)
    """The namespace of each prefix as it is written."""


def read_comments(content: bytes) -> Comments:
    """Read the comments of Turtle or TriG that is well-formed."""
    return _Reader(content).read()


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._found = Comments()
        self._pending: Lines = []
        self._last: Lines | None = None  # what a comment on this line is added to
        self._previous_end = text_begin(content)
        self._brackets: list[int] = []
        self._quotes: list[int] = []
        self._block: int | None = None
        self._brace: int | None = None
        self._directive: list[str] | None = None
        self._terms_left = 0
        self._any_token = False

    def read(self) -> Comments:
        """Read everything."""
        for match in TOKEN.finditer(self._content, self._previous_end):
            if match.lastindex is None:
                self._comment(match)
            else:
                self._note_empty_line(match.start())
                if not self._any_token:
                    self._begin(match.start())
                self._token(match)
            self._previous_end = match.end()
        found = self._found
        (found.footer if self._any_token else found.header).extend(self._pending)
        return found

    def _begin(self, offset: int) -> None:
        """Tell the comments at the beginning of the file from those of the first block."""
        self._any_token = True
        match = TOKEN.match(self._content, offset)
        if match is not None and match[0].lower() in DIRECTIVES:
            self._found.header += self._pending
            self._pending = []
        elif "" in self._pending:
            behind = len(self._pending) - self._pending[::-1].index("")
            self._found.header += self._pending[: behind - 1]
            self._pending = self._pending[behind:]

    def _note_empty_line(self, offset: int) -> None:
        gap = self._content[self._previous_end : offset]
        if self._pending and self._pending[-1] and len(_LINE_END.findall(gap)) > 1:
            self._pending.append("")

    def _comment(self, match: re.Match[bytes]) -> None:
        text = match[0].decode().rstrip()
        begin = max(self._content.rfind(sign, 0, match.start()) for sign in (b"\n", b"\r")) + 1
        begin = max(begin, text_begin(self._content))
        own_line = not self._content[begin : match.start()].strip()
        if self._directive is not None:
            self._found.header.append(text)
        elif self._quotes:
            self._found.before[self._quotes[0]].append(text)
        elif own_line or self._last is None:
            self._note_empty_line(match.start())
            self._pending.append(text)
        else:
            self._last.append(text)

    def _token(self, match: re.Match[bytes]) -> None:
        sign = match[0] if match.lastindex == PUNCTUATION else b""
        offset = match.start()
        if self._directive is not None:
            self._continue_directive(match)
        elif self._quotes:
            self._found.before[self._quotes[0]] += _comments_within(match)
            self._quoted(sign, offset)
        elif sign in self._signs:
            self._signs[sign](self, offset)
        elif self._block is None and match[0].lower() in DIRECTIVES:
            self._begin_directive(match)
        elif self._block is not None or match[0].lower() != b"graph":
            self._anchor(offset)
            self._found.before[offset] += _comments_within(match)

    def _begin_directive(self, match: re.Match[bytes]) -> None:
        self._found.header += self._pending
        self._pending = []
        self._directive = []
        self._terms_left = DIRECTIVES[match[0].lower()]

    def _continue_directive(self, match: re.Match[bytes]) -> None:
        assert self._directive is not None  # noqa: S101 - asked by the caller
        self._directive.append(match[0].decode())
        self._terms_left -= 1
        if not self._terms_left:
            prefix = self._directive[0].removesuffix(":")
            self._last = self._found.header
            if len(self._directive) == 2:
                self._found.namespaces[prefix] = self._directive[1]
                self._last = self._found.prefixes[prefix]
            self._directive = None

    def _anchor(self, offset: int) -> None:
        """Let the token at ``offset`` have the comments that wait, and those behind it."""
        if self._block is None:
            self._block = offset
        elif offset != self._block:
            self._pending = [line for line in self._pending if line]
        self._found.before[offset] += self._pending
        self._pending = []
        self._last = self._found.behind[offset]

    def _close(self, lines: Lines) -> None:
        lines += [line for line in self._pending if line]
        self._pending = []

    def _open_bracket(self, offset: int) -> None:
        self._anchor(offset)
        self._brackets.append(offset)
        self._last = self._found.opening[offset]

    def _close_bracket(self, _offset: int) -> None:
        opening = self._brackets.pop()
        self._close(self._found.end[opening])
        self._last = self._found.behind[opening]

    def _open_quote(self, offset: int) -> None:
        self._anchor(offset)
        self._quotes.append(offset)

    def _quoted(self, sign: bytes, offset: int) -> None:
        if sign in _QUOTES:
            self._quotes.append(offset)
        elif sign in _QUOTE_ENDS:
            self._last = self._found.behind[self._quotes.pop()]

    def _end_block(self, _offset: int) -> None:
        if self._block is not None:
            self._close(self._found.end[self._block])
        self._block = None

    def _open_graph(self, offset: int) -> None:
        before = self._found.before_graphs[offset]
        if self._block is None:
            before += self._pending
            self._pending = []
        else:  # what was taken for a subject is the graph's name
            before += self._found.before.pop(self._block, [])
            before += self._found.behind.pop(self._block, [])
            before += [line for line in self._pending if line]
            self._pending = []
        self._block = None
        self._brace = offset
        self._last = before

    def _close_graph(self, offset: int) -> None:
        self._block = None
        if self._brace is not None:
            self._found.end_of_graphs[self._brace] += self._pending
            self._pending = []
            self._found.graphs.append((self._brace, offset))
            self._last = self._found.before_graphs[self._brace]

    def _nothing(self, _offset: int) -> None:
        """Pass over a sign that no comment belongs to."""

    _signs: Final[dict[bytes, Callable[[_Reader, int], None]]] = {
        **dict.fromkeys(_OPENING, _open_bracket),
        **dict.fromkeys(_CLOSING, _close_bracket),
        **dict.fromkeys(_QUOTES, _open_quote),
        b".": _end_block,
        b"{": _open_graph,
        b"}": _close_graph,
        **dict.fromkeys((b",", b";", b"~"), _nothing),
    }


def _comments_within(match: re.Match[bytes]) -> Lines:
    """Return the comments within a token that has a gap: ``"5" ^^ xsd:int``, ``[ ]``."""
    if match.lastindex == SUFFIXED_STRING:
        text = match[SUFFIXED_STRING]
    elif match.lastindex == EMPTY_BRACKETS:
        text = match[0]
    else:
        return []
    gaps = b"".join(gap[1] for gap in _WITHIN.finditer(text))
    return [comment.decode().rstrip() for comment in _COMMENT.findall(gaps)]
