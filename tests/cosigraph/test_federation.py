# SPDX-License-Identifier: Apache-2.0
"""A query asks the endpoints that are allowed, each by its own IRI, and dials nobody else."""

from __future__ import annotations

import ipaddress
import json
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from cosigraph import endpoints
from cosigraph.answers import Answer, Surroundings, prepare
from cosigraph.dataset import Dataset
from cosigraph.errors import (
    CosigraphError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ServiceFailed,
    UsageError,
)
from cosigraph.federation import FederatedPool
from cosigraph.formats import ResultFormat
from cosigraph.sparql import Form, query_form
from cosigraph.store import EmbeddedStore, Query
from cosigraph.workers import BlockingStore
from tests.canary import Canary
from tests.cosigraph.test_egress import generated
from tests.endpoint import FarEndpoint, Reply, Request

GRAPH = "https://x.example/graph/a"
S, P = NamedNode("a:a"), NamedNode("a:b")
SNAPSHOT = Dataset({GRAPH: (Triple(S, P, Literal("here")),)}).snapshot()
SECONDS = 6


class Asker:
    """Asks a pool, which may call the far endpoint by these names."""

    def __init__(self, far: FarEndpoint, timeout: float = 20, **options: Any) -> None:
        self.services = (f"{far.iri}sparql", f"{far.iri}other", f"{far.iri}a%20b?x=1")
        self.far = far
        self.pool = FederatedPool(SNAPSHOT, self.services, timeout=timeout, **options)
        self.store = BlockingStore(self.pool)

    def prepared(self, text: str) -> Query:
        surroundings = Surroundings((GRAPH,), {"far": self.far.iri}, self.far.iri)
        return prepare(
            text.replace("<U>", f"<{self.services[0]}>"), surroundings, services=self.services
        )

    def rows(self, text: str) -> list[list[str | None]]:
        answer = Answer(self.store, self.prepared(text))
        return [[getattr(term, "value", None) for term in row] for row in answer.rows()]

    def boolean(self, text: str) -> bool | None:
        return Answer(self.store, self.prepared(text)).boolean


@pytest.fixture(scope="module")
def standing() -> Iterator[Asker]:
    far = FarEndpoint()
    asker = Asker(far)
    yield asker
    asker.pool.close()
    far.close()


@pytest.fixture
def asker(standing: Asker) -> Asker:
    standing.far.requests.clear()
    standing.far.reply = lambda _: Reply()
    return standing


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


ALLOWED = [
    "SELECT ?o { SERVICE <U> { ?s ?p ?o } }",
    "SELECT ?o { ?s ?q ?x . SERVICE <U> { ?s ?p ?o } }",
    "SELECT ?o { service\n#>\n<U>{?s ?p ?o} }",
    "SELECT ?o { SERVICE#'''\n<U>{?s ?p ?o} FILTER(?s != 'SERVICE <a:b> {}') }",
    "SELECT ?o { SeRvIcE SiLeNt <U> { ?s ?p ?o } }",
    "SELECT ?o { SERVICE far:sparql { ?s ?p ?o } }",
    "PREFIX f: <U> SELECT ?o { SERVICE f: { ?s ?p ?o } }",
    "BASE <U> SELECT ?o { SERVICE <> { ?s ?p ?o } }",
    "SELECT ?o { SERVICE <sparql> { ?s ?p ?o } }",
    "SELECT ?o { SERVICE <sp\\u0061rql> { ?s ?p ?o } }",
    "SELECT ?o { { SELECT ?o { SERVICE <U> { ?s ?p ?o } } } }",
    "SELECT ?o { GRAPH ?g { ?s ?q ?x } OPTIONAL { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT ('far' AS ?o) { ?s ?p ?x FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT ?o { ?s ?q ?x FILTER(?x<'i')SERVICE <U>{ ?s ?p ?o} }",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_an_allowed_endpoint_is_asked_however_it_is_written(text: str, asker: Asker) -> None:
    assert asker.rows(text) == [["far"]]
    assert {request.path for request in asker.far.requests} == {"/sparql"}


def test_the_endpoint_is_sent_the_pattern_and_nothing_of_the_client(asker: Asker) -> None:
    asker.rows(
        "SELECT * { ?s ?q ?x SERVICE <a%20b?x=1> { ?s a:own 'text'@en } }".replace(
            "a:own", "<a:own>"
        )
    )
    (request,) = asker.far.requests
    assert request.path == "/a%20b?x=1"
    assert re.sub(r"^BASE <.*?>\n", "", request.body) == (
        'SELECT * WHERE { ?s <a:own> "text"@en . }'
    )
    assert set(request.fields) == {
        "host",
        "accept",
        "accept-encoding",
        "content-type",
        "content-length",
        "user-agent",
        "connection",
    }
    assert request.fields["content-type"] == "application/sparql-query"


def test_a_call_within_a_call_is_told_to_the_endpoint_by_its_own_name(asker: Asker) -> None:
    asker.rows("SELECT * { SERVICE <U> { ?s ?p ?o SERVICE SILENT <other> { ?s ?q ?r } } }")
    (request,) = asker.far.requests
    assert f"SERVICE SILENT <{asker.services[1]}> {{ ?s ?q ?r . }}" in request.body
    assert request.body.count("http://") == 1 + request.body.count("BASE")


def test_the_same_call_is_made_once(asker: Asker) -> None:
    text = "SELECT * { VALUES ?s { <a:a> <a:b> } FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }"
    assert asker.rows(text) == [["a:a"]]
    assert len(asker.far.requests) == 1


# "<C>" stands for the canary's address, "<U>" for the endpoint that is allowed.
FORBIDDEN = [
    "ASK { SERVICE <C> { ?s ?p ?o } }",
    "ASK { SERVICE SILENT <C> { ?s ?p ?o } }",
    "ASK { SERVICE ?s { ?s ?p ?o } }",
    "ASK { VALUES ?s { <U> } SERVICE ?s { ?s ?p ?o } }",
    "ASK { BIND(<C> AS ?e) SERVICE SILENT ?e { ?s ?p ?o } }",
    "ASK { SERVICE <U> { ?s ?p ?o SERVICE <C> { ?s ?p ?o } } }",
    "ASK { SERVICE <U> { ?s ?p ?o SERVICE ?o { ?s ?p ?o } } }",
    "ASK { { SELECT * { SERVICE <C> { ?s ?p ?o } } } }",
    "ASK { ?s ?p ?o FILTER NOT EXISTS { SERVICE <C> { ?s ?p ?o } } }",
    "PREFIX c: <C> ASK { SERVICE c: { ?s ?p ?o } }",
    "PREFIX far: <C> ASK { SERVICE far: { ?s ?p ?o } }",
    "BASE <C> ASK { SERVICE <sparql> { ?s ?p ?o } }",
    "ASK { SERVICE <U> { ?s ?p ?o } SERV\\u0049CE <U> { ?s ?p ?o } }",
    "ASK { ?s ?p trueSERVICE<U>{?s ?p ?o} }",
    "ASK { ?s ?p ?o FILTER(EXISTS{}<?o)SERVICE#>\n<C>{?s ?p ?o} }",
    "ASK { VALUES ?x{'''a'}SERVICE<C>{?s ?p ?o}#\\z'''\n }",
    "ASK { SERVICE <U/> { ?s ?p ?o } }",
    "ASK { SERVICE <U?> { ?s ?p ?o } }",
    "ASK { SERVICE <U#> { ?s ?p ?o } }",
    "ASK { SERVICE </../SPARQL> { ?s ?p ?o } }",
    "ASK { SERVICE <sp%61rql> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_every_other_is_refused_with_the_position(text: str, asker: Asker, canary: Canary) -> None:
    text = text.replace("<C>", f"<{canary.iri}>")
    text = re.sub("<U(.+?)>", f"<{asker.services[0]}\\1>", text)
    with pytest.raises(QueryRefused, match=r"^line \d, column \d+: (SERVICE must|The endpoint <)"):
        asker.boolean(text)
    assert (canary.count(), asker.far.requests) == (0, [])


@pytest.mark.parametrize(
    "spelling",
    [
        "http://allowed.example@{host}:{port}/sparql",
        "http://{host}:{port}@{canary}/sparql",
        "http://{host}:{port}.@{canary}/sparql",
        "HTTP://{host}:{port}/sparql",
        "http://{host}.:{port}/sparql",
        "http://localhost:{port}/sparql",
        "http://0x7f.1:{port}/sparql",
        "http://2130706433:{port}/sparql",
        "http://[::ffff:127.0.0.1]:{port}/sparql",
        "http://{host}:0{port}/sparql",
        "https://{host}:{port}/sparql",
        "http://{host}/sparql",
        "http:{host}:{port}/sparql",
        "//{host}:{port}/sparql#x",
        "http://{host}:{port}/./sparql",
        "http://{host}:{port}//sparql",
        "http://{host}:{port}/sparql%20",
        "http://\uff11\uff12\uff17.0.0.1:{port}/sparql",
    ],
)
def test_another_spelling_is_another_endpoint(spelling: str, asker: Asker, canary: Canary) -> None:
    other = canary.iri.removeprefix("http://").rstrip("/")
    iri = spelling.format(host="127.0.0.1", port=asker.far.port, canary=other)
    for silent in ("", "SILENT"):
        with pytest.raises(QueryRefused, match="The endpoint <"):
            asker.boolean(f"ASK {{ SERVICE {silent} <{iri}> {{ ?s ?p ?o }} }}")
    assert (canary.count(), asker.far.requests) == (0, [])


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


INTERNAL = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"]
INTERNAL += ["100.64.0.1", "224.0.0.1", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1"]
INTERNAL += ["fe80::1%1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"]


@pytest.mark.parametrize("address", INTERNAL)
def test_an_allowed_name_is_not_followed_to_an_internal_address(
    address: str, canary: Canary
) -> None:
    port = int(canary.iri.rsplit(":", 1)[1].rstrip("/"))
    asked = endpoints.endpoint(f"http://allowed.example:{port}/sparql")
    for found in ([address], ["93.184.216.34", address]):
        exchange = endpoints.Exchange(asked, 5, lambda *_, found=found: found)
        with pytest.raises(ServiceFailed, match="has an address that is not public"):
            exchange.answer(b"ASK {}")
    assert canary.count() == 0


@pytest.mark.parametrize(
    ("host", "address", "may"),
    [
        ("allowed.example", "93.184.216.34", True),
        ("allowed.example", "2606:2800:220:1:248:1893:25c8:1946", True),
        ("localhost", "127.0.0.1", True),
        ("localhost", "10.0.0.1", False),
        ("LOCALHOST", "::1", True),
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("[::1]", "::1", True),
        ("2130706433", "127.0.0.1", False),
        ("0x7f.1", "127.0.0.1", False),
        ("localhost.", "127.0.0.1", False),
    ],
)
def test_where_an_endpoint_may_be(host: str, address: str, may: bool) -> None:
    asked = endpoints.endpoint(f"http://{host}/sparql")
    assert asked.may_be_at(ipaddress.ip_address(address)) is may


@pytest.mark.parametrize(
    ("iri", "said"),
    [
        ("sparql", "no absolute IRI"),
        ("ftp://x.example/", "must begin with http or https"),
        ("file:///etc/passwd", "must begin with http or https"),
        ("http:///sparql", "no host"),
        ("http://user:word@x.example/", "no user name"),
        ("http://x.example/#a", "no fragment"),
        ("http://x.example:0/", "no host and port"),
        ("http://x.example:99999/", "no absolute IRI"),
        ("http://x%2eexample/", "no host"),
        ("http://müller.example/", "xn--"),
    ],
)
def test_what_cannot_be_an_endpoint_is_not_allowed(iri: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        endpoints.endpoint(iri)


def test_no_proxy_of_the_environment_is_asked(
    asker: Asker, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.iri)
    far = FarEndpoint()
    fresh = Asker(far, size=1)
    assert fresh.boolean("ASK { SERVICE <U> { ?s ?p ?o } }") is True
    assert (canary.count(), len(far.requests)) == (0, 1)
    fresh.pool.close()
    far.close()


def test_the_gateway_tells_nothing_to_whoever_has_not_been_given_a_name(asker: Asker) -> None:
    address = asker.pool.gateway.address
    for path in ("", "0", "guess/0", "//0", quote("../") + "0"):
        with pytest.raises(HTTPError, match="404") as caught:
            urlopen(f"{address}{path}", data=b"ASK {}", timeout=5)
        assert caught.value.read() == b""
    assert asker.far.requests == []


def test_a_name_is_forgotten_with_its_query(asker: Asker) -> None:
    query = asker.prepared("ASK { SERVICE <U> { ?s ?p ?o } }")
    session = asker.pool.gateway.open(query, [endpoints.endpoint(asker.services[0])], 5)
    rewritten = session.rewritten()
    match = re.search("<(.+?)>", rewritten.text)
    assert match is not None
    assert json.load(urlopen(match[1], data=b"ASK {}", timeout=5))["head"]
    asker.pool.gateway.end(session)
    with pytest.raises(HTTPError, match="404") as caught:
        urlopen(match[1], data=b"ASK {}", timeout=5)
    caught.value.close()


def test_a_process_refuses_every_call_that_is_not_its_own_gateways(
    asker: Asker, canary: Canary
) -> None:
    """As if the check of the text had let them through."""
    store = EmbeddedStore(SNAPSHOT)
    gateway = f"{canary.iri}name/"
    for text in (
        f"ASK {{ SERVICE <{canary.iri}> {{}} }}",
        f"ASK {{ SERVICE <{gateway}0> {{ SERVICE <{canary.iri}> {{}} }} }}",
        f"ASK {{ SERVICE  <{gateway}0> {{}} }}",
        f"ASK {{ FILTER('SERVICE <{gateway}0>' = '') }}",
        f"ASK {{ SERVICE <{gateway}0> {{}} }} # SERVICE <{gateway}0>",
        f"ASK {{ SERVICE <{gateway}x> {{}} }}",
        f"ASK {{ SERVICE ?x {{}} VALUES ?x {{ <{gateway}0> }} }}",
    ):
        with pytest.raises((QueryRefused, QuerySyntaxError)):
            list(store.execute(Query(text, ResultFormat.JSON, gateway=gateway)))
    assert canary.count() == 0


def test_no_generated_text_dials_anybody_but_who_is_allowed(asker: Asker, canary: Canary) -> None:
    """By the thousand, with the canary's address and the allowed one mixed."""
    seed = random.SystemRandom().getrandbits(32)
    chance = random.Random(seed)
    allowed, end, reached = asker.services[0], time.monotonic() + SECONDS, 0
    surroundings = Surroundings((GRAPH,), {"ex": canary.iri, "far": asker.far.iri})
    store = EmbeddedStore(SNAPSHOT)
    while time.monotonic() < end:
        texts = []
        for _ in range(50):
            text = generated(chance)
            if chance.random() < 0.5:
                text = re.sub(r"(?<=SERVICE)\s*<U>", chance.choice([" <U>", " far:sparql"]), text)
            known = chance.choice([canary.iri, allowed, allowed])
            texts.append(text.replace("<U>", f"<{known}>"))
        for text in texts:
            with suppress(CosigraphError):
                query = prepare(text, surroundings, services=asker.services)
                gateway = asker.pool.gateway.open(
                    query, [endpoints.endpoint(call.iri) for call in query.services], 5
                )
                rewritten = gateway.rewritten()
                is_table = query_form(text) in {Form.SELECT, Form.ASK}
                assert is_table == (query.format.kind == "bindings")
                reached += bool(query.services)
                # In this process, where nothing but the checks stands before the engine; with no
                # data and a name that is forgotten, so that even calls that are right get nowhere.
                asker.pool.gateway.end(gateway)
                list(store.execute(rewritten))
        assert canary.count() == 0, (seed, texts)
    assert reached > 5
    assert asker.far.requests == []


GAPS = st.lists(
    st.sampled_from([" ", "\n", "\t", "\r\n", "# SERVICE <x:y> {\n", "#>\n", "#'''\n"]), min_size=1
).map("".join)


@st.composite
def spelt(draw: st.DrawFn) -> str:
    """One query, with its words and gaps drawn."""

    def word(text: str) -> str:
        return "".join(draw(st.sampled_from([sign.lower(), sign.upper()])) for sign in text)

    call = draw(st.sampled_from(["<U>", "far:sparql", "<sparql>", "<sp\\u0061rql>"]))
    silent = [word("SILENT")] if draw(st.booleans()) else []
    before = draw(
        st.sampled_from(["", "?s ?q ?x .", "FILTER(1 < 2)", "?s ?q 'here' FILTER(?s<?z)"])
    )
    parts = [word("SELECT"), "?s", "?o", "{", before, word("SERVICE"), *silent, call]
    parts += ["{", "?s", "?p", "?o", "}", "}"]
    return "".join(part + draw(GAPS) for part in parts if part)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=spelt())
def test_spelling_does_not_change_what_is_asked_and_answered(text: str, asker: Asker) -> None:
    asker.far.requests.clear()
    expected = [] if "?z" in text else [["a:a", "far"]]
    assert asker.rows(text) == expected
    bodies = {request.body.partition("SELECT")[2] for request in asker.far.requests}
    assert bodies <= {" * WHERE { ?s ?p ?o . }"}
    assert bodies or not expected


def test_an_error_beside_a_call_is_told_where_it_was_written(asker: Asker) -> None:
    with pytest.raises(QuerySyntaxError, match="line 2, column 29: '}' stands where an object"):
        asker.boolean("ASK {\n SERVICE <sparql> { ?s ?p   } }")


def test_an_endpoint_that_cannot_show_who_it_is_is_not_believed(asker: Asker) -> None:
    asked = endpoints.endpoint(f"https://127.0.0.1:{asker.far.port}/sparql")
    with pytest.raises(ServiceFailed, match="cannot be trusted"):
        endpoints.Exchange(asked, 5).answer(b"ASK {}")
    assert asker.far.requests == []
