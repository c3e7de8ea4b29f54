# SPDX-License-Identifier: Apache-2.0
"""Reading pages in tests: their links, their forms, and the elements with their texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img"}


@dataclass
class Element:
    """An element with its attributes and all the text within it."""

    name: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A page that was read; it fails for elements that are not closed in order."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, name: str, /, **attributes: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if element.name == name and attributes.items() <= element.attributes.items()
        ]

    def texts(self, name: str) -> list[str]:
        return [" ".join(element.text.split()) for element in self.all(name)]

    def links(self) -> list[str]:
        """Where the page's links, forms, style sheets and pictures lead."""
        found = [
            element.attributes.get(attribute)
            for element in self.elements
            for attribute in ("href", "src", "action")
        ]
        return [link for link in found if link is not None]


def read_page(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page
