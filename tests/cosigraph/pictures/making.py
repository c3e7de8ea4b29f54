# SPDX-License-Identifier: Apache-2.0
"""Answers to draw in tests, and the elements of the drawings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from pyoxigraph import Literal

from cosigraph.canned import CannedQuery
from cosigraph.table import Column, Table

SVG = "{http://www.w3.org/2000/svg}"


def answer(columns: Sequence[str], *rows: Sequence[object]) -> Table:
    """A table; a name that ends in ``*`` is a column of many values."""
    named = [Column(name.rstrip("*"), many=name.endswith("*")) for name in columns]
    return Table(named, [[_term(value) for value in row] for row in rows])


def asking(chart: dict[str, str] | None, *columns: str) -> CannedQuery:
    return CannedQuery(
        "drawn", "", Path("drawn.rq"), "What is drawn", tuple(map(Column, columns)), chart=chart
    )


def elements(svg: str, name: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(SVG + name))


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in elements(svg, "text")]


def _term(value: object) -> Literal | None:
    if value is None:
        return None
    if isinstance(value, (bool, int, float)):
        return Literal(value)
    text = str(value)
    return Literal(text)
