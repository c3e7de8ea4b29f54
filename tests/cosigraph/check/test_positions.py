# SPDX-License-Identifier: Apache-2.0
"""Where a statement stands in the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from cosigraph.check.positions import Part, Positions
from cosigraph.check.property_paths import ShapesPaths
from cosigraph.check.statement_index import Term
from cosigraph.check.syntax import ParsedFile, parse_sources
from cosigraph.configuration import read_configuration
from cosigraph.errors import Position, ShapesError
from cosigraph.loading import parse_file
from cosigraph.vocabulary import XSD

EX = "http://example.org/"
SOURCE = """\
@prefix ex: <http://example.org/> .
# ex:a ex:p "not here"
ex:a ex:p "1" , "\U0001f333", 007 ;
\tex:q [ ex:r ex:c ;
      ex:s ( ex:d "deep" ) ], ex:e .
ex:b
  ex:p \"\"\"long
string\"\"\" ; ex:q ex:f .
"""
PREFIXES = """\
@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PATHS = """\
@prefix ex: <http://example.org/> .
# ex:a ex:p "not here"
ex:a ex:p "1" , ex:h, ex:i . ex:i ex:p ex:a .
ex:a ex:q [ ex:r ex:c ;
     ex:s ( ex:d "deep" ) ], ex:e .
ex:b
  ex:p ex:c .

ex:h ex:p ex:a, ex:g .
"""


@pytest.fixture
def positions(tmp_path: Path) -> Positions:
    return made(tmp_path, "a.ttl", SOURCE)


def made(folder: Path, name: str, content: str) -> Positions:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return Positions([ParsedFile(path, "", tuple(parse_file(path, EX)))], EX)


def name(local: str) -> NamedNode:
    return NamedNode(EX + local)


@pytest.mark.parametrize(
    ("focus", "path", "value", "place"),
    [
        ("a", None, None, (3, 1)),
        ("a", "p", Literal("1"), (3, 11)),
        ("a", "p", Literal("\U0001f333"), (3, 17)),
        ("a", "p", None, (3, 22)),  # the last value of the property
        ("a", "q", name("e"), (5, 31)),
        ("a", "z", None, (3, 1)),  # a value that is missing: its subject
        ("b", "p", Literal("long\nstring"), (7, 8)),
        ("b", "q", None, (8, 18)),
        ("f", None, None, (8, 18)),  # a focus node that is a value only
    ],
)
def test_places_are_lines_and_columns_in_code_points(
    positions: Positions, focus: str, path: str | None, value: Term | None, place: tuple[int, int]
) -> None:
    found = positions.of(name(focus), None if path is None else name(path), value)
    assert found is not None
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    ("predicate", "path", "place"),
    [
        ("r", None, (4, 7)),  # the bracket
        ("r", "r", (4, 14)),
        ("r", "z", (4, 7)),  # a value that is missing
        ("s", "s", (5, 12)),  # a list: its bracket
    ],
)
def test_a_blank_node_stands_where_it_is_written(
    tmp_path: Path, predicate: str, path: str | None, place: tuple[int, int]
) -> None:
    positions, triples = parsed(tmp_path, SOURCE)
    blank = next(t.subject for t in triples if t.predicate.value == EX + predicate)
    found = positions.of(blank, None if path is None else name(path))
    assert found is not None
    assert (found.line, found.column) == place


def parsed(folder: Path, content: str) -> tuple[Positions, list[Triple]]:
    positions = made(folder, "a.ttl", content)
    return positions, parse_file(folder / "a.ttl", EX)


def shape_triples(path: str) -> list[Triple]:
    text = f"{PREFIXES} ex:shape sh:path {path} ."
    return [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]


def path_of(shapes: list[Triple]) -> Term:
    return next(t.object for t in shapes if t.subject == name("shape"))


@pytest.mark.parametrize(
    ("shape", "value", "place"),
    [
        ("ex:q", "d", (5, 30)),  # no value of it: its last object
        ("[ sh:inversePath ex:p ]", "i", (3, 40)),
        ("[ sh:inversePath ex:p ]", None, (9, 11)),  # the last
        ("( ex:q ex:s )", None, (5, 11)),
        ("( ex:q ex:s [ sh:zeroOrMorePath rdf:rest ] rdf:first )", "d", (5, 13)),
        ("( ex:q ex:missing )", None, (4, 11)),  # the first step of the way that there is
        ("[ sh:alternativePath ( ex:missing ex:p ) ]", None, (3, 23)),
        ("[ sh:alternativePath ( ex:missing ex:q ) ]", "e", (5, 30)),
        ("( ex:q [ sh:inversePath ex:q ] ex:p )", None, (3, 23)),
        ("[ sh:zeroOrOnePath ex:q ]", "e", (5, 30)),
        ("[ sh:oneOrMorePath ex:p ]", "g", (9, 17)),
        ("[ sh:zeroOrMorePath ex:p ]", "a", (3, 1)),  # the node itself
    ],
)
def test_a_path_leads_to_the_token_of_its_value(
    tmp_path: Path, shape: str, value: str | None, place: tuple[int, int]
) -> None:
    positions = made(tmp_path, "a.ttl", PATHS)
    shapes = shape_triples(shape)
    path = ShapesPaths(shapes).path(path_of(shapes))
    focus = name("a")
    found = positions.of(focus, path, None if value is None else name(value))
    assert found is not None
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    "shape",
    [
        "[]",
        '"no path"',
        "_:a . _:a sh:inversePath _:a",
        "_:a . _:a rdf:first ex:p ; rdf:rest _:a",
        "( ex:p [] )",
        "[ sh:alternativePath ex:p ]",
    ],
)
def test_what_is_no_path_is_refused(shape: str) -> None:
    shapes = shape_triples(shape)
    with pytest.raises(ShapesError):
        ShapesPaths(shapes).path(path_of(shapes))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("007", Literal("7", datatype=NamedNode(f"{XSD}integer"))),
        ('"5"^^xsd:int', Literal("5", datatype=NamedNode(f"{XSD}integer"))),
        ("1.50", Literal("1.5", datatype=NamedNode(f"{XSD}decimal"))),
        ('"1"^^xsd:boolean', Literal("true", datatype=NamedNode(f"{XSD}boolean"))),
        ('"x"^^xsd:integer', Literal("x")),  # ill-typed, told as a string
        ('"x"@en-GB', Literal("x", language="EN-gb")),
    ],
)
def test_a_literal_that_an_engine_wrote_anew_is_found(
    tmp_path: Path, written: str, told: Literal
) -> None:
    text = f"{PREFIXES}ex:a ex:p 1,\n  {written}, 2 ."
    found = made(tmp_path, "a.ttl", text).of(name("a"), name("p"), told)
    assert found is not None
    assert (found.line, found.column) == (5, 3)


def test_a_literal_is_found_as_a_focus_node(positions: Positions) -> None:
    found = positions.of(Literal("deep"))
    assert found == Position(found.source if found else None, 5, 19, 5, 25)


def test_a_token_has_an_end(positions: Positions) -> None:
    found = positions.of(name("b"), name("p"), Literal("long\nstring"))
    assert found is not None
    assert (found.end_line, found.end_column) == (8, 10)


def test_two_readings_of_one_thing_are_told_apart_by_their_order(tmp_path: Path) -> None:
    first = ParsedFile(*written(tmp_path, "a.ttl", "<a> <p> 1, 1 ."))
    second = ParsedFile(*written(tmp_path, "b.ttl", "<a> <p> 1 ."))
    positions = Positions([first, second], EX)
    assert [positions.at(first, number).column for number in range(2)] == [9, 12]
    found = positions.of(name("a"), name("p"))
    assert found is not None
    assert found.source == str(second.path)  # the last of them


def written(folder: Path, file: str, content: str) -> tuple[Path, str, tuple[Triple, ...]]:
    path = folder / file
    path.write_text(content, encoding="utf-8")
    return path, "", tuple(parse_file(path, EX))


def test_what_stands_nowhere_has_no_place(positions: Positions) -> None:
    assert positions.of(name("nowhere")) is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_do_not_shift_places(
    tmp_path: Path, end: str, mark: str
) -> None:
    text = f"{mark}<urn:z> <urn:p> 1 .{end}<urn:a>{end}\t <urn:p>{end}\t <urn:b> .{end}"
    positions = made(tmp_path, "a.ttl", text)
    found = positions.of(NamedNode("urn:a"), NamedNode("urn:p"))
    assert found is not None
    assert (found.line, found.column, found.end_line, found.end_column) == (4, 3, 4, 10)
    first = positions.of(NamedNode("urn:z"))
    assert first is not None
    assert (first.line, first.column) == (1, 1)


def test_n_triples_are_located_too(tmp_path: Path) -> None:
    positions = made(tmp_path, "a.nt", '<urn:a> <urn:p> "x" .\n<urn:b> <urn:p> "y" .\n')
    found = positions.of(NamedNode("urn:b"), NamedNode("urn:p"), Literal("y"))
    assert found is not None
    assert (found.line, found.column) == (2, 17)


def test_json_ld_gives_the_file(tmp_path: Path) -> None:
    positions = made(tmp_path, "a.jsonld", '{"@id": "urn:a", "urn:p": "x"}')
    assert positions.of(NamedNode("urn:a")) == Position(str(tmp_path / "a.jsonld"), 1, 1)


RDF_XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="urn:p:">
  <rdf:Description rdf:about="a"><p:p>1</p:p></rdf:Description>
  <!-- é --> <p:T rdf:ID="b"><p:p rdf:nodeID="x"/></p:T>
  <rdf:Description rdf:about="a"><p:p>2</p:p></rdf:Description>
  <p:T xml:base="http://elsewhere.example/" rdf:about="c"/>
  <p:T rdf:nodeID="x"/>
</rdf:RDF>"""


@pytest.mark.parametrize(
    ("focus", "place"),
    [(EX + "a", (2, 3)), (EX + "#b", (3, 14)), ("http://elsewhere.example/c", (5, 3))],
)
def test_rdf_xml_gives_the_element_that_describes_the_subject(
    tmp_path: Path, focus: str, place: tuple[int, int]
) -> None:
    found = made(tmp_path, "a.rdf", RDF_XML).of(NamedNode(focus))
    assert found is not None
    assert (found.line, found.column) == place


def test_rdf_xml_gives_the_file_for_a_blank_node(tmp_path: Path) -> None:
    positions = made(tmp_path, "a.rdf", RDF_XML)
    blank = next(t for t in parse_file(tmp_path / "a.rdf", EX) if isinstance(t.subject, BlankNode))
    assert positions.of(blank.subject) == Position(str(tmp_path / "a.rdf"), 1, 1)


def test_newer_turtle_is_located_too(tmp_path: Path) -> None:
    newer = '@version "1.2" .\n<urn:a> <urn:p> <<( <urn:a> <urn:p> 1 )>>,\n "x" .\n'
    found = made(tmp_path, "a.ttl", newer).of(NamedNode("urn:a"), NamedNode("urn:p"))
    assert found is not None
    assert (found.line, found.column) == (3, 2)


def test_the_graphs_of_a_file_are_located_by_the_statements_of_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.trig"
    path.write_text("<a> <p> 1 .\n<g> { <a> <p> 2 }\n<a> <p> 3 .\n", encoding="utf-8")
    (tmp_path / "cosigraph.toml").write_text(
        f"[project]\nbase = '{EX}'\n[[graph]]\nname = 'own'\nfiles = ['a.trig']\n", "utf-8"
    )
    files, findings = parse_sources(tmp_path, read_configuration(tmp_path))
    assert not findings
    assert [file.graph_iri for file in files] == [f"{EX}graph/own", f"{EX}g"]
    positions = Positions(files, EX)
    places = [positions.at(file, 0, Part.SUBJECT) for file in files]
    assert [(place.line, place.column) for place in places] == [(1, 1), (2, 7)]
    assert positions.at(files[0], 1, Part.PREDICATE).line == 3


def test_a_file_that_is_gone_since_gives_its_name(tmp_path: Path) -> None:
    positions = made(tmp_path, "a.ttl", "<a> <p> 1 .")
    (tmp_path / "a.ttl").unlink()
    assert positions.of(name("a")) == Position(str(tmp_path / "a.ttl"), 1, 1)
