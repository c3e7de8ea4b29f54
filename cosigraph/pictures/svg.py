# SPDX-License-Identifier: Apache-2.0
"""Writing SVG: elements, texts broken into lines, and the few styles that all pictures share.

Styles are presentation attributes, so a file needs no style sheet; each element also has a class,
by which a page can give it other colours. There is no ``style``: the pages' policy forbids it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from html import escape

SIZE = 14
"""The size of letters, in units of the picture."""

LINE = 18
"""The distance between two lines of text."""

MARGIN = 8
"""The margin around a picture."""

_LETTER = 0.52  # the mean width of a letter, as a part of its size
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "Noto Sans, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
_STYLES = {
    "ink": {"fill": "#1b2126"},
    "soft": {"fill": "#545d66"},
    "bar": {"fill": "#0b4f8a"},
    "paper": {"fill": "#ffffff"},
    "rule": {"stroke": "#d9ddd8", "fill": "none"},
    "line": {"stroke": "#1b2126", "fill": "none"},
    "claim": {"fill": "#f0f2ef", "stroke": "#7c8690"},
}


def element(name: str, *content: str, kind: str = "", **attributes: object) -> str:
    """An element; ``kind`` is one of the shared styles, ``content`` is markup already.

    Underscores in the names of attributes stand for hyphens.
    """
    given = {"class": kind, **_STYLES[kind]} if kind else {}
    named = {key.strip("_").replace("_", "-"): value for key, value in attributes.items()}
    written = "".join(f' {key}="{_escaped(_number(v))}"' for key, v in {**given, **named}.items())
    return f"<{name}{written}>{''.join(content)}</{name}>" if content else f"<{name}{written}/>"


def words(text: str, x: float, y: float, *, kind: str = "ink", **attributes: object) -> str:
    """A line of text whose base line begins at the place."""
    return element("text", _escaped(text), kind=kind, x=x, y=y, **attributes)


def lines_of(text: str, width: float, *, most: int = 4) -> list[str]:
    """The text in lines that fit the width, at most so many; what is left out is an ellipsis."""
    return textwrap.wrap(
        text, max(int(width / (SIZE * _LETTER)), 4), max_lines=most, placeholder=" …"
    ) or [""]


def width_of(text: str) -> float:
    """About how wide a text is."""
    return len(text) * SIZE * _LETTER


def drawing(title: str, width: float, height: float, parts: Iterable[str]) -> str:
    """A whole picture with its title, and a margin around it."""
    outer = (width + 2 * MARGIN, height + 2 * MARGIN)
    box = {"x": -MARGIN, "y": -MARGIN, "width": outer[0], "height": outer[1]}
    return element(
        "svg",
        element("title", _escaped(title)),
        element("rect", kind="paper", **box),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=" ".join(map(_number, box.values())),
        width=outer[0],
        height=outer[1],
        role="img",
        aria_label=title,
        font_family=_FONT,
        font_size=SIZE,
    )


def _number(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _escaped(text: str) -> str:
    """The text as XML has it; a character that XML cannot hold is shown as missing."""
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))
