# SPDX-License-Identifier: Apache-2.0
"""Sorting and filtering the table on an answer's page, by its address: nothing runs in the browser.

``sort=COLUMN`` sorts by a column and ``sort=-COLUMN`` the other way round; ``filter=WORDS`` leaves
the rows in which all the words stand. A column that there is not sorts nothing, so that an old
address still leads to the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, Self
from urllib.parse import urlencode

from cosigraph.pictures.values import number
from cosigraph.table import Cell
from cosigraph.terms import Value
from cosigraph.turtle import natural_key

SORT, FILTER = "sort", "filter"
RESULT = "#result"
"""Where on a page the answer is."""

Field = tuple[str, str]
Sorted = Literal["ascending", "descending", "none"]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a table is to be arranged.

    Attributes:
        sort: the column it is sorted by, "" for the order of the answer
        is_descending: whether the greatest comes first
        words: what must stand in each row
        others: the other fields of the address
        path: the address without its fields
    """

    sort: str = ""
    is_descending: bool = False
    words: str = ""
    others: tuple[Field, ...] = ()
    path: str = ""

    @classmethod
    def of(cls, fields: Sequence[Field], path: str, taken: Collection[str] = ()) -> Self:
        """What the fields of a query string ask; those that are ``taken`` mean something else."""
        own = {name: value for name, value in fields if name not in taken}
        sort = own.get(SORT, "")
        others = [each for each in fields if each[0] not in {SORT, FILTER} - set(taken)]
        return cls(
            sort.removeprefix("-"),
            sort.startswith("-"),
            own.get(FILTER, "").strip(),
            tuple((name, value) for name, value in others if value),
            path,
        )

    @property
    def is_asked(self) -> bool:
        """Whether anything is to be arranged."""
        return bool(self.sort or self.words)

    @property
    def kept(self) -> list[Field]:
        """What a form for the filter keeps of the address."""
        sort = f"{'-' * self.is_descending}{self.sort}"
        return [*self.others, *([(SORT, sort)] if self.sort else [])]

    @property
    def href(self) -> str:
        """The address of the page with this arrangement."""
        words = [(FILTER, self.words)] if self.words else []
        fields = urlencode([*self.kept, *words])
        return f"{self.path}{'?' if fields else ''}{fields}{RESULT}"

    @property
    def plain(self) -> str:
        """The address of the page in the order of the answer, with all rows."""
        return replace(self, sort="", is_descending=False, words="").href

    def state(self, column: str) -> Sorted:
        """How the table is sorted by a column, as ``aria-sort`` tells it."""
        if column != self.sort:
            return "none"
        return "descending" if self.is_descending else "ascending"

    def by(self, column: str) -> str:
        """The address of the page sorted by a column; the other way round if it is so already."""
        turned = self.state(column) == "ascending"
        return replace(self, sort=column, is_descending=turned).href

    def places(
        self, names: Sequence[str], rows: Sequence[Sequence[Cell]], shown: Callable[[Value], str]
    ) -> Sequence[int]:
        """Which rows there are, by their places, in their order.

        Args:
            names: the columns' names
            rows: all rows
            shown: what a value is called on the page
        """
        places: Sequence[int] = range(len(rows))
        if self.words:
            words = self.words.casefold().split()
            places = [place for place in places if _has(rows[place], words, shown)]
        if self.sort in names:
            column = names.index(self.sort)
            present = [place for place in places if _values(rows[place][column])]
            absent = [place for place in places if not _values(rows[place][column])]
            present.sort(
                key=lambda place: _key(rows[place][column], shown), reverse=self.is_descending
            )
            places = [*present, *absent]
        return places


def _values(cell: Cell) -> tuple[Value, ...]:
    if isinstance(cell, tuple):
        return cell
    return () if cell is None else (cell,)


def _has(row: Sequence[Cell], words: Sequence[str], shown: Callable[[Value], str]) -> bool:
    texts = "\n".join(
        f"{value}\n{shown(value)}" for cell in row for value in _values(cell)
    ).casefold()
    return all(word in texts for word in words)


def _key(cell: Cell, shown: Callable[[Value], str]) -> tuple[int, Any]:
    """Numbers before texts, and these as people sort them: A-2 before A-10."""
    values = _values(cell)
    if isinstance(values[0], int | float | Decimal):
        amount = number(values[0])
        if amount is not None:
            return 0, amount
    return 1, [natural_key(shown(value).casefold()) for value in values]
