# SPDX-License-Identifier: Apache-2.0
"""SHACL results as findings, and shapes that have nothing to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib.plugins.sparql
from rdflib.plugins.sparql import evaluate

from cosigraph.check import Finding, Report, Severity
from tests.canary import Canary

Edit = Callable[..., Report]
SPARQL = "sh:targetClass orch:Tree ;"


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


def of_rule(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


def test_a_result_says_what_where_and_by_which_shape(check_after: Edit) -> None:
    report = check_after("data/trees.ttl", '"T-2"', '"T-02"')
    (finding,) = of_rule(report, "shacl/pattern")
    assert finding.severity is Severity.VIOLATION
    assert finding.message == "A tree has one code of the form T-1."
    assert (finding.focus_node, finding.path, finding.value) == (
        "tree:2",
        "skos:notation",
        '"T-02"',
    )
    assert finding.shape == "https://orchard.example/shapes#Tree-code"
    assert str(finding.position).endswith("data/trees.ttl:36:19")


def test_a_missing_value_is_found_at_its_subject(check_after: Edit) -> None:
    report = check_after("data/trees.ttl", '    skos:notation "T-2" ;\n', "")
    (finding,) = of_rule(report, "shacl/min-count")
    assert str(finding.position).endswith("data/trees.ttl:35:1")


def test_a_shapes_severity_is_that_of_its_findings(check_after: Edit) -> None:
    report = check_after("data/trees.ttl", "7.25", "12.5")
    (finding,) = of_rule(report, "shacl/max-inclusive")
    assert finding.severity is Severity.WARNING
    assert finding.value == '"12.5"^^xsd:decimal'


def test_literals_are_checked_as_they_are_written(check_after: Edit) -> None:
    report = check_after("data/trees.ttl", "7.25", '"007"^^xsd:integer')
    (finding,) = of_rule(report, "shacl/datatype")
    assert finding.value == '"007"^^xsd:integer'


def test_an_ill_typed_literal_is_a_finding_and_nothing_else(
    check_after: Edit, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        report = check_after("data/trees.ttl", '"1968-11-02"', '"soon"')
    assert of_rule(report, "shacl/datatype")
    assert caplog.records == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("sh:targetClass orch:Tree", "sh:targetClass orch:Tre", 8),
        ("sh:targetClass orch:Tree", "sh:targetSubjectsOf orch:heigt", 8),
        ("sh:targetClass orch:Tree", "sh:targetObjectsOf orch:heigt", 8),
    ],
)
def test_a_target_that_matches_nothing_is_a_warning(
    check_after: Edit, old: str, new: str, line: int
) -> None:
    report = check_after("shapes/tree.ttl", old, new)
    (finding,) = of_rule(report, "shacl/target-matches-nothing")
    assert finding.severity is Severity.WARNING
    assert finding.position.line == line


def test_a_target_class_is_matched_by_its_subclasses(check_after: Edit, folder: Path) -> None:
    shapes = folder / "shapes" / "tree.ttl"
    shapes.write_text(
        shapes.read_text(encoding="utf-8").replace("orch:Tree ;", "orch:Plant ;"), encoding="utf-8"
    )
    report = check_after("ontology/orchard.ttl", new="orch:Tree rdfs:subClassOf orch:Plant .\n")
    assert not of_rule(report, "shacl/target-matches-nothing")


def test_a_shape_that_nothing_uses_is_a_warning(check_after: Edit) -> None:
    report = check_after("shapes/tree.ttl", "shapes:Tree-code, ", "")
    (finding,) = report.findings
    assert finding.rule == "shacl/shape-never-used"
    assert finding.shape == "https://orchard.example/shapes#Tree-code"
    assert finding.position.line == 11


def test_an_ill_formed_shape_is_a_violation(check_after: Edit) -> None:
    report = check_after("shapes/tree.ttl", "sh:minCount 1", 'sh:minCount "one"')
    assert of_rule(report, "shacl/ill-formed-shapes")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"^T-[1-9][0-9]*$"', '"^T-[(1"', "unterminated character set"),
        ("sh:path orch:height", "sh:path [ sh:zeroOrMorePat 1 ]", "sh:path"),
        (SPARQL, SPARQL + ' sh:sparql [ sh:select "SELECT $this { $this ?p" ] ;', "Expected"),
        (SPARQL, SPARQL + ' sh:sparql [ sh:select "SELECT $this { $this no:p 1 }" ] ;', "no"),
        (SPARQL, SPARQL + ' sh:sparql [ sh:select "SELECT $this { SERVICE ?x {} }" ] ;', "SERVICE"),
    ],
)
def test_a_shape_that_cannot_be_used_is_a_finding(
    check_after: Edit, old: str, new: str, message: str
) -> None:
    report = check_after("shapes/tree.ttl", old, new)
    messages = [finding.message for finding in of_rule(report, "shacl/ill-formed-shapes")]
    assert any(text.startswith("A shape cannot be used: ") and message in text for text in messages)


def test_rdflib_loads_no_graph_that_a_query_names() -> None:
    assert rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS is False


def test_a_constraints_query_reads_no_file(check_after: Edit, folder: Path) -> None:
    secret = folder / "secret.ttl"
    secret.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    report = check_after(
        "shapes/tree.ttl",
        "sh:targetClass orch:Tree ;",
        'sh:targetClass orch:Tree ; sh:sparql [ sh:message "read" ; sh:select """'
        f"SELECT $this FROM <{secret.as_uri()}> WHERE {{ <urn:a> ?p ?o }}"
        '""" ] ;',
    )
    assert [finding.message for finding in report.findings if finding.message == "read"] == []


QUERY_OF_A_SHAPE = (
    'sh:targetClass orch:Tree ; sh:sparql [ sh:message "asked" ; sh:select "QUERY" ] ;'
)
ESCAPED = ["SERVICE", "SERV\\\\u0049CE", "serv\\\\U00000049ce", "SERV\\\\U0049CE"]


@pytest.mark.parametrize("keyword", ESCAPED)
def test_a_constraints_query_asks_no_other_host(
    check_after: Edit, canary: Canary, keyword: str
) -> None:
    query = f"SELECT $this {{ $this ?p ?o . {keyword} <{canary.iri}> {{ ?a ?b ?c }} }}"
    report = check_after("shapes/tree.ttl", SPARQL, QUERY_OF_A_SHAPE.replace("QUERY", query))
    (finding,) = of_rule(report, "shacl/egress")
    assert finding.severity is Severity.VIOLATION
    assert finding.message.startswith("SERVICE is not allowed")
    assert str(finding.position).endswith("shapes/tree.ttl:8:75")
    assert canary.count() == 0


@pytest.mark.parametrize("keyword", ESCAPED)
def test_rdflib_is_stopped_where_nobody_looked_at_a_query(
    check_after: Edit, canary: Canary, keyword: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosigraph.check.shape_rules.refuse_egress", lambda _: None)
    query = f"SELECT $this {{ $this ?p ?o . {keyword} <{canary.iri}> {{ ?a ?b ?c }} }}"
    report = check_after("shapes/tree.ttl", SPARQL, QUERY_OF_A_SHAPE.replace("QUERY", query))
    assert any("SERVICE" in one.message for one in of_rule(report, "shacl/ill-formed-shapes"))
    assert canary.count() == 0


def test_a_declared_namespace_brings_no_service_in(check_after: Edit, canary: Canary) -> None:
    query = (
        'sh:targetClass orch:Tree ; sh:sparql [ sh:message "asked" ; sh:prefixes '
        '[ sh:declare [ sh:prefix "x" ; sh:namespace "a:> SELECT $this { $this ?p ?o . '
        f'SERV\\\\u0049CE <{canary.iri}> {{ ?a ?b ?c }} }} #"^^xsd:anyURI ] ] ; '
        'sh:select "SELECT $this { $this ?p ?o }" ] ;'
    )
    check_after("shapes/tree.ttl", SPARQL, query)
    assert canary.count() == 0


def test_a_constraints_query_names_no_file(check_after: Edit) -> None:
    query = "SELECT $this FROM <file:///etc/passwd> { $this ?p ?o }"
    report = check_after("shapes/tree.ttl", SPARQL, QUERY_OF_A_SHAPE.replace("QUERY", query))
    (finding,) = of_rule(report, "shacl/egress")
    assert finding.message.startswith("There is no graph <file:///etc/passwd>")


def test_rdflib_asks_other_endpoints_again_after_a_check(check_after: Edit) -> None:
    before = evaluate.evalServiceQuery
    check_after("shapes/tree.ttl")
    assert evaluate.evalServiceQuery is before
