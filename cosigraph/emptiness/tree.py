# SPDX-License-Identifier: Apache-2.0
"""A query's text as a tree, each of whose parts knows where in the text it stands.

It is read by the project's own grammar (``cosigraph.grammar``), which keeps positions and the
author's own characters, and takes time in proportion to the text. rdflib's parser keeps neither,
and may take exponential time for brackets in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cosigraph.grammar import Node
from cosigraph.sparql import Token
from cosigraph.syntax import Reader

LONGEST = 32 * 1024
"""A longer text, in characters, is not taken apart."""


@dataclass(slots=True)
class Tree:
    """What a rule of the grammar has read: other rules' trees, and tokens."""

    rule: str
    parts: list[Tree | Token] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where its first token starts in the text."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Where its last token ends in the text."""
        return self.parts[-1].end

    @property
    def trees(self) -> list[Tree]:
        """The trees among its parts."""
        return [part for part in self.parts if isinstance(part, Tree)]

    @property
    def words(self) -> list[Token]:
        """The tokens among its parts."""
        return [part for part in self.parts if isinstance(part, Token)]

    def child(self, rule: str) -> Tree | None:
        """Its first part that the rule has read."""
        return next((tree for tree in self.trees if tree.rule == rule), None)

    def all(self, *rules: str) -> Iterator[Tree]:
        """The outermost trees within it that one of the rules has read, in order."""
        for tree in self.trees:
            if tree.rule in rules:
                yield tree
            else:
                yield from tree.all(*rules)

    def tokens(self) -> Iterator[Token]:
        """Every token within it, in order."""
        for part in self.parts:
            if isinstance(part, Token):
                yield part
            else:
                yield from part.tokens()


def unused_name(text: str, name: str) -> str:
    """A name for a variable that does not occur in the text, nor as the start of another."""
    while name in text:
        name += "_"
    return name


def read_tree(text: str) -> Tree | None:
    """The tree of a query, or None where it is no SPARQL 1.1, too long or nested too deeply.

    Escapes of code points are not read either: the engine may apply them before it reads the text
    (SPARQL 1.1, section 19.2), and then a string may end elsewhere.
    """
    if len(text) > LONGEST or "\\u" in text.lower():
        return None
    reader = _TreeReader(text)
    try:
        reads = reader.reads(Node("symbol", symbol="Query"))
    except RecursionError:
        return None
    return reader.root if reads else None


class _TreeReader(Reader):
    """Keeps what it reads."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._open = [Tree("")]

    @property
    def root(self) -> Tree:
        """The tree of the rule that was read first."""
        return self._open[0].trees[0]

    def reads_rule(self, name: str, rule: Node) -> bool:
        tree = Tree(name)
        self._open.append(tree)
        fits = super().reads_rule(name, rule)
        self._open.pop()
        if tree.parts:
            self._open[-1].parts.append(tree)
        return fits

    def step(self) -> bool:
        if self.token.kind != "end":
            self._open[-1].parts.append(self.token)
        return super().step()
