# SPDX-License-Identifier: Apache-2.0
"""A query that would call anybody else is refused, and nobody else is dialled."""

from __future__ import annotations

import random
import re
import time
from contextlib import suppress

import pytest

from cosigraph import endpoints
from cosigraph.answers import Surroundings, prepare
from cosigraph.errors import CosigraphError, QueryRefused
from cosigraph.sparql import Form, query_form
from cosigraph.store import EmbeddedStore
from tests.canary import Canary
from tests.cosigraph.federation.asking import GRAPH, SNAPSHOT, Asker
from tests.cosigraph.test_egress import generated

SECONDS = 6


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
