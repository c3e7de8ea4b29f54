# SPDX-License-Identifier: Apache-2.0
"""Where a row of a canned query's answer leads: ``follow`` in the front matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cosigraph.errors import Position, QueryFileError
from cosigraph.front_matter import Entry
from cosigraph.suggestions import suggestion_sentence
from cosigraph.table import Column


@dataclass(frozen=True, slots=True)
class Follow:
    """Where a row of an answer leads: to another query, whose parameters take columns' values."""

    query: str
    columns: Mapping[str, str]
    position: Position

    def unknown(self, queries: Collection[str]) -> QueryFileError:
        """The error to raise where there is no query of that name."""
        return QueryFileError(
            f"There is no query '{self.query}' to follow.",
            position=self.position,
            advice=suggestion_sentence(self.query, queries),
        )

    def check(self, parameters: Collection[str]) -> None:
        """Raise QueryFileError if the query that is followed lacks one of the parameters."""
        for name in self.columns:
            if name not in parameters:
                raise QueryFileError(
                    f"The query '{self.query}' has no parameter '{name}'.",
                    position=self.position,
                    advice=suggestion_sentence(name, parameters),
                )


def read_follow(entry: Entry | None, columns: tuple[Column, ...]) -> Follow | None:
    """Which query tells more of a row, and which of its parameters takes which column.

    Raises:
        QueryFileError: no query is named, or something that is no column.
    """
    if entry is None:
        return None
    fields = entry.mapping()
    if "query" not in fields:
        raise entry.wrong("No query to follow is named.", "Add 'query: NAME'.")
    query = fields.pop("query")
    names = tuple(column.name for column in columns)
    for value in fields.values():
        if value.text() not in names:
            raise value.wrong(
                f"'{value.text()}' is no column.", suggestion_sentence(value.text(), names)
            )
    return Follow(
        query.text(), {key: value.text() for key, value in fields.items()}, query.position
    )
