# SPDX-License-Identifier: Apache-2.0
"""Nothing of the note is lost: it can be rebuilt from the graph."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyoxigraph import Literal

from cosigraph import Project
from cosigraph.note import NoteFormat, note_text
from cosigraph.text import digest

KEY = "15850-11"
SOURCE_DIGEST = "770da570d6d8214c1475c3b97df6460b6f7e1d5591db7452686c9f4806441b34"


@pytest.mark.parametrize("form", list(NoteFormat))
def test_the_rebuilt_note_has_the_digest_of_the_source(shipped: Project, form: NoteFormat) -> None:
    assert digest(note_text(shipped, KEY, form)) == SOURCE_DIGEST


def test_the_graph_records_the_digest_of_its_own_text(shipped: Project) -> None:
    answer = shipped.query("SELECT ?digest { ?note cosi:fullTextDigest ?digest }")
    assert answer.rows() == [(Literal(SOURCE_DIGEST),)]


def test_the_recorded_digest_is_that_of_the_source_text() -> None:
    source = os.environ.get("COSIGRAPH_NOTE_SOURCE")
    if source is None:
        pytest.skip("COSIGRAPH_NOTE_SOURCE does not name the note's source text")
    assert digest(Path(source).read_text(encoding="utf-8")) == SOURCE_DIGEST


def test_a_changed_word_changes_the_digest(shipped: Project) -> None:
    text = note_text(shipped, KEY, NoteFormat.MARKDOWN)
    assert digest(text.replace("operation cooperation", "operational cooperation")) != SOURCE_DIGEST


def test_oddities_of_the_original_are_kept_and_marked(shipped: Project) -> None:
    text = note_text(shipped, KEY, NoteFormat.MARKDOWN)
    for oddity in ("operation cooperation", "Cybercrime Center", "15292/1/11 REV 1", "data bases"):
        assert oddity in text
    marked = shipped.query(
        'SELECT ?note { ?block skos:editorialNote ?note FILTER STRSTARTS(?note, "[sic] ") }'
    )
    assert len(marked.rows()) >= 12


def test_each_footnote_is_anchored_where_it_stands(shipped: Project) -> None:
    text = note_text(shipped, KEY, NoteFormat.MARKDOWN)
    for words in (
        "produced a document<sup>1</sup> that",
        "all 8 priorities<sup>2</sup>)",
        "EU policy cycle<sup>3</sup>, ",
        "Western Balkans organised crime<sup>4</sup> investigations",
        "joint law enforcement activity<sup>5</sup> those",
    ):
        assert words in text.replace("**", "")
