# SPDX-License-Identifier: Apache-2.0
"""The front matter of a canned query: the lines ``#+ …`` before it, YAML with places.

Scalars are kept as they are written: ``no``, ``1.50`` and ``2011-10-21`` stay those characters
until a parameter's type says what they are.
"""

from __future__ import annotations

from typing import Any

import yaml

from cosigraph.errors import Position, QueryFileError
from cosigraph.suggestions import suggestion_sentence

MARK = "#+"
_DEEPEST = 100
_NULL = "tag:yaml.org,2002:null"
_BOOLEAN = "tag:yaml.org,2002:bool"


class Entry:
    """A value of the front matter, and where in the query's file it and its key stand."""

    def __init__(
        self, node: yaml.Node, source: str, first_line: int, key: yaml.Node | None = None
    ) -> None:
        self._node = node
        self._source = source
        self._first_line = first_line
        self._key = node if key is None else key

    @property
    def position(self) -> Position:
        """Where the value begins."""
        return _position(self._node.start_mark, self._source, self._first_line)

    @property
    def key_position(self) -> Position:
        """Where the value's key begins; the value itself if it has none."""
        return _position(self._key.start_mark, self._source, self._first_line)

    def wrong(self, detail: str, advice: str | None = None) -> QueryFileError:
        """The error to raise for this value."""
        return QueryFileError(detail, position=self.position, advice=advice)

    def wrong_key(self, detail: str, advice: str | None = None) -> QueryFileError:
        """The error to raise for this value's key."""
        return QueryFileError(detail, position=self.key_position, advice=advice)

    def text(self) -> str:
        """The scalar as it is written; raises QueryFileError for anything else."""
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.wrong("A single value is expected here.")
        if self._node.tag == _NULL:
            raise self.wrong("A value is missing here.", "Write one, or leave the key out.")
        return str(self._node.value).rstrip("\n")

    def flag(self) -> bool:
        """``true`` or ``false``; raises QueryFileError for anything else."""
        text = self.text()
        if self._node.tag != _BOOLEAN or text not in ("true", "false"):
            raise self.wrong(f"'{text}' is neither true nor false.", "Write true or false.")
        return text == "true"

    def items(self) -> tuple[Entry, ...]:
        """The items of a list; a value that is no list is a list of itself."""
        if isinstance(self._node, yaml.SequenceNode):
            return tuple(Entry(node, self._source, self._first_line) for node in self._node.value)
        return (self,)

    def mapping(self) -> dict[str, Entry]:
        """Keys and values; raises QueryFileError if this is no mapping or names a key twice."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong("Keys with values ('key: value') are expected here.")
        entries: dict[str, Entry] = {}
        for key, value in self._node.value:
            name = Entry(key, self._source, self._first_line).text()
            entry = Entry(value, self._source, self._first_line, key)
            if name in entries:
                raise entry.wrong_key(f"The key '{name}' stands here twice.", "Keep one of them.")
            entries[name] = entry
        return entries

    def fields(self, *allowed: str) -> dict[str, Entry]:
        """Like :meth:`mapping`, but only with the keys that are allowed."""
        entries = self.mapping()
        for key, entry in entries.items():
            if key not in allowed:
                raise entry.wrong_key(
                    f"The key '{key}' is unknown.", suggestion_sentence(key, allowed)
                )
        return entries


def read_front_matter(text: str, source: str) -> Entry:
    """The front matter of a query's text.

    Args:
        text: the whole file.
        source: the file's path as errors shall name it.

    Raises:
        QueryFileError: there is none, it is not one block at the top, or it is no YAML.
    """
    lines = text.split("\n")
    first = _first_line(lines, source)
    last = first
    while last < len(lines) and lines[last].startswith(MARK):
        last += 1
    for number, line in enumerate(lines[last:], last + 1):
        if line.startswith(MARK):
            raise QueryFileError(
                "The front matter is interrupted.",
                position=Position(source, number),
                advice=f"Keep all '{MARK}' lines together at the top.",
            )
    body = [
        _content(line, Position(source, first + i + 1)) for i, line in enumerate(lines[first:last])
    ]
    try:
        node = _composed("\n".join(body))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise QueryFileError(
            f"The front matter is not well-formed YAML: {error.problem or error.context}.",
            position=_position(mark, source, first) if mark else Position(source, first + 1),
        ) from None
    except RecursionError:
        raise QueryFileError(
            "The front matter is nested too deeply.", position=Position(source, first + 1)
        ) from None
    except yaml.YAMLError:
        raise QueryFileError(
            "The front matter holds a character that YAML does not allow.",
            position=Position(source, first + 1),
        ) from None
    if node is None:
        raise QueryFileError(
            "The front matter is empty.",
            position=Position(source, first + 1),
            advice=f"Begin with '{MARK} summary: …'.",
        )
    return Entry(node, source, first)


def _composed(text: str) -> yaml.Node | None:
    """Read YAML; raises YAMLError as the reader in Python does, which tells more and is slower.

    RecursionError is raised before libyaml's own composer would run out of stack and end us.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # libyaml may be missing; it is ten times as fast.
        _refuse_depth(text, loader)
        node: yaml.Node | None = yaml.compose(text, loader)
    except yaml.YAMLError:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    return node


def _refuse_depth(text: str, loader: Any) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise RecursionError
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _first_line(lines: list[str], source: str) -> int:
    """The index of the first line of front matter, which only other comments may precede."""
    for index, line in enumerate(lines):
        if line.startswith(MARK):
            return index
        if line.strip() and not line.startswith("#"):
            break
    raise QueryFileError(
        "The query has no front matter.",
        position=Position(source, 1),
        advice=f"Describe it in lines before it, beginning with '{MARK} summary: …'.",
    )


def _content(line: str, position: Position) -> str:
    """A line without its mark; the mark is three characters wide, so that columns can be told."""
    if line.strip() == MARK:
        return ""
    if not line.startswith(MARK + " "):
        raise QueryFileError(
            f"A space is missing after '{MARK}'.", position=position, advice=f"Write '{MARK} …'."
        )
    return line[len(MARK) + 1 :].rstrip()


def _position(mark: yaml.Mark, source: str, first_line: int) -> Position:
    return Position(source, first_line + mark.line + 1, mark.column + len(MARK) + 2)
