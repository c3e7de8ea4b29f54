# SPDX-License-Identifier: Apache-2.0
"""A report in the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS)."""

from __future__ import annotations

import json
from typing import Any, Final

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports.setting import Setting
from cosigraph.check.rule import rules

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT: Final = "%SRCROOT%"
_FINGERPRINT: Final = "cosigraph/v1"


def to_sarif(report: Report, setting: Setting) -> str:
    """Return the report as SARIF; findings of a baseline are suppressed results."""
    found = {finding.rule for finding in (*report.findings, *report.known)}
    identifiers = sorted({*report.rules, *found})
    numbers = {identifier: number for number, identifier in enumerate(identifiers)}
    skipped = [{"message": {"text": text}, "level": "warning"} for text in report.skipped]
    notes = [{"message": {"text": text}, "level": "note"} for text in report.notes]
    run = {
        "tool": {
            "driver": {
                "name": "cosigraph",
                "semanticVersion": setting.software,
                "informationUri": "https://w3id.org/cosigraph/",
                "rules": [_descriptor(identifier) for identifier in identifiers],
            }
        },
        "automationDetails": {"id": "cosigraph/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: _root(setting)},
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": [*skipped, *notes]}
        ],
        "results": [
            *(_result(finding, numbers, setting) for finding in report.findings),
            *(_suppressed(_result(finding, numbers, setting)) for finding in report.known),
        ],
    }
    content = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _root(setting: Setting) -> dict[str, Any]:
    described = {"description": {"text": "The folder in which the check was called"}}
    return {"uri": setting.root_uri, **described} if setting.root_uri else described


def _descriptor(identifier: str) -> dict[str, Any]:
    """Describe a rule by its page; a constraint component has none of its own."""
    page = rules().get(identifier)
    name = "".join(word.capitalize() for word in identifier.replace("/", "-").split("-"))
    if page is None:
        title = f"The rule {identifier}"
        return {"id": identifier, "name": name, "shortDescription": {"text": title}}
    problem = page.sections.get("Problem", page.title)
    return {
        "id": identifier,
        "name": name,
        "shortDescription": {"text": f"{page.title}."},
        "fullDescription": {"text": problem},
        "help": {"text": page.text, "markdown": f"# {page.title}\n\n{page.text}"},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
    }


def _result(finding: Finding, numbers: dict[str, int], setting: Setting) -> dict[str, Any]:
    parts = [finding.message, finding.advice, finding.detail]
    properties = {
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "reading": finding.reading,
    }
    known = {name: fact for name, fact in properties.items() if fact is not None}
    return {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(part for part in parts if part)},
        "locations": _locations(finding, setting),
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        **({"properties": known} if known else {}),
    }


def _locations(finding: Finding, setting: Setting) -> list[dict[str, Any]]:
    uri = setting.uri(finding.position)
    location: dict[str, Any] = {}
    if uri is not None:
        artifact = {"uri": uri}
        if not uri.startswith("file:"):
            artifact["uriBaseId"] = _ROOT
        location["physicalLocation"] = {"artifactLocation": artifact}
        region = _region(finding)
        if region:
            location["physicalLocation"]["region"] = region
    if finding.focus_node is not None:
        node = {"fullyQualifiedName": finding.focus_node, "kind": "resource"}
        location["logicalLocations"] = [node]
    return [location] if location else []


def _region(finding: Finding) -> dict[str, int]:
    position = finding.position
    places = {
        "startLine": position.line,
        "startColumn": position.column,
        "endLine": position.end_line,
        "endColumn": position.end_column,
    }
    if position.line is None:
        return {}
    return {name: place for name, place in places.items() if place is not None}


def _suppressed(result: dict[str, Any]) -> dict[str, Any]:
    why = {"kind": "external", "justification": "It stands in the baseline."}
    return {**result, "suppressions": [why]}
