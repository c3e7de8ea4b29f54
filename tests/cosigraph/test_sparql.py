# SPDX-License-Identifier: Apache-2.0
"""The tokens of a query, its form, and what is refused however it is written."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.errors import CosigraphError, Position, QueryRefused, QuerySyntaxError
from cosigraph.sparql import (
    DatasetClause,
    Form,
    position_at,
    query_form,
    refuse_egress,
    select_star,
    tokens,
    variables_in_order,
)

ELSEWHERE = "<https://elsewhere.example/sparql>"
GRAPHS = ("https://x.example/graph/a", "https://x.example/graph/b")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<https://x.example/a#b>", "iri"),
        ("<>", "iri"),
        ("'it\\'s'", "string"),
        ('"a # b"', "string"),
        ("'''it's ''so''\nand'''", "string"),
        ('"""a "quoted" \\""""', "string"),
        ("?service", "variable"),
        ("$load", "variable"),
        ("ex:SERVICE", "name"),
        (":", "name"),
        ("ex:a.b\\~c%20:d", "name"),
        ("é:ü", "name"),
        ("_:b0.x", "blank"),
        ("@en-GB", "language"),
        ("@ar--rtl", "language"),
        ("1", "number"),
        ("1.5e-3", "number"),
        (".5", "number"),
        ("SELECT", "word"),
        ("^^", "sign"),
        ("\\", "sign"),
        ("'", "sign"),
    ],
)
def test_a_token_is_of_its_kind(text: str, kind: str) -> None:
    assert kinds(text) == [(kind, text)]


def test_comments_and_white_space_are_no_tokens() -> None:
    assert kinds("# SERVICE\nASK # LOAD\r{ }") == [("word", "ASK"), ("sign", "{"), ("sign", "}")]


def test_a_full_stop_after_a_name_or_number_ends_the_triple() -> None:
    assert [text for _, text in kinds("ex:a. 1. ex:b.")] == ["ex:a", ".", "1", ".", "ex:b", "."]


def test_a_comparison_is_no_iri_when_it_has_spaces() -> None:
    assert [kind for kind, _ in kinds("?a < ?b && ?c > 1")].count("sign") == 3


@given(st.text())
def test_every_text_has_tokens_in_order_that_are_its_own_characters(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end
        assert text[token.start : token.end] == token.text != ""
        end = token.end


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", Form.SELECT),
        ("select*{}", Form.SELECT),
        ("BASE <https://x.example/> PREFIX select: <ask:> # SELECT\nASK {}", Form.ASK),
        ('VERSION "1.2" CONSTRUCT WHERE {}', Form.CONSTRUCT),
        ("PREFIX : <a:b> DESCRIBE :c", Form.DESCRIBE),
    ],
)
def test_the_form_is_read_after_the_prologue(text: str, form: Form) -> None:
    assert query_form(text) is form


@pytest.mark.parametrize(
    "text",
    ["INSERT DATA { <a:a> <a:b> 1 }", "load <file:///etc/passwd>", "PREFIX a: <a:> DROP ALL"],
)
def test_an_update_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="is an update"):
        query_form(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: The end of the query stands where SELECT, ASK"),
        ("# only\n", "line 2, column 1: The end of the query stands where"),
        ("PREFIX a: <a:>\n SELEC * {}", "line 2, column 2: 'SELEC' stands where SELECT, ASK"),
        ("\x01", "line 1, column 1: The character U+0001 stands where"),
    ],
)
def test_what_is_no_query_is_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        query_form(text)
    assert str(caught.value).startswith(message)


PIECES = ["'''", "SERVICE", "FROM", "NAMED", "true", "?a", "1", "ex:", "\\u0027", "@en", "_:b"]
SERVICE_QUERIES = [
    f"SELECT * {{ SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE SILENT {ELSEWHERE} {{ ?s ?p ?o }} }}",
    "SELECT * { ?s ?p ?o SERVICE ?s { ?a ?b ?c } }",
    "PREFIX ex: <https://x.example/> SELECT * { SERVICE ex:a { ?a ?b ?c } }",
    f"SELECT * {{ sErViCe{ELSEWHERE}{{?s ?p ?o}} }}",
    f"SELECT * {{ # hidden\rSERVICE {ELSEWHERE} {{}} }}",
    f"SELECT (EXISTS {{ SERVICE {ELSEWHERE} {{}} }} AS ?x) {{}}",
    # Keywords that Oxigraph sees although they are not separate words.
    f"SELECT * {{ ?s ?p trueSERVICE{ELSEWHERE}{{?s ?p ?o}} }}",
    f"SELECT * {{ ?s ?p 1SERVICE{ELSEWHERE}{{?s ?p ?o}} }}",
    f"SELECT * {{ ?s ?p 1.SERVICE{ELSEWHERE}{{?s ?p ?o}} }}",
    f"SELECT * {{ ?s ?p ''SERVICE{ELSEWHERE}{{?s ?p ?o}} }}",
    f"SELECT * {{ SERVICESILENT{ELSEWHERE}{{?s ?p ?o}} }}",
    "PREFIX ex: <https://x.example/> SELECT * { SERVICEex:a # x\n {?s ?p ?o} }",
    "PREFIX ex: <https://x.example/> SELECT * { SERVICESILENTex:a {?s ?p ?o} }",
    # "<" compares here, although it may look like the start of an IRI that hides what follows.
    f"SELECT * {{ ?s ?p ?o FILTER(?o<?x)SERVICE#>\n{ELSEWHERE}{{?s ?p ?o}} }}",
    f"SELECT * {{ ?s ?p ?o FILTER(?o<2+'>')SERVICE{ELSEWHERE}{{?s ?p 'x'}} }}",
    f"SELECT * {{ ?s ?p ?o FILTER(?o<'>')SERVICE{ELSEWHERE}{{?s ?p 'x'}} }}",
    # Code point escapes, which other engines apply before they read.
    f"SELECT * {{ SERV\\u0049CE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \\U00000053ERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 'a\\u0027 . SERVICE {ELSEWHERE} {{}} # ' }}",
]


@pytest.mark.parametrize("text", SERVICE_QUERIES)
def test_a_service_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE is not allowed"):
        refuse_egress(text)


def test_a_refusal_has_the_place_of_the_keyword() -> None:
    with pytest.raises(QueryRefused) as caught:
        refuse_egress(f"SELECT * {{\n  ?s ?p ?o .\n  SERVICE {ELSEWHERE} {{}} }}")
    assert str(caught.value.position) == "line 3, column 3"


def test_a_refusal_of_an_escaped_keyword_has_its_place_as_written() -> None:
    with pytest.raises(QueryRefused) as caught:
        refuse_egress(f"SELECT * {{ # \\u0041\\u0042\n SERV\\u0049CE {ELSEWHERE} {{}} }}")
    assert str(caught.value.position) == "line 2, column 2"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o } # SERVICE <a:b> {}",
        "SELECT * { ?s ?p 'SERVICE', \"from\", '''LOAD''', \"\"\"SERVICE <a:b> {}\"\"\" }",
        "SELECT * { ?s ?p 'it\\'s SERVICE' }",
        "SELECT * { ?s <https://x.example/service> <urn:service:from> }",
        "SELECT ?service $load ?from { ?service $load ?from }",
        "PREFIX ex: <a:> SELECT * { ?s ex:SERVICE ex:load . ex:from ?p ?o }",
        "PREFIX service: <a:> SELECT * { GRAPH service:a { ?s service:b service:c } }",
        "PREFIX from: <a:> DESCRIBE from:a",
        "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?p > <https://x.example/service>) }",
        "SELECT * { VALUES (?a ?b) { (1 <https://x.example/(service)#from>) } }",
        "SELECT * { ?s ?p (?x <https://x.example/service> <https://x.example/from>) }",
        "SELECT * { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https://x.example/service')) }",
        "SELECT * { ?s ?p 'caf\\u00E9 service' }",
        "SELECT * { ?s ?p '''one\\n'two'\nSERVICE <a:b> {} FROM\\u0041''' }",
    ],
)
def test_a_word_that_is_no_keyword_is_allowed(text: str) -> None:
    assert refuse_egress(text) == DatasetClause()


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        (f"SELECT * FROM <{GRAPHS[0]}> {{}}", DatasetClause((GRAPHS[0],))),
        (
            f"SELECT * FROM <{GRAPHS[1]}> FROM NAMED <{GRAPHS[0]}> FROM <{GRAPHS[0]}> {{}}",
            DatasetClause((GRAPHS[1], GRAPHS[0]), (GRAPHS[0],)),
        ),
        (
            "PREFIX g: <https://x.example/graph/> ASK from g:a from named g:b {}",
            DatasetClause((GRAPHS[0],), (GRAPHS[1],)),
        ),
        ("BASE <https://x.example/> ASK FROM <graph/a> {}", DatasetClause((GRAPHS[0],))),
        (
            "BASE <https://x.example/> PREFIX g: <graph/> ASK FROM g:a {}",
            DatasetClause((GRAPHS[0],)),
        ),
        ("ASK FROM known:b {}", DatasetClause((GRAPHS[1],))),
    ],
)
def test_graphs_of_the_dataset_may_be_named(text: str, clause: DatasetClause) -> None:
    assert refuse_egress(text, GRAPHS, {"known": "https://x.example/graph/"}) == clause


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "SELECT * FROM <file:///etc/passwd> {}",
            "line 1, column 10: There is no graph <file:///etc/passwd> in this dataset",
        ),
        ("SELECT * FROM NAMED <https://elsewhere.example/> {}", "There is no graph <https://else"),
        (f"SELECT * FROM <{GRAPHS[0]}x> {{}}", f"Did you mean '{GRAPHS[0]}'?"),
        ("ASK FROM unknown:a {}", "FROM must be followed by the IRI of a graph"),
        ("ASK FROM ?g {}", "FROM must be followed by the IRI of a graph"),
        ("ASK FROM", "FROM must be followed by the IRI of a graph"),
        ("ASKFROM<https://elsewhere.example/> {}", "FROM must be a word of its own"),
        (f"ASK FROMNAMED<{GRAPHS[0]}> {{}}", "FROM must be a word of its own"),
        ("PREFIX g: <a:> SELECT * FROMg:a {}", "FROM must be a word of its own"),
        ("SELECT * FR\\u004FM <file:///etc/passwd> {}", "There is no graph <file:///etc/passwd>"),
    ],
)
def test_a_graph_beyond_the_dataset_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        refuse_egress(text, GRAPHS)
    assert message in str(caught.value)


def test_a_graph_that_is_named_again_counts_once() -> None:
    again = f"FROM <{GRAPHS[0]}> " * 3 + f"FROM NAMED <{GRAPHS[0]}> " * 2
    assert refuse_egress(f"ASK {again}{{}}", GRAPHS) == DatasetClause((GRAPHS[0],), (GRAPHS[0],))


@pytest.mark.parametrize("opening", ["(", "{", "["])
def test_what_is_nested_deeper_than_the_engine_can_bear_is_one_clear_line(opening: str) -> None:
    with pytest.raises(QuerySyntaxError, match="nested too deeply"):
        refuse_egress("SELECT * " + opening * 5000)


@pytest.mark.parametrize(
    "text",
    [
        "a-" * 50_000,
        "(?a<b" * 10_000,
        "(?a <x'>) " * 10_000,
        "(?a <b>)" * 12_000,
        "(?a" + " <b" * 33_000,
        "(?a" + "<b>" * 33_000,
        "'''" + "a''" * 30_000,
        "." * 100_000,
        "ex:a" * 25_000,
        "\\u0041 " * 14_000,
        "FROM <a:b> " * 9_000,
        "PREFIX a:<a:> " * 4_000 + "FROM a:b " * 5_000,
        "BASE <a:> " * 5_000 + "FROM <a:b> " * 5_000,
        "'''\\z" * 20_000,
        "'''\\z\"\"\"\\z " * 10_000,
        "(?a<'''\\z>'''" * 7_000,
        "(EXISTS{}<b GRAPH " * 5_000,
    ],
)
def test_no_text_of_100_kb_takes_long(text: str) -> None:
    begun = time.process_time()  # however busy the machine is
    with contextlib.suppress(QuerySyntaxError):
        refuse_egress(text + "\n#service", ["a:b"])
    assert time.process_time() - begun < 4


@given(
    st.lists(
        st.sampled_from(
            [*"'\"<>(){}#.a/\\\n ", *PIECES],
        )
    ).map("".join)
)
def test_no_text_makes_it_raise_anything_but_a_clear_line(text: str) -> None:
    position: Position | None = Position()
    try:
        refuse_egress(text, GRAPHS)
    except CosigraphError as error:
        position = error.position
    assert position is not None


def test_positions_count_lines_as_an_editor_does() -> None:
    assert str(position_at("a\r\nb\rc\nd", 7)) == "line 4, column 1"


def test_variables_are_told_in_the_order_of_their_appearance() -> None:
    assert variables_in_order("SELECT * { ?z $a ?z . ?m 'x' \"?no\" }") == ["z", "a", "m"]


@pytest.mark.parametrize("text", ["SELECT * {}", "SELECT DISTINCT * {}", "SELECT REDUCED\n* {}"])
def test_a_star_is_found(text: str) -> None:
    token = select_star(text)
    assert token is not None
    assert text[token.start] == "*"


@pytest.mark.parametrize(
    "text",
    ["SELECT ?x { { SELECT * {} } }", "SELECT (2 * 3 AS ?x) {}", "DESCRIBE * {}", "ASK {}", ""],
)
def test_a_star_that_is_not_the_columns_is_not_found(text: str) -> None:
    assert select_star(text) is None
