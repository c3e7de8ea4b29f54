# SPDX-License-Identifier: Apache-2.0
"""Receipts: the same for the same answer, another for any other, and reproduced or told why not."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph import Project, open_project
from cosigraph.errors import CosigraphError, QueryRefused, UsageError
from cosigraph.receipts import Receipt, read_receipt, receipt_of, rows_digest, verify
from cosigraph.receipts.digest import graph_digest
from cosigraph.terms import Term

SELECT = "SELECT ?tree ?height { ?tree orch:height ?height } ORDER BY ?tree"
CONSTRUCT = "CONSTRUCT { ?tree orch:height [ orch:value ?h ] } WHERE { ?tree orch:height ?h }"


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    shutil.copytree(root / "tests" / "projects" / "orchard", tmp_path / "orchard")
    return tmp_path / "orchard"


def differing(receipt: Receipt, project: Project) -> list[str]:
    return [each.what for each in verify(receipt, project) if not each.is_same]


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT, "ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o }"])
def test_a_receipt_is_reproduced_from_the_same_data(folder: Path, query: str) -> None:
    made = receipt_of(open_project(folder), query)
    assert differing(read_receipt(made.to_json()), open_project(folder)) == []


def test_other_data_are_told(folder: Path) -> None:
    made = receipt_of(open_project(folder), SELECT)
    path = folder / "data" / "trees.ttl"
    text = path.read_text()
    path.write_text(text.replace("7.25", "7.5"))
    assert differing(made, open_project(folder)) == ["dataset", "answer", "version"]
    path.write_text(text.replace('"Conference"@en', '"Pear"@en'))
    assert differing(made, open_project(folder)) == ["dataset", "version"]
    path.write_text(text)
    configuration = folder / "cosigraph.toml"
    configuration.write_text(configuration.read_text().replace("0.3.0", "0.3.1"))
    (only,) = (each for each in verify(made, open_project(folder)) if not each.is_same)
    assert (only.what, only.counts) == ("version", False)


def test_the_prefixes_of_then_are_those_of_the_query(folder: Path) -> None:
    made = receipt_of(open_project(folder), SELECT)
    configuration = folder / "cosigraph.toml"
    text = configuration.read_text()
    configuration.write_text(text.replace("orchard.example/ontology#", "elsewhere.example/#"))
    assert set(made.prefixes) == {"orch"}
    assert differing(made, open_project(folder)) == []


def test_the_order_of_columns_and_rows_makes_no_other_receipt(folder: Path) -> None:
    project = open_project(folder)
    others = (
        SELECT.replace("?tree ?height {", "?height ?tree {"),
        SELECT.replace("ORDER BY ?tree", ""),
    )
    assert {receipt_of(project, query).answer for query in (SELECT, *others)} == {
        receipt_of(project, SELECT).answer
    }


def test_what_may_differ_each_time_has_no_receipt(folder: Path) -> None:
    for query in ("SELECT (NOW() AS ?n) {}", "SELECT (RAND() AS ?n) {}"):
        with pytest.raises(QueryRefused, match="no receipt"):
            receipt_of(open_project(folder), query)


def test_a_receipt_cites_in_three_formats(folder: Path) -> None:
    made = receipt_of(
        open_project(folder),
        SELECT,
        name="100%_of {trees}",
        parameters={"a": ["x", "y"], "b": None},
    )
    assert made.parameters == {"a": ["x", "y"]}
    bibtex, ris, csl = (made.citations[name] for name in ("bibtex", "ris", "csl-json"))
    assert bibtex.startswith("@dataset{cosigraph-")
    assert r"100\%\_of \{trees\}" in bibtex
    assert bibtex.count("{") == bibtex.count("}")
    assert ris.startswith("TY  - DATA\r\n")
    assert ris.endswith("ER  - \r\n")
    (item,) = json.loads(csl)
    assert item["type"] == "dataset"
    assert item["version"] == made.version
    for text in (bibtex, ris, csl):
        assert made.answer in text


def mutated(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(['"', "}", "[", "0", "null", ""]) + text[at + 1 :]


@given(st.randoms(use_true_random=False))
def test_whatever_is_no_receipt_is_told_as_such(
    orchard_receipt: str, chance: random.Random
) -> None:
    text = orchard_receipt
    for _ in range(chance.randint(1, 3)):
        text = mutated(text, chance)
    with contextlib.suppress(UsageError):
        assert read_receipt(text).kind in {"rows", "graph", "boolean"}


@pytest.fixture(scope="module")
def orchard_receipt(root: Path) -> str:
    return receipt_of(open_project(root / "tests" / "projects" / "orchard"), SELECT).to_json()


@pytest.mark.parametrize(
    "change",
    [{"query": "no SPARQL"}, {"query": "SELECT (NOW() AS ?n) {}"}, {"prefixes": {}}],
)
def test_a_query_that_cannot_be_asked_differs(
    folder: Path, orchard_receipt: str, change: dict[str, object]
) -> None:
    receipt = read_receipt(json.dumps({**json.loads(orchard_receipt), **change}))
    assert "answer" in differing(receipt, open_project(folder))


def test_another_format_and_nonsense_are_refused(orchard_receipt: str) -> None:
    for text in ("", "[]", "{}", "null", '{"format": 1}', "\x00"):
        with pytest.raises(UsageError, match="no receipt"):
            read_receipt(text)
    with pytest.raises(UsageError, match="format 2"):
        read_receipt(orchard_receipt.replace('"format": 1', '"format": 2'))


TERM: st.SearchStrategy[Term | None] = st.one_of(
    st.none(),
    st.sampled_from("abcd").map(BlankNode),
    st.sampled_from(["x", "y"]).map(Literal),
    st.just(NamedNode("urn:n")),
)


@given(st.lists(st.tuples(TERM, TERM), max_size=6), st.randoms(use_true_random=False))
def test_labels_and_order_do_not_matter(
    rows: list[tuple[Term | None, Term | None]], chance: random.Random
) -> None:
    labels = list("abcd")
    chance.shuffle(labels)
    names = dict(zip("abcd", labels, strict=True))
    other = [
        tuple(BlankNode(f"n{names[t.value]}") if isinstance(t, BlankNode) else t for t in row)
        for row in rows
    ]
    chance.shuffle(other)
    assert rows_digest(("a", "b"), rows) == rows_digest(("a", "b"), other)


def test_nodes_that_are_shared_are_not_the_same_as_nodes_that_are_not() -> None:
    a, b = BlankNode("a"), BlankNode("b")
    assert rows_digest(("x", "y"), [(a, a)]) != rows_digest(("x", "y"), [(a, b)])
    assert rows_digest(("x",), [(a,), (a,)]) != rows_digest(("x",), [(a,), (b,)])
    assert rows_digest(("x",), [(a,), (a,)]) != rows_digest(("x",), [(a,)])


def test_line_ends_of_unicode_make_other_graphs() -> None:
    subject = NamedNode("urn:s")
    digests = {
        graph_digest([Triple(subject, subject, Literal(f"a{end}b"))])
        for end in ("\u2028", "\x85", "\x0b", "\x1c")
    }
    assert len(digests) == 4


def test_an_error_of_the_project_is_no_difference(folder: Path) -> None:
    made = receipt_of(open_project(folder), SELECT)
    (folder / "data" / "trees.ttl").write_text("no Turtle")
    with pytest.raises(CosigraphError):
        verify(made, open_project(folder))
