# SPDX-License-Identifier: Apache-2.0
"""The colours of the pages have the contrast that WCAG 2.2 asks for, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).parents[2] / "api" / "cosigraph_api" / "static" / "style.css"
TEXTS = [
    ("ink", "paper"),
    ("ink", "wash"),
    ("ink", "mark"),
    ("ink", "shade-1"),
    ("ink", "shade-2"),
    ("ink", "shade-3"),
    ("soft", "paper"),
    ("soft", "wash"),
    ("link", "paper"),
    ("link", "wash"),
    ("visited", "paper"),
    ("on-strong", "strong"),
    ("alarm", "alarm-wash"),
]
SIGNS = ["edge", "strong", *(f"kind-{letter}" for letter in "abcdefgh")]


def colours(theme: str) -> dict[str, str]:
    """The custom properties of a theme; dark begins with those of light."""
    text = SHEET.read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", text, re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if theme == "dark" else {}
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_texts_can_be_read(theme: str, text: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sign", SIGNS)
def test_signs_stand_out(theme: str, sign: str) -> None:
    found = colours(theme)
    for ground in ("paper", "mark"):
        assert contrast(found[sign], found[ground]) >= 3


def test_black_on_white_has_the_contrast_that_the_standard_tells() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
