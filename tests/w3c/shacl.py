# SPDX-License-Identifier: Apache-2.0
"""The W3C's SHACL suite, asked of an engine through the interface that ``check`` uses.

A test passes when ``sh:conforms`` and the multiset of (focus node, path, value, component,
severity) are those of the report that the suite expects; blank nodes count as such, paths by what
they are made of. Where the suite expects a failure, the shapes must be refused.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Triple

from cosigraph.check.engines import Engine, Result
from cosigraph.check.engines.choosing import pyshacl, pyshifty
from cosigraph.check.engines.report import results_of
from cosigraph.check.property_paths import ShapesPaths
from cosigraph.errors import ShapesError
from cosigraph.loading import parse_file

REVIEWED = Path(__file__).parent / "shacl_failures.toml"
PUBLISHED = "https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/"
_MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_TEST = "http://www.w3.org/ns/shacl-test#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SH = "http://www.w3.org/ns/shacl#"
_FAILURE = NamedNode(f"{_TEST}Failure")

Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class ShaclCase:
    """One test: data, shapes, and the results that are expected, or None for a failure."""

    name: str
    data: tuple[Triple, ...]
    shapes: tuple[Triple, ...]
    expected: tuple[Result, ...] | None
    report: tuple[Triple, ...]

    @property
    def part(self) -> str:
        """The part of the suite: ``core`` or ``sparql``."""
        return self.name.partition("/")[0]

    @property
    def group(self) -> str:
        """The group within the suite: ``core/node`` and so on."""
        return self.name.rpartition("/")[0]


@cache
def reviewed() -> dict[str, dict[str, str]]:
    """Return for each engine the tests that it fails, with the reasons."""
    return tomllib.loads(REVIEWED.read_text(encoding="utf-8"))


def cases(folder: Path) -> Iterator[ShaclCase]:
    """Yield every test of the suite, in the order of the manifests."""
    yield from _included(folder / "shacl", folder / "shacl" / "manifest.ttl")


def outcome(case: ShaclCase, engine: Engine) -> str | None:
    """Return None when the engine passes, else what is different."""
    try:
        results = engine.validate(case.data, case.shapes)
    except ShapesError as error:
        return None if case.expected is None else f"refused: {error}"
    if case.expected is None:
        return "the shapes are not refused"
    found = _keys(results, case.shapes)
    expected = _keys(case.expected, case.report)
    if found == expected:
        return None
    missing, superfluous = expected - found, found - expected
    return f"missing {sorted(missing.elements())}, too many {sorted(superfluous.elements())}"


def shacl_surprises(folder: Path) -> dict[str, str]:
    """Return what fails without a reason, by engine and test."""
    return {
        f"{engine.name} {case.name}": why
        for engine in (pyshacl(), pyshifty())
        for case in cases(folder)
        if case.name not in reviewed()[engine.name] and (why := outcome(case, engine)) is not None
    }


def _keys(results: tuple[Result, ...] | list[Result], graph: tuple[Triple, ...]) -> Counter[Key]:
    paths = ShapesPaths(graph)
    return Counter(
        (
            _shown(result.focus),
            "" if result.path is None else str(paths.path(result.path)),
            _shown(result.value),
            result.component.value,
            result.severity.value,
        )
        for result in results
    )


def _shown(term: Any) -> str:
    return "_:" if isinstance(term, BlankNode) else str(term)


def _included(root: Path, path: Path) -> Iterator[ShaclCase]:
    triples = _read(root, path)
    for triple in triples:
        if triple.predicate.value == f"{_MANIFEST}include":
            yield from _included(root, _file(root, triple.object))
    for subject, predicate, value in triples:
        if predicate.value == f"{_RDF}type" and value == NamedNode(f"{_TEST}Validate"):
            yield _case(root, triples, subject)


def _case(root: Path, triples: tuple[Triple, ...], test: Any) -> ShaclCase:
    action = _value(triples, test, f"{_MANIFEST}action")
    graphs = [
        _read(root, _file(root, _value(triples, action, f"{_TEST}{name}")))
        for name in ("dataGraph", "shapesGraph")
    ]
    result = _value(triples, test, f"{_MANIFEST}result")
    expected = None if result == _FAILURE else tuple(_expected(triples, result))
    return ShaclCase(test.value.removeprefix(PUBLISHED), graphs[0], graphs[1], expected, triples)


def _expected(triples: tuple[Triple, ...], report: Any) -> list[Result]:
    mine = {
        t.object for t in triples if t.subject == report and t.predicate.value == f"{_SH}result"
    }
    return results_of(
        t for t in triples if t.subject in mine or (t.subject == report and t.object in mine)
    )


def _value(triples: tuple[Triple, ...], subject: Any, predicate: str) -> Any:
    return next(
        t.object for t in triples if t.subject == subject and t.predicate.value == predicate
    )


def _file(root: Path, iri: Any) -> Path:
    return root / str(iri.value).removeprefix(PUBLISHED)


def _read(root: Path, path: Path) -> tuple[Triple, ...]:
    iri = PUBLISHED + path.relative_to(root).as_posix()
    return tuple(parse_file(path, iri, "b"))
