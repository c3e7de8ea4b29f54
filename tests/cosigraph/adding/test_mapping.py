# SPDX-License-Identifier: Apache-2.0
"""A mapping makes of the cells what it says, whatever is in them, and reaches nothing else."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from cosigraph.adding.mapping import Mapping
from cosigraph.adding.table import Row, Table
from cosigraph.answers import Surroundings
from cosigraph.dataset import Dataset
from cosigraph.errors import DatasetError
from cosigraph.store import EmbeddedStore
from tests.cosigraph.adding.beside import MAPPING

GRAPH = "https://x.example/graph/a"
KNOWN = Triple(NamedNode("a:R"), NamedNode("a:code"), Literal("R"))
STORE = EmbeddedStore(Dataset({GRAPH: (KNOWN,)}).snapshot())
SURROUNDINGS = Surroundings((GRAPH,), {"a": "a:"})
AS_IT_IS = "CONSTRUCT { <a:s> <a:p> ?cell } { VALUES (?cell) { (UNDEF) } FILTER(BOUND(?cell)) }"


class Cells(Table):
    """A table that is in no file."""

    def __init__(self, columns: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> None:
        self.columns = columns
        self._cells = rows

    def rows(self):  # type: ignore[no-untyped-def]
        return (Row(number, cells) for number, cells in enumerate(self._cells, start=2))


def mapping(folder: Path, text: str) -> Mapping:
    path = folder / "m.rq"
    path.write_text(text, encoding="utf-8")
    return Mapping(path, folder, SURROUNDINGS)


def triples(read: Mapping, table: Table) -> tuple[list[Triple], list[int]]:
    made, unused = [], []
    for mapped in read.apply(table, STORE):
        quads = pyoxigraph.parse(mapped.ntriples, format=RdfFormat.N_TRIPLES)
        made += [quad.triple for quad in quads]
        unused += [row.line for row in mapped.unused]
    return made, unused


ODD = [
    "\\",
    '"',
    "'",
    "\n",
    "\\u0022",
    "\\\\u0041",
    "} UNION {",
    "SERVICE <http://a/>",
    "?cell",
    "\t",
]


@given(
    st.lists(
        st.one_of(
            st.none(), st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]))
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_in_a_cell_is_the_value_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str | None]
) -> None:
    read = mapping(tmp_path_factory.mktemp("any"), AS_IT_IS)
    made, unused = triples(read, Cells(("cell",), [(cell or None,) for cell in cells]))
    assert {str(t.object.value) for t in made if isinstance(t.object, Literal)} == {
        cell for cell in cells if cell
    }
    assert unused == [line for line, cell in enumerate(cells, start=2) if not cell]


def test_the_projects_own_graph_is_asked(tmp_path: Path) -> None:
    text = "CONSTRUCT { ?s <a:p> ?n } { VALUES (?code ?n) { (UNDEF UNDEF) } ?s a:code ?code }"
    rows: list[tuple[str | None, ...]] = [("R", "1"), ("Z", "2")]
    made, unused = triples(mapping(tmp_path, text), Cells(("code", "n"), rows))
    assert [str(t) for t in made] == ['<a:R> <a:p> "1"']
    assert unused == [3]


def test_more_rows_than_a_batch_has_are_all_mapped(tmp_path: Path) -> None:
    rows: list[tuple[str | None, ...]] = [(str(number),) for number in range(2500)]
    made, _ = triples(mapping(tmp_path, AS_IT_IS), Cells(("cell",), rows))
    assert len(made) == 2500


MISTAKES = [
    ("SELECT ?a { VALUES (?a) { (UNDEF) } }", "m.rq:1: A mapping is a CONSTRUCT"),
    ("CONSTRUCT { <a:s> <a:p> ?a } {\n VALUES (?a) { (UNDEF) } ", "m.rq:2:"),
    ("CONSTRUCT { <a:s> <a:p> ?a } { ?b ?c ?a }", "in one block, of which it has 0"),
    ("CONSTRUCT { <a:s> <a:p> ?a } { VALUES (?a) { ('1') } }", "of which it has 0"),
    (
        "CONSTRUCT { <a:s> <a:p> ?a } { VALUES (?a) { (UNDEF) } VALUES (?b) { (UNDEF) } }",
        "of which it has 2",
    ),
    (
        "CONSTRUCT { <a:s> <a:p> ?cel } {\n  VALUES (?cel) { (UNDEF) } }",
        "m.rq:2:11: The table has no column 'cel'. Did you mean 'cell'?",
    ),
    (
        "CONSTRUCT { <a:s> <a:p> ?a } { VALUES (?a) { (UNDEF) } SERVICE <http://x.example/> {} }",
        "m.rq:1:56:",
    ),
    (
        "CONSTRUCT { <a:s> b:p ?a } { VALUES (?a) { (UNDEF) } }",
        "m.rq:1:19: The prefix 'b:' is not declared",
    ),
    ("LOAD <http://x.example/>", "update"),
    ("CONSTRUCT { ?a ?b ?c } FROM <file:///etc/passwd> { VALUES (?a) { (UNDEF) } }", "no graph"),
]


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_a_mapping_that_is_wrong_is_told_with_its_place(
    text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError) as caught:
        list(mapping(tmp_path, text).apply(Cells(("cell",), [("1",)]), STORE))
    assert told in str(caught.value)


def test_a_mapping_of_latin_1_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.rq"
    path.write_bytes(MAPPING.encode() + b"# \xe9")
    with pytest.raises(DatasetError, match="not UTF-8"):
        Mapping(path, tmp_path, SURROUNDINGS)
