# SPDX-License-Identifier: Apache-2.0
"""A report in SHACL's vocabulary (SHACL, section 3.6), extended with positions.

A position is a ``ptr:LineCharPointer`` (W3C, Pointer Methods in RDF 1.0). What neither vocabulary
has is in the namespace ``https://w3id.org/cosigraph/check#``, which docs/checking.md describes.
What was not found by SHACL is a result, too: its focus node is its file, and its rule takes the
place of the constraint component.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports.setting import Setting
from cosigraph.errors import Position
from cosigraph.terms import Prefixes
from cosigraph.turtle import write_turtle
from cosigraph.vocabulary import RDF, SH, XSD

CHECK: Final = "https://w3id.org/cosigraph/check#"
POINTERS: Final = "http://www.w3.org/2009/pointers#"

Term = NamedNode | BlankNode | Literal
Statement = tuple[NamedNode | BlankNode, str, Term]

_SEVERITIES = {
    Severity.VIOLATION: "Violation",
    Severity.WARNING: "Warning",
    Severity.INFO: "Info",
}
_LITERAL = re.compile(r'(".*")(?:@[\w-]+|\^\^(?P<datatype>\S+))?', re.DOTALL)


def to_turtle(report: Report, setting: Setting) -> str:
    """Return the report as Turtle; the findings of a baseline are left out."""
    whole = BlankNode("report")
    conforms = Literal("false" if report.findings else "true", datatype=NamedNode(XSD + "boolean"))
    statements: list[Statement] = [
        (whole, RDF + "type", NamedNode(SH + "ValidationReport")),
        (whole, SH + "conforms", conforms),
    ]
    for number, finding in enumerate(report.findings, start=1):
        node = BlankNode(f"result{number}")
        statements.append((whole, SH + "result", node))
        statements += _result(node, finding, setting)
    triples = [Triple(s, NamedNode(p), o) for s, p, o in statements]
    own = {"check": CHECK, "ptr": POINTERS}
    return write_turtle(triples, {**setting.prefixes.namespaces, **own})


def _result(node: BlankNode, finding: Finding, setting: Setting) -> Iterator[Statement]:
    prefixes = setting.prefixes
    component = finding.component and _term(finding.component, prefixes)
    rule = NamedNode(CHECK + "rule/" + finding.rule)
    file = _file(finding.position, setting)
    focus = finding.focus_node and _term(finding.focus_node, prefixes)
    yield node, RDF + "type", NamedNode(SH + "ValidationResult")
    yield node, SH + "focusNode", focus or file
    yield node, SH + "resultSeverity", NamedNode(SH + _SEVERITIES[finding.severity])
    yield node, SH + "sourceConstraintComponent", component or rule
    yield node, SH + "resultMessage", Literal(finding.message)
    for name, term in (("path", finding.path), ("value", finding.value), ("shape", finding.shape)):
        if term is not None and term != "a path":
            yield node, SH + _PROPERTIES[name], _term(term, prefixes)
    yield node, CHECK + "rule", Literal(finding.rule)
    yield node, CHECK + "fingerprint", Literal(finding.fingerprint)
    for name in ("advice", "detail", "reading"):
        text = getattr(finding, name)
        if text is not None:
            yield node, CHECK + name, Literal(text)
    yield from _place(node, finding.position, file)


_PROPERTIES: Final = {"path": "resultPath", "value": "value", "shape": "sourceShape"}


def _place(node: BlankNode, position: Position, file: NamedNode) -> Iterator[Statement]:
    yield node, CHECK + "file", file
    ends = {
        "start": (position.line, position.column),
        "end": (position.end_line, position.end_column),
    }
    for name, (line, column) in ends.items():
        if line is None:
            continue
        pointer = BlankNode(f"{node.value}{name}")
        yield node, CHECK + name, pointer
        yield pointer, RDF + "type", NamedNode(POINTERS + "LineCharPointer")
        yield pointer, POINTERS + "reference", file
        yield pointer, POINTERS + "lineNumber", _integer(line)
        if column is not None:
            yield pointer, POINTERS + "charNumber", _integer(column)


def _file(position: Position, setting: Setting) -> NamedNode:
    uri = setting.uri(position) or ""
    return NamedNode(uri if uri.startswith("file:") else (setting.root_uri or "file:///") + uri)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def _term(text: str, prefixes: Prefixes) -> Term:
    """Return the term that a finding has shortened; what is none any more becomes a string."""
    literal = _LITERAL.fullmatch(text)
    try:
        if text.startswith("_:"):
            return BlankNode(text[2:])
        if literal is None:
            return NamedNode(prefixes.expand(text) or text)
        datatype = literal["datatype"]
        if datatype is not None:
            text = f"{literal[1]}^^<{prefixes.expand(datatype) or datatype}>"
        (quad,) = pyoxigraph.parse(f"<a:a> <a:a> {text} .", format=RdfFormat.TURTLE)
    except (ValueError, SyntaxError):
        return Literal(text)
    assert isinstance(quad.object, Literal)  # noqa: S101 - that is what was written
    return quad.object
