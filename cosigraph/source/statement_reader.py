# SPDX-License-Identifier: Apache-2.0
"""The machine that finds where the parts of each statement stand, token by token."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import NamedTuple, TypeAlias

from cosigraph.source.lines import text_begin
from cosigraph.source.tokens import DIRECTIVES, PUNCTUATION, STRING, TERM, TOKEN

Place: TypeAlias = tuple[int, int]
"""Where a token begins and where it ends, in bytes."""

_GRAPH = b"graph"
_ANNOTATION = (b"~", b"{|")


class _State(Enum):
    """What the next term is."""

    SUBJECT = auto()
    VERB = auto()
    OBJECT = auto()
    AFTER = auto()  # an object: none, or in N-Quads a graph's name
    FIRST_MEMBER = auto()
    MEMBER = auto()
    REIFIER = auto()
    DIRECTIVE = auto()


class _Frame(NamedTuple):
    """What is gone on with when a bracket is closed."""

    state: _State
    is_list: bool
    place: Place
    subject: Place
    predicate: Place
    object: Place
    is_reified: bool


_NOWHERE: Place = (0, 0)
_SUBJECT, _VERB, _OBJECT, _AFTER = _State.SUBJECT, _State.VERB, _State.OBJECT, _State.AFTER


class StatementReader:
    """A machine that takes one token after the other.

    pyoxigraph yields the statements that one token completes in reverse: they are kept until the
    token is done. Two kinds are completed by the next token only: those whose object is a string,
    as a language might follow, or a list's ``(``, as it might be empty.
    """

    def __init__(self, content: bytes) -> None:
        self.numbers = array("Q")
        self._content = content
        self._tokens: Iterator[re.Match[bytes]] = TOKEN.finditer(content, text_begin(content))
        self._state = _SUBJECT
        self._subject = self._predicate = self._object = self._tilde = _NOWHERE
        # As in pyoxigraph, only the last of several reifiers goes with the value.
        self._reifiers: list[Place] = []
        self._is_reified = False
        self._frames: list[_Frame] = []
        self._terms_left = 0
        self._completed: list[tuple[int, ...]] = []
        self._delayed: list[tuple[int, ...]] = []

    def read(self) -> None:
        """Read everything."""
        term, punctuation, completed = self._term, self._punctuation(), self._completed
        delayed = self._delayed
        for match in self._tokens:
            kind = match.lastindex
            if kind == TERM:
                term(match.span())
            elif kind == PUNCTUATION:
                sign = match[0]
                if self._state is _State.REIFIER:
                    self._take_reifier(self._tilde)
                if self._is_reified and sign not in _ANNOTATION:
                    self._reifiers.pop()
                    self._is_reified = False
                punctuation[sign](match.span())
            elif kind == STRING:
                self._string(match.span())
            elif kind is None:  # a comment
                continue
            else:
                self._of_two_tokens(match.span())
            if completed or delayed:
                self._write()
        self._write()

    def _punctuation(self) -> dict[bytes, Callable[[Place], None]]:
        return {
            b".": self._end,
            b";": self._semicolon,
            b",": self._comma,
            b"[": self._open_properties,
            b"]": self._close_properties,
            b"(": self._open_list,
            b")": self._close_list,
            b"{": self._end,
            b"}": self._end,
            b"~": self._begin_reifier,
            b"{|": self._open_annotation,
            b"|}": self._close_annotation,
            b"<<": self._take_quoted,
            b"<<(": self._take_quoted,
        }

    def _emit(self, subject: Place, predicate: Place, value: Place) -> None:
        self._completed.append(subject + predicate + value)

    def _write(self) -> None:
        """Write what the token completed, the last first."""
        completed = self._completed
        for statement in reversed(completed):
            self.numbers.extend(statement)
        completed.clear()
        completed += self._delayed
        self._delayed.clear()

    def _term(self, place: Place) -> None:
        state = self._state
        if state is _OBJECT:
            self._object = place
            self._completed.append(self._subject + self._predicate + place)
            self._state = _AFTER
        elif state is _VERB:
            self._predicate = place
            self._state = _OBJECT
        elif state is _SUBJECT:
            self._take_subject(place)
        elif state is _State.DIRECTIVE:
            self._terms_left -= 1
            if not self._terms_left:
                self._state = _SUBJECT
        elif state is _State.REIFIER:
            self._take_reifier(place)
        elif state is not _AFTER:
            self._begin_member(place)
            self._emit(self._subject, place, place)
            self._state = _State.MEMBER

    def _string(self, place: Place) -> None:
        self._term(place)
        if self._completed:  # none within a directive
            self._delayed.append(self._completed.pop())

    def _of_two_tokens(self, place: Place) -> None:
        self._begin_member(place)
        self._write()
        self._term(place)

    def _take_subject(self, place: Place) -> None:
        word = self._content[place[0] : place[1]].lower()
        self._terms_left = DIRECTIVES.get(word, 0)
        if self._terms_left:
            self._state = _State.DIRECTIVE
        elif word != _GRAPH:  # the name of a graph is taken for a subject, until its brace
            self._subject = place
            self._state = _VERB

    def _end(self, _place: Place) -> None:
        self._state = _SUBJECT

    def _semicolon(self, _place: Place) -> None:
        self._state = _VERB

    def _comma(self, _place: Place) -> None:
        self._state = _OBJECT

    def _push(self, place: Place, *, is_list: bool = False) -> None:
        unfinished = (self._subject, self._predicate, self._object, self._is_reified)
        self._frames.append(_Frame(self._state, is_list, place, *unfinished))
        self._subject = place

    def _pop(self) -> _Frame:
        frame = self._frames.pop()
        if frame.state is _SUBJECT:
            self._subject = frame.place
            self._state = _VERB
        else:
            self._subject, self._predicate = frame.subject, frame.predicate
            self._object = frame.place
            within_list = self._frames and self._frames[-1].is_list
            self._state = _State.MEMBER if within_list else _AFTER
        return frame

    def _open_properties(self, place: Place) -> None:
        self._begin_member(place)
        self._push(place)
        self._state = _VERB

    def _close_properties(self, _place: Place) -> None:
        frame = self._pop()
        if frame.state is not _SUBJECT:
            self._emit(self._subject, self._predicate, frame.place)

    def _open_list(self, place: Place) -> None:
        self._begin_member(place)
        if self._state is not _SUBJECT:
            self._delayed.append(self._subject + self._predicate + place)
        self._push(place, is_list=True)
        self._state = _State.FIRST_MEMBER

    def _close_list(self, place: Place) -> None:
        self._emit(self._subject, place, place)
        self._pop()

    def _begin_member(self, place: Place) -> None:
        """Go to the next cell of the list in which a member begins, if it begins in one."""
        if self._state is _State.MEMBER:
            self._emit(self._subject, place, place)
            self._subject = place
            self._state = _State.FIRST_MEMBER
        if self._state is _State.FIRST_MEMBER:
            self._predicate = place

    def _begin_reifier(self, place: Place) -> None:
        self._tilde = place
        self._state = _State.REIFIER

    def _take_reifier(self, place: Place) -> None:
        self._emit(place, self._tilde, self._object)
        self._reifiers.append(place)
        self._is_reified = True
        self._state = _AFTER

    def _open_annotation(self, place: Place) -> None:
        if self._is_reified:
            reifier = self._reifiers[-1]
        else:
            reifier = place
            self._emit(place, place, self._object)
        self._push(place)
        self._is_reified = False
        self._subject = reifier
        self._state = _VERB

    def _close_annotation(self, _place: Place) -> None:
        frame = self._frames.pop()
        self._subject, self._predicate = frame.subject, frame.predicate
        self._object, self._is_reified = frame.object, frame.is_reified
        self._state = _AFTER

    def _take_quoted(self, place: Place) -> None:
        self._begin_member(place)
        self._write()
        self._term(self._quoted(place))

    def _quoted(self, opening: Place) -> Place:
        """Read on behind ``<<`` or ``<<(`` and return the place of the whole.

        The statement that a reified triple without named reifier makes is not written yet.
        """
        is_reified = opening[1] - opening[0] == len(b"<<")
        self._quoted_part()
        self._next()
        self._quoted_part()
        sign = reifier = opening
        place = self._next()
        named = False
        if is_reified and self._text(place) == b"~":
            sign = reifier = place
            place = self._next()
            named = self._text(place) != b">>"
            if named:
                reifier, place = place, self._next()
        whole = (opening[0], place[1])
        if is_reified:
            self._emit(reifier, sign, whole)
        if named:
            self._write()
        return whole

    def _quoted_part(self) -> None:
        place = self._next()
        if self._text(place) in {b"<<", b"<<("}:
            self._quoted(place)
            self._write()

    def _next(self) -> Place:
        """Return the place of the next token that is no comment."""
        return next(match.span() for match in self._tokens if match.lastindex is not None)

    def _text(self, place: Place) -> bytes:
        return self._content[place[0] : place[1]]
