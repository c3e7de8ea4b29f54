# SPDX-License-Identifier: Apache-2.0
"""Tables made RDF by a mapping: a SPARQL CONSTRUCT in which each row is a solution.

The mapping names the columns that it uses in one block, ``VALUES (?geo ?n) { (UNDEF UNDEF) }``,
which the rows take the place of, as parameters do in canned queries: the cells as strings, an
empty one as UNDEF. It is asked of the project's own graph, so that a code or a name in a cell
finds the graph's own identifier, and reaches nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from pyoxigraph import Literal

from cosigraph.adding.table import Row, Table
from cosigraph.answers import Surroundings, prepare
from cosigraph.errors import DatasetError, Position, QueryError, QueryStopped
from cosigraph.files import LARGEST_TEXT, read_file
from cosigraph.formats import ResultFormat
from cosigraph.sparql import Form, Token, position_at, query_form, tokens
from cosigraph.store import EmbeddedStore, Query, Snapshot, Store
from cosigraph.suggestions import suggestion_sentence

_BATCH: Final = 1000
_ROW: Final = "cosigraph_row"
_FORM: Final = "VALUES (?column …) { (UNDEF …) }"


class _Block(NamedTuple):
    """The block of the columns: where it begins and ends, and its variables."""

    start: int
    end: int
    variables: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the mapping made of a batch of rows, as N-Triples, and the rows without a statement."""

    ntriples: bytes
    number: int
    unused: tuple[Row, ...]


class Mapping:
    """A mapping that is ready to be used on tables.

    Args:
        path: its file.
        folder: the folder that it must be within, if any.
        surroundings: those of the project whose graph it asks.

    Raises:
        ProjectError: the file cannot be read.
        DatasetError: it is no CONSTRUCT, is not well-formed, or has not one block of columns.
    """

    def __init__(self, path: Path, folder: Path | None, surroundings: Surroundings) -> None:
        self._name = str(path)
        try:
            text = read_file(path, folder, LARGEST_TEXT).decode("utf-8-sig")
        except UnicodeDecodeError:
            self._fail("The mapping is not UTF-8.", Position(self._name, 1))
        self._text = text
        try:
            if query_form(text) is not Form.CONSTRUCT:
                self._fail("A mapping is a CONSTRUCT, which this is not.", Position(self._name, 1))
            self._query = prepare(text, surroundings, format=ResultFormat.NTRIPLES)
            # The engine lends no parser; an empty store reads the text and answers at once.
            deque(EmbeddedStore(Snapshot(b"", {None: ()})).execute(self._query), 0)
        except QueryError as error:
            raise self._told(error) from error
        self._block = self._found_block()

    def apply(self, table: Table, store: Store) -> Iterator[Mapped]:
        """Yield what becomes of the rows of a table, batch by batch.

        Raises:
            DatasetError: a column is not in the table, the table is not well-formed, or the
                mapping cannot be run.
        """
        columns = [self._column(variable, table) for variable in self._block.variables]
        rows = table.rows()
        while batch := list(islice(rows, _BATCH)):
            try:
                yield self._mapped(batch, columns, store)
            except (QueryError, QueryStopped) as error:
                raise self._told(error) from error

    def _mapped(self, batch: Sequence[Row], columns: Sequence[int], store: Store) -> Mapped:
        cells = [[row.cells[column] for column in columns] for row in batch]
        written = self._run(self._query, self._with_rows(map(_solution, cells)), store)
        numbered = [f"{_solution(row)[:-1]} {number})" for number, row in enumerate(cells)]
        rows = replace(self._query, format=ResultFormat.TSV)
        told = self._run(rows, self._selecting(self._with_rows(numbered, f" ?{_ROW}")), store)
        used = {int(line) for line in told.decode().splitlines()[1:]}
        unused = tuple(row for number, row in enumerate(batch) if number not in used)
        return Mapped(written, len(batch), unused)

    def _run(self, query: Query, text: str, store: Store) -> bytes:
        return b"".join(store.execute(replace(query, text=text)))

    def _with_rows(self, solutions: Iterable[str], more: str = "") -> str:
        """Return the text with the rows in its block."""
        start, end, variables = self._block
        names = " ".join(variable.text for variable in variables)
        rows = " ".join(solutions)
        block = f"VALUES ({names}{more}) {{ {rows} }}"
        return f"{self._text[:start]}{block}{self._text[end:]}"

    def _selecting(self, text: str) -> str:
        """Return the text as a SELECT of the numbers of the rows that have a solution."""
        stream = tokens(text)
        start = next(token.start for token in stream if token.is_word("CONSTRUCT"))
        token = next(stream)
        if token.text == "{":  # the template; without one, the pattern is it
            while token.text != "}":
                token = next(stream)
            start_of_pattern = token.end
        else:
            start_of_pattern = token.start
        return f"{text[:start]}SELECT DISTINCT ?{_ROW} {text[start_of_pattern:]}"

    def _found_block(self) -> _Block:
        stream = list(tokens(self._text))
        found = [
            block
            for index, token in enumerate(stream)
            if token.is_word("VALUES") and (block := _block_at(stream, index))
        ]
        if len(found) != 1:
            self._fail(
                f"A mapping names its columns in one block, of which it has {len(found)}.",
                Position(self._name, 1),
                f"Write {_FORM}, with an UNDEF for each column.",
            )
        return found[0]

    def _column(self, variable: Token, table: Table) -> int:
        name = variable.text[1:]
        if name not in table.columns:
            self._fail(
                f"The table has no column '{name}'.",
                position_at(self._text, variable.start, self._name),
                suggestion_sentence(name, table.columns),
            )
        return table.columns.index(name)

    def _told(self, error: QueryError | QueryStopped) -> DatasetError:
        where = error.position or Position()
        position = Position(self._name, where.line, where.column)
        return DatasetError(error.detail, position=position, advice=error.advice)

    def _fail(self, detail: str, position: Position, advice: str | None = None) -> NoReturn:
        raise DatasetError(detail, position=position, advice=advice)


def _block_at(stream: Sequence[Token], index: int) -> _Block | None:
    """Return the block of columns that begins at a token, or None where it is another block."""
    rest = iter(stream[index + 1 :])
    if next(rest, stream[index]).text != "(":
        return None
    variables = []
    token = next(rest)
    while token.kind == "variable":
        variables.append(token)
        token = next(rest)
    expected = [")", "{", "(", *["UNDEF"] * len(variables), ")", "}"]
    held = [token, *islice(rest, len(expected) - 1)]
    if not variables or [each.text.upper() for each in held] != expected:
        return None
    return _Block(stream[index].start, held[-1].end, tuple(variables))


def _solution(cells: Sequence[str | None]) -> str:
    written = ("UNDEF" if cell is None else str(Literal(cell)) for cell in cells)
    return f"({' '.join(written)})"
