# SPDX-License-Identifier: Apache-2.0
"""Compressed answers hold the same bytes, and only clients that can read them get them."""

from __future__ import annotations

import asyncio
import gzip
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from cosigraph_api.codings import SHORTEST, CodedResponses, Coding, chosen
from tests.api.asking import Asker, http_scope

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LONG = "SELECT ?s ?p ?o { ?s ?p ?o }"


def decoded(content: bytes, coding: str | None) -> bytes:
    if coding == "zstd":
        return zstd.decompress(content)
    return gzip.decompress(content) if coding == "gzip" else content


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("", None),
        ("identity", None),
        ("br, deflate", None),
        ("gzip, deflate, br, zstd", Coding.ZSTD),
        ("gzip, deflate", Coding.GZIP),
        ("GZip", Coding.GZIP),
        ("*", Coding.ZSTD),
        ("*, zstd;q=0", Coding.GZIP),
        ("zstd;q=0.5, gzip;q=0.8", Coding.GZIP),
        ("zstd; q=0", None),
        ("gzip;q=0, *;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", Coding.GZIP),
        ("gzip;q=1.0;x", Coding.GZIP),
    ],
)
def test_the_client_chooses_the_coding(accept_encoding: str, coding: Coding | None) -> None:
    assert chosen(accept_encoding) == coding


@given(st.text(max_size=40))
def test_any_field_is_read(accept_encoding: str) -> None:
    assert chosen(accept_encoding) in {None, *Coding}


class Answered:
    """What a client gets that sends these fields, of an application that sends this."""

    def __init__(
        self, *pieces: bytes, method: str = "GET", status: int = 200, tag: str = "", **fields: str
    ) -> None:
        self.had: str | None = None
        self.sent: list[Message] = []

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            had = dict(scope["headers"]).get(b"if-none-match")
            self.had = had and had.decode()
            headers = [(b"content-length", str(len(pieces[0])).encode())] * (len(pieces) == 1)
            headers += [(b"etag", tag.encode())] * bool(tag)
            headers += [(b"vary", b"Accept")] * bool(tag)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            for index, piece in enumerate(pieces):
                more = index < len(pieces) - 1
                await send({"type": "http.response.body", "body": piece, "more_body": more})

        async def receive() -> Message:
            raise AssertionError

        async def send(message: Message) -> None:
            self.sent.append(message)

        coded = CodedResponses(application)
        asyncio.run(coded(http_scope(method, "/", b"", **fields), receive, send))
        start, *self.bodies = self.sent
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.content = b"".join(body["body"] for body in self.bodies)


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=5), st.sampled_from(Coding))
def test_pieces_are_the_same_bytes_when_they_are_decoded(
    pieces: list[bytes], coding: Coding
) -> None:
    answered = Answered(*pieces, accept_encoding=coding)
    content = b"".join(pieces)
    assert decoded(answered.content, answered.headers.get("content-encoding")) == content
    if len(pieces) > 1 or len(content) >= SHORTEST:
        assert answered.headers["content-encoding"] == coding
    if len(pieces) == 1:
        assert answered.headers["content-length"] == str(len(answered.content))
    else:
        assert "content-length" not in answered.headers
    assert [body["more_body"] for body in answered.bodies[-1:]] == [False]
    assert answered.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("coding", Coding)
def test_long_answers_go_in_pieces_of_which_none_waits_for_the_end(coding: Coding) -> None:
    random = Random(1)
    pieces = [random.randbytes(32 * 1024).hex().encode() for _ in range(40)]
    answered = Answered(*pieces, accept_encoding=coding)
    assert decoded(answered.content, coding) == b"".join(pieces)
    assert len(answered.content) < len(b"".join(pieces)) * 0.7
    assert len(answered.bodies) > 10


def test_what_is_short_goes_as_it_is_under_a_tag_of_its_own() -> None:
    answered = Answered(b"short", tag='"t"', accept_encoding="gzip")
    assert answered.content == b"short"
    assert "content-encoding" not in answered.headers
    assert answered.headers["etag"] == '"t-gzip"'
    assert answered.headers["vary"] == "Accept, Accept-Encoding"


def test_head_tells_what_get_would() -> None:
    content = b"long" * SHORTEST
    headers = [
        Answered(content, method=method, accept_encoding="zstd").headers
        for method in ("GET", "HEAD")
    ]
    assert headers[0] == headers[1]


@pytest.mark.parametrize(
    ("accept_encoding", "sent", "had"),
    [
        ("gzip", '"t-gzip"', '"t"'),
        ("gzip", '"u-zstd", W/"t-gzip", "t"', 'W/"t"'),
        ("gzip", '"t"', None),
        ("gzip", '"t-zstd"', None),
        ("", '"t"', '"t"'),
        ("", '"t-gzip"', '"t-gzip"'),
    ],
)
def test_the_tag_of_an_answer_in_another_coding_does_not_count(
    accept_encoding: str, sent: str, had: str | None
) -> None:
    answered = Answered(b"", accept_encoding=accept_encoding, if_none_match=sent)
    assert answered.had == had


@pytest.mark.parametrize("status", [204, 206, 304])
def test_what_has_no_content_of_its_own_stays_as_it_is(status: int) -> None:
    answered = Answered(b"x" * SHORTEST, status=status, accept_encoding="gzip")
    assert "content-encoding" not in answered.headers


@pytest.mark.parametrize("coding", Coding)
@pytest.mark.parametrize(
    "path", ["/", "/queries", "/queries/trees.json", "/openapi.json", "/static/style.css"]
)
def test_everything_goes_compressed(asker: Asker, path: str, coding: Coding) -> None:
    plain = asker.request("GET", path, headers={"Accept-Encoding": "identity"})
    # httpx decodes gzip by itself, and zstd if it can.
    coded = asker.request("GET", path, headers={"Accept-Encoding": coding})
    assert coded.headers["content-encoding"] == coding
    known = coding == "gzip" or coded.content == plain.content
    assert (coded.content if known else decoded(coded.content, coding)) == plain.content
    assert "accept-encoding" in coded.headers["vary"].lower()


@pytest.mark.parametrize("coding", Coding)
def test_a_compressed_answer_can_be_kept_and_asked_for_again(asker: Asker, coding: Coding) -> None:
    request = {"params": {"query": LONG}}
    headers = {"Accept-Encoding": coding}
    tag = asker.request("GET", "/sparql", headers=headers, **request).headers["etag"]
    again = {**headers, "If-None-Match": tag}
    answer = asker.request("GET", "/sparql", headers=again, **request)
    assert (answer.status_code, answer.headers["etag"]) == (304, tag)
    plain = {"If-None-Match": tag, "Accept-Encoding": "identity"}
    assert asker.request("GET", "/sparql", headers=plain, **request).status_code == 200
