# SPDX-License-Identifier: Apache-2.0
"""One call checks everything in a project folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cosigraph import open_project
from cosigraph.check import Report, check_project
from cosigraph.errors import ProjectError

Edit = Callable[..., Report]
ORCHARD = Path(__file__).parents[2] / "projects" / "orchard"


def test_a_clean_project_has_no_findings() -> None:
    report = check_project(ORCHARD)
    assert report.findings == ()
    assert report.checked == {"file": 5, "shape": 5, "query": 2, "answer": 5}


def test_an_open_project_can_be_checked() -> None:
    assert check_project(open_project(ORCHARD)) == check_project(str(ORCHARD))


def test_progress_is_told_in_words() -> None:
    steps: list[str] = []
    check_project(ORCHARD, steps.append)
    assert steps[0] == "Reading the files"
    assert "Validating reading second" in steps


def test_what_rests_on_a_broken_file_is_skipped_and_said_so(check_after: Edit) -> None:
    report = check_after("data/trees.ttl", new="tree:9 a")
    assert [finding.rule for finding in report.findings] == ["syntax/rdf"]
    assert report.skipped == ("anything but syntax and queries' texts, as a file cannot be read.",)
    assert report.checked["file"] == 5


def test_what_rests_on_a_broken_query_is_skipped_and_said_so(check_after: Edit) -> None:
    report = check_after("queries/trees.rq", "ORDER BY", "ORDER")
    assert [finding.rule for finding in report.findings] == ["syntax/query"]
    assert report.skipped == ("answers, as a query cannot be read.",)


def test_findings_of_an_alternative_reading_alone_name_it(check_after: Edit) -> None:
    report = check_after(
        "data/tasting-second.ttl", new='tree:8 <http://www.w3.org/2004/02/skos/core#notation> "x" .'
    )
    assert {finding.reading for finding in report.findings} == {"second"}
    assert {finding.focus_node for finding in report.findings} == {"tree:8"}


def test_an_alternative_reading_stands_in_the_place_of_the_one_it_replaces(
    check_after: Edit,
) -> None:
    one_flavour = """
    shapes:second-tree a sh:NodeShape ;
        sh:targetNode <https://orchard.example/id/tree/2> ;
        sh:property [ sh:path orch:flavour ; sh:minCount 1 ; sh:maxCount 1 ;
            sh:message "One flavour." ; sh:severity sh:Violation ] .
    """
    assert check_after("shapes/tree.ttl", new=one_flavour).findings == ()


def test_findings_are_the_same_on_every_run(check_after: Edit, folder: Path) -> None:
    report = check_after("data/trees.ttl", 'skos:notation "T-2"', 'skos:notation "x", "y"')
    assert len(report.findings) > 2
    assert check_project(folder) == report


def test_a_folder_that_is_not_there_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="does not exist"):
        check_project(tmp_path / "nowhere")


def test_a_graph_that_a_file_names_is_checked_and_can_be_asked(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "queries").mkdir()
    (tmp_path / "data" / "x.trig").write_text(
        '<urn:g> {\n  <urn:a> <urn:b> "five"^^<http://www.w3.org/2001/XMLSchema#integer> }'
    )
    query = """#+ summary: All
#+ columns:
#+   x: {description: It, datatype: iri}
SELECT ?x { GRAPH <urn:g> { ?x ?y ?z } }
"""
    (tmp_path / "queries" / "all.rq").write_text(query)
    (tmp_path / "queries" / "all.csv").write_text("x\r\nurn:a\r\n")
    (finding,) = check_project(tmp_path).findings
    assert (finding.rule, finding.position.line, finding.position.column) == (
        "syntax/literal",
        2,
        19,
    )


QUERIES_THAT_ARE_NO_FILES: dict[str, Callable[[Path], None]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("case", QUERIES_THAT_ARE_NO_FILES)
def test_what_is_called_like_a_query_and_is_no_file_is_a_finding(folder: Path, case: str) -> None:
    QUERIES_THAT_ARE_NO_FILES[case](folder / "queries" / "x.rq")
    (finding,) = check_project(folder).findings  # every rule was looked for
    assert finding.rule.startswith("project/")
    assert finding.position.source == str(folder / "queries" / "x.rq")
