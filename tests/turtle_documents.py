# SPDX-License-Identifier: Apache-2.0
"""Turtle and TriG as people might write it: any layout, comments anywhere, every construct."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

PREFIXES = {"ex": "http://example.org/", "": "http://example.org/empty#", "é.b": "urn:x:"}
BASE = "http://base.example/folder/file"

_COMMENTS = (
    "# a comment\n",
    "#\n",
    "# ex:no <no> \"no\" 'no' . ; [ ( \U0001f333\r\n",
    "#x\r",
    "# é\n",
)
_SPACES = (" ", " ", " ", "\n", "  ", "\t", "\r\n", "\r", "\n\n")

_NAMES = (
    *("ex:a", "ex:b", "ex:c", ":d", ":e", "é.b:é") * 2,
    *("ex:a.b", "ex:x..y", "ex:", ":", "ex:1", "ex:a:b", "ex:%C3%A9", "ex:a\\,b", "ex:\\~x"),
    *(":é-\U0001f333", "ex:a\\'", "<http://example.org/a>", "<relative>", "<#x>", "<>"),
    *("<http://example.org/\\u00e9>", "<http://example.org/é\U0001f333>"),
)
_LABELS = ("_:a", "_:b.c", "_:1", "_:é")
_TEXTS = (
    "",
    "x",
    "é \U0001f333",
    "it's",
    'a "word"',
    "# no",
    "1 . ; , [ (",
    "\\",
    "\t",
    "<<",
    "''",
)
_LONG_TEXTS = (*_TEXTS, "two\nlines", "a\r\nb\n\n  # c", '"" x', "\n")
_ESCAPED = (r'"\u00e9\n\t\""', r"'\U0001F333'", r'"""a\""""')
_SUFFIXES = ("", "", "", "@en", "@de-AT", "@ar--rtl", "^^ex:t", " ^^ <urn:t>", "^^xsd:integer")
_PLAIN = (
    *("0", "007", "-5", "+1", "1.5", ".5", "-0.0"),
    *("1e5", "1.E-3", ".5e+1", "true", "false"),
)


def _quoted(text: str, quote: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
    return quote + escaped + quote


class _Writer:
    """Writes one document, token by token."""

    def __init__(self, seed: int, size: int, *, newer: bool, graphs: bool) -> None:
        self._random = Random(seed)
        self._size = size
        self._newer = newer
        self._graphs = graphs
        self._pieces: list[str] = []

    def document(self) -> str:
        self._directives()
        for _ in range(self._size):
            self._choose(self._statement, self._statement, self._directives, self._block)
        first = self._random.choice(["", *_COMMENTS])
        last = self._random.choice(["", *_COMMENTS, "# the end"])
        return first + "".join(self._pieces) + last

    def _gap(self) -> str:
        space = self._random.choice(_SPACES)
        return space + self._random.choice(_COMMENTS) if self._random.random() < 0.25 else space

    def _maybe(self) -> bool:
        return self._random.random() < 0.5

    def _number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def _choose(self, *writers: Callable[[], None]) -> None:
        self._random.choice(writers)()

    def _put(self, *tokens: str) -> None:
        for token in tokens:
            if token in {",", ";", "]", ")", "."} and self._maybe():
                self._pieces.append(token)
                self._pieces.append(self._gap())
            else:
                self._pieces.append(self._gap())
                self._pieces.append(token)
                self._pieces.append(self._gap() if token in {".", "("} else "")

    def _any(self, *tokens: str) -> None:
        token = self._random.choice(tokens)
        if token in {"[]", "()"} and self._maybe():
            self._put(token[0], token[1])
        else:
            self._put(token)

    def _directives(self) -> None:
        for prefix, namespace in {**PREFIXES, "xsd": "http://www.w3.org/2001/XMLSchema#"}.items():
            if self._maybe():
                self._put("@prefix", f"{prefix}:", f"<{namespace}>", ".")
            else:
                word = self._random.choice(["PREFIX", "prefix"])
                self._put(word, f"{prefix}:", f"<{namespace}>")
        if self._maybe():
            self._put("@base", f"<{BASE}>", ".")
        if self._maybe():
            self._put("BASE", f"<{BASE}>")
        if self._newer and self._maybe():
            self._put("VERSION", '"1.2"')

    def _block(self) -> None:
        if not self._graphs:
            self._statement()
            return
        name = self._random.choice(["", "ex:g", "<g>", "_:g", "[]"])
        if name:
            self._put(*(["GRAPH"] if self._maybe() else []), name)
        self._put("{")
        for _ in range(self._number(0, 2)):
            self._statement()
        if self._maybe():
            self._subject_and_properties()
        self._put("}")

    def _statement(self) -> None:
        self._subject_and_properties()
        self._put(".")

    def _subject_and_properties(self) -> None:
        self._choose(
            self._named_subject,
            self._named_subject,
            self._bracket_subject,
            self._list_subject,
            self._reified_subject if self._newer else self._named_subject,
        )

    def _named_subject(self) -> None:
        self._any(*_NAMES, *_LABELS, "[]")
        self._properties(0)

    def _bracket_subject(self) -> None:
        self._brackets(0)
        if self._maybe():
            self._properties(0)

    def _list_subject(self) -> None:
        self._list(0)
        self._properties(0)

    def _reified_subject(self) -> None:
        self._reified()
        if self._graphs or self._maybe():  # within a graph pyoxigraph expects some
            self._properties(0)

    def _properties(self, depth: int) -> None:
        for index in range(self._number(1, 3)):
            if index:
                self._put(*[";"] * self._number(1, 2))
            self._any("a", "a", "a", "a", *_NAMES)
            for position in range(self._number(1, 3)):
                if position:
                    self._put(",")
                self._object(depth)
                if self._newer and depth < 4 and self._number(0, 3) == 0:
                    self._annotations(depth)
        self._put(*[";"] * self._number(0, 1))

    def _simple_object(self) -> None:
        kind = self._number(0, 4)
        if kind < 3:
            self._any(*(_NAMES, _PLAIN, (*_LABELS, "[]", "()"))[kind])
        elif self._number(0, 6) == 0:
            self._any(*_ESCAPED)
        else:
            quote = self._random.choice(('"', "'", '"""', "'''"))
            text = self._random.choice(_TEXTS if len(quote) == 1 else _LONG_TEXTS)
            self._put(_quoted(text, quote) + self._random.choice(_SUFFIXES))

    def _object(self, depth: int) -> None:
        kinds = [self._simple_object] * 3
        if depth < 3:
            kinds += [lambda: self._brackets(depth + 1), lambda: self._list(depth + 1)]
        if self._newer:
            kinds += [self._reified, self._triple_term]
        self._choose(*kinds)

    def _brackets(self, depth: int) -> None:
        self._put("[")
        self._properties(depth + 1)
        self._put("]")

    def _list(self, depth: int) -> None:
        self._put("(")
        for _ in range(self._number(0, 3)):
            self._object(depth + 1)
        self._put(")")

    def _annotations(self, depth: int) -> None:
        for _ in range(self._number(1, 3)):
            self._choose(self._reifier, lambda: self._annotation(depth))

    def _reifier(self) -> None:
        self._put("~", *([self._random.choice(_NAMES)] if self._maybe() else []))

    def _annotation(self, depth: int) -> None:
        self._put("{|")
        self._properties(depth + 2)
        self._put("|}")

    def _reified(self) -> None:
        self._put("<<")
        self._triple(self._reified)
        if self._maybe():
            self._reifier()
        self._put(">>")

    def _triple_term(self) -> None:
        self._put("<<(")
        self._triple(self._triple_term, in_subject=False)
        self._put(")>>")

    def _triple(self, nested: Callable[[], None], *, in_subject: bool = True) -> None:
        deeper = self._number(0, 5)
        if deeper == 0 and in_subject:
            nested()
        else:
            self._any(*_NAMES, *_LABELS)
        self._any(*_NAMES)
        if deeper == 1:
            nested()
        else:
            self._any(*_NAMES, *_LABELS, *_PLAIN, '"x"', "'y'", "[]")


def _documents(*, newer: bool, graphs: bool) -> st.SearchStrategy[str]:
    # Made from a seed: hypothesis would take minutes to draw every token, and more to shrink them.
    return st.builds(
        lambda size, seed: _Writer(seed, size, newer=newer, graphs=graphs).document(),
        st.integers(1, 6),
        st.integers(0, 2**64),
    )


def turtle_documents(*, newer: bool = True) -> st.SearchStrategy[str]:
    """Well-formed Turtle; with triple terms, reifiers and annotations where it may be ``newer``."""
    return _documents(newer=newer, graphs=False)


def trig_documents(*, newer: bool = True) -> st.SearchStrategy[str]:
    """Well-formed TriG."""
    return _documents(newer=newer, graphs=True)
