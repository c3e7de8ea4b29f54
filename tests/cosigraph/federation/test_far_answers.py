# SPDX-License-Identifier: Apache-2.0
"""What an endpoint does wrong is told, and costs no more than the query may."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from cosigraph import endpoints
from cosigraph.answers import Surroundings, prepare
from cosigraph.errors import QueryTimeout, ServiceFailed
from cosigraph.federation import FederatedPool
from tests.canary import Canary
from tests.cosigraph.federation.asking import GRAPH, SNAPSHOT, Asker
from tests.endpoint import FarEndpoint, Reply, Request


def moved(canary: Canary, status: int) -> Callable[[Request], Reply]:
    return lambda _: Reply(b"", status, {"Location": canary.iri})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, asker: Asker, canary: Canary) -> None:
    asker.far.reply = moved(canary, status)
    with pytest.raises(ServiceFailed, match=r"line 1, column 7.* redirects to <http.*not followed"):
        asker.boolean("ASK { SERVICE <U> { ?s ?p ?o } }")
    assert asker.boolean("ASK { SERVICE SILENT <U> { ?s ?p ?o } }") is True
    assert canary.count() == 0


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"no room\n", 500), "answered 500: no room"),
        (Reply(b"", 204), "answered 204"),
        (Reply(b"<html>", 200, {"Content-Type": "text/html"}), "answered in text/html"),
        (
            Reply(
                fields={
                    "Content-Type": "application/sparql-results+json",
                    "Content-Encoding": "gzip",
                }
            ),
            "in a coding",
        ),
        (Reply(length=5000), "broke off in the midst of its answer"),
        (Reply(b"{}" * 600, 400), r"answered 400: (\{\})+…\.$"),
        (Reply(b"\x1b[31mred", 400), "answered 400: \N{REPLACEMENT CHARACTER}\\[31mred"),
    ],
)
def test_what_another_endpoint_does_wrong_is_told(reply: Reply, said: str, asker: Asker) -> None:
    def wrong(request: Request) -> Reply:
        return reply

    asker.far.reply = wrong
    with pytest.raises(ServiceFailed, match=said) as caught:
        asker.boolean("ASK { SERVICE <U> { ?s ?p ?o } }")
    assert asker.services[0] in caught.value.detail
    assert asker.rows("SELECT ?s ?x { ?s ?p ?x SERVICE SILENT <U> { ?s ?p ?o } }") == [
        ["a:a", "here"]
    ]


def test_results_that_are_none_are_told(asker: Asker) -> None:
    asker.far.reply = lambda _: Reply(b'{"head":{"vars":["s"]},"results":{"bindings":[{"s"')
    with pytest.raises(ServiceFailed, match=r"The answer of <http.*/sparql> cannot be used\."):
        asker.boolean("ASK { SERVICE <U> { ?s ?p ?o } }")


def test_an_answer_that_is_too_large_is_not_held(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "LARGEST_ANSWER", 100)
    with pytest.raises(ServiceFailed, match="answered with more than 100 bytes"):
        asker.boolean("ASK { SERVICE <U> { ?s ?p ?o } }")


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        iri = f"http://127.0.0.1:{free.getsockname()[1]}/"
    pool = FederatedPool(SNAPSHOT, [iri], size=1)
    text = f"ASK {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}"
    query = prepare(text, Surroundings((GRAPH,), {}), services=[iri])
    with pytest.raises(ServiceFailed, match="cannot be reached: Connection refused"):
        pool.execute_blocking(query)
    pool.close()


def test_an_endpoint_that_does_not_answer_costs_no_more_than_the_time_of_the_query() -> None:
    far, gone = FarEndpoint(), threading.Event()

    def never(_: Request) -> Reply:
        gone.wait(30)
        return Reply()

    far.reply = never
    asker = Asker(far, timeout=1, size=1)
    asker.pool.execute_blocking(asker.prepared("ASK {}"), 20)  # the process has started
    begun = time.monotonic()
    with pytest.raises(QueryTimeout):
        asker.boolean("ASK { SERVICE SILENT <U> { ?s ?p ?o } SERVICE <other> { ?s ?p ?o } }")
    assert time.monotonic() - begun < 5
    gone.set()
    far.reply = lambda _: Reply()
    assert asker.pool.execute_blocking(asker.prepared("ASK { SERVICE <U> { ?s ?p ?o } }"), 20)
    asker.pool.close()
    far.close()
