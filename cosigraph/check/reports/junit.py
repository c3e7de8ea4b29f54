# SPDX-License-Identifier: Apache-2.0
"""A report as tests: a suite for each family of rules, and in it a case for each rule.

Its schema is https://github.com/windyroad/JUnit-Schema, which the common CI servers read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from cosigraph.check.findings import Finding, Report
from cosigraph.check.reports.setting import Setting
from cosigraph.check.reports.text import count, finding_lines, rendered

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def to_junit(report: Report, setting: Setting) -> str:
    """Return the report as JUnit XML; a case fails where findings reach the threshold."""
    found: dict[str, list[Finding]] = {rule: [] for rule in report.rules}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding)
    families: dict[str, list[str]] = {}
    for rule in sorted(found):
        families.setdefault(rule.partition("/")[0], []).append(rule)
    root = ET.Element("testsuites")
    for number, (family, rules) in enumerate(families.items()):
        _add_suite(root, number, family, {rule: found[rule] for rule in rules}, setting)
    ET.indent(root)
    written = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'


def _add_suite(
    root: ET.Element, number: int, family: str, found: dict[str, list[Finding]], setting: Setting
) -> None:
    failing = {rule: [f for f in findings if setting.fails(f)] for rule, findings in found.items()}
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "id": str(number),
            "package": "cosigraph",
            "name": family,
            "timestamp": f"{setting.now:%Y-%m-%dT%H:%M:%S}",
            "hostname": "localhost",
            "tests": str(len(found)),
            "failures": str(sum(map(bool, failing.values()))),
            "errors": "0",
            "time": "0",
        },
    )
    ET.SubElement(suite, "properties")
    for rule, findings in failing.items():
        name = rule.partition("/")[2]
        attributes = {"name": name, "classname": f"cosigraph.{family}", "time": "0"}
        case = ET.SubElement(suite, "testcase", attributes)
        if findings:
            told = {"type": rule, "message": _legal(count(len(findings), "finding"))}
            ET.SubElement(case, "failure", told).text = _told(findings, setting)
    others = [f for findings in found.values() for f in findings if not setting.fails(f)]
    ET.SubElement(suite, "system-out").text = _told(others, setting)
    ET.SubElement(suite, "system-err").text = ""


def _told(findings: Iterable[Finding], setting: Setting) -> str:
    lines = [line for finding in findings for line in finding_lines(finding, setting)]
    return _legal(rendered(lines, is_coloured=False))


def _legal(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
