# SPDX-License-Identifier: Apache-2.0
"""The house's form: the graph and the comments stay, and the form is the same the second time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from pyoxigraph import RdfFormat

from cosigraph.errors import DataSyntaxError, OutputError, ProjectError
from cosigraph.formatting import formatted, is_formatted, write_file
from cosigraph.formatting.comments import _comments_within
from cosigraph.formatting.document import BASE, read_document
from cosigraph.formatting.statement_lines import sort_lines
from cosigraph.formatting.writer import write_document
from cosigraph.source.tokens import TOKEN
from cosigraph.turtle import write_turtle
from tests.turtle_documents import trig_documents, turtle_documents

ROOT = Path(__file__).parents[3]
OWN = [path for name in ("ontology", "data", "shapes") for path in (ROOT / name).rglob("*.ttl")]


def form(text: str, format_: RdfFormat = RdfFormat.TURTLE) -> str:
    return write_document(read_document(text.encode(), format_))


def comments(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for match in TOKEN.finditer(text.encode()):
        if match.lastindex is None:
            found[match[0].decode().rstrip()] += 1
        found.update(_comments_within(match))
    return found


def canonical(text: str, format_: RdfFormat) -> set[pyoxigraph.Quad]:
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format_, base_iri=BASE))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@settings(max_examples=100)
@given(turtle_documents())
def test_turtle_keeps_graph_and_comments_and_is_the_same_again(text: str) -> None:
    once = form(text)
    assert canonical(once, RdfFormat.TURTLE) == canonical(text, RdfFormat.TURTLE)
    assert form(once) == once
    assert comments(once) == comments(text)


def test_nodes_that_are_all_alike_take_no_time(tmp_path: Path) -> None:
    """A canonical form of their graph would take longer than anybody waits."""
    nodes = [f"_:n{number:02}" for number in range(12)]
    lines = [f"{one} <urn:p> {other} .\n" for one in nodes for other in nodes if one != other]
    path = tmp_path / "alike.ttl"
    path.write_text("".join(lines), encoding="utf-8")
    written = formatted(path)[1]
    triples = set(pyoxigraph.parse(written, RdfFormat.TURTLE))
    assert triples == set(pyoxigraph.parse("".join(lines), RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("<a:a> <a:b> [ <a:b> 1 ] .", "<a:a> <a:b> [ <a:b> 2 ] ."),
        ("<a:a> <a:b> [], [] .", "<a:a> <a:b> [] ."),
        ("<a:a> <a:b> _:a . <a:c> <a:b> _:a .", "<a:a> <a:b> _:a . <a:c> <a:b> [] ."),
        ("<a:a> <a:b> _:a . _:a <a:b> _:c . _:c <a:b> 1 .", "<a:a> <a:b> [ <a:b> [] ] ."),
    ],
)
def test_a_file_whose_graph_would_change_is_refused(
    text: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosigraph.formatting.write_document", lambda _: other)
    path = tmp_path / "a.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError, match="without a change of its graph"):
        formatted(path)


@settings(max_examples=100)
@given(trig_documents())
def test_trig_keeps_graph_and_comments_and_is_the_same_again(text: str) -> None:
    once = form(text, RdfFormat.TRIG)
    assert canonical(once, RdfFormat.TRIG) == canonical(text, RdfFormat.TRIG)
    assert form(once, RdfFormat.TRIG) == once
    assert comments(once) == comments(text)


@settings(max_examples=60)
@given(turtle_documents(newer=False))
def test_a_graph_that_the_house_wrote_stays_as_it_is(text: str) -> None:
    parser = pyoxigraph.parse(text, RdfFormat.TURTLE, base_iri="http://example.org/")
    triples = [quad.triple for quad in parser]
    assert canonical(form(text), RdfFormat.TURTLE) == canonical(text, RdfFormat.TURTLE)
    house = write_turtle(triples, dict(parser.prefixes))
    assert form(house) == house


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_the_repositorys_own_files_are_in_the_houses_form(path: Path) -> None:
    assert is_formatted(path) == []


BEFORE = """\
# SPDX-License-Identifier: CC0-1.0
# A header.

@prefix ex: <http://example.org/> . # trailing
@prefix unused: <http://unused.example/> . # not used
# on the block of b
ex:b ex:q 1 ; a ex:T . # the type
# on a

# and more on a
ex:a ex:list ( # opened
  007 1.50 # a number
  # at the end of the list
) ;
  # on p
  ex:p "x", # behind x
    # on y
    'y' ; # behind y
  ex:r [ ex:z 1 ; # one
    # at the end of the bracket
  ] ; # behind the bracket
  ex:s \"\"\"long
# no comment\"\"\"@de-AT .
ex:b ex:p <relative> ;
  # at the end of b
  .
# at the end
"""
AFTER = """\
# SPDX-License-Identifier: CC0-1.0
# A header.

@prefix ex: <http://example.org/> . # trailing

# on a

# and more on a
ex:a ex:list ( # opened
        007
        1.50 # a number
        # at the end of the list
    ) ;
    # on p
    ex:p
        "x", # behind x
        # on y
        "y" ; # behind y
    ex:r [
        ex:z 1 # one
        # at the end of the bracket
    ] ; # behind the bracket
    ex:s \"\"\"long
# no comment\"\"\"@de-AT .

# on the block of b
ex:b a ex:T ; # the type
    ex:p <relative> ;
    ex:q 1
    # at the end of b
    .

# at the end
# not used
"""


def test_comments_stay_where_they_belong() -> None:
    assert form(BEFORE) == AFTER
    assert form(AFTER) == AFTER


def test_named_graphs_are_blocks_behind_the_default_graph() -> None:
    text = """\
PREFIX ex: <http://example.org/>
# on b
ex:b { # behind the brace
  ex:y ex:p \"\"\"two
lines\"\"\" .
  # at the end of b
}
ex:x ex:p ex:o .
GRAPH ex:a { # on x
  ex:x ex:p ex:o }
_:g { ex:x ex:p _:g }
"""
    expected = """\
@prefix ex: <http://example.org/> .

ex:x ex:p ex:o .

# on x
ex:a {
    ex:x ex:p ex:o .
}

# on b
# behind the brace
ex:b {
    ex:y ex:p \"\"\"two
lines\"\"\" .

    # at the end of b
}

_:g {
    ex:x ex:p _:g .
}
"""
    assert form(text, RdfFormat.TRIG) == expected
    assert form(expected, RdfFormat.TRIG) == expected


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("007", "007"),
        ("+1", "+1"),
        ("1e5", "1e5"),
        ("'x'", '"x"'),
        ('"""x"""', '"""x"""'),
        ("'''two\nlines'''", '"""two\nlines"""'),
        (r'"\u00e9"', r'"\u00e9"'),
        ('"x"@en-GB', '"x"@en-GB'),
        ('"x" ^^ xsd:date', '"x"^^xsd:date'),
        ('"x"^^<relative>', '"x"^^<relative>'),
        ('"5"^^xsd:integer', "5"),
        ('"""a\r\nb"""', '"""a\\r\nb"""'),
        ('"a\tb"', '"a\\tb"'),
    ],
)
def test_a_literal_is_written_as_it_was_where_the_house_would(written: str, kept: str) -> None:
    text = f"@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n<urn:a> <urn:b> {written} ."
    assert form(text).split("\n\n")[-1] == f"<urn:a> <urn:b> {kept} .\n" or kept in form(text)


def test_statement_lines_are_sorted_with_their_comments() -> None:
    text = "# head\n\n# on c\n<u:c> <u:p> 'x' .\r\n<u:a> <u:p> <u:o> . # behind\n# end\n"
    once = sort_lines(text)
    assert once == "# head\n\n<u:a> <u:p> <u:o> . # behind\n# on c\n<u:c> <u:p> 'x' .\n# end\n"
    assert sort_lines(once) == once
    assert sort_lines("# a\n\n# b\n") == "# a\n# b\n"
    assert sort_lines("") == ""


def test_the_lines_that_differ_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<urn:a> a <urn:T> .\n\n<urn:b>   a <urn:T> .\n")
    assert is_formatted(path) == [3]
    write_file(path, formatted(path)[1])
    assert is_formatted(path) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<urn:a> <urn:b> ", "a.ttl:1:17: "),
        (b"\xff", "a.ttl:1:1: "),
        (
            b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <relative> )>> .",
            "cannot be written in the house's form",
        ),
    ],
)
def test_a_file_that_cannot_be_formatted_is_one_clear_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(content)
    with pytest.raises((ProjectError, DataSyntaxError)) as caught:
        formatted(path)
    assert message in str(caught.value)


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("before")
    path.chmod(0o640)
    link = tmp_path / "link.ttl"
    link.symlink_to(path)
    write_file(link, "after")
    assert (path.read_text(), link.is_symlink(), path.stat().st_mode & 0o777) == (
        "after",
        True,
        0o640,
    )
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", _full)
        with pytest.raises(OutputError, match="cannot be written"):
            write_file(path, "lost")
    assert sorted(tmp_path.iterdir()) == [path, link]
    assert path.read_text() == "after"


def _full(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")
