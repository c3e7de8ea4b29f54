# SPDX-License-Identifier: Apache-2.0
"""Canned queries that are federated: they ask the endpoints that the project allows, and are marked
wherever queries are listed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.canned import canned_queries, read_canned_query
from cosigraph.check.checking import check_project
from cosigraph.command_line import main
from cosigraph.difference.answers import compare_answers
from cosigraph.difference.version import Version
from cosigraph.errors import ConfigurationError, QueryFileError, ServiceFailed
from cosigraph.publishing.examples import sparql_examples
from cosigraph.query_text import without_services
from cosigraph.review.answers import changed_answers
from cosigraph.running import expected_cases
from cosigraph.sparql import tokens
from tests.endpoint import FarEndpoint, Reply

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"
FAR = "https://far.example/sparql"
QUERY = """\
#+ summary: What is said of trees elsewhere
#+ tags: [trees]
#+ federated: true
#+ params:
#+   name: {type: string}
#+ columns:
#+   tree: {description: The tree, datatype: iri}
#+   o: {description: What is said, datatype: string}
PREFIX orch: <https://orchard.example/ontology#>
SELECT ?tree ?o WHERE {
  VALUES ?p_name { UNDEF }
  ?tree a orch:Tree .
  SERVICE SILENT <FAR> { ?s <https://far.example/said> ?o }
  FILTER(!BOUND(?p_name) || ?o = ?p_name)
} ORDER BY ?tree LIMIT 1
"""


def folder_with(tmp_path: Path, text: str, service: str = FAR) -> Path:
    folder = tmp_path / "orchard"
    shutil.copytree(ORCHARD, folder)
    (folder / "queries" / "elsewhere.rq").write_text(text.replace("FAR", service), encoding="utf-8")
    configuration = folder / "cosigraph.toml"
    allowed = configuration.read_text(encoding="utf-8").replace(
        'base = "https://orchard.example/"',
        f'base = "https://orchard.example/"\nservices = ["{FAR}"]',
    )
    configuration.write_text(allowed, encoding="utf-8")
    return folder


@pytest.fixture
def far() -> Iterator[FarEndpoint]:
    far = FarEndpoint()
    yield far
    far.close()


def project_asking(tmp_path: Path, far: FarEndpoint, text: str = QUERY) -> Project:
    """A project that allows an endpoint on this machine, which a folder cannot."""
    service = f"{far.iri}sparql"
    project = Project(folder_with(tmp_path, text, service))
    project.__dict__["configuration"] = replace(project.configuration, services=(service,))
    return project


def test_a_federated_query_says_whom_it_asks(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, QUERY)
    assert Project(folder).queries["elsewhere"].services == (FAR,)
    assert Project(folder).queries["trees"].services == ()


def test_it_joins_what_is_here_with_what_is_there_also_with_a_parameter_called_name(
    tmp_path: Path, far: FarEndpoint
) -> None:
    project = project_asking(tmp_path, far, QUERY.replace("SILENT ", ""))
    (row,) = project.run("elsewhere").rows
    assert row.o == "far"
    assert project.run("elsewhere", name="SERVICE <a:b> {}").rows == ()


def test_an_endpoint_that_fails_is_told(tmp_path: Path, far: FarEndpoint) -> None:
    project = project_asking(tmp_path, far, QUERY.replace("SILENT ", ""))
    far.reply = lambda _: Reply(b"", 503)
    with pytest.raises(ServiceFailed, match="503"):
        project.run("elsewhere")


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("#+ federated: true\n", ""), 12, "SERVICE is not allowed.*federated: true"),
        (("#+ federated: true", "#+ federated: perhaps"), 3, "neither true nor false"),
        (("<FAR>", "<https://other.example/>"), 13, "https://other.example/"),
        (("<FAR>", "?where"), 13, "must be followed by the IRI"),
        (("SERVICE SILENT <FAR>", "GRAPH ?g"), 3, "asks no other endpoint"),
        (
            ("#+ federated: true", "#+ federated: true\n#+ chart: {type: bar, x: tree}"),
            4,
            "no chart",
        ),
        (("?s <https://far.example/said> ?o }", "?s ?o }"), 13, "stands where"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    change: tuple[str, str], line: int, message: str, tmp_path: Path
) -> None:
    path = folder_with(tmp_path, QUERY.replace(*change)) / "queries" / "elsewhere.rq"
    with pytest.raises(QueryFileError, match=message) as caught:
        read_canned_query(path, services=[FAR])
    assert caught.value.position is not None
    assert caught.value.position.line == line


def test_a_project_without_services_is_told_where_to_allow_them(tmp_path: Path) -> None:
    path = folder_with(tmp_path, QUERY) / "queries" / "elsewhere.rq"
    with pytest.raises(QueryFileError, match="'services' under \\[project\\]"):
        read_canned_query(path)


def test_a_folder_cannot_allow_an_endpoint_on_this_machine(
    tmp_path: Path, far: FarEndpoint
) -> None:
    folder = folder_with(tmp_path, QUERY)
    configuration = folder / "cosigraph.toml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace(FAR, far.iri), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not on the open network"):
        _ = Project(folder).queries


def test_choices_do_not_come_from_a_federated_query(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, QUERY)
    other = folder / "queries" / "varieties.rq"
    text = other.read_text(encoding="utf-8")
    before = 'choices: {scheme: "https://orchard.example/id/species"}'
    assert before in text
    text = text.replace(before, "choices: {query: elsewhere, column: tree}")
    other.write_text(text, encoding="utf-8")
    prefixes = Project(ORCHARD).prefixes
    with pytest.raises(QueryFileError, match="is federated"):
        canned_queries(folder, prefixes, [FAR])


def test_a_text_without_its_services_has_every_token_in_its_place() -> None:
    text = "SELECT ?o { service # SERVICE\n SILENT <a:b> { ?s ?p 'SERVICE SILENT' } }"
    without = without_services(text)
    assert "GRAPH" in without
    assert without.count("SERVICE") == 2
    kept = [token.start for token in tokens(text) if not token.is_word("SILENT")]
    assert [token.start for token in tokens(without)] == kept


def test_a_check_reaches_nobody_unless_it_is_told_to(tmp_path: Path, far: FarEndpoint) -> None:
    project = project_asking(tmp_path, far, QUERY.replace("SILENT ", ""))
    (project.folder / "queries" / "elsewhere.csv").write_text("tree,o\n", encoding="utf-8")
    before = check_project(Project(ORCHARD))
    quiet = check_project(project)
    assert far.requests == []
    assert [each.rule for each in quiet.findings] == [each.rule for each in before.findings]
    asked = check_project(project, ask_services=True)
    assert far.requests
    assert "queries/answer-differs" in [finding.rule for finding in asked.findings]


def test_a_check_passes_over_an_endpoint_that_does_not_answer(
    tmp_path: Path, far: FarEndpoint
) -> None:
    project = project_asking(tmp_path, far, QUERY.replace("SILENT ", ""))
    far.reply = lambda _: Reply(b"", 503)
    (project.folder / "queries" / "elsewhere.csv").write_text("tree,o\n", encoding="utf-8")
    found = check_project(project, ask_services=True).findings
    assert far.requests
    assert not [each for each in found if "elsewhere" in str(each.position.source)]


def test_a_comparison_of_versions_reaches_nobody(tmp_path: Path, far: FarEndpoint) -> None:
    old = project_asking(tmp_path / "old", far)
    new = project_asking(tmp_path / "new", far, QUERY.replace("LIMIT 1", "LIMIT 2"))
    for project in (old, new):
        (project.folder / "queries" / "elsewhere.csv").write_text("tree,o\n", encoding="utf-8")
    versions = [Version(name, set()) for name in ("old", "new")]
    compare_answers((versions[0], old), (versions[1], new), data_differ=True)
    assert changed_answers(old, new) == []
    assert far.requests == []


def test_the_answer_of_another_need_not_be_kept(tmp_path: Path) -> None:
    assert expected_cases(Project(folder_with(tmp_path, QUERY)).queries["elsewhere"]) == []


def test_lists_mark_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_with(tmp_path, QUERY)
    main(["queries", "--project", str(folder)])
    assert "What is said of trees elsewhere (federated)" in capsys.readouterr().out
    main(["queries", "elsewhere", "--project", str(folder)])
    assert f"Federated: asks {FAR}" in capsys.readouterr().out


def test_the_queries_as_rdf_say_whom_it_asks(tmp_path: Path) -> None:
    project = Project(folder_with(tmp_path, QUERY))
    triples = sparql_examples(
        project.queries.values(), project.prefixes, "https://b.example/", None
    )
    told = [(triple.subject, triple.object) for triple in triples if "federates" in str(triple)]
    assert [(str(one), str(other)) for one, other in told] == [
        ("<https://b.example/queries/elsewhere>", f"<{FAR}>")
    ]
