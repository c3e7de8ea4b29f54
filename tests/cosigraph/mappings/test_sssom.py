# SPDX-License-Identifier: Apache-2.0
"""SSSOM/TSV is read as the specification has it, written the same, and refused with a place."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.errors import MappingFileError
from cosigraph.mappings import MappingSet, read_sssom, write_sssom
from tests.cosigraph.mappings.conftest import COLUMNS, HEADER, ROWS, sssom

PATH = Path("trees.sssom.tsv")


def read(text: str) -> MappingSet:
    return read_sssom(text, PATH)


def test_a_mapping_has_the_terms_that_its_prefixes_stand_for() -> None:
    first, *_ = read(sssom()).mappings
    assert first.subject == "https://orchard.example/id/tree/apple"
    assert first.predicate == "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert first.object == "https://register.example/7"
    assert first.confidence == 0.9
    assert first.identifier == "https://orchard.example/id/mapping/trees/tree-apple/register-7"
    assert first.line == 13


def test_empty_cells_are_slots_that_are_not_there() -> None:
    last = read(sssom()).mappings[-1]
    assert last.confidence is None
    assert "ext_until" not in last.cells


def test_the_target_may_be_a_literal() -> None:
    columns = ("subject_id", "predicate_id", "object_label", "object_type", "mapping_justification")
    row = ("tree:apple", "skos:exactMatch", "Malus 7", "rdfs literal", "semapv:LexicalMatching")
    (mapping,) = read(sssom(rows=(columns, row))).mappings
    assert mapping.object is None
    assert mapping.target == "Malus 7"


def test_a_cell_in_quotation_marks_may_hold_anything() -> None:
    row = (*ROWS[0][:4], '"an ""Apple""\tof\ntwo lines"', *ROWS[0][5:])
    text = sssom(rows=(COLUMNS, row, ROWS[1]))
    first, second = read(text).mappings
    assert first.cells["object_label"] == 'an "Apple"\tof\ntwo lines'
    assert second.line == 15
    assert write_sssom(read(text)) == text


WORDS = st.text(string.ascii_letters + string.digits + "äß\"'#:|,; \t\n-", min_size=1).filter(
    lambda text: text.strip() == text
)
LOCAL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=6)


@given(
    st.dictionaries(
        st.tuples(LOCAL, LOCAL), st.tuples(WORDS, st.sampled_from(["", "0", "1", "0.25"]))
    )
)
def test_what_is_written_is_read_again(
    rows: dict[tuple[str, str], tuple[str, str]],
) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = tuple(
        (f"tree:{tree}", cell(words), "skos:closeMatch", f"register:{target}", cell(words),
         "semapv:LexicalMatching", confidence, "")
        for (tree, target), (words, confidence) in rows.items()
    )  # fmt: skip
    first = read(sssom(rows=(COLUMNS, *lines)))
    again = read(write_sssom(first))
    assert [one.cells for one in again.mappings] == [one.cells for one in first.mappings]
    assert [one.cells["object_label"] for one in first.mappings] == [
        words for words, _ in rows.values()
    ]
    assert again.header == first.header
    assert write_sssom(again) == write_sssom(first)


@given(st.text())
def test_any_text_is_read_or_refused_with_its_file(text: str) -> None:
    refused: MappingFileError | None = None
    try:
        read(text)
    except MappingFileError as error:
        refused = error
    if refused is not None:
        assert str(refused).startswith(str(PATH))


def changed(row: int, column: str, value: str) -> str:
    cells = [list(each) for each in ROWS]
    cells[row][COLUMNS.index(column)] = value
    return sssom(rows=(COLUMNS, *map(tuple, cells)))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (sssom(HEADER.replace("#license: ", "#licence: ")), 1, "The header has no 'license'."),
        (sssom("#curie_map: [\n"), 2, "The header is no YAML"),
        (sssom(HEADER + "#a: *b\n"), 12, "The header has an alias"),
        (sssom(HEADER + f"#a: {'[' * 20}\n"), 12, "The header is nested too deeply."),
        (sssom(HEADER + f"#a: {'x' * 2**18}\n"), 1, "The header is longer than what is read"),
        (sssom("# just words\n"), 1, "The header must have keys"),
        (sssom(HEADER.replace("#  tree:", "#  shrub:")), 13, "The prefix of 'tree:apple' is not"),
        (changed(1, "object_id", ""), 14, "The mapping has no 'object_id'."),
        (changed(1, "mapping_justification", ""), 14, "The mapping has no 'mapping_justification'"),
        (changed(1, "confidence", "90 %"), 14, "The confidence '90 %' is none from 0 to 1."),
        (changed(1, "confidence", "1.5"), 14, "The confidence '1.5' is none from 0 to 1."),
        (changed(1, "object_id", "register:7"), 14, "The pair is mapped on line 13 already."),
        (changed(1, "object_id", "register:a b"), 14, "'register:a b' is no IRI."),
        (sssom().replace("confidence", "confidense"), 12, "SSSOM 1.0 has no column 'confidense'."),
        (sssom().replace("subject_label", "object_label"), 12, "There are two columns"),
        (sssom().replace("predicate_id\t", "predicate_label\t"), 12, "no column 'predicate_id'"),
        (sssom() + "tree:plum\n", 16, "The row has 1 cells, the table 8 columns."),
        (sssom() + '"tree:plum\n', 16, "The table cannot be read"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_line(text: str, line: int, message: str) -> None:
    with pytest.raises(MappingFileError) as caught:
        read(text)
    assert message in str(caught.value)
    assert caught.value.position is not None
    assert caught.value.position.line == line


def test_a_column_that_is_misspelt_is_told_with_the_nearest() -> None:
    with pytest.raises(MappingFileError, match="Did you mean 'confidence'"):
        read(sssom().replace("confidence", "confidense"))
