# SPDX-License-Identifier: Apache-2.0
"""What a project wants on its pages: ``[pages]`` in ``cosigraph.toml``.

Each entry names canned queries; what these show and ask is said in their front matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosigraph.errors import ConfigurationError, Position
from cosigraph.suggestions import suggestion_sentence

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The canned queries that pages are made of, by their names.

    Attributes:
        start: those whose pictures stand on the first page
        pictures: those whose pictures are shown together, all that have one if none is named
        search: the one that the search box asks; its required parameter takes what is typed
        compare: the one that compares things; its parameter of many values takes them
    """

    start: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    search: str = ""
    compare: str = ""

    def check(self, queries: Mapping[str, CannedQuery], position: Position) -> None:
        """Raise ConfigurationError if a query is named that there is not, or that cannot serve."""
        for key, name in self._named():
            if name not in queries:
                raise ConfigurationError(
                    f"'{key}' names a query '{name}', which there is not.",
                    position=position,
                    advice=suggestion_sentence(name, queries),
                )
            if not _serves(key, queries[name]):
                raise ConfigurationError(
                    f"The query '{name}' does not serve for '{key}'.",
                    position=position,
                    advice=_NEEDS[key],
                )

    def _named(self) -> Iterator[tuple[str, str]]:
        for key in _NEEDS:
            value = getattr(self, key)
            names = (value,) if isinstance(value, str) else value
            yield from ((key, name) for name in names if name)


_NEEDS = {
    "start": "It needs a chart in its front matter, and no required parameter.",
    "pictures": "It needs a chart in its front matter, and no required parameter.",
    "search": "It needs one parameter that is required.",
    "compare": "It needs a parameter of many values, and no required one.",
}
KEYS = tuple(_NEEDS)


def _serves(key: str, query: CannedQuery) -> bool:
    if key == "search":
        return sum(each.required for each in query.parameters.values()) == 1
    if key == "compare":
        has_many = any(each.many for each in query.parameters.values())
        return has_many and not query.requires_parameters
    return query.chart is not None and not query.requires_parameters
