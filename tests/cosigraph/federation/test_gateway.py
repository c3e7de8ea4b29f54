# SPDX-License-Identifier: Apache-2.0
"""The gateway serves the calls of its own queries, and nobody else."""

from __future__ import annotations

import json
import re
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from cosigraph import endpoints
from cosigraph.errors import QueryRefused, QuerySyntaxError
from cosigraph.formats import ResultFormat
from cosigraph.store import EmbeddedStore, Query
from tests.canary import Canary
from tests.cosigraph.federation.asking import SNAPSHOT, Asker


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
