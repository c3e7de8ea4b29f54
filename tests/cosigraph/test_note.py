# SPDX-License-Identifier: Apache-2.0
"""A document's text, rebuilt from its blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph import Project, open_project
from cosigraph.errors import UnknownDocumentError
from cosigraph.note import Block, NoteFormat, blocks, documents, note_text, rebuild
from cosigraph.text import normalise

DATA = """
@prefix cosi: <https://w3id.org/cosigraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix : <https://orchard.example/id/> .

:heading cosi:markdownPrefix "## " ; cosi:markdownSuffix "" .
:item cosi:markdownPrefix "- " ; cosi:markdownSuffix "" .
:italic cosi:markdownPrefix "*" ; cosi:markdownSuffix "*" .
:plain cosi:markdownPrefix "" .

:diary cosi:key "d-1" ; dcterms:title "Diary" ;
    cosi:hasBlock :b10, :b2, :b1, :b3, :b4, :b5 .
:b1 cosi:ordinal 1 ; cosi:blockKind :heading ; cosi:text "Spring" .
:b2 cosi:ordinal 2 ; cosi:blockKind :item ; cosi:text "pruned" .
:b3 cosi:ordinal 3 ; cosi:blockKind :item ; cosi:text "watered" .
:b4 cosi:ordinal 4 ; cosi:blockKind :italic ; cosi:text "the old \U0001f333 pear" ;
    cosi:emphasises :p1 .
:b5 cosi:ordinal 5 ; cosi:text "first line\\nsecond * line" .
:b10 cosi:ordinal 10 ; cosi:blockKind :plain ; cosi:text "the one by the gate" ;
    cosi:footnoteNumber 1 ; cosi:anchor :p2 .
:p1 oa:hasSource :b4 ; oa:hasSelector [ a oa:TextPositionSelector ; oa:start 8 ; oa:end 14 ] .
:p2 oa:hasSource :b4 ; oa:hasSelector [ a oa:TextPositionSelector ; oa:start 10 ; oa:end 14 ] .
"""


@pytest.fixture
def diary(tmp_path: Path) -> Project:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "diary.ttl").write_text(DATA, encoding="utf-8")
    return open_project(tmp_path)


def test_blocks_come_in_order_with_their_marks(diary: Project) -> None:
    assert note_text(diary, "d-1") == (
        "## Spring\n\n- pruned\n- watered\n\n*the old **\U0001f333 pear**<sup>1</sup>*\n\n"
        "first line  \nsecond \\* line\n\n<sup>1</sup> the one by the gate\n"
    )


def test_plain_text_has_footnote_calls_but_no_markdown(diary: Project) -> None:
    assert note_text(diary, "d-1", NoteFormat.TEXT) == (
        "Spring\n\n- pruned\n- watered\n\nthe old \U0001f333 pear<sup>1</sup>\n\n"
        "first line\nsecond * line\n\n<sup>1</sup> the one by the gate\n"
    )


def test_the_documents_with_text_are_listed(diary: Project) -> None:
    assert [(found.key, found.label, found.blocks) for found in documents(diary)] == [
        ("d-1", "Diary", 6)
    ]


def test_an_unknown_key_names_the_nearest(diary: Project) -> None:
    with pytest.raises(UnknownDocumentError, match="Did you mean 'd-1'"):
        blocks(diary, "d-2")


@pytest.mark.parametrize("key", ['" } #', "\\", "\n"])
def test_a_key_is_never_part_of_the_query(diary: Project, key: str) -> None:
    with pytest.raises(UnknownDocumentError):
        blocks(diary, key)


@given(st.lists(st.text(alphabet="ab *-#\\.1\n_<", min_size=1), min_size=1))
def test_no_word_of_a_block_is_lost(texts: list[str]) -> None:
    rebuilt = rebuild(Block(index, text) for index, text in enumerate(texts))
    assert normalise(rebuilt) == " ".join(" ".join(texts).split())
