# SPDX-License-Identifier: Apache-2.0
"""An answer ends after its limit of rows, is well-formed, and says that it was cut off."""

from __future__ import annotations

import io
import json
import re
from typing import IO, Any, cast

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from cosigraph.dataset import Dataset
from cosigraph.errors import AnswerTooLarge
from cosigraph.formats import ResultFormat
from cosigraph.row_limit import REACHED, RowLimiter, RowLimitReached
from cosigraph.store import EmbeddedStore, Query

TABLES = ResultFormat.of_kind("bindings")
X = "https://x.example/"
ENGINE = {
    ResultFormat.JSON: QueryResultsFormat.JSON,
    ResultFormat.XML: QueryResultsFormat.XML,
    ResultFormat.TSV: QueryResultsFormat.TSV,
}
# What looks as if a row ended, in one format or another.
AWKWARD = st.lists(
    st.sampled_from(
        ["},{", '},{"', '":{"type":"', "]}}", "<result>", "</result>", "\r\n", *'",}{:\\\n\té']
    ),
    max_size=6,
).map("".join)
ROWS = st.lists(st.tuples(st.none() | AWKWARD, st.none() | AWKWARD), max_size=9)


def values(rows: list[tuple[str | None, str | None]]) -> str:
    def term(text: str | None) -> str:
        if text is None:
            return "UNDEF"
        return str(pyoxigraph.Literal(text))

    return "\n".join(f"({term(a)} {term(b)})" for a, b in rows)


def written(text: str, form: ResultFormat, rows: int | None) -> tuple[bytes, bool]:
    """The answer from an empty store, and whether it was told to be cut off."""
    output, cuts = io.BytesIO(), []
    store = EmbeddedStore(Dataset({}, {}).snapshot())
    store.write(Query(text, form, rows=rows), output, lambda: cuts.append(True))
    return output.getvalue(), bool(cuts)


def solutions(content: bytes, form: ResultFormat) -> list[tuple[Any, ...]]:
    results = pyoxigraph.parse_query_results(content, format=ENGINE[form])
    assert isinstance(results, QuerySolutions)
    return [tuple(solution) for solution in results]


@pytest.mark.parametrize("form", TABLES)
@given(rows=ROWS, limit=st.integers(1, 10))
def test_the_first_rows_are_those_of_the_whole_answer(
    form: ResultFormat, rows: list[tuple[str | None, str | None]], limit: int
) -> None:
    text = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values(rows)} }} }}"
    whole, _ = written(text, form, None)
    content, is_cut = written(text, form, limit)
    assert is_cut == (len(rows) > limit)
    if not is_cut:
        assert content == whole
    elif form is ResultFormat.CSV:
        assert whole.startswith(content)
        first, _ = written(f"{text} LIMIT {limit}", form, None)
        assert content == first
    else:
        assert solutions(content, form) == solutions(whole, form)[:limit]


@pytest.mark.parametrize("form", TABLES)
@given(
    rows=ROWS,
    limit=st.integers(1, 10),
    size=st.integers(1, 40),
)
def test_it_does_not_matter_where_the_engine_ends_a_piece(
    form: ResultFormat, rows: list[tuple[str | None, str | None]], limit: int, size: int
) -> None:
    text = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values(rows)} }} }}"
    whole, _ = written(text, form, None)
    output = io.BytesIO()
    limiter = RowLimiter(cast(IO[bytes], output), form, limit)
    limiter.piece = size
    try:
        for start in range(0, len(whole), size):
            limiter.write(whole[start : start + size])
        limiter.finish()
    except RowLimitReached:
        limiter.write(b"what was still in the engine's buffer")
        limiter.declare()
        assert len(rows) > limit
    else:
        assert len(rows) <= limit
    if form is ResultFormat.JSON:  # the engine's parser takes links in the head only
        found = json.loads(output.getvalue())
        assert found["results"]["bindings"] == json.loads(whole)["results"]["bindings"][:limit]
    elif form in ENGINE:
        assert solutions(output.getvalue(), form) == solutions(whole, form)[:limit]
    else:
        assert output.getvalue() == written(f"{text} LIMIT {limit}", form, None)[0]


NUMBERS = "SELECT ?x { VALUES ?x { " + " ".join(map(str, range(40_000))) + " } }"


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("limit", [1, 39_999, 40_000])
def test_a_large_answer_has_exactly_the_rows_that_it_may(form: ResultFormat, limit: int) -> None:
    content, is_cut = written(NUMBERS, form, limit)
    assert is_cut == (limit < 40_000)
    if form is ResultFormat.JSON:
        rows = len(json.loads(content)["results"]["bindings"])
    elif form is ResultFormat.XML:
        rows = content.count(b"<result>")
    else:
        rows = content.count(b"\n") - 1
    assert rows == limit


def test_json_says_so_in_a_link_of_its_head_or_where_that_is_gone_after_its_rows() -> None:
    short = json.loads(written(NUMBERS, ResultFormat.JSON, 2)[0])
    assert short["head"] == {"link": [REACHED], "vars": ["x"]}
    long = json.loads(written(NUMBERS, ResultFormat.JSON, 30_000)[0])
    assert (long["head"], long["link"]) == ({"vars": ["x"]}, [REACHED])
    assert "link" not in json.loads(written(NUMBERS, ResultFormat.JSON, 40_000)[0])


def test_xml_says_so_in_a_comment() -> None:
    for limit in (2, 30_000):
        content = written(NUMBERS, ResultFormat.XML, limit)[0]
        assert re.search(rb"</sparql>\n<!-- Cut off here: .*? %d .*-->\n\Z" % limit, content)


def test_order_offset_and_limit_mean_what_they_say() -> None:
    values = " ".join(map(str, range(100)))
    text = f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY DESC(?x) OFFSET 10"
    content, is_cut = written(text, ResultFormat.TSV, 3)
    assert (content, is_cut) == (b"?x\n89\n88\n87\n", True)
    content, is_cut = written(f"{text} LIMIT 3", ResultFormat.TSV, 3)
    assert (content, is_cut) == (b"?x\n89\n88\n87\n", False)


@pytest.mark.parametrize("form", TABLES)
def test_a_boolean_has_no_rows(form: ResultFormat) -> None:
    assert written("ASK {}", form, 1) == written("ASK {}", form, None)


GRAPHS = ResultFormat.of_kind("graph")
READ = {
    ResultFormat.TURTLE: RdfFormat.TURTLE,
    ResultFormat.NTRIPLES: RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: RdfFormat.RDF_XML,
    ResultFormat.JSONLD: RdfFormat.JSON_LD,
    ResultFormat.TRIG: RdfFormat.TRIG,
    ResultFormat.NQUADS: RdfFormat.N_QUADS,
}


@pytest.mark.parametrize("form", GRAPHS)
@pytest.mark.parametrize("limit", [3, 5, 6])
def test_a_graph_has_so_many_distinct_triples(form: ResultFormat, limit: int) -> None:
    triples = tuple(
        Triple(NamedNode(f"{X}{number}"), NamedNode(X + "p"), NamedNode(X)) for number in range(5)
    )
    store = EmbeddedStore(Dataset({X + "g": triples}, {}).snapshot())
    text = "CONSTRUCT { ?s ?p ?o } { { ?s ?p ?o } UNION { ?s ?p ?o } }"
    order: list[str] = []

    class Output(io.BytesIO):
        def write(self, content: Any) -> int:
            order.append("written")
            return super().write(content)

    output = Output()
    store.write(Query(text, form, rows=limit), output, lambda: order.append("cut"))
    content = output.getvalue()
    assert len(list(pyoxigraph.parse(content, READ[form]))) == min(limit, 5)
    assert order[0] == ("cut" if limit == 3 else "written")
    assert (b"Cut off here" in content) == (limit == 3 and form is not ResultFormat.JSONLD)


def test_an_answer_with_more_bytes_than_it_may_have_is_an_error() -> None:
    store = EmbeddedStore(Dataset({}, {}).snapshot())
    with pytest.raises(AnswerTooLarge, match="larger than 1,000 bytes"):
        list(store.execute(Query(NUMBERS, ResultFormat.CSV, size=1000)))
    assert list(store.execute(Query("ASK {}", ResultFormat.CSV, size=1000)))
