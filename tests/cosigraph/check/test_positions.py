# SPDX-License-Identifier: Apache-2.0
"""Where a statement stands in the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from cosigraph.check.positions import Positions
from cosigraph.check.syntax import ParsedFile
from cosigraph.loading import parse_file

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


@pytest.fixture
def positions(tmp_path: Path) -> Positions:
    return made(tmp_path, "a.ttl", SOURCE)


def made(folder: Path, name: str, content: str) -> Positions:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return Positions([ParsedFile(path, "", tuple(parse_file(path, EX)))], EX)


def name(local: str) -> URIRef:
    return URIRef(EX + local)


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
    positions: Positions, focus: str, path: str | None, value: Node | None, place: tuple[int, int]
) -> None:
    found = positions.of(name(focus), None if path is None else name(path), value)
    assert found is not None
    assert (found.line, found.column) == place


def test_a_blank_node_is_looked_for_at_the_subject_that_leads_to_it(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(SOURCE, encoding="utf-8")
    triples = parse_file(path, EX)
    blank = next(t.subject for t in triples if str(t.predicate) == f"<{EX}r>")
    positions = Positions([ParsedFile(path, "", tuple(triples))], EX)
    found = positions.of(BNode(getattr(blank, "value", "")), name("r"))
    assert found is not None
    assert found.line == 3


def test_what_stands_nowhere_has_no_place(positions: Positions) -> None:
    assert positions.of(name("nowhere")) is None


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_do_not_shift_places(tmp_path: Path, end: str) -> None:
    positions = made(tmp_path, "a.ttl", f"{end}<urn:a>{end}  <urn:p>{end}  <urn:b> .{end}")
    found = positions.of(URIRef("urn:a"), URIRef("urn:p"))
    assert found is not None
    assert (found.line, found.column) == (4, 3)


def test_n_triples_are_located_too(tmp_path: Path) -> None:
    positions = made(tmp_path, "a.nt", '<urn:a> <urn:p> "x" .\n<urn:b> <urn:p> "y" .\n')
    found = positions.of(URIRef("urn:b"), URIRef("urn:p"), Literal("y"))
    assert found is not None
    assert (found.line, found.column) == (2, 17)


def test_other_formats_give_the_file(tmp_path: Path) -> None:
    positions = made(tmp_path, "a.jsonld", '{"@id": "urn:a", "urn:p": "x"}')
    found = positions.of(URIRef("urn:a"))
    assert str(found) == str(tmp_path / "a.jsonld")


def test_newer_turtle_than_rdflib_reads_gives_the_file_at_least(tmp_path: Path) -> None:
    newer = '@version "1.2" .\n<urn:a> <urn:p> <<( <urn:a> <urn:p> 1 )>> .\n'
    found = made(tmp_path, "a.ttl", newer).of(URIRef("urn:a"))
    assert found is not None
    assert found.source == str(tmp_path / "a.ttl")
