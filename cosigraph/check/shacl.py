# SPDX-License-Identifier: Apache-2.0
"""SHACL by pySHACL, over the files as they were parsed, in rdflib's own memory store.

Oxigraph's store rewrites some literals (``007`` becomes ``7``) and pySHACL over it gives wrong
results: so the store is not what is checked. The data are the graphs of a reading without the
shapes; the shapes are the files below ``shapes/``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pyshacl
import rdflib.plugins.sparql
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import evaluate
from rdflib.plugins.sparql.parser import expandUnicodeEscapes
from rdflib.term import Node

from cosigraph.check.findings import Finding, Severity
from cosigraph.check.literals import without_ill_typed
from cosigraph.check.rdflib_graph import quiet, to_rdflib
from cosigraph.check.sources import SHAPES, Sources, triples_of
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position, QueryError
from cosigraph.sparql import refuse_egress

_SEVERITIES = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}
_ILL_FORMED = "shacl/ill-formed-shapes"
_NOTHING = "shacl/target-matches-nothing"
_UNUSED = "shacl/shape-never-used"
_EGRESS = "shacl/egress"
_QUERIES = (SH.select, SH.ask, SH.construct, SH.update)

# rdflib would read files and addresses that a constraint's query names after FROM.
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False


def check_shapes(
    sources: Sources, readings: Mapping[str, str], progress: Callable[[str], None]
) -> tuple[int, list[Finding]]:
    """Validate the data against the shapes; return the number of shapes, and the findings.

    ``readings`` has the graph of each alternative reading by its name. A finding of such a reading
    is told when the settled one has it not.
    """
    shapes_files = sources.of(SHAPES)
    settled = [file for file in sources.settled if file not in shapes_files]
    progress("Validating against the shapes")
    check = ShaclCheck(shapes_files, sources)
    data = _graph(settled)
    findings = [*check.check_shapes(data), *check.check_data(data)]
    known = set(findings)
    for reading, iri in readings.items():
        progress(f"Validating reading {reading}")
        others = [file for file in sources.files if file.graph_iri == iri]
        rest = [file for file in settled if file.graph_iri != sources.replaced[iri]]
        only = sources.only([*rest, *others, *shapes_files])
        found = ShaclCheck(shapes_files, only).check_data(_graph([*rest, *others]))
        findings += [replace(one, reading=reading) for one in found if one not in known]
    return check.number_of_shapes, findings


def _graph(files: Iterable[ParsedFile]) -> Graph:
    return without_ill_typed(to_rdflib(triples_of(files)))


class ShaclCheck:
    """Validates data against the shapes of a project."""

    def __init__(self, shapes_files: Iterable[ParsedFile], sources: Sources) -> None:
        self._files = list(shapes_files)
        self._shapes = to_rdflib(triples_of(self._files))
        self._prefixes = sources.prefixes
        self._positions = sources.positions

    @property
    def number_of_shapes(self) -> int:
        """How many node and property shapes the files declare."""
        return len(self._declared())

    def check_shapes(self, data: Graph) -> list[Finding]:
        """Check the shapes themselves: against SHACL's own shapes, and that each has work to do.

        A shape whose target matches nothing passes whatever is wrong. No query of a shape may
        reach beyond the data.
        """
        findings = [
            finding
            for predicate in _QUERIES
            for shape, text in self._shapes.subject_objects(predicate)
            for finding in self._egress(shape, predicate, text)
        ]
        with quiet(), _no_service():
            _, report, _ = pyshacl.entrypoints.meta_validate(self._shapes, inference="none")
        if isinstance(report, Graph):
            results = report.objects(None, SH.result)
            findings += [self._finding(report, result, _ILL_FORMED) for result in results]
        for shape in self._declared():
            findings += self._idle(shape, data)
        return findings

    def check_data(self, data: Graph) -> list[Finding]:
        """Validate data; return one finding for each result."""
        if not len(self._shapes):
            return []
        try:
            with quiet(), _no_service():
                _, report, _ = pyshacl.validate(data, shacl_graph=self._shapes, inplace=True)
        except Exception as error:  # noqa: BLE001 - whatever a shape's query or pattern lets raise
            return [self._failure(str(error))]
        if not isinstance(report, Graph):  # a ValidationFailure is returned, not raised
            return [self._failure(getattr(report, "message", str(report)))]
        results = report.objects(None, SH.result)
        return [self._finding(report, result) for result in results]

    def _failure(self, message: str) -> Finding:
        source = str(self._files[0].path.parent) if self._files else SHAPES
        return Finding(
            rule=_ILL_FORMED,
            severity=Severity.VIOLATION,
            message=f"A shape cannot be used: {' '.join(message.split()).rstrip('.')}.",
            position=Position(source),
            advice="Mend the shape: nothing was validated.",
        )

    def _egress(self, shape: Node, predicate: Node, text: Node) -> Iterator[Finding]:
        """Yield what says that a query would ask another host or read a file."""
        readings = [str(text)]
        with suppress(ValueError):  # no character has that number, and so no query can be read
            readings.append(expandUnicodeEscapes(str(text)))
        for reading in readings:
            try:
                refuse_egress(reading)
            except QueryError as error:
                yield Finding(
                    rule=_EGRESS,
                    severity=Severity.VIOLATION,
                    message=error.detail,
                    position=self._positions.of(text) or self._place(shape, predicate, text),
                    advice="Mend the shape's query: shapes are checked against this data alone.",
                )
                return

    def _declared(self) -> list[URIRef]:
        kinds = (SH.NodeShape, SH.PropertyShape)
        shapes = {s for kind in kinds for s in self._shapes.subjects(RDF.type, kind)}
        return sorted(shape for shape in shapes if isinstance(shape, URIRef))

    def _idle(self, shape: URIRef, data: Graph) -> Iterator[Finding]:
        """Yield what says that a shape, or one of its targets, has nothing to validate."""
        targets = [
            (predicate, value)
            for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
            for value in sorted(self._shapes.objects(shape, predicate), key=str)
        ]
        if (shape, RDF.type, RDFS.Class) in self._shapes:
            targets.append((RDF.type, shape))
        for predicate, value in targets:
            if not _matches(data, predicate, value):
                yield Finding(
                    rule=_NOTHING,
                    severity=Severity.WARNING,
                    message=f"The target {self._shorten(value)} matches nothing in the data.",
                    position=self._place(shape, predicate, value),
                    advice="Mend the name, or remove the target: it validates nothing.",
                    shape=self._shorten(shape),
                )
        others = (SH.targetNode, SH.target)
        has_target = targets or any((shape, other, None) in self._shapes for other in others)
        if not has_target and (None, None, shape) not in self._shapes:
            yield Finding(
                rule=_UNUSED,
                severity=Severity.WARNING,
                message="The shape has no target, and no other shape uses it.",
                position=self._place(shape),
                advice="Give it a target, use it with sh:property or sh:node, or remove it.",
                shape=self._shorten(shape),
            )

    def _finding(self, report: Graph, result: Node, rule: str | None = None) -> Finding:
        focus = report.value(result, SH.focusNode) or BNode()
        path = report.value(result, SH.resultPath)
        value = report.value(result, SH.value)
        shape = report.value(result, SH.sourceShape)
        component = report.value(result, SH.sourceConstraintComponent)
        severity = report.value(result, SH.resultSeverity)
        return Finding(
            rule=rule or f"shacl/{_rule_name(component)}",
            severity=_SEVERITIES.get(URIRef(str(severity)), Severity.VIOLATION),
            message=_message(report, result),
            position=self._place(focus, path, value),
            focus_node=self._shorten(focus),
            path=None if path is None else self._path(path),
            value=None if value is None else self._shorten(value),
            shape=self._shorten(shape) if isinstance(shape, URIRef) else None,
            component=self._shorten(component) if isinstance(component, URIRef) else None,
        )

    def _place(self, focus: Node, path: Node | None = None, value: Node | None = None) -> Position:
        return self._positions.of(focus, path, value) or Position(SHAPES)

    def _path(self, path: Node) -> str:
        return self._shorten(path) if isinstance(path, URIRef) else "a path"

    def _shorten(self, term: Node) -> str:
        if isinstance(term, URIRef):
            return self._prefixes.shorten(str(term))
        if not isinstance(term, Literal):
            return f"_:{term}"
        text = Literal(str(term), lang=term.language).n3()
        return f"{text}^^{self._prefixes.shorten(term.datatype)}" if term.datatype else text


@contextmanager
def _no_service() -> Iterator[None]:
    """Let rdflib raise where it would ask another endpoint, however a shape says so."""
    original = evaluate.evalServiceQuery
    evaluate.evalServiceQuery = _refuse_service
    try:
        yield
    finally:
        evaluate.evalServiceQuery = original


def _refuse_service(ctx: Any, part: Any) -> Any:  # noqa: ARG001 - rdflib's names
    raise ValueError("SERVICE is not allowed: shapes are checked against this data alone")


def _matches(data: Graph, predicate: Node, value: Node) -> bool:
    if predicate == SH.targetSubjectsOf or predicate == SH.targetObjectsOf:  # noqa: PLR1714
        return (None, value, None) in data
    classes = data.transitive_subjects(RDFS.subClassOf, value)
    return any((None, RDF.type, one) in data for one in classes)


def _rule_name(component: Node | None) -> str:
    """Return ``min-count`` for ``sh:MinCountConstraintComponent``."""
    name = re.split(r"[/#]", str(component))[-1].removesuffix("ConstraintComponent")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() or "constraint"


def _message(report: Graph, result: Node) -> str:
    """Return the result's message: the English one, else the first."""
    messages = sorted(
        (m for m in report.objects(result, SH.resultMessage) if isinstance(m, Literal)),
        key=lambda m: ((m.language or "").partition("-")[0] != "en", str(m)),
    )
    return " ".join(str(messages[0]).split()) if messages else "The shape is not satisfied."
