# SPDX-License-Identifier: Apache-2.0
"""The reports that programs read, held to the schemas that say what they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pyoxigraph
import pytest
import xmlschema

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports import WRITERS, Setting
from cosigraph.check.reports.gitlab import to_gitlab
from cosigraph.check.reports.json import to_json
from cosigraph.check.reports.junit import to_junit
from cosigraph.check.reports.sarif import to_sarif
from cosigraph.check.reports.turtle import to_turtle
from cosigraph.errors import Position
from cosigraph.terms import Prefixes


def run_of(report: Report, setting: Setting) -> dict[str, Any]:
    (run,) = json.loads(to_sarif(report, setting))["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_is_what_its_schema_says(report: Report, setting: Setting, schemas: Path) -> None:
    schema = json.loads((schemas / "sarif" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    for each in (report, Report(())):
        jsonschema_rs.validate(schema, json.loads(to_sarif(each, setting)))


def test_junit_is_what_its_schema_says(report: Report, setting: Setting, schemas: Path) -> None:
    schema = xmlschema.XMLSchema(str(schemas / "junit" / "JUnit.xsd"))
    for each in (report, Report(())):
        schema.validate(to_junit(each, setting))


def test_json_is_what_the_schema_in_the_package_says(report: Report, setting: Setting) -> None:
    text = files("cosigraph.check.reports").joinpath("report.schema.json").read_text()
    schema = json.loads(text)
    content = json.loads(to_json(report, setting))
    jsonschema_rs.validate(schema, content)
    assert set(content) == set(schema["properties"])
    members = set(schema["$defs"]["finding"]["properties"])
    assert all(set(finding) == members for finding in content["findings"])


def test_json_holds_all_of_a_finding(report: Report, setting: Setting) -> None:
    content = json.loads(to_json(report, setting))
    finding = content["findings"][-1]
    assert finding["rule"] == "shacl/min-count"
    assert (finding["file"], finding["line"], finding["column"]) == ("data/a b.ttl", 2, 19)
    assert finding["focusNode"] == "skos:tree"
    assert content["counts"] == {"violation": 2, "warning": 1, "info": 1}
    assert content["known"][0]["message"] == "Old."
    assert content["notes"] == ["A note."]


def test_sarif_names_files_from_where_the_check_was_called(
    report: Report, setting: Setting
) -> None:
    run = run_of(report, setting)
    place = run["results"][3]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "data/a%20b.ttl", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 2, "startColumn": 19}
    assert run["originalUriBaseIds"]["%SRCROOT%"]["uri"] == "https://example.org/src/"
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_has_the_rules_help_and_what_is_known(report: Report, setting: Setting) -> None:
    run = run_of(report, setting)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert "## Solution" in rules["syntax/literal"]["help"]["markdown"]
    assert rules["syntax/literal"]["defaultConfiguration"]["level"] == "error"
    assert "syntax/query" in rules  # looked for, and nothing found
    assert all(
        run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        for result in run["results"]
    )
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [result["message"]["text"] for result in suppressed] == ["Old."]
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert [one["message"]["text"] for one in told] == ["answers.", "A note."]


def test_a_rule_without_findings_is_a_test_that_passed(report: Report, setting: Setting) -> None:
    root = ET.fromstring(to_junit(report, setting))
    cases = {
        f"{suite.get('name')}/{case.get('name')}": case.find("failure") is None
        for suite in root
        for case in suite.iter("testcase")
    }
    assert cases == {
        "queries/answer-differs": True,  # information does not fail
        "shacl/min-count": False,
        "syntax/literal": False,
        "syntax/query": True,
        "syntax/rdf": False,
    }
    assert "A tree has a code" in (root.findtext(".//failure[@type='shacl/min-count']") or "")


def test_gitlab_gets_paths_lines_and_fingerprints_of_their_own(
    report: Report, setting: Setting
) -> None:
    content = json.loads(to_gitlab(report, setting))
    assert content[3]["location"] == {"path": "data/a b.ttl", "lines": {"begin": 2}}
    assert [one["severity"] for one in content] == ["minor", "info", "major", "major"]
    assert len({one["fingerprint"] for one in content}) == 4


def rows(turtle: str, query: str) -> list[list[str]]:
    store = pyoxigraph.Store()
    store.load(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    prefixes = {
        "sh": "http://www.w3.org/ns/shacl#",
        "check": "https://w3id.org/cosigraph/check#",
        "ptr": "http://www.w3.org/2009/pointers#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    }
    found = store.query(query, prefixes=prefixes)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [[str(term) for term in solution] for solution in found]


def test_turtle_is_a_shacl_report_with_positions(report: Report, setting: Setting) -> None:
    turtle = to_turtle(report, setting)
    query = """SELECT ?path ?value ?file ?line ?column {
        [] a sh:ValidationReport ; sh:conforms false ; sh:result ?r .
        ?r sh:focusNode skos:tree ; sh:resultPath ?path ; sh:value ?value ;
           sh:sourceConstraintComponent sh:MinCountConstraintComponent ; check:start ?start .
        ?start ptr:reference ?file ; ptr:lineNumber ?line ; ptr:charNumber ?column }"""
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert rows(turtle, query) == [
        [
            "<http://www.w3.org/2004/02/skos/core#notation>",
            f'"x"^^<{integer}>',
            "<https://example.org/src/data/a%20b.ttl>",
            f'"2"^^<{integer}>',
            f'"19"^^<{integer}>',
        ]
    ]
    required = ["focusNode", "resultSeverity", "sourceConstraintComponent"]
    for name in required:  # SHACL, section 3.6.2: exactly one of each
        counted = (
            f"SELECT ?r (COUNT(?x) AS ?n) {{ ?r a sh:ValidationResult ; sh:{name} ?x }} GROUP BY ?r"
        )
        assert len(rows(turtle, f"SELECT * {{ {{ {counted} }} FILTER(?n = 1) }}")) == 4


def test_a_projects_prefixes_may_have_any_names(violation: Finding, setting: Setting) -> None:
    names = {"check": "https://example.org/c#", "no name": "https://example.org/n#", "": "x:y/"}
    odd = replace(violation, focus_node="check:x", value="no name:x", path=":x")
    turtle = to_turtle(Report((odd,)), replace(setting, prefixes=Prefixes(names)))
    query = "SELECT ?f ?v ?p { [] sh:focusNode ?f ; sh:value ?v ; sh:resultPath ?p }"
    assert rows(turtle, query) == [
        ["<https://example.org/c#x>", "<https://example.org/n#x>", "<x:y/x>"]
    ]
    assert rows(turtle, "SELECT ?rule { [] check:rule ?rule }") == [['"shacl/min-count"']]


def test_findings_in_turtle_keep_their_order(report: Report, setting: Setting) -> None:
    told = re.findall(r'check:rule "(.*?)"', to_turtle(report, setting))
    assert told == [finding.rule for finding in report.findings]


def test_a_clean_report_conforms(setting: Setting) -> None:
    assert "sh:conforms true" in to_turtle(Report(()), setting)


@pytest.mark.parametrize(
    "term", ['"', '"a', "a b", "nothing:of the kind", '"""x', "_:", "_:a b", ""]
)
def test_what_is_no_term_any_more_is_told_as_a_string(
    term: str, violation: Finding, setting: Setting
) -> None:
    odd = Finding("a/b", Severity.INFO, "Message.", Position(), focus_node="x:y", value=term)
    assert rows(to_turtle(Report((odd,)), setting), "SELECT ?v { [] sh:value ?v }")


@pytest.mark.parametrize("name", WRITERS)
def test_every_form_tells_the_same_each_time(name: str, report: Report, setting: Setting) -> None:
    write = WRITERS[name]
    assert write(report, setting) == write(report, setting)
    assert write(report, setting).endswith("\n")


@pytest.mark.parametrize("name", WRITERS)
def test_every_form_bears_any_sign(name: str, setting: Setting) -> None:
    message = "".join(map(chr, range(1, 300))) + "\N{DECIDUOUS TREE}\uffff"
    finding = Finding("a/b", Severity.WARNING, message, Position(), detail=message, value=message)
    written = WRITERS[name](Report((finding,)), setting)
    assert written.encode()
    if name == "junit":
        assert ET.fromstring(written) is not None
