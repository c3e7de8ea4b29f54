# SPDX-License-Identifier: Apache-2.0
"""SHACL over the files as they were parsed, by whichever engine.

The data are the graphs of a reading without the shapes; the shapes are the files below
``shapes/``. Oxigraph's store rewrites some literals, so the store is not what is validated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from pyoxigraph import Triple

from cosigraph.check.engines import Engine, EngineChoice, choose
from cosigraph.check.findings import Finding
from cosigraph.check.result_findings import ResultFindings
from cosigraph.check.shape_rules import ShapeRules
from cosigraph.check.shapes_graph import ShapesGraph
from cosigraph.check.sources import SHAPES, Sources, triples_of
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import ShapesError

_ILL_FORMED = "shacl/ill-formed-shapes"


def check_shapes(
    sources: Sources,
    readings: Mapping[str, str],
    progress: Callable[[str], None],
    choice: EngineChoice = EngineChoice.AUTO,
) -> tuple[int, list[Finding]]:
    """Validate the data against the shapes; return the number of shapes, and the findings.

    ``readings`` has the graph of each alternative reading by its name. A finding of such a reading
    is told when the settled one has it not.
    """
    shapes_files = sources.of(SHAPES)
    if not shapes_files:
        return 0, []
    shapes = ShapesGraph(triples_of(shapes_files))
    settled = [file for file in sources.settled if file not in shapes_files]
    data = _data(settled)
    progress("Checking the shapes")
    rules = ShapeRules(shapes, ResultFindings(shapes, sources), sources)
    others = [file for file in sources.files if file not in shapes_files]
    findings = list(rules.check(choose(choice, len(shapes.triples)), triples_of(others)))
    if choice is EngineChoice.AUTO and any(f.rule == _ILL_FORMED for f in findings):
        choice = EngineChoice.PYSHACL  # which says what it cannot use, and passes nothing over
    engine = choose(choice, len(data), has_components=shapes.has_components)
    progress(f"Validating against the shapes with {engine.name}")
    findings += _validate(engine, shapes, sources.only([*settled, *shapes_files]), data)
    known = set(findings)
    for reading, iri in readings.items():
        progress(f"Validating reading {reading}")
        replaced = sources.replaced[iri]
        files = [file for file in settled if file.graph_iri != replaced]
        files += [file for file in sources.files if file.graph_iri == iri]
        only = sources.only([*files, *shapes_files])
        for finding in _validate(engine, shapes, only, _data(files)):
            if finding not in known:
                findings.append(replace(finding, reading=reading))
    return len(shapes.declared), findings


def _validate(
    engine: Engine, shapes: ShapesGraph, sources: Sources, data: tuple[Triple, ...]
) -> Iterator[Finding]:
    findings = ResultFindings(shapes, sources)
    try:
        results = engine.validate(data, shapes.triples)
    except ShapesError as error:
        yield findings.failure(error)
        return
    for result in results:
        yield findings.finding(result)


def _data(files: Iterable[ParsedFile]) -> tuple[Triple, ...]:
    return tuple(triples_of(files))
