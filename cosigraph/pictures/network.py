# SPDX-License-Identifier: Apache-2.0
"""A network: things on a circle, joined where they go together, the stronger the thicker."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cosigraph.pictures.svg import LINE, drawing, element, width_of, words
from cosigraph.pictures.values import number, text
from cosigraph.table import Table

MOST = 60
"""How many things are drawn: those with most to do with others."""

_ROW = 17.0  # units that a name needs on the circle's edge
_THINNEST, _THICKEST = 0.75, 5.0


@dataclass(frozen=True, slots=True)
class Network:
    """Things, and pairs of them by their places with how much joins them.

    ``left_out`` is how many more things the answer has.
    """

    title: str
    nodes: tuple[str, ...]
    links: tuple[tuple[int, int, float], ...]
    left_out: int = 0

    @classmethod
    def of(cls, chart: Mapping[str, str], table: Table, title: str) -> Self:
        """The network of an answer whose columns ``chart`` names."""
        weights: dict[tuple[str, str], float] = {}
        totals: dict[str, float] = {}
        for row in table:
            pair = text(row[chart["source"]]), text(row[chart["target"]])
            told = number(row[chart["weight"]]) if "weight" in chart else None
            weight = 1.0 if told is None else told
            weights[pair] = weights.get(pair, 0.0) + weight
            for name in pair:
                totals[name] = totals.get(name, 0.0) + weight
        nodes = sorted(sorted(totals, key=lambda name: (-totals[name], name))[:MOST])
        places = {name: place for place, name in enumerate(nodes)}
        links = [
            (places[source], places[target], weight)
            for (source, target), weight in weights.items()
            if source in places and target in places and source != target
        ]
        return cls(title, tuple(nodes), tuple(links), len(totals) - len(nodes))

    def svg(self, width: int) -> str:
        """The network as SVG: a circle with names around it."""
        margin = min(max(map(width_of, self.nodes), default=0) + 16, width * 0.34)
        radius = max(width / 2 - margin, len(self.nodes) * _ROW / (2 * math.pi), 40.0)
        x, y = width / 2, radius + 34
        places = []
        for place in range(len(self.nodes)):
            angle = 2 * math.pi * place / max(len(self.nodes), 1) - math.pi / 2
            places.append((x + radius * math.cos(angle), y + radius * math.sin(angle), angle))
        largest = max((weight for _, _, weight in self.links), default=1.0) or 1.0
        parts = []
        for source, target, weight in self.links:
            thick = _THINNEST + (_THICKEST - _THINNEST) * max(weight, 0.0) / largest
            (x1, y1, _), (x2, y2, _) = places[source], places[target]
            path = f"M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"
            parts.append(
                element("path", kind="line", d=path, stroke_width=thick, stroke_opacity=0.45)
            )
        for name, (at_x, at_y, angle) in zip(self.nodes, places, strict=True):
            parts.append(element("circle", kind="bar", cx=at_x, cy=at_y, r=4))
            parts.append(self._name(name, at_x, at_y, angle, margin))
        height = 2 * y
        if self.left_out:
            parts.append(words(f"and {self.left_out} more", 0, height + 14, kind="soft"))
            height += LINE + 4
        return drawing(self.title, width, height, parts)

    @staticmethod
    def _name(name: str, x: float, y: float, angle: float, margin: float) -> str:
        most = max(int(margin / width_of("m")), 6)
        shown = name if len(name) <= most else name[: most - 1] + "…"
        across, along = math.cos(angle), math.sin(angle)
        anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
        return words(shown, x + 9 * across, y + 14 * along + 5, text_anchor=anchor, font_size=13)
