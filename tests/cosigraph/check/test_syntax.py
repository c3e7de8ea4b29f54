# SPDX-License-Identifier: Apache-2.0
"""Every file that cannot be read is found, at the place where reading fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cosigraph.check import Report, check_project

Edit = Callable[..., Report]


def test_a_syntax_error_is_found_at_line_and_column(check_after: Edit) -> None:
    report = check_after("data/tasting.ttl", "tree:2 orch:flavour", "tree:2 orch:flavour ;")
    (finding,) = report.findings
    assert finding.rule == "syntax/rdf"
    assert (finding.position.line, finding.position.column) == (6, 21)


def test_every_broken_file_is_found(folder: Path, check_after: Edit) -> None:
    (folder / "shapes" / "tree.ttl").write_bytes(b"\xff")
    report = check_after("data/tasting.ttl", new="[")
    assert [Path(str(f.position.source)).name for f in report.findings] == [
        "tasting.ttl",
        "tree.ttl",
    ]


def test_a_query_that_is_no_sparql_is_found_in_its_file(check_after: Edit) -> None:
    report = check_after("queries/varieties.rq", "?variety orch:species ?p_species ;", "?variety ;")
    (finding,) = report.findings
    assert finding.rule == "syntax/query"
    assert str(finding.position.source).endswith("varieties.rq")
    assert finding.position.line == 21


def test_wrong_front_matter_is_found(check_after: Edit) -> None:
    report = check_after("queries/varieties.rq", "#+ summary:", "#+ sumary:")
    (finding,) = report.findings
    assert finding.rule == "syntax/query"
    assert finding.position.line == 1


def test_choices_from_a_query_that_is_not_there_are_found(check_after: Edit) -> None:
    report = check_after(
        "queries/trees.rq", '{class: "orch:Variety"}', "{query: varietys, column: variety}"
    )
    (finding,) = report.findings
    assert finding.advice is not None
    assert "varieties" in finding.advice


def test_a_query_asks_nobody_else(check_after: Edit) -> None:
    report = check_after(
        "queries/varieties.rq",
        "?variety orch:species",
        "SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } ?variety orch:species",
    )
    (finding,) = report.findings
    assert "SERVICE" in finding.message


def test_a_file_that_no_graph_takes_in_is_found(folder: Path) -> None:
    (folder / "shapes" / "deep").mkdir()
    (folder / "shapes" / "deep" / "more.ttl").write_text("", encoding="utf-8")
    (folder / "shapes" / "notes.txt").write_text("", encoding="utf-8")
    (finding,) = check_project(folder).findings
    assert finding.rule == "project/file-in-no-graph"
    assert finding.position.source == str(folder / "shapes" / "deep" / "more.ttl")


def test_two_broken_files_and_a_clean_rest(folder: Path) -> None:
    (folder / "queries" / "new.rq").write_text("SELECT", encoding="utf-8")
    report = check_project(folder)
    assert [finding.rule for finding in report.findings] == ["syntax/query"]
    assert report.checked["query"] == 3
