# SPDX-License-Identifier: Apache-2.0
"""The API as a page says what the OpenAPI description says."""

from __future__ import annotations

from tests.api.asking import Asker
from tests.api.asking_pages import read_page


def test_every_operation_stands_on_the_page_with_its_parameters(asker: Asker) -> None:
    description = asker.get("/openapi.json").json()
    page = read_page(asker.page("/docs").text)
    headings = page.texts("h3")
    terms = set(page.texts("dt"))
    assert len(headings) > 15
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in headings
            assert {each["name"] for each in operation.get("parameters", ())} <= terms
    assert "openapi.json" in page.links()


def test_choices_are_told_by_their_names(asker: Asker) -> None:
    page = read_page(asker.page("/docs").text)
    told = [each for each in page.texts("dd") if each.startswith("Only trees of these varieties")]
    assert told
    assert told[0].endswith("B, C, G, R; several")
