# SPDX-License-Identifier: Apache-2.0
"""Terms as people read them: labels, CURIEs, and values on one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from cosigraph.difference.descriptions import Descriptions, Statement, Value
from cosigraph.terms import Prefixes

LONGEST: Final = 160
"""The length from which on a label or a value is cut when it is shown to people."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its IRI, its label if it has one, and the IRI as it is shown, as a CURIE."""

    iri: str
    label: str | None
    short: str

    def __str__(self) -> str:
        if self.label is None:
            return self.short
        return f"{_cut(self.label, 0, LONGEST)} ({self.short})"


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value: as N-Triples writes it, a blank node as Turtle does; and as people read it."""

    term: str
    text: str


class Names:
    """Names things and values of one version."""

    def __init__(
        self, labels: Mapping[str, str], prefixes: Prefixes, descriptions: Descriptions
    ) -> None:
        self._labels = labels
        self._prefixes = prefixes
        self._descriptions = descriptions

    def thing(self, iri: str) -> Named:
        """Return a thing by name; a blank node, which goes by ``_:`` and its label, has none."""
        if iri.startswith("_:"):
            return Named(iri, None, "a blank node")
        return Named(iri, self._labels.get(iri), self._prefixes.shorten(iri))

    def value(self, statement: Statement) -> ShownValue:
        """Return the value of a statement."""
        value = statement.value
        whole = self._descriptions.text(value, "<{}>".format)
        if isinstance(value, NamedNode):
            return ShownValue(whole, str(self.thing(value.value)))
        return ShownValue(whole, self._descriptions.text(value, self._prefixes.shorten))

    def description(self, iri: str) -> str:
        """Return what is said of a blank node that is a thing of its own."""
        return self._descriptions.text(BlankNode(iri.removeprefix("_:")), self._prefixes.shorten)


def iris_in(statements: Iterable[Statement | None]) -> Iterator[str]:
    """Yield the IRIs that are named when the statements are shown."""
    for statement in statements:
        if statement is not None:
            yield statement.predicate
            yield from _iris(statement.value)
            if statement.graph is not None:
                yield statement.graph


def _iris(value: Value) -> Iterator[str]:
    if isinstance(value, NamedNode):
        yield value.value
    elif isinstance(value, Triple):
        yield from _iris(value.object)


def printable(text: str) -> str:
    """Return the text with escapes for what does not show, or changes how other text shows."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else f"\\u{ord(sign):04X}" if ord(sign) < 65536 else "\ufffd"
        for sign in text
    )


def excerpts(old: str | None, new: str | None, longest: int) -> tuple[str | None, str | None]:
    """Return both texts cut to a length, from a little before the place where they part."""
    if old is None or new is None:
        return old and _cut(old, 0, longest), new and _cut(new, 0, longest)
    parted = 0
    if max(len(old), len(new)) > longest:
        pairs = zip(old, new, strict=False)
        parted = next((i for i, (one, other) in enumerate(pairs) if one != other), 0)
    start = max(0, parted - longest // 3)
    return _cut(old, start, longest), _cut(new, start, longest)


def _cut(text: str, start: int, longest: int) -> str:
    end = start + longest
    before, after = ("…" if start else ""), ("…" if len(text) > end else "")
    return f"{before}{text[start:end]}{after}"
