# SPDX-License-Identifier: Apache-2.0
"""What an engine gives, and what it does not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, RdfFormat, Triple
from rdflib.plugins.sparql import evaluate

from cosigraph.check.engines import Engine, EngineChoice, Result, choose
from cosigraph.check.engines.choosing import TRIPLES_OF_A_SECOND, pyshacl, pyshifty
from cosigraph.check.engines.engine import Term
from cosigraph.errors import ShapesError, UnsupportedShapesError
from cosigraph.vocabulary import SH, XSD
from tests.canary import Canary

ENGINES = [pyshacl, pyshifty]
PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = 'ex:a a ex:T ; ex:p "007"^^xsd:integer, "1.50"^^xsd:decimal, "x"^^xsd:integer, "five" .'
EX = "http://example.org/"

each_engine = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


def triples(text: str) -> tuple[Triple, ...]:
    quads = pyoxigraph.parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)
    return tuple(quad.triple for quad in quads)


def validated(engine: Callable[[], Engine], shape: str, data: str = DATA) -> list[Result]:
    shapes = triples(f"ex:S a sh:NodeShape ; sh:targetClass ex:T ; {shape} .")
    return engine().validate(triples(data), shapes)


@each_engine
def test_literals_are_told_as_they_are_written(engine: Callable[[], Engine]) -> None:
    results = validated(engine, "sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ]")
    assert {str(result.value) for result in results} == {
        f'"007"^^<{XSD}integer>',
        f'"1.50"^^<{XSD}decimal>',
        f'"x"^^<{XSD}integer>',
        '"five"',
    }


@each_engine
def test_blank_nodes_keep_their_names(engine: Callable[[], Engine]) -> None:
    data = _named("ex:a ex:p [ ex:p [] ] .", "f1b")
    shapes = _named(
        "[] sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI ; "
        "sh:path [ sh:alternativePath ( ex:p ex:q ) ] .",
        "f2b",
    )
    found = next(t for t in data if isinstance(t.subject, BlankNode))
    begin = next(t for t in shapes if t.predicate.value == f"{SH}path")
    results = engine().validate(data, shapes)
    (result,) = (result for result in results if result.focus == found.subject)
    assert result.value == found.object
    assert (result.shape, result.path) == (begin.subject, begin.object)


def _named(text: str, prefix: str) -> tuple[Triple, ...]:
    """Return triples whose blank nodes have names such as those of a project's files."""
    names: dict[BlankNode, BlankNode] = {}

    def name(term: Term | Triple) -> Any:
        if not isinstance(term, BlankNode):
            return term
        return names.setdefault(term, BlankNode(f"{prefix}{len(names)}"))

    return tuple(Triple(name(s), p, name(o)) for s, p, o in triples(text))


SELECT = 'sh:sparql [ sh:message "{?value} is wrong." ; sh:select "SELECT $this ?value { QUERY }" ]'


@each_engine
def test_a_string_is_not_compared_with_a_number(engine: Callable[[], Engine]) -> None:
    query = "$this <http://example.org/p> ?value FILTER(?value > 2020)"
    data = 'ex:a a ex:T ; ex:p "2023", 2023, 2019, "x"^^xsd:integer, "2023-01-01"^^xsd:date .'
    results = validated(engine, SELECT.replace("QUERY", query), data)
    assert [str(result.value) for result in results] == [f'"2023"^^<{XSD}integer>']


@each_engine
@pytest.mark.parametrize("parameter", ["minExclusive", "minInclusive", "maxExclusive"])
def test_what_cannot_be_compared_is_out_of_range(
    engine: Callable[[], Engine], parameter: str
) -> None:
    limit = 10_000 if parameter.startswith("max") else -10_000
    results = validated(engine, f"sh:property [ sh:path ex:p ; sh:{parameter} {limit} ]")
    assert {str(r.value) for r in results} == {f'"x"^^<{XSD}integer>', '"five"'}


@each_engine
def test_a_pattern_ends_where_the_value_ends(engine: Callable[[], Engine]) -> None:
    data = r'ex:a a ex:T ; ex:p "T", "T\n", "T$" .'
    results = validated(engine, r'sh:property [ sh:path ex:p ; sh:pattern "^T[$]?$" ]', data)
    assert [str(result.value) for result in results] == ['"T\\n"']


@each_engine
def test_a_query_about_a_blank_node_is_about_that_node(engine: Callable[[], Engine]) -> None:
    query = "$this <http://example.org/p> ?value FILTER(?value > 5)"
    data = "_:one a ex:T ; ex:p 1 . _:two a ex:T ; ex:p 6 . ex:three a ex:T ; ex:p 7 ; ex:q _:one ."
    results = validated(engine, SELECT.replace("QUERY", query), data)
    assert sorted(str(result.value) for result in results) == [
        f'"6"^^<{XSD}integer>',
        f'"7"^^<{XSD}integer>',
    ]
    (blank,) = (result for result in results if isinstance(result.focus, BlankNode))
    assert [message.value for message in blank.messages] == ["6 is wrong."]


def test_the_fast_engine_leaves_to_the_reference_what_it_cannot_do() -> None:
    lookahead = 'sh:property [ sh:path ex:p ; sh:pattern "^(?!five)" ]'
    with pytest.raises(UnsupportedShapesError):
        validated(pyshifty, lookahead)
    results = validated(lambda: choose(EngineChoice.AUTO, 10**6), lookahead)
    assert [str(result.value) for result in results] == ['"five"']


@pytest.mark.parametrize(
    "shape",
    [
        'sh:not [ sh:sparql [ sh:select "SELECT $this { $this ?p 1 }" ] ]',
        'sh:sparql [ sh:select "SELECT $this { $this ?p ?o FILTER(isBlank($this)) }" ]',
    ],
)
def test_a_query_that_decides_about_blank_nodes_is_left_to_the_reference(shape: str) -> None:
    validated(pyshifty, shape)
    with pytest.raises(UnsupportedShapesError):
        validated(pyshifty, shape, "_:a a ex:T .")


def test_the_size_of_the_data_chooses_the_engine() -> None:
    assert choose(EngineChoice.AUTO, TRIPLES_OF_A_SECOND).name == "pyshacl"
    assert choose(EngineChoice.AUTO, TRIPLES_OF_A_SECOND + 1).name == "pyshifty"
    assert choose(EngineChoice.AUTO, 1, has_components=True).name == "pyshifty"
    assert choose(EngineChoice.PYSHACL, 10**6).name == "pyshacl"
    assert choose(EngineChoice.PYSHIFTY, 1).name == "pyshifty"


@each_engine
def test_nothing_is_inferred_and_no_script_is_run(
    engine: Callable[[], Engine], canary: Canary
) -> None:
    advanced = (
        "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:q ; sh:object ex:b ] ; "
        "sh:expression [ sh:path ex:nothing ] ; "
        "sh:js [ a sh:JSConstraint ; sh:jsFunctionName 'f' ; "
        f"sh:jsLibrary [ sh:jsLibraryURL '{canary.iri}'^^xsd:anyURI ] ] ; "
        f"<http://www.w3.org/2002/07/owl#imports> <{canary.iri}> ; "
        "sh:property [ sh:path ex:q ; sh:minCount 1 ]"
    )
    (result,) = validated(engine, advanced)
    assert result.component.value == f"{SH}MinCountConstraintComponent"
    assert canary.count() == 0


@each_engine
@pytest.mark.parametrize("keyword", ["SERVICE", "SERVICE SILENT", "SERV\\\\u0049CE", "service"])
@pytest.mark.parametrize("where", ["<IRI>", "?where"])
def test_no_query_dials_out(
    engine: Callable[[], Engine], keyword: str, where: str, canary: Canary
) -> None:
    bound = f"BIND(<{canary.iri}> AS ?where) " if where == "?where" else ""
    at = where.replace("IRI", canary.iri)
    query = f"{bound}$this ?p ?value . {keyword} {at} {{ ?a ?b ?c }}"
    with pytest.raises(ShapesError):
        validated(engine, SELECT.replace("QUERY", query))
    assert canary.count() == 0


@each_engine
@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_no_query_reads_what_it_names(
    engine: Callable[[], Engine], clause: str, canary: Canary
) -> None:
    select = f"SELECT $this ?value {clause} <{canary.iri}> {{ $this <{EX}q> ?value }}"
    results = validated(engine, f'sh:sparql [ sh:select "{select}" ]')
    assert results == []
    assert canary.count() == 0


@each_engine
@pytest.mark.parametrize("validator", ["SPARQLAskValidator", "SPARQLSelectValidator"])
def test_no_component_dials_out(
    engine: Callable[[], Engine], validator: str, canary: Canary
) -> None:
    form = "ask" if "Ask" in validator else "select"
    head = "ASK" if form == "ask" else "SELECT $this"
    shapes = triples(f"""
        ex:S a sh:NodeShape ; sh:targetClass ex:T ; ex:asks 3 .
        ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:asks ] ;
            sh:nodeValidator [ a sh:{validator} ;
                sh:{form} "{head} {{ $this ?p ?o SERVICE <{canary.iri}> {{ ?a ?b ?c }} }}" ] .
    """)
    with pytest.raises(ShapesError):
        engine().validate(triples(DATA), shapes)
    assert canary.count() == 0


def test_rdflib_is_as_it_was_after_a_validation() -> None:
    before = evaluate.evalServiceQuery
    validated(pyshacl, "sh:nodeKind sh:IRI")
    assert evaluate.evalServiceQuery is before


def test_components_of_other_shapes_are_forgotten() -> None:
    shapes = """
        ex:S a sh:NodeShape ; sh:targetClass ex:T ; ex:is "LIMIT" .
        ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:is ] ; sh:validator ex:V .
        ex:V a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(STRLEN(STR($value)) QUERY 0) }" .
    """
    for _ in range(5):
        never = triples(shapes.replace("QUERY", "<"))
        assert len(pyshacl().validate(triples(DATA), never)) == 1
        always = triples(shapes.replace("QUERY", ">"))
        assert pyshacl().validate(triples(DATA), always) == []
