# SPDX-License-Identifier: Apache-2.0
"""A project of two files, and what the check finds in it by some rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cosigraph.check.findings import Finding
from cosigraph.check.sources import Sources
from cosigraph.check.syntax import parse_sources
from cosigraph.configuration import read_configuration

PREFIXES = "".join(
    f"@prefix {prefix}: <{iri}> .\n"
    for prefix, iri in {
        "": "https://orchard.example/ontology#",
        "dcterms": "http://purl.org/dc/terms/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "tree": "https://orchard.example/id/tree/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)
CONFIGURATION = """
[project]
base = "https://orchard.example/"
[prefixes]
orch = "https://orchard.example/ontology#"
tree = "https://orchard.example/id/tree/"
"""


def project(folder: Path, ontology: str = "", data: str = "", configuration: str = "") -> Sources:
    """Write a project; its files have the prefixes, on lines of their own, and then the text."""
    (folder / "cosigraph.toml").write_text(CONFIGURATION + configuration, encoding="utf-8")
    for room, text in {"ontology": ontology, "data": data}.items():
        (folder / room).mkdir()
        path = folder / room / f"{room}.ttl"
        path.write_text(f"{PREFIXES}{text}\n", encoding="utf-8")
    return sources_of(folder)


def sources_of(folder: Path) -> Sources:
    read = read_configuration(folder)
    files, findings = parse_sources(folder, read)
    assert findings == []
    return Sources(folder, read, tuple(files))


Check = Callable[[Sources], Iterable[Finding]]


def messages(check: Check, sources: Sources) -> list[str]:
    return sorted(finding.message for finding in check(sources))


def lines(findings: Iterable[Finding]) -> Iterator[int]:
    """The lines of the findings, counted after those of the prefixes."""
    for finding in findings:
        assert finding.position.line is not None
        yield finding.position.line - len(PREFIXES.splitlines())
