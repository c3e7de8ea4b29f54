# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from cosigraph.limits import Limits
from cosigraph_api.problems import ProblemError
from cosigraph_api.protocol import (
    ProtocolRequest,
    fields_of_query_string,
    headers_of,
    only_value,
    read_request,
)
from tests.api.asking import http_scope

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def read(method: str, query: bytes = b"", body: bytes = b"", kind: str = "") -> ProtocolRequest:
    scope = http_scope(method, "/sparql", query, content_type=kind)

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return asyncio.run(read_request(scope, receive, headers_of(scope), Limits()))


@given(query=TEXT.filter(str.strip), graphs=st.lists(TEXT, max_size=3))
def test_what_is_written_is_read_by_every_method(query: str, graphs: list[str]) -> None:
    dataset = [("default-graph-uri", iri) for iri in graphs]
    address = urlencode(dataset).encode()
    encoded = urlencode([("query", query), *dataset]).encode()
    wanted = ProtocolRequest(query, default_graphs=tuple(graphs))
    assert read("GET", encoded) == wanted
    assert read("POST", b"", encoded, "application/x-www-form-urlencoded") == wanted
    assert read("POST", address, query.encode(), "application/sparql-query") == wanted


def test_the_dataset_of_a_form_may_stand_in_the_address() -> None:
    query = b"named-graph-uri=http://g.example/1&named-graph-uri=http://g.example/2"
    request = read("POST", query, b"query=ASK+{}", "application/x-www-form-urlencoded")
    assert request == ProtocolRequest(
        "ASK {}", named_graphs=("http://g.example/1", "http://g.example/2")
    )


def test_a_parameter_that_may_stand_once_does_not_stand_twice() -> None:
    assert only_value([("a", "1"), ("b", "2")], "b") == "2"
    assert only_value([("a", "1")], "b") is None
    for name in ("query", "reading"):
        with pytest.raises(ProblemError, match="2 times"):
            read("GET", f"{name}=a&{name}=b".encode())


def test_of_a_format_that_is_repeated_the_first_counts() -> None:
    assert read("GET", b"query=q&format=&format=tsv&format=text/plain").format == "tsv"


def test_very_many_parameters_are_refused() -> None:
    with pytest.raises(ProblemError, match="1000"):
        fields_of_query_string(http_scope("GET", "/", b"a=&" * 1500))


def test_a_header_that_is_repeated_is_one_list() -> None:
    scope = http_scope("GET", "/")
    scope["headers"] = [(b"accept", b"text/csv"), (b"Accept", b"*/*;q=0.1")]
    assert headers_of(scope) == {"accept": "text/csv, */*;q=0.1"}


def test_a_body_that_ends_too_early_is_refused() -> None:
    scope = http_scope("POST", "/", content_type="application/sparql-query")

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(ProblemError):
        asyncio.run(read_request(scope, receive, headers_of(scope), Limits()))
