# SPDX-License-Identifier: Apache-2.0
"""A finding is known again in another version of the files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Triple

from cosigraph.check import Finding, Report, Severity, check_project
from cosigraph.check.fingerprints import with_fingerprints
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position

Edit = Callable[..., Report]
GROWER = "\ntree:{} orch:grownBy [ skos:notation 'five'^^xsd:integer ] .\n"


def fingerprints(report: Report) -> set[str]:
    return {finding.fingerprint for finding in report.findings}


def with_findings(folder: Path) -> Path:
    path = folder / "data" / "trees.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"T-2"', '"x", "y"').replace("7.25", "72.5") + GROWER.format(9),
        encoding="utf-8",
    )
    return path


def test_each_finding_has_one_of_its_own(folder: Path) -> None:
    with_findings(folder)
    report = check_project(folder)
    assert len(report.findings) >= 8
    assert len(fingerprints(report)) == len(report.findings)


def test_moved_lines_another_folder_and_other_prefixes_of_a_file_change_nothing(
    folder: Path, tmp_path: Path
) -> None:
    path = with_findings(folder)
    before = fingerprints(check_project(folder))
    path.write_text("# one\n# two\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    elsewhere = Path(shutil.move(folder, tmp_path / "elsewhere"))
    assert fingerprints(check_project(elsewhere)) == before


def test_renamed_blank_nodes_change_nothing(folder: Path) -> None:
    path = folder / "shapes" / "tree.ttl"
    text = path.read_text(encoding="utf-8")
    # The blank nodes are focus nodes: SHACL's own shapes find fault with them.
    wrong = "\nshapes:odd a sh:NodeShape ; sh:targetNode tree:1 ; sh:property {} .\n"
    tail = "tree:1 <http://www.w3.org/2000/01/rdf-schema#seeAlso> {} .\n"
    prefix = "@prefix tree: <https://orchard.example/id/tree/> .\n"
    path.write_text(prefix + text + wrong.format("[ sh:minCount 'x' ]"), encoding="utf-8")
    before = check_project(folder)
    assert any((finding.focus_node or "").startswith("_:") for finding in before.findings)
    other = wrong.format("_:renamed") + "_:renamed sh:minCount 'x' .\n"
    path.write_text(prefix + tail.format("[]") + text + other, encoding="utf-8")
    assert fingerprints(check_project(folder)) == fingerprints(before)


def test_what_was_not_there_before_is_new(check_after: Edit, folder: Path) -> None:
    with_findings(folder)
    before = check_project(folder)
    after = check_after("data/trees.ttl", new="tree:10 orch:height 'x'^^xsd:decimal .\n")
    new = fingerprints(after) - fingerprints(before)
    assert {one.rule for one in after.findings if one.fingerprint in new} == {"syntax/literal"}
    assert fingerprints(before) <= fingerprints(after)


def test_of_a_syntax_error_the_line_is_known_by_its_text(check_after: Edit, folder: Path) -> None:
    first = check_after("data/trees.ttl", new="tree:9 a\n")
    again = check_after("data/trees.ttl", "variety:boskoop a", "\n\nvariety:boskoop a")
    assert fingerprints(first) == fingerprints(again)
    assert first.findings[0].position != again.findings[0].position


def test_of_equal_ones_each_has_its_own_by_its_turn(folder: Path) -> None:
    places = [Position(str(folder / "data" / "trees.ttl"), 1, column) for column in (1, 9)]
    equal = [Finding("a/b", Severity.INFO, "The same.", place) for place in places]
    first, second = with_fingerprints(equal, folder, [])
    assert first.fingerprint != second.fingerprint
    assert with_fingerprints(equal[1:], folder, [])[0].fingerprint == first.fingerprint


def test_blank_nodes_that_lead_to_each_other_have_names(folder: Path) -> None:
    a, b, name = BlankNode("a"), BlankNode("b"), NamedNode("x:p")
    circle = ParsedFile(folder / "c.ttl", "x:g", (Triple(a, name, b), Triple(b, name, a)))
    finding = Finding("a/b", Severity.INFO, "m", Position(), focus_node="_:a")
    (known,) = with_fingerprints([finding], folder, [circle])
    assert len(known.fingerprint) == 32
