# SPDX-License-Identifier: Apache-2.0
"""A report in SHACL's vocabulary (SHACL, section 3.6), extended with positions.

A position is a ``ptr:LineCharPointer`` (W3C, Pointer Methods in RDF 1.0). What neither vocabulary
has is in the namespace ``https://w3id.org/cosigraph/check#``, which docs/checking.md describes.
What was not found by SHACL is a result, too: its focus node is its file, and its rule takes the
place of the constraint component.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports.setting import Setting
from cosigraph.errors import Position
from cosigraph.terms import Prefixes
from cosigraph.vocabulary import SH

CHECK: Final = "https://w3id.org/cosigraph/check#"
POINTERS: Final = "http://www.w3.org/2009/pointers#"

Term = NamedNode | BlankNode | Literal
Part = tuple[str, str]
"""A property and its value, as they are written."""

_OWN: Final = {"check": CHECK, "ptr": POINTERS, "sh": SH}
_SEVERITIES: Final = {
    Severity.VIOLATION: "sh:Violation",
    Severity.WARNING: "sh:Warning",
    Severity.INFO: "sh:Info",
}
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
_LITERAL = re.compile(r'(".*")(?:@[\w-]+|\^\^(?P<datatype>\S+))?', re.DOTALL)


def to_turtle(report: Report, setting: Setting) -> str:
    """Return the report as Turtle, in the order of the findings; those of a baseline are left out.

    It is written here, as the house's Turtle would put them in another order, and the engine's
    serialiser its prefixes in another one each time.
    """
    prefixes = Prefixes(
        {name: iri for name, iri in setting.prefixes if _PREFIX.fullmatch(name)} | _OWN
    )
    parts: list[Part] = [
        ("a", "sh:ValidationReport"),
        ("sh:conforms", "false" if report.findings else "true"),
    ]
    results = [_node(_result(finding, setting, prefixes)) for finding in report.findings]
    if results:
        parts.append(("sh:result", " , ".join(results)))
    return f"{_head(prefixes.namespaces)}\n[] {_written(parts, 1)} .\n"


def _head(namespaces: Mapping[str, str]) -> str:
    return "".join(f"@prefix {name}: {NamedNode(iri)} .\n" for name, iri in namespaces.items())


def _written(parts: Iterable[Part], depth: int) -> str:
    indent = "\n" + "    " * depth
    return f" ;{indent}".join(f"{name} {value}" for name, value in parts)


def _node(parts: Iterable[Part]) -> str:
    return f"[\n        {_written(parts, 2)}\n    ]"


def _result(finding: Finding, setting: Setting, prefixes: Prefixes) -> Iterator[Part]:
    def term(text: str) -> str:
        return _short(_term(text, setting.prefixes), prefixes)

    file = str(_file(finding.position, setting))
    rule = NamedNode(f"{CHECK}rule/{finding.rule}")
    yield "a", "sh:ValidationResult"
    yield "sh:focusNode", term(finding.focus_node) if finding.focus_node else file
    if finding.path is not None and finding.path != "a path":
        yield "sh:resultPath", term(finding.path)
    if finding.value is not None:
        yield "sh:value", term(finding.value)
    if finding.shape is not None:
        yield "sh:sourceShape", term(finding.shape)
    component = finding.component
    yield "sh:sourceConstraintComponent", term(component) if component else str(rule)
    yield "sh:resultSeverity", _SEVERITIES[finding.severity]
    yield "sh:resultMessage", str(Literal(finding.message))
    yield "check:rule", str(Literal(finding.rule))
    yield "check:fingerprint", str(Literal(finding.fingerprint))
    for name in ("advice", "detail", "reading"):
        text = getattr(finding, name)
        if text is not None:
            yield f"check:{name}", str(Literal(text))
    yield from _places(finding.position, file)


def _places(position: Position, file: str) -> Iterator[Part]:
    yield "check:file", file
    ends = {
        "start": (position.line, position.column),
        "end": (position.end_line, position.end_column),
    }
    for name, (line, column) in ends.items():
        if line is not None:
            character = "" if column is None else f" ; ptr:charNumber {column}"
            yield (
                f"check:{name}",
                f"[ a ptr:LineCharPointer ; ptr:reference {file} ; "
                f"ptr:lineNumber {line}{character} ]",
            )


def _file(position: Position, setting: Setting) -> NamedNode:
    uri = setting.uri(position) or ""
    return NamedNode(uri if uri.startswith("file:") else (setting.root_uri or "file:///") + uri)


def _short(term: Term, prefixes: Prefixes) -> str:
    """Return a term as Turtle writes it, an IRI by its prefix if there is one."""
    if not isinstance(term, NamedNode):
        return str(term)
    short = prefixes.shorten(term.value)
    return str(term) if short == term.value else short


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
