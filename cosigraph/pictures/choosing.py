# SPDX-License-Identifier: Apache-2.0
"""Which picture an answer has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from cosigraph.canned import CannedQuery
from cosigraph.pictures.bars import Bars
from cosigraph.pictures.matrix import Matrix
from cosigraph.pictures.network import Network
from cosigraph.pictures.timeline import Timeline
from cosigraph.table import Table


class Picture(Protocol):
    """Something that can be drawn."""

    @property
    def title(self) -> str:
        """What it shows."""

    def svg(self, width: int) -> str:
        """The picture as SVG, laid out for a width."""


_Making = Callable[[Mapping[str, str], Table, str], Picture]
#: The types of chart that are drawn, with the dimensions that each must have.
DRAWN: Final[Mapping[str, tuple[_Making, tuple[str, ...]]]] = {
    "bar": (Bars.of, ("x", "y")),
    "matrix": (Matrix.of, ("x", "y")),
    "network": (Network.of, ("source", "target")),
    "timeline": (Timeline.of, ("start", "label")),
}


def has_picture(query: CannedQuery) -> bool:
    """Whether the front matter hints at a picture that can be drawn."""
    if query.chart is None or query.chart["type"] not in DRAWN:
        return False
    return all(dimension in query.chart for dimension in DRAWN[query.chart["type"]][1])


def picture(query: CannedQuery, table: Table) -> Picture | None:
    """The picture of an answer to a query, or None if it has none or there is nothing to draw."""
    if query.chart is None or not has_picture(query) or not len(table):
        return None
    making, _ = DRAWN[query.chart["type"]]
    return making(query.chart, table, query.summary)
