# SPDX-License-Identifier: Apache-2.0
"""What would end or fill a parser's process is refused before it is parsed."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.errors import DataSyntaxError
from cosigraph.well_formed import DEEPEST, LONGEST, longest_token, place_at, refuse_harmful

TURTLE, JSON, XML = Path("x.ttl"), Path("x.jsonld"), Path("x.rdf")
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">%s</rdf:RDF>'


@pytest.mark.parametrize(
    ("opening", "closing"),
    [(b"(", b")"), (b"[<a> ", b"]"), (b"<<( <a> <b> ", b")>>"), (b"<< ", b">>"), (b"{| ", b"|}")],
)
def test_brackets_may_be_nested_so_deep_and_no_deeper(opening: bytes, closing: bytes) -> None:
    refuse_harmful(b"<a> <b> " + opening * DEEPEST + closing * DEEPEST, TURTLE)
    begin = "<a> <b>\n" + "é "
    with pytest.raises(DataSyntaxError, match="nested deeper than 256") as caught:
        refuse_harmful(begin.encode() + opening * (DEEPEST + 1), TURTLE)
    assert str(caught.value.position) == f"x.ttl:2:{3 + DEEPEST * len(opening)}"


@pytest.mark.parametrize(
    "hidden",
    [
        b'"%s"',
        b"'%s'",
        b'"""\n"\\"%s\n"""',
        b"'''\n%s'''",
        b"# %s\n",
        b"<http://a.example/%s>",
        b'"\\\\" , "%s"',
    ],
)
def test_brackets_in_words_comments_and_names_do_not_count(hidden: bytes) -> None:
    for sign in (b"(", b"["):
        refuse_harmful(b"<a> <b> " + hidden % (sign * 2 * DEEPEST), TURTLE)


@pytest.mark.parametrize("closing", [b'")"', b"# )\n", b"<a)>", b"ex:a\\)", b'""")"""'])
def test_brackets_cannot_hide_behind_others_that_do_not_count(closing: bytes) -> None:
    with pytest.raises(DataSyntaxError, match="nested"):
        refuse_harmful((b"( " + closing + b" ") * (DEEPEST + 1), TURTLE)


def test_json_may_be_nested_so_deep_and_no_deeper() -> None:
    refuse_harmful(b'{"a":' * DEEPEST + b'"[[\\"[["' + b"}" * DEEPEST, JSON)
    refuse_harmful(b'"' + b"[" * 2 * DEEPEST + b'"', JSON)
    with pytest.raises(DataSyntaxError, match="nested"):
        refuse_harmful(b'{"]":[' * DEEPEST, JSON)


def test_many_brackets_side_by_side_are_no_harm() -> None:
    refuse_harmful(b"<a> <b> " + b"[ <c> ( 1 ) ] , " * 10_000 + b"1 .", TURTLE)


def test_elements_may_be_nested_so_deep_and_no_deeper() -> None:
    inner = DEEPEST - 1
    refuse_harmful(RDF % (b"<a>" * inner + b"</a>" * inner), XML)
    with pytest.raises(DataSyntaxError, match="Elements are nested") as caught:
        refuse_harmful(RDF % (b"\n<a>" * DEEPEST + b"</a>" * DEEPEST), XML)
    assert str(caught.value.position) == f"x.rdf:{DEEPEST + 1}:1"


def entities(*values: str, use: str = "") -> bytes:
    declared = "".join(f'<!ENTITY a{i} "{value}">' for i, value in enumerate(values))
    return f"<!DOCTYPE r [{declared}]><r>{use}</r>".encode()


def test_entities_that_stay_small_are_no_harm() -> None:
    refuse_harmful(entities("http://a.example/", "&a0;b&amp;&#65;", use="&a1;&a1;"), XML)


@pytest.mark.parametrize(
    "content",
    [
        entities("x" * 10, *(f"&a{i};" * 10 for i in range(8))),
        entities("x" * 10_000, use="&a0;" * 2_000),
        entities("x" * 10_000, use=f'<b c="{"&a0;" * 2_000}"/>'),
        b"<!-- " + entities("x" * 10, *(f"&a{i};" * 10 for i in range(8))) + b" -->",
    ],
)
def test_entities_that_grow_are_refused_before_they_do(content: bytes) -> None:
    with pytest.raises(DataSyntaxError, match="grow to more than 16 MiB"):
        refuse_harmful(content, XML)


@pytest.mark.parametrize(
    "declaration",
    [
        'a SYSTEM "file:///etc/passwd"',
        'a PUBLIC "x" "http://127.0.0.1:9/x"',
        '% a SYSTEM "http://127.0.0.1:9/x"',
    ],
)
def test_an_entity_elsewhere_is_not_fetched(declaration: str) -> None:
    with pytest.raises(DataSyntaxError, match="stands elsewhere is not read"):
        refuse_harmful(f"<!DOCTYPE r [<!ENTITY {declaration}>]><r/>".encode(), XML)


def test_an_entity_that_holds_itself_is_refused() -> None:
    with pytest.raises(DataSyntaxError, match="used before it is declared"):
        refuse_harmful(entities("&a1;", "&a0;"), XML)


@pytest.mark.parametrize("path", [TURTLE, JSON, XML])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told_as_such(path: Path, encoding: str) -> None:
    with pytest.raises(DataSyntaxError, match=r"1:1: The file is UTF-16.*Save it as UTF-8"):
        refuse_harmful("<a> <b> <c> .".encode(encoding), path)


def test_a_binary_file_is_told_as_such() -> None:
    with pytest.raises(DataSyntaxError, match=r"x\.ttl:2:3: The file is binary"):
        refuse_harmful("PN\né!".encode() + bytes(100), TURTLE)


def test_xml_that_is_no_utf_8_is_told_where_it_is_not() -> None:
    content = RDF % b"<a>ok</a>\n\xc3\xa9 \xe9"
    with pytest.raises(DataSyntaxError, match=r"x\.rdf:2:3: The file is not UTF-8"):
        refuse_harmful(content, XML)


def test_the_longest_token_is_found() -> None:
    content = b'<a> <b>\n "short", "' + b"x" * LONGEST + b'" .'
    assert str(longest_token(content, TURTLE)) == "x.ttl:2:11"
    assert str(longest_token(b"[", TURTLE)) == "x.ttl:1:1"


@given(st.text(), st.integers(0, 100))
def test_places_count_code_points(text: str, at: int) -> None:
    before = text[:at]
    position = place_at(text.encode(errors="replace"), len(before.encode(errors="replace")), TURTLE)
    assert position.line == before.count("\n") + 1
    assert position.column == len(before.rpartition("\n")[2]) + 1


@pytest.mark.parametrize("path", [TURTLE, JSON, XML])
@given(content=st.binary())
def test_no_bytes_raise_anything_else(path: Path, content: bytes) -> None:
    with contextlib.suppress(DataSyntaxError):
        refuse_harmful(content, path)
