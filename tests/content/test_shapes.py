# SPDX-License-Identifier: Apache-2.0
"""The shapes: each constraint is seen to fail, and the data that ships satisfies all of them.

For each file ``shapes/NAME.ttl`` the folder ``shapes/NAME/`` beside this test holds graphs that
conform (``valid.CASE.ttl``) and graphs with one fault (``invalid.REASON.ttl``), the latter with
the results that validation must give (``invalid.REASON.expected.csv``). A graph is validated
against its own file only, so that it can be small.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

ROOT = Path(__file__).parent.parent.parent
SHAPES = ROOT / "shapes"
CASES = Path(__file__).parent / "shapes"
COSI = Namespace("https://w3id.org/cosigraph/ontology#")
COSISH = Namespace("https://w3id.org/cosigraph/shapes#")
SHARED = ("prefixes", "values")  # what the shapes of every file build on
FILES = sorted(file.stem for file in SHAPES.glob("*.ttl") if file.stem not in SHARED)
SEVERITIES = {SH.Violation, SH.Warning, SH.Info}
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
CONSTRAINTS = (SH.pattern, SH.nodeKind)  # what node shapes constrain themselves

Result = tuple[str, str, str, str]


@cache
def prepared(query: str) -> Query:
    return prepareQuery(query)


class PreparingGraph(Graph):
    """A graph that parses each query once; pySHACL asks it again for each focus node."""

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> Any:
        text = isinstance(query_object, str)
        return super().query(prepared(query_object) if text else query_object, *args, **options)


@cache
def shapes_of(*names: str) -> Graph:
    graph = Graph()
    for name in (*names, *SHARED):
        graph.parse(SHAPES / f"{name}.ttl")
    return graph


@cache
def shipped_data() -> Graph:
    """Every graph that is in the default graph: without readings that replace another graph."""
    configuration = tomllib.loads((ROOT / "cosigraph.toml").read_text(encoding="utf-8"))
    graph = Graph()
    for source in configuration["graph"]:
        if "replaces" not in source:
            for pattern in source["files"]:
                for file in sorted(ROOT.glob(pattern)):
                    graph.parse(file)
    return graph


def results(data: Graph, shapes: Graph) -> list[Result]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    assert isinstance(report, Graph), report

    def row(result: Node) -> Result:
        focus = report.value(result, SH.focusNode)
        return (
            str(report.value(result, SH.sourceShape)).replace(str(COSISH), "cosish:"),
            str(report.value(result, SH.sourceConstraintComponent)).replace(str(SH), "sh:"),
            "_" if isinstance(focus, BNode) else str(focus),
            str(report.value(result, SH.resultSeverity)).replace(str(SH), "sh:"),
        )

    return sorted({row(result) for result in report.objects(None, SH.result)})


def expected(case: Path) -> list[Result]:
    with case.with_suffix(".expected.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["shape", "component", "focus_node", "severity"]
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def cases(kind: str) -> list[Path]:
    return sorted(CASES.glob(f"*/{kind}.*.ttl"))


def case_name(case: Path) -> str:
    return f"{case.parent.name}-{case.stem.split('.', 1)[1]}"


def own_shapes() -> list[URIRef]:
    """Return the shapes that give results: property shapes, and node shapes with constraints."""
    graph = shapes_of(*FILES)
    shapes = set(graph.subjects(RDF.type, SH.PropertyShape))
    for constraint in CONSTRAINTS:
        shapes |= set(graph.subjects(constraint)) & set(graph.subjects(RDF.type, SH.NodeShape))
    return sorted(shape for shape in shapes if isinstance(shape, URIRef))


@pytest.mark.parametrize("case", cases("valid"), ids=case_name)
def test_a_valid_case_conforms(case: Path) -> None:
    assert results(PreparingGraph().parse(case), shapes_of(case.parent.name)) == []


@pytest.mark.parametrize("case", cases("invalid"), ids=case_name)
def test_an_invalid_case_gives_the_expected_results(case: Path) -> None:
    rows = expected(case)
    assert rows
    assert results(PreparingGraph().parse(case), shapes_of(case.parent.name)) == rows


@pytest.mark.parametrize("name", FILES)
def test_a_shapes_file_has_valid_and_invalid_cases(name: str) -> None:
    assert list((CASES / name).glob("valid.*.ttl"))
    assert list((CASES / name).glob("invalid.*.ttl"))


def test_a_case_belongs_to_a_shapes_file_and_an_expectation_to_a_case() -> None:
    assert {folder.name for folder in CASES.iterdir()} == set(FILES)
    expectations = {file.name.removesuffix(".expected.csv") for file in CASES.glob("*/*.csv")}
    assert expectations == {case.stem for case in cases("invalid")}


def test_each_constraint_is_violated_by_a_case() -> None:
    violated = {row[0] for case in cases("invalid") for row in expected(case)}
    constraints = {str(shape).replace(str(COSISH), "cosish:") for shape in own_shapes()}
    assert constraints - violated == set()
    assert violated - constraints == set()


def test_each_constraint_says_what_is_wrong_and_how_grave_it_is() -> None:
    graph = shapes_of(*FILES)
    for shape in own_shapes():
        messages = list(graph.objects(shape, SH.message))
        assert len(messages) == 1, shape
        assert isinstance(messages[0], Literal)
        assert messages[0].language == "en"
        assert str(messages[0]).endswith("."), shape
        assert graph.value(shape, SH.severity) in SEVERITIES, shape


def test_each_shape_has_an_identifier_in_the_namespace_and_a_name() -> None:
    graph = shapes_of(*FILES)
    for kind, name in ((SH.NodeShape, RDFS.label), (SH.PropertyShape, SH.name)):
        for shape in graph.subjects(RDF.type, kind):
            assert isinstance(shape, URIRef)
            assert shape in COSISH
            assert len(list(graph.objects(shape, name))) == 1, shape


def test_no_property_shape_stands_alone() -> None:
    graph = shapes_of(*FILES)
    used = Counter(graph.objects(None, SH.property))
    assert used == Counter(graph.subjects(RDF.type, SH.PropertyShape))


def test_blank_nodes_are_paths_and_lists_only() -> None:
    graph = shapes_of(*FILES)
    for node in {subject for subject in graph.subjects() if isinstance(subject, BNode)}:
        predicates = set(graph.predicates(node))
        assert predicates <= {RDF.first, RDF.rest, SH.inversePath, SH.alternativePath}, predicates


def test_no_two_shapes_have_the_same_target() -> None:
    graph = shapes_of(*FILES)
    classes = Counter(graph.objects(None, SH.targetClass))
    assert [target for target, uses in classes.items() if uses > 1] == []


def test_each_target_matches_something_in_the_shipped_data() -> None:
    shapes, data = shapes_of(*FILES), shipped_data()
    matched = {
        SH.targetClass: set(data.objects(None, RDF.type)),
        SH.targetSubjectsOf: set(data.predicates()),
        SH.targetObjectsOf: set(data.predicates()),
    }
    idle = [
        (shape, target)
        for kind in TARGETS
        for shape, target in shapes.subject_objects(kind)
        if target not in matched[kind]
    ]
    assert idle == []


def test_shapes_and_their_queries_use_only_terms_that_the_ontology_has() -> None:
    terms = set(shipped_data().subjects(RDFS.isDefinedBy))
    shapes = shapes_of(*FILES)
    named = {node for triple in shapes for node in triple if isinstance(node, URIRef)}
    for query in shapes.objects(None, SH.select):
        named |= {COSI[name] for name in re.findall(r"\bcosi:(\w+)", str(query))}
    assert {term for term in named if term in COSI} - terms == set()


def test_the_shipped_data_conforms() -> None:
    data = PreparingGraph()
    for graph in (shipped_data(), shapes_of(*FILES)):
        data += graph
    assert results(data, shapes_of(*FILES)) == []
