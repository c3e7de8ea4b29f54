# SPDX-License-Identifier: Apache-2.0
"""Canned queries: what their files say, and every way in which a file can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from cosigraph.canned import canned_queries, read_canned_query
from cosigraph.errors import QueryFileError
from cosigraph.parameters import (
    ClassChoices,
    ParameterType,
    QueryChoices,
    SchemeChoices,
    ValueChoices,
)
from cosigraph.table import Column
from cosigraph.terms import XSD, Prefixes

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"

QUERY = """# SPDX-License-Identifier: CC-BY-4.0
#+ summary: Trees by height
#+ description: |
#+   Trees that are
#+   at least so high.
#+ tags: [trees, height]
#+ params:
#+   at-least:
#+     description: The least height in metres
#+     type: decimal
#+     default: 1.50
#+   kind:
#+     type: iri
#+     many: true
#+     choices: {class: "ex:Kind"}
#+ columns:
#+   tree: {description: The tree, datatype: iri}
#+   names: {datatype: string, many: true, separator: " "}
#+ chart: {type: bar, x: tree}
#+ examples:
#+   high: {at-least: 5, kind: [apple, pear]}
PREFIX ex: <https://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?tree (STR(?name) AS ?names) WHERE {
  VALUES ?p_at_least { 1.50 }
  VALUES ?p_kind { UNDEF }
  ?tree a ?p_kind ; ex:name ?name ; ex:height ?height .
  FILTER(?height >= ?p_at_least)
} ORDER BY ?tree
"""


def write(folder: Path, text: str, name: str = "trees") -> Path:
    (folder / "queries").mkdir(exist_ok=True)
    path = folder / "queries" / f"{name}.rq"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    """The one line that says what is wrong with the query, without its folder."""
    with pytest.raises(QueryFileError) as caught:
        read_canned_query(write(folder, text))
    line = str(caught.value)
    assert "\n" not in line
    return line.removeprefix(f"{folder}/queries/")


def test_a_file_tells_all_that_there_is_to_know(tmp_path: Path) -> None:
    query = read_canned_query(write(tmp_path, QUERY))
    assert query.name == "trees"
    assert query.text == QUERY
    assert query.summary == "Trees by height"
    assert query.description == "Trees that are\nat least so high."
    assert query.tags == ("trees", "height")
    assert query.columns == (
        Column("tree", "The tree", "iri"),
        Column("names", "", "string", many=True, separator=" "),
    )
    assert query.chart == {"type": "bar", "x": "tree"}
    assert query.examples == {"high": {"at-least": ("5",), "kind": ("apple", "pear")}}
    assert query.expected is None
    least, kind = query.parameters.values()
    assert (least.name, least.keyword, least.variable) == ("at-least", "at_least", "p_at_least")
    assert least.type is ParameterType.DECIMAL
    assert least.default == (Literal("1.50", datatype=NamedNode(XSD + "decimal")),)
    assert kind.many
    assert kind.choices == ClassChoices("https://example.org/Kind")


def test_columns_stand_in_the_order_of_the_query(tmp_path: Path) -> None:
    text = QUERY.replace("SELECT ?tree (STR(?name) AS ?names)", "SELECT (1 AS ?names) ?tree")
    names = [column.name for column in read_canned_query(write(tmp_path, text)).columns]
    assert names == ["names", "tree"]


def test_nested_queries_and_functions_do_not_add_columns(tmp_path: Path) -> None:
    text = """#+ summary: s
#+ columns: {a: {}, b: {}}
SELECT DISTINCT ?a ((SUM(?c) + COUNT(DISTINCT ?d)) AS ?b) {
  { SELECT ?a ?c ?d (1 AS ?e) { ?a ?c ?d } }
} GROUP BY ?a HAVING (COUNT(?d) > 0)"""
    assert [column.name for column in read_canned_query(write(tmp_path, text)).columns] == [
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ("{scheme: 'https://example.org/kinds'}", SchemeChoices("https://example.org/kinds")),
        ("{class: 'skos:Concept'}", ClassChoices("http://www.w3.org/2004/02/skos/core#Concept")),
        ("{class: 'mine:Kind'}", ClassChoices("https://mine.example/Kind")),
        ("{query: others, column: kind}", QueryChoices("others", "kind")),
        (
            "{values: ['ex:a', <urn:b>]}",
            ValueChoices((NamedNode("https://example.org/a"), NamedNode("urn:b"))),
        ),
    ],
)
def test_choices_come_from_four_places(tmp_path: Path, choices: str, expected: object) -> None:
    path = write(tmp_path, QUERY.replace('{class: "ex:Kind"}', choices))
    query = read_canned_query(path, Prefixes({"mine": "https://mine.example/"}))
    assert query.parameters["kind"].choices == expected


def test_a_default_of_several_values_stands_in_the_block(tmp_path: Path) -> None:
    many = "#+     many: true\n"
    text = QUERY.replace(many, many + "#+     default: ['ex:b', 'ex:a']\n")
    text = text.replace("?p_kind { UNDEF }", "?p_kind { ex:a <https://example.org/b> }")
    query = read_canned_query(write(tmp_path, text))
    assert query.parameters["kind"].default == (
        NamedNode("https://example.org/b"),
        NamedNode("https://example.org/a"),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # front matter
        ("#+ tags:", "#+ tag:", "trees.rq:6:4: The key 'tag' is unknown. Did you mean 'tags'?"),
        ("#+ summary: Trees by height\n", "", "trees.rq:2:4: The front matter has no summary. Add"),
        ("Trees by height", "|\n#+   a\n#+   b", "trees.rq:2:13: The summary is one line."),
        ("#+ tags", "#+ summary: s\n#+ tags", "trees.rq:6:4: The key 'summary' stands here twice."),
        (
            "#+ tags: [trees",
            "#+ tags: [trees: [",
            "trees.rq:6:19: The front matter is not well-formed YAML",
        ),
        # columns
        (
            "#+   names: {",
            "#+   name: {",
            "trees.rq:18:6: The query does not select a column 'name'. Did you mean 'names'?",
        ),
        (
            "#+   tree: {description: The tree, datatype: iri}\n",
            "",
            "trees.rq:23:8: The variable ?tree is selected, but no column describes it.",
        ),
        ("?tree (STR(?name) AS ?names)", "*", "trees.rq:24:8: A canned query names its columns."),
        (
            "datatype: iri}",
            "datatype: uri}",
            "trees.rq:17:46: 'uri' is no datatype of a column. Did you mean 'iri'?",
        ),
        (
            ", many: true, sep",
            ", sep",
            "trees.rq:18:32: Only a column of many values has a separator.",
        ),
        (
            "datatype: string, many: true",
            "datatyp: string",
            "trees.rq:18:14: The key 'datatyp' is unknown.",
        ),
        # parameters and blocks
        (
            "#+   at-least:\n",
            "#+   At_least:\n",
            "trees.rq:8:6: 'At_least' is no name for a parameter. Use lower-case",
        ),
        (
            "#+   kind:\n",
            "#+   format:\n",
            "trees.rq:12:6: The name 'format' is taken by every query.",
        ),
        ("#+     type: iri\n", "", "trees.rq:12:6: The parameter 'kind' has no type."),
        (
            "type: iri",
            "type: integr",
            "trees.rq:13:14: 'integr' is no type. Did you mean 'integer'?",
        ),
        ("many: true\n", "many: yes\n", "trees.rq:14:14: 'yes' is neither true nor false."),
        (
            "  VALUES ?p_kind { UNDEF }\n",
            "  # VALUES ?p_kind { UNDEF }\n",
            "trees.rq:12:6: The query has no block for the parameter 'kind'. Write 'VALUES ?p_kin",
        ),
        (
            "  VALUES ?p_kind { UNDEF }\n",
            "  VALUES (?p_kind) { (UNDEF) }\n",
            "trees.rq:12:6: The query has no block for the parameter 'kind'.",
        ),
        (
            "FILTER(",
            "VALUES ?p_knd { UNDEF } FILTER(",
            "trees.rq:28:10: The front matter declares no parameter for ?p_knd. Did you mean 'p_k",
        ),
        # defaults
        (
            "{ 1.50 }",
            "{ 1.60 }",
            "trees.rq:25:23: The block of the parameter 'at-least' does not hold its default. Wri",
        ),
        ("{ 1.50 }", "{ UNDEF }", "trees.rq:25:23: The block of the parameter 'at-least'"),
        (
            "?p_kind { UNDEF }",
            "?p_kind { ex:apple }",
            "trees.rq:26:19: The block of the parameter 'kind' does not hold UNDEF",
        ),
        (
            "default: 1.50",
            "default: high",
            "trees.rq:11:17: 'high' is no value for the parameter 'at-least'. Give a number",
        ),
        (
            "default: 1.50",
            "default: [1, 2]",
            "trees.rq:11:17: The parameter 'at-least' takes one value",
        ),
        (
            "default: 1.50",
            "default: 1.50\n#+     required: true",
            "trees.rq:11:8: The parameter 'at-least' is required and has a default.",
        ),
        (
            "default: 1.50",
            "default: 1.50\n#+     choices: {values: [2]}",
            "trees.rq:11:17: The default is none of the choices.",
        ),
        # choices
        ('{class: "ex:Kind"}', "{class: 'fruit:Kind'}", "trees.rq:15:25: 'fruit:Kind' is no IRI."),
        (
            '{class: "ex:Kind"}',
            "{klass: 'ex:Kind'}",
            "trees.rq:15:18: The key 'klass' is unknown. Did you mean 'class'?",
        ),
        (
            '{class: "ex:Kind"}',
            "{query: kinds}",
            "trees.rq:15:17: Choices are named in one way. Write one of",
        ),
        (
            "default: 1.50",
            "default: 1.50\n#+     choices: {class: 'ex:Kind'}",
            "trees.rq:12:18: Choices by class are for parameters of the type iri, not decimal.",
        ),
        # examples and chart
        (
            "{at-least: 5, kind",
            "{at-last: 5, kind",
            "trees.rq:21:13: The query has no parameter 'at-last'. Did you mean 'at-least'?",
        ),
        (
            "{at-least: 5,",
            "{at-least: tall,",
            "trees.rq:21:23: 'tall' is no value for the parameter 'at-least'.",
        ),
        (
            "{at-least: 5,",
            "{at-least: [5, 6],",
            "trees.rq:21:23: The parameter 'at-least' takes one value.",
        ),
        ("#+   high:", "#+   hi.gh:", "trees.rq:21:6: 'hi.gh' is no name for a case."),
        (
            "type: bar",
            "type: bars",
            "trees.rq:19:18: 'bars' is no type of chart. Did you mean 'bar'?",
        ),
        ("x: tree}", "x: trees}", "trees.rq:19:26: 'trees' is no column. Did you mean 'tree'?"),
        ("type: bar, ", "", "trees.rq:19:11: The chart has no type."),
        (
            "#+ examples:",
            "#+ follow: {kind: tree}\n#+ examples:",
            "trees.rq:20:12: No query to follow is named.",
        ),
        (
            "#+ examples:",
            "#+ follow: {query: trees, kind: tee}\n#+ examples:",
            "trees.rq:20:33: 'tee' is no column. Did you mean 'tree'?",
        ),
        # the query itself
        ("ORDER BY ?tree", "ORDER BYE ?tree", "trees.rq:29:"),
        (
            "SELECT ?tree (STR(?name) AS ?names)",
            "ASK",
            "trees.rq:1: A canned query is a SELECT, not ASK.",
        ),
        ("SELECT ?tree", "FROM ?tree", "trees.rq:24:1: "),
        (
            ") WHERE {",
            ") FROM <https://example.org/g> WHERE {",
            "trees.rq:24:37: A canned query names no dataset.",
        ),
        (
            "FILTER(?",
            "SERVICE <https://example.org/> {} FILTER(?",
            "trees.rq:28:3: SERVICE is not allowed",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in QUERY
    assert refusal(tmp_path, QUERY.replace(old, new)).startswith(message)


def test_an_example_must_give_what_is_required(tmp_path: Path) -> None:
    text = QUERY.replace("many: true\n#+     choices", "required: true\n#+     choices")
    text = text.replace(", kind: [apple, pear]", "")
    assert refusal(tmp_path, text).startswith(
        "trees.rq:21:6: The case 'high' lacks the required parameter 'kind'."
    )


def test_a_name_that_is_no_name_for_a_query_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryFileError, match="'Trees_2' is no name for a query"):
        read_canned_query(write(tmp_path, QUERY, "Trees_2"))


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(QueryFileError, match=r"none\.rq: The file cannot be read"):
        read_canned_query(tmp_path / "none.rq")
    path = write(tmp_path, "")
    path.write_bytes(b"#+ summary: \xff\n")
    with pytest.raises(QueryFileError, match=r"trees\.rq:1:13: The file is not UTF-8"):
        read_canned_query(path)


def test_a_project_without_queries_has_none(tmp_path: Path) -> None:
    assert canned_queries(tmp_path) == {}


def test_the_queries_of_a_project_are_read_in_the_order_of_their_names() -> None:
    assert list(canned_queries(ORCHARD)) == ["trees", "varieties"]


@pytest.mark.parametrize(
    ("follow", "message"),
    [
        ("{query: trees, kind: tree}", None),
        ("{query: tree}", "There is no query 'tree' to follow. Did you mean 'trees'?"),
        ("{query: trees, kinds: tree}", "The query 'trees' has no parameter 'kinds'."),
    ],
)
def test_a_row_follows_a_query_that_is_there(
    tmp_path: Path, follow: str, message: str | None
) -> None:
    write(tmp_path, QUERY.replace("#+ examples:", f"#+ follow: {follow}\n#+ examples:"))
    if message is None:
        found = canned_queries(tmp_path)["trees"].follow
        assert found is not None
        assert (found.query, found.columns) == ("trees", {"kind": "tree"})
    else:
        with pytest.raises(QueryFileError) as caught:
            canned_queries(tmp_path)
        assert message in str(caught.value)
        assert "trees.rq:20:" in str(caught.value)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ("{query: others, column: kind}", None),
        ("{query: other, column: kind}", "there is no query 'other'. Did you mean 'others'?"),
        ("{query: others, column: kin}", "has no column 'kin'. Did you mean 'kind'?"),
        ("{query: strict, column: kind}", "the query 'strict' needs a parameter itself."),
    ],
)
def test_choices_from_another_query_need_that_query(
    tmp_path: Path, choices: str, message: str | None
) -> None:
    write(tmp_path, QUERY.replace('{class: "ex:Kind"}', choices))
    write(tmp_path, "#+ summary: s\n#+ columns: {kind: {}}\nSELECT ?kind {}", "others")
    write(
        tmp_path,
        "#+ summary: s\n#+ params: {n: {type: integer, required: true}}\n"
        "#+ columns: {kind: {}}\nSELECT ?kind { VALUES ?p_n { UNDEF } }",
        "strict",
    )
    if message is None:
        assert len(canned_queries(tmp_path)) == 3
    else:
        with pytest.raises(QueryFileError) as caught:
            canned_queries(tmp_path)
        assert message in str(caught.value)
