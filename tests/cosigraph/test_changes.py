# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.changes import Content, Deed, GraphChange, Update, apply, content_of
from cosigraph.errors import DataSyntaxError, QueryError, QuerySyntaxError
from cosigraph.formats import ResultFormat
from cosigraph.store import Snapshot

S = Snapshot(b"<a:s> <a:p> <a:o> .\n<a:s> <a:p> _:b1 <a:g> .\n", {None: ()}, ("a:empty",))
TURTLE = ResultFormat.TURTLE


def put(content: bytes, graph: str | None = "a:g", deed: Deed = Deed.REPLACE) -> GraphChange:
    return GraphChange(deed, graph, ((content, TURTLE),), "https://x.example/g")


def test_what_is_not_changed_stays_as_it_is_blank_nodes_and_empty_graphs_too() -> None:
    changed = apply(Update("INSERT DATA { <a:s> <a:p> <a:new> }"), S)
    assert set(S.nquads.splitlines()) < set(changed.nquads.splitlines())
    assert changed.graphs == ("a:empty", "a:g")
    assert content_of(S).graphs == changed.graphs


def test_the_same_data_give_the_same_bytes() -> None:
    there = apply(Update("INSERT DATA { <a:s> <a:p> 1, 2, 3 }"), S)
    back = apply(
        Update("DELETE DATA { <a:s> <a:p> 3, 2, 1 }"), Snapshot(there.nquads, {}, ("a:empty",))
    )
    assert back == content_of(S)


def test_a_request_that_fails_changes_nothing() -> None:
    before = S.nquads
    with pytest.raises(QueryError, match="already exists"):
        apply(Update("CLEAR ALL ; CREATE GRAPH <a:empty>"), S)
    assert S.nquads == before


def test_a_graph_is_replaced_added_to_and_removed() -> None:
    replaced = apply(put(b"<x> <y> 1 ."), S).nquads
    assert b"_:b1" not in replaced
    assert b"<https://x.example/x> <https://x.example/y>" in replaced
    added = apply(put(b"<x> <y> 1 .", deed=Deed.MERGE), S).nquads
    assert b"_:b1" in added
    assert apply(GraphChange(Deed.REMOVE, "a:g"), S).graphs == ("a:empty",)
    assert b"<a:o>" not in apply(GraphChange(Deed.REMOVE, None), S).nquads


def test_a_blank_node_of_a_document_is_none_that_is_there() -> None:
    added = apply(put(b"_:b1 <a:p> 1 .", deed=Deed.MERGE), S).nquads
    assert added.count(b"_:b1 ") == 1


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [(b"<a:s> <a:p> 1 .\n<a:s> <a:p>", 2, 12), (b"<a:s> <a:p>\n\n 1 2 .", 3, 4)],
)
def test_a_document_that_is_no_rdf_is_told_with_its_place(
    content: bytes, line: int, column: int
) -> None:
    with pytest.raises(DataSyntaxError) as raised:
        apply(put(content), S)
    position = raised.value.position
    assert position is not None
    assert (position.source, position.line) == (None, line)
    assert position.column is not None
    assert abs(position.column - column) <= 1


def test_a_syntax_error_after_a_prologue_is_where_it_is() -> None:
    text = "PREFIX a: <a:> PREFIX b: <b:> INSERT DATA { a:s a:p } "
    with pytest.raises(QuerySyntaxError) as raised:
        apply(Update(text), S)
    position = raised.value.position
    assert position is not None
    assert (position.line, position.column) == (1, text.index("}") + 1)


def test_half_a_character_is_an_error_with_its_place() -> None:
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        apply(Update("INSERT DATA { <a:s> <a:p> '\ud800' }"), S)


@given(st.text(max_size=40))
def test_no_text_makes_an_update_raise_anything_but_a_clear_error(text: str) -> None:
    with suppress(QueryError):
        apply(Update(text), S)


@given(st.binary(max_size=40), st.sampled_from(ResultFormat.of_kind("graph")[:4]))
def test_no_bytes_make_a_document_raise_anything_but_a_clear_error(
    content: bytes, format_: ResultFormat
) -> None:
    with suppress(DataSyntaxError):
        apply(GraphChange(Deed.MERGE, "a:g", ((content, format_),), "a:g"), S)


def test_a_dataset_is_read_as_it_was_written() -> None:
    content = Content(b"<a:s> <a:p> <a:o> .\n", ("a:g", "https://x.example/\u00e9"))
    assert Content.decode(content.encode()) == content
