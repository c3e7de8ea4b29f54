# SPDX-License-Identifier: Apache-2.0
"""What is wrong with shapes themselves: what they name, what they lack, what they would do.

An engine passes most of it in silence: a target or a path that nothing matches, a mistyped term of
SHACL, a feature that is not applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.check.data_terms import DataTerms
from cosigraph.check.engines import Engine
from cosigraph.check.engines.preparing import NOT_APPLIED
from cosigraph.check.findings import Finding
from cosigraph.check.positions import Part
from cosigraph.check.result_findings import ResultFindings
from cosigraph.check.rule import rule
from cosigraph.check.shapes_graph import TARGETS, ShapesGraph, shacl_for_shacl, shacl_terms
from cosigraph.check.sources import SHAPES, Sources
from cosigraph.errors import Position, QueryError, ShapesError
from cosigraph.sparql import refuse_egress
from cosigraph.suggestions import did_you_mean
from cosigraph.vocabulary import SH

_CLASS, _SUBJECTS_OF, _OBJECTS_OF, _NODE = TARGETS
_QUERIES: Final = frozenset(f"{SH}{name}" for name in ("select", "ask", "construct", "update"))
_MAX_COUNT: Final = NamedNode(f"{SH}maxCount")
_MESSAGE: Final = NamedNode(f"{SH}message")
_OTHER_TARGET: Final = NamedNode(f"{SH}target")
_PATH: Final = NamedNode(f"{SH}path")
_SEVERITY: Final = NamedNode(f"{SH}severity")
_SPARQL: Final = NamedNode(f"{SH}sparql")
_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4}(?:[0-9a-f]{4})?)", re.IGNORECASE)
"""As rdflib resolves escapes, which is more than the standard has."""


class ShapeRules:
    """Checks the shapes of a project."""

    def __init__(self, shapes: ShapesGraph, findings: ResultFindings, sources: Sources) -> None:
        self._shapes = shapes
        self._sources = sources
        self._findings = findings
        self._shorten = findings.shorten

    def _place(self, *statement: Any) -> Position:
        return self._findings.place(*statement)

    def check(self, engine: Engine, data: Iterable[Triple]) -> Iterator[Finding]:
        """Yield what is wrong with the shapes, by themselves and beside this data."""
        yield from self.ill_formed(engine)
        yield from self._egress()
        yield from self._unknown_terms()
        yield from self._not_applied()
        yield from self._unexplained()
        nodes = [node for shape in self._shapes.declared for _, node in self._shapes.targets(shape)]
        terms = DataTerms(data, nodes)
        for shape in self._shapes.declared:
            if not self._shapes.is_deactivated(shape):
                yield from self._idle(shape, terms)
        yield from self._unused_paths(terms)

    def ill_formed(self, engine: Engine) -> Iterator[Finding]:
        """Yield what SHACL's own shapes say of the shapes (SHACL, appendix C)."""
        ill_formed = rule("shacl/ill-formed-shapes")
        try:
            results = engine.validate(self._shapes.triples, shacl_for_shacl())
        except ShapesError as error:
            yield self._findings.failure(error)
            return
        for result in results:
            yield self._findings.finding(result, ill_formed)

    def _egress(self) -> Iterator[Finding]:
        """Yield the queries that would ask another host or read a file."""
        egress = rule("shacl/egress")
        for shape, predicate, text in self._shapes.triples:
            if predicate.value in _QUERIES and isinstance(text, Literal):
                refusal = _refusal(text.value)
                if refusal is not None:
                    yield egress.finding(
                        refusal,
                        self._place(shape, predicate, text),
                        advice="Mend the shape's query: shapes are checked against this data "
                        "alone.",
                    )

    def _unknown_terms(self) -> Iterator[Finding]:
        """Yield the terms of SHACL's namespace that SHACL does not define."""
        unknown = rule("shacl/unknown-term")
        known = shacl_terms()
        names = [term.removeprefix(SH) for term in sorted(known)]
        for place, triple in self._statements():
            for part, term in ((Part.PREDICATE, triple.predicate), (Part.OBJECT, triple.object)):
                iri = term.value if type(term) is NamedNode else ""
                if iri.startswith(SH) and iri not in known:
                    near = did_you_mean(iri.removeprefix(SH), names)
                    yield unknown.finding(
                        f"SHACL has no term {self._shorten(term)}: whatever it should ask is not "
                        "checked.",
                        place(part),
                        advice=f"Did you mean 'sh:{near}'?" if near else "Mend or remove it.",
                    )

    def _not_applied(self) -> Iterator[Finding]:
        """Yield the features that are left out whatever engine validates."""
        not_applied = rule("shacl/not-applied")
        for place, triple in self._statements():
            if triple.predicate.value in NOT_APPLIED:
                yield not_applied.finding(
                    f"{self._shorten(triple.predicate)} is not applied: nothing comes of it.",
                    place(Part.PREDICATE),
                    advice="Say it with SHACL Core or sh:sparql.",
                )

    def _statements(self) -> Iterator[tuple[Callable[[Part], Position], Triple]]:
        """Yield every statement of the shapes with what tells where a part of it stands."""
        for file in self._sources.of(SHAPES):
            for number, triple in enumerate(file.triples):
                yield partial(self._sources.positions.at, file, number), triple

    def _unexplained(self) -> Iterator[Finding]:
        """Yield the shapes whose results would have no message, or no severity of their own."""
        no_message, no_severity = rule("shacl/no-message"), rule("shacl/no-severity")
        for shape in self._shapes.reporting:
            constraints = self._shapes.constraints(shape)
            if not constraints:
                continue
            if not self._shapes.objects(shape, _SEVERITY):
                yield no_severity.finding(
                    "The shape does not say how bad its results are: they count as violations.",
                    self._place(shape),
                    advice="Give it sh:severity.",
                    focus_node=self._findings.shorten(shape),
                    shape=self._findings.name_of(shape),
                )
            explained = bool(self._shapes.objects(shape, _MESSAGE))
            for predicate, value in constraints:
                own = predicate == _SPARQL and self._shapes.objects(value, _MESSAGE)
                if not explained and not own:
                    yield no_message.finding(
                        "The shape does not say what its results mean.",
                        self._place(shape),
                        advice="Give it sh:message.",
                        focus_node=self._findings.shorten(shape),
                        shape=self._findings.name_of(shape),
                    )
                    break

    def _idle(self, shape: NamedNode, data: DataTerms) -> Iterator[Finding]:
        """Yield what says that a shape, or one of its targets, has nothing to validate."""
        targets = list(self._shapes.targets(shape))
        for predicate, value in targets:
            if not _matches(data, predicate, value):
                yield rule("shacl/target-matches-nothing").finding(
                    f"The target {self._shorten(value)} matches nothing in the data.",
                    self._place(shape, predicate, value),
                    advice="Mend the name, or remove the target: it validates nothing.",
                    shape=self._shorten(shape),
                )
        has_target = targets or self._shapes.objects(shape, _OTHER_TARGET)
        if not has_target and shape not in self._shapes.used:
            yield rule("shacl/shape-never-used").finding(
                "The shape has no target, and no other shape uses it.",
                self._place(shape),
                advice="Give it a target, use it with sh:property or sh:node, or remove it.",
                shape=self._shorten(shape),
            )

    def _unused_paths(self, data: DataTerms) -> Iterator[Finding]:
        """Yield the paths with a predicate that the data has not, unless they are forbidden."""
        unused = rule("shacl/path-not-in-data")
        for shape, predicate, value in self._shapes.triples:
            forbidden = "0" in {count.value for count in self._shapes.objects(shape, _MAX_COUNT)}
            if predicate != _PATH or forbidden or self._is_parameter(shape):
                continue
            with suppress(ShapesError):  # an ill-formed path is told as that
                path = self._shapes.paths.path(value)
                for missing in sorted(path.missing(data.predicates), key=str):
                    yield unused.finding(
                        f"No data has the property {self._shorten(missing)} of this path.",
                        self._place(shape, predicate, value),
                        advice="Mend the name, unless the property is to be used later.",
                        focus_node=self._findings.shorten(shape),
                        shape=self._findings.name_of(shape),
                    )

    def _is_parameter(self, node: Any) -> bool:
        """Tell whether a node declares a parameter, whose path is of shapes and not of data."""
        return bool(self._shapes.subjects(NamedNode(f"{SH}parameter"), node))


def _matches(data: DataTerms, predicate: NamedNode, value: Any) -> bool:
    if predicate in (_SUBJECTS_OF, _OBJECTS_OF):
        return value in data.predicates
    if predicate == _NODE:
        return value in data.nodes
    return data.has_instance(value)


def _refusal(text: str) -> str | None:
    """Return why a query is refused, as it is written or with its escapes resolved."""
    readings: list[Callable[[], str]] = [lambda: text, lambda: _unescaped(text)]
    for reading in readings:
        with suppress(ValueError, OverflowError):  # no character has that number
            try:
                refuse_egress(reading())
            except QueryError as error:
                return error.detail
    return None


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
