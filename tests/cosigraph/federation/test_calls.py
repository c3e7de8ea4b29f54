# SPDX-License-Identifier: Apache-2.0
"""An allowed endpoint is asked by its own IRI, and for no more than the query needs."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosigraph.errors import QuerySyntaxError
from tests.cosigraph.federation.asking import Asker

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
