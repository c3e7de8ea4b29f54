# SPDX-License-Identifier: Apache-2.0
"""``cosigraph query``."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.cosigraph.command_line.conftest import Call

SELECT = "SELECT ?tree ?height { ?tree orch:height ?height } ORDER BY ?tree LIMIT 2"
CONSTRUCT = "CONSTRUCT WHERE { tree:1 ?p ?o }"


def test_a_table_has_short_names_and_plain_columns(call: Call) -> None:
    assert call("query", SELECT).output == "tree    height\ntree:1  7.25\ntree:2  5.5\n"


def test_a_long_cell_is_never_cut(call: Call) -> None:
    text = "word " * 200
    assert call("query", f'SELECT ("{text}" AS ?x) {{}}').output == f"x\n{text.strip()}\n"


def test_an_ask_answers_true_or_false(call: Call) -> None:
    assert call("query", "ASK { tree:1 a orch:Tree }").output == "true\n"
    assert call("query", "ASK { tree:1 a orch:Variety }").output == "false\n"


def test_a_graph_is_shown_as_the_houses_turtle(call: Call) -> None:
    output = call("query", CONSTRUCT).output
    assert "\ntree:1 a orch:Tree ;\n" in output


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_tables_come_in_every_format(call: Call, name: str) -> None:
    output = call("query", SELECT, "--format", name).output
    assert "7.25" in output
    assert output.endswith("\n")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("ntriples", RdfFormat.N_TRIPLES),
        ("rdfxml", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
        ("trig", RdfFormat.TRIG),
        ("nquads", RdfFormat.N_QUADS),
    ],
)
def test_graphs_come_in_every_format(call: Call, name: str, form: RdfFormat) -> None:
    output = call("query", CONSTRUCT, "--format", name).output
    assert len(list(parse(output, format=form))) == 7


def test_a_format_that_does_not_fit_is_refused(call: Call) -> None:
    outcome = call("query", SELECT, "--format", "turtle")
    assert outcome.code == 2
    assert "cannot be written as turtle" in outcome.errors


def test_the_text_can_come_from_a_file(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "question.rq"
    path.write_text(SELECT, encoding="utf-8-sig")
    assert call("query", str(path)) == call("query", SELECT)
    path.write_text("ASK {\n  ?s ?p }", encoding="utf-8")
    assert f"{path}:2:9" in call("query", str(path)).errors


def test_the_text_can_come_from_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(SELECT))
    assert call("query", "-") == call("query", SELECT)


def test_a_file_that_is_not_there_is_said_so(call: Call) -> None:
    outcome = call("query", "questions.rq")
    assert (outcome.code, "There is no file 'questions.rq'" in outcome.errors) == (2, True)


def test_a_file_that_is_no_text_is_said_so(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "question.rq"
    path.write_bytes(b"\xff\xff")
    outcome = call("query", str(path))
    assert (outcome.code, "it is not UTF-8" in outcome.errors) == (2, True)


def test_a_reading_can_be_chosen(call: Call) -> None:
    question = "SELECT ?flavour { tree:8 orch:flavour ?flavour }"
    assert call("query", question).output == "flavour\n"
    assert call("query", question, "--reading", "second").output == "flavour\ntart\n"
    assert "Did you mean 'second'" in call("query", question, "--reading", "secnd").errors


def test_with_a_time_limit_the_answer_is_the_same(call: Call) -> None:
    assert call("query", SELECT, "--timeout", "30") == call("query", SELECT)
    assert call("query", SELECT, "--timeout", "-1").code == 2


def test_the_answer_can_go_into_a_file(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    assert call("query", SELECT, "--format", "json", "--output", str(path)).output == ""
    assert len(json.loads(path.read_text(encoding="utf-8"))["results"]["bindings"]) == 2
