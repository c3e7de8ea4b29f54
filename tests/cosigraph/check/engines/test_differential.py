# SPDX-License-Identifier: Apache-2.0
"""Both engines find the same: in the rules' fixtures, in a made-up orchard, in the W3C's suite.

Where they may differ is written down here, with the reason; a difference that is no longer there
fails as one that is new.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, RdfFormat, Triple

from benchmarks.orchard import SHAPES, lines
from cosigraph.check.engines import Engine, Result
from cosigraph.check.engines.choosing import pyshacl, pyshifty
from cosigraph.check.property_paths import ShapesPaths
from cosigraph.check.sources import SHAPES as SHAPES_ROOM
from cosigraph.check.sources import Sources, triples_of
from cosigraph.check.syntax import parse_sources
from cosigraph.configuration import read_configuration
from cosigraph.errors import ShapesError
from cosigraph.loading import parse_file
from tests.w3c.manifests import suites_folder
from tests.w3c.shacl import cases

RULES = Path(__file__).parent.parent / "rules" / "shacl"
FIXTURES = sorted(RULES.glob("*/*"))

ALLOWED_FIXTURES = {
    "custom-constraint/invalid": "pySHACL tells no value for a property's own component",
    "ill-formed-shapes/invalid": "pySHACL refuses what is ill-formed, pyshifty passes it over; "
    "so ill-formed shapes always go to pySHACL unless --engine says otherwise",
}
ALLOWED_SUITE = {
    "sparql/pre-binding/shapesGraph-001": "pySHACL refuses $shapesGraph",
}

Key = tuple[str, str, str, str, str, str]


def keys(results: list[Result], shapes: tuple[Triple, ...]) -> Counter[Key]:
    paths = ShapesPaths(shapes)
    return Counter(
        (
            str(result.focus),
            "" if result.path is None else str(paths.path(result.path)),
            str(result.value),
            result.component.value,
            "_:" if isinstance(result.shape, BlankNode) else str(result.shape),
            result.severity.value,
        )
        for result in results
    )


def name_of(case: Path) -> str:
    return str(case.relative_to(RULES))


@pytest.mark.parametrize("case", FIXTURES, ids=name_of)
def test_both_engines_find_the_same_in_a_fixture(case: Path) -> None:
    files, broken = parse_sources(case, read_configuration(case))
    assert not broken
    sources = Sources(case, read_configuration(case), tuple(files))
    shapes = tuple(triples_of(sources.of(SHAPES_ROOM)))
    data = tuple(triples_of(file for file in files if file not in sources.of(SHAPES_ROOM)))
    found = [outcome_of(engine, data, shapes) for engine in (pyshacl(), pyshifty())]
    assert (found[0] != found[1]) == (name_of(case) in ALLOWED_FIXTURES), found


def outcome_of(
    engine: Engine, data: tuple[Triple, ...], shapes: tuple[Triple, ...]
) -> Counter[Key] | None:
    try:
        return keys(engine.validate(data, shapes), shapes)
    except ShapesError:
        return None


def orchard(number: int, seed: int) -> tuple[Triple, ...]:
    text = "\n".join(lines(number, seed))
    quads = pyoxigraph.parse(text.encode(), format=RdfFormat.N_TRIPLES)
    return tuple(dict.fromkeys(quad.triple for quad in quads))


@pytest.mark.parametrize(
    ("number", "seed"), [(1_000, 1), (2_000, 2), pytest.param(20_000, 3, marks=pytest.mark.long)]
)
def test_both_engines_find_the_same_in_an_orchard(number: int, seed: int) -> None:
    data = orchard(number, seed)
    shapes = tuple(parse_file(SHAPES, "https://orchard.example/", "shapes"))
    reference = keys(pyshacl().validate(data, shapes), shapes)
    fast = keys(pyshifty().validate(data, shapes), shapes)
    assert sorted((fast - reference).elements()) == []
    assert sorted((reference - fast).elements()) == []
    components = {key[3].rpartition("#")[2] for key in reference}
    assert len(components) >= 28, components


def test_both_engines_find_the_same_in_the_suite() -> None:
    folder = suites_folder()
    if folder is None:
        pytest.skip("COSIGRAPH_W3C_SUITES is not set, so the W3C suites are not run")
    engines = pyshacl(), pyshifty()
    different = set()
    for case in cases(folder):
        reference, fast = (outcome_of(engine, case.data, case.shapes) for engine in engines)
        if reference != fast:
            different.add(case.name)
    assert different == set(ALLOWED_SUITE)
