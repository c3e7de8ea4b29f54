# SPDX-License-Identifier: Apache-2.0
"""Files become graphs; what is wrong with one is said with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.configuration import read_configuration
from cosigraph.dataset import Dataset
from cosigraph.errors import DataSyntaxError, ProjectError
from cosigraph.loading import load_dataset, parse_file, source_files

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"
BASE = "https://base.example/"
A, B, C = (NamedNode(BASE + name) for name in "abc")

CONTENTS = {
    "x.ttl": b"<a> <b> <c> .",
    "x.nt": b"<https://base.example/a> <https://base.example/b> <https://base.example/c> .",
    "x.rdf": b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:b="https://base.example/"><rdf:Description rdf:about="a"><b:b rdf:resource="c"/>
        </rdf:Description></rdf:RDF>""",
    "x.jsonld": b'{"@id": "a", "https://base.example/b": {"@id": "c"}}',
}


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", CONTENTS)
def test_every_syntax_gives_the_same_triples(tmp_path: Path, name: str) -> None:
    assert parse_file(written(tmp_path, name, CONTENTS[name]), BASE) == [Triple(A, B, C)]


@pytest.mark.parametrize("name", CONTENTS)
def test_a_byte_order_mark_is_passed_over(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, b"\xef\xbb\xbf" + CONTENTS[name])
    assert parse_file(path, BASE) == [Triple(A, B, C)]


def test_a_file_without_end_is_one_clear_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "zero.ttl").symlink_to("/dev/zero")
    for name in ("pipe.ttl", "zero.ttl"):
        with pytest.raises(ProjectError, match="no regular file"):
            parse_file(tmp_path / name, "https://example.org/")


def test_an_empty_turtle_file_has_no_triples(tmp_path: Path) -> None:
    assert parse_file(written(tmp_path, "x.ttl", b""), BASE) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.ttl", b"<a> <b>\n ex:c .", "x.ttl:2:2: The prefix ex: has not been declared."),
        ("x.ttl", b"<a> <b>\n <c>", "x.ttl:2:5: Unexpected end."),
        ("x.ttl", b'<a> <b> "\xff" .', "x.ttl:1:10: The file is not UTF-8"),
        ("x.nt", b"<a:a> <a:b> <a:c> .\nnonsense", "x.nt:2:1: "),
        ("x.rdf", b"<a>\n <b></c></a>", "x.rdf:2:7: mismatched tag."),
        ("x.rdf", b"<a/>", "x.rdf: XML namespaces are required in RDF/XML."),
        ("x.jsonld", b'{"a": [1,]}', "x.jsonld:1:10: Trailing commas are not allowed."),
        ("x.jsonld", b"", "x.jsonld:1:1: Unexpected end of file"),
        (
            "x.jsonld",
            b'{"@context": "https://elsewhere.example/", "@id": "a"}',
            "x.jsonld:1:14: A @context at another address is not loaded",
        ),
        (
            "x.jsonld",
            b'{"@id": "g", "@graph": [{"@id": "a", "https://base.example/b": 1}]}',
            "x.jsonld: The file holds a named graph <https://base.example/g>",
        ),
    ],
)
def test_a_syntax_error_is_one_line_with_file_line_and_column(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(DataSyntaxError) as caught:
        parse_file(written(tmp_path, name, content), BASE)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_columns_count_characters_and_not_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, "x.ttl", '<a> <b> "ééé" ; ex:c 1 .'.encode())
    with pytest.raises(DataSyntaxError, match=r"x\.ttl:1:17: "):
        parse_file(path, BASE)


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        parse_file(tmp_path / "gone.ttl", BASE)
    assert str(caught.value) == (
        f"{tmp_path}/gone.ttl: The file cannot be read: No such file or directory."
    )


def test_literals_stay_as_the_file_writes_them(tmp_path: Path) -> None:
    path = written(tmp_path, "x.ttl", b"<a> <b> 1.50, 007 .")
    values = [triple.object for triple in parse_file(path, BASE)]
    assert [value.value for value in values if isinstance(value, Literal)] == ["1.50", "007"]


def test_blank_nodes_are_labelled_alike_on_every_run(tmp_path: Path) -> None:
    path = written(tmp_path, "x.ttl", b"<a> <b> [ <c> _:z ] , <<( _:z <b> _:y )>> .")
    first, second = parse_file(path, BASE, "f0b"), parse_file(path, BASE, "f0b")
    assert first == second
    blank = {str(node) for triple in first for node in triple if isinstance(node, BlankNode)}
    assert blank == {"_:f0b0", "_:f0b1"}
    assert str(first[-1].object) == "_:f0b1 <https://base.example/b> _:f0b2"


def test_files_never_share_a_blank_node(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path, f"data/{name}.ttl", b"_:same <b> 1 .")
    dataset = load_dataset(tmp_path, read_configuration(tmp_path))
    (triples,) = dataset.graphs.values()
    assert len({triple.subject for triple in triples}) == 2


def test_files_are_sorted_and_what_is_no_rdf_is_passed_over(tmp_path: Path) -> None:
    for name in ("data/b.ttl", "data/deep/a.nt", "data/README.md", "data/a.ttl"):
        written(tmp_path, name, b"")
    found = source_files(tmp_path, read_configuration(tmp_path))
    names = [source.path.relative_to(tmp_path).as_posix() for source in found]
    assert names == ["data/a.ttl", "data/b.ttl", "data/deep/a.nt"]


def test_the_orchard_has_its_five_graphs() -> None:
    dataset = load_dataset(ORCHARD, read_configuration(ORCHARD))
    sizes = {iri.partition("/graph/")[2]: len(triples) for iri, triples in dataset.graphs.items()}
    assert list(sizes) == ["ontology", "shapes", "trees", "tasting", "reading/tasting/second"]
    assert all(sizes.values())


@pytest.mark.parametrize(
    ("present", "pattern", "message"),
    [
        ("data/x.ttl", "data/y.ttl", "matches 'data/y.ttl' of graph 'g'"),
        (
            "data/x.txt",
            "data/*",
            "No RDF file (.ttl, .nt, .rdf, .jsonld, .trig, .nq) matches 'data/*'",
        ),
        ("data/x.ttl/inner.txt", "data/*.ttl", "matches 'data/*.ttl' of graph 'g'"),
    ],
)
def test_a_pattern_that_finds_no_rdf_is_one_clear_line(
    tmp_path: Path, present: str, pattern: str, message: str
) -> None:
    written(tmp_path, present, b"")
    text = f"[[graph]]\nname = 'g'\nfiles = ['{pattern}']\n"
    written(tmp_path, "cosigraph.toml", text.encode())
    with pytest.raises(ProjectError) as caught:
        load_dataset(tmp_path, read_configuration(tmp_path))
    assert message in str(caught.value)


@given(content=st.binary(max_size=200), name=st.sampled_from(sorted(CONTENTS)))
def test_no_bytes_make_a_parser_raise_anything_but_a_clear_line(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = written(tmp_path_factory.getbasetemp(), name, content)
    message = ""
    try:
        parse_file(path, BASE)
    except DataSyntaxError as error:
        message = str(error)
    assert "\n" not in message


def project(folder: Path, files: str, more: str = "") -> Dataset:
    text = f"[project]\nbase = '{BASE}'\n[[graph]]\nname = 'g'\nfiles = ['{files}']\n{more}"
    written(folder, "cosigraph.toml", text.encode())
    return load_dataset(folder, read_configuration(folder))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.trig", b"<a> <b> <c> . <named> { <a> <b> <c>, <a> } { <a> <b> <b> }"),
        (
            "x.nq",
            b"<https://base.example/a> <https://base.example/b> <https://base.example/c> .\n"
            b"<https://base.example/a> <https://base.example/b> <https://base.example/c> "
            b"<https://base.example/named> .\n"
            b"<https://base.example/a> <https://base.example/b> <https://base.example/a> "
            b"<https://base.example/named> .\n"
            b"<https://base.example/a> <https://base.example/b> <https://base.example/b> .\n",
        ),
    ],
)
def test_the_default_graph_of_a_file_is_its_own_and_named_graphs_keep_their_names(
    tmp_path: Path, name: str, content: bytes
) -> None:
    written(tmp_path, name, content)
    dataset = project(tmp_path, name)
    assert dataset.graphs == {
        f"{BASE}graph/g": (Triple(A, B, C), Triple(A, B, B)),
        f"{BASE}named": (Triple(A, B, C), Triple(A, B, A)),
    }
    assert len(dataset.default_triples()) == 3


def test_a_blank_node_is_one_in_all_graphs_of_a_file(tmp_path: Path) -> None:
    written(tmp_path, "x.trig", b"_:x <b> <c> . <named> { _:x <b> <c> }")
    first, second = project(tmp_path, "*.trig").graphs.values()
    assert first == second


@pytest.mark.parametrize(
    ("content", "replaces", "message"),
    [
        (b"_:g { <a> <b> <c> }", "", "x.trig: A named graph has a blank node for a name. Give"),
        (b"[] { <a> <b> <c> }", "", "x.trig: A named graph has a blank node for a name. Give"),
        (
            b"<a> <b> <c> . <n> { <a> <b> <c> }",
            "[[graph]]\nname = 'r'\nfiles = ['x.trig']\nreplaces = 'g'",
            "x.trig: The file holds a named graph <https://base.example/n>, but it belongs to an",
        ),
        (b"<n> {", "", "x.trig:1:5: Unexpected end"),
    ],
)
def test_a_named_graph_that_cannot_be_is_one_clear_line(
    tmp_path: Path, content: bytes, replaces: str, message: str
) -> None:
    written(tmp_path, "x.trig", content)
    written(tmp_path, "y.ttl", b"")
    with pytest.raises(DataSyntaxError) as caught:
        project(tmp_path, "y.ttl" if replaces else "x.trig", replaces)
    assert message in str(caught.value)
