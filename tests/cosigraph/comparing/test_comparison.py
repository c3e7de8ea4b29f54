# SPDX-License-Identifier: Apache-2.0
"""What is told of things side by side, whatever they are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal

from cosigraph.canned import CannedQuery
from cosigraph.comparing import Comparison, comparison_document
from cosigraph.comparing.comparison import DIMENSIONS, compares
from cosigraph.table import Column, Table

COLUMNS = (*DIMENSIONS, "place")
CHART = {"type": "comparison", **{name: name for name in COLUMNS}}
QUERY = CannedQuery("c", "", Path("c.rq"), "Trees", tuple(map(Column, COLUMNS)), chart=CHART)
ROWS = [
    ("urn:b", "B", "Fruit", "pear", "B bears pears.", "pears, mostly", "urn:s1", "note 1"),
    ("urn:a", "A", "Fruit", "pear", "A bears pears.", "a pear", "urn:s2", "note 2"),
    ("urn:a", "A", "Fruit", "pear", "A bears pears.", "another pear", "urn:s2", "note 2"),
    ("urn:a", "A", "Fruit", "pear", "A bears pears.", "a third", "urn:s2", "note 3"),
    ("urn:a", "A", "Bark", "rough", "A is rough.", "rough bark", "urn:s3", "note 4"),
]


def compared(rows: Sequence[tuple[str, ...]], query: CannedQuery = QUERY) -> Comparison:
    return Comparison.of(query, Table(query.columns, [[Literal(cell) for cell in r] for r in rows]))


def test_things_stand_in_the_order_of_their_labels_and_aspects_in_that_of_the_answer() -> None:
    told = compared(ROWS)
    assert [(thing.iri, thing.label) for thing in told.things] == [("urn:a", "A"), ("urn:b", "B")]
    assert [aspect.name for aspect in told.aspects] == ["Fruit", "Bark"]


def test_each_quotation_has_a_footnote_and_each_sentence_stands_once() -> None:
    told = compared([*ROWS, ROWS[0]])
    sentences = [sentence for aspect in told.aspects for sentence in aspect.sentences]
    assert [(each.text, [source.number for source in each.sources]) for each in sentences] == [
        ("B bears pears.", [1]),
        ("A bears pears.", [2, 3, 4]),
        ("A is rough.", [5]),
    ]
    assert [source.number for source in told.sources] == [1, 2, 3, 4, 5]


def test_a_field_tells_each_place_once_and_what_all_have_is_common() -> None:
    fruit, bark = (aspect.lines[0] for aspect in compared(ROWS).aspects)
    assert [[source.place for source in cell] for cell in fruit.cells] == [
        ["note 2", "note 3"],
        ["note 1"],
    ]
    assert fruit.is_common
    assert [len(cell) for cell in bark.cells] == [1, 0]
    assert not bark.is_common


def test_a_place_need_not_be_told() -> None:
    chart = {name: column for name, column in CHART.items() if name != "place"}
    query = CannedQuery("c", "", Path("c.rq"), "Trees", QUERY.columns, chart=chart)
    assert compares(query)
    assert {source.place for source in compared(ROWS, query).sources} == {""}


@pytest.mark.parametrize("missing", DIMENSIONS)
def test_a_chart_that_leaves_something_out_compares_nothing(missing: str) -> None:
    chart = {name: column for name, column in CHART.items() if name != missing}
    assert not compares(CannedQuery("c", "", Path("c.rq"), "", QUERY.columns, chart=chart))
    assert not compares(CannedQuery("c", "", Path("c.rq"), "", QUERY.columns))


def test_every_sentence_of_the_document_has_its_footnotes() -> None:
    content = comparison_document(compared(ROWS), "1.2+abc", [("Title", "Trees")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = ET.fromstring(archive.read("word/document.xml"))
        notes = ET.fromstring(archive.read("word/footnotes.xml"))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    called = {
        "".join(paragraph.itertext()): len(paragraph.findall(f".//{w}footnoteReference"))
        for paragraph in body.iter(f"{w}p")
    }
    assert called["B bears pears."] == called["A is rough."] == 1
    assert called["A bears pears., , "] == 3
    told = ["".join(note.itertext()).strip() for note in notes if note.get(f"{w}type") is None]
    assert told[0] == "note 1: “pears, mostly”. urn:s1. Data version 1.2+abc."
    assert len(told) == 5
    (head, *_), *_ = body.iter(f"{w}tbl")
    assert head.tag == f"{w}tblPr"
    assert ["".join(row.itertext()) for row in body.iter(f"{w}tr")] == [
        "AB",
        "pearnote 2, note 3note 1",
        "AB",
        "roughnote 4",
    ]
