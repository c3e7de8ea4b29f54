# SPDX-License-Identifier: Apache-2.0
"""Where a statement stands in the files of a version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.errors import Position

if TYPE_CHECKING:
    from cosigraph.check.positions import Positions
    from cosigraph.check.syntax import ParsedFile

LARGEST_LOCATED: Final = 8 * 1024**2
"""The bytes of a file, or of a project's files together, in which lines are looked for."""

Value = NamedNode | BlankNode | Literal | Triple


class Places:
    """Finds the places of things and of their statements.

    ``paths`` are the files; ``parsed`` reads them when a place is first asked for, unless no lines
    can be found in them; ``tell`` is what a file is called to the user.
    """

    def __init__(
        self,
        paths: Sequence[Path] = (),
        parsed: Callable[[], list[ParsedFile]] | None = None,
        *,
        base_iri: str = "",
        tell: Callable[[str], str] = str,
    ) -> None:
        self._paths = paths
        self._parsed = parsed
        self._base_iri = base_iri
        self._tell = tell

    def of(
        self,
        subject: str,
        predicate: str | None = None,
        value: Value | None = None,
        graph: str | None = None,
    ) -> Position | None:
        """Return where the statement stands, else its property, else its subject; or None.

        ``graph`` is that of the statement, if it is known. A file that is too large is named alone.
        """
        positions = self._in_graphs.get(graph) or self._in_graphs.get(None)
        if positions is None:
            return self._told(Position(str(self._paths[0]))) if len(self._paths) == 1 else None
        return self._told(self._located(positions, subject, predicate, value))

    def _located(
        self, positions: Positions, subject: str, predicate: str | None, value: Value | None
    ) -> Position | None:
        path = None if predicate is None else NamedNode(predicate)
        if path is None or not isinstance(value, NamedNode | Literal):
            return positions.of(NamedNode(subject), path)
        return positions.of(NamedNode(subject), path, value)

    def _told(self, position: Position | None) -> Position | None:
        if position is None or position.source is None:
            return position
        return Position(self._tell(position.source), position.line, position.column)

    @cached_property
    def _in_graphs(self) -> dict[str | None, Positions]:
        """What finds lines in each graph's files, and in all; nothing where there are none."""
        size = sum(path.stat().st_size for path in self._paths)
        if self._parsed is None or size > LARGEST_LOCATED:
            return {}
        from cosigraph.check.positions import Positions  # noqa: PLC0415 - loads pySHACL

        files = self._parsed()
        of_graph: dict[str | None, list[ParsedFile]] = {None: files}
        for file in files:
            of_graph.setdefault(file.graph_iri, []).append(file)
        return {graph: Positions(each, self._base_iri) for graph, each in of_graph.items()}
