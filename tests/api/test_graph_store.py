# SPDX-License-Identifier: Apache-2.0
"""The SPARQL 1.1 Graph Store HTTP Protocol, on a store and on a project folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from cosigraph import Project
from tests.api.asking import Asker
from tests.api.writing import Writable, writable

ONE = "<a:s> <a:p> 1 ."
TWO = "<a:s> <a:p> 2 ."
G = "/graphs?graph=https://x.example/g"
TREES = "https://orchard.example/graph/trees"
NTRIPLES = "application/n-triples"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, orchard: Project) -> Iterator[Writable]:
    with writable(tmp_path_factory.mktemp("store") / "shared", orchard) as served:
        yield served


@pytest.fixture
def served(shared: Writable) -> Writable:
    """The store, emptied."""
    assert shared.update("DROP ALL").status_code == 204
    return shared


def triples(answer: Any) -> set[str]:
    assert answer.status_code == 200
    return {str(quad.triple) for quad in parse(answer.content, format=RdfFormat.N_TRIPLES)}


def graph(served: Writable, path: str) -> set[str]:
    return triples(served.asker.get(path, accept=NTRIPLES))


def line(number: int) -> str:
    return f'<a:s> <a:p> "{number}"^^<http://www.w3.org/2001/XMLSchema#integer>'


# Reading, which needs neither token nor store


@pytest.mark.parametrize(
    "path",
    [
        f"/graphs?graph={TREES}",
        "/graphs/trees",
        "/graphs?graph=https%3A%2F%2Forchard.example%2Fgraph%2Ftrees",
    ],
)
def test_a_projects_graph_is_read_by_its_iri_or_its_name(asker: Asker, path: str) -> None:
    text = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{TREES}> {{ ?s ?p ?o }} }}"
    assert triples(asker.get(path, accept=NTRIPLES)) == triples(asker.sparql(text, accept=NTRIPLES))


def test_the_default_graph_of_a_folder_is_what_queries_see(asker: Asker) -> None:
    text = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
    found = triples(asker.get("/graphs?default", accept=NTRIPLES))
    assert found == triples(asker.sparql(text, accept=NTRIPLES))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("text/turtle; charset=utf-8", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("text/html,application/rdf+xml;q=0.9,*/*;q=0.8", "application/rdf+xml"),
    ],
)
def test_it_comes_in_the_format_that_is_accepted(
    asker: Asker, accept: str | None, media_type: str
) -> None:
    answer = asker.get("/graphs/trees", accept=accept)
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]


def test_a_format_that_there_is_not_is_406(asker: Asker) -> None:
    assert asker.get("/graphs/trees", accept="text/html").status_code == 406
    assert asker.get("/graphs/trees?format=csv").status_code == 400
    answer = asker.get("/graphs/trees?format=ntriples")
    assert answer.headers["content-type"] == NTRIPLES


def test_head_is_get_without_content(asker: Asker) -> None:
    got, head = (asker.request(method, "/graphs/trees") for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]
    assert asker.request("HEAD", "/graphs/nothing").status_code == 404


def test_what_the_client_has_is_304(asker: Asker) -> None:
    tag = asker.get("/graphs/trees").headers["etag"]
    headers = {"If-None-Match": tag}
    assert asker.request("GET", "/graphs/trees", headers=headers).status_code == 304
    assert asker.request("GET", "/graphs/shapes", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/graphs/nothing", "/graphs?graph=https://x.example/nothing"])
def test_a_graph_that_is_not_there_is_404(asker: Asker, path: str) -> None:
    answer = asker.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/unknown-graph")


@pytest.mark.parametrize(
    "path",
    [
        "/graphs",
        "/graphs/",
        "/graphs?graph=relative",
        "/graphs?graph=",
        "/graphs?graph=a:g&graph=a:h",
        "/graphs?default&graph=a:g",
        "/graphs/trees?default",
        "/graphs?graph=a:%3Eb",
        "/graphs?graph=a:g%3E%7D%20SERVICE",
    ],
)
def test_a_request_that_names_no_graph_or_several_is_400(asker: Asker, path: str) -> None:
    assert asker.get(path).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_where_writing_is_off_it_is_405(asker: Asker, method: str) -> None:
    answer = asker.request(method, "/graphs?default", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


# Writing


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_without_the_token_it_is_401(served: Writable, method: str) -> None:
    before = served.versions
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = served.asker.request(method, G, headers=headers, content=b"no RDF")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert served.versions == before


@pytest.mark.parametrize(
    "path", [G, "/graphs/person/1.ttl", "/graphs/trees", "/graphs/caf%C3%A9/%20", "/graphs?default"]
)
def test_a_graph_is_put_replaced_and_removed(served: Writable, path: str) -> None:
    is_default = path.endswith("default")
    assert served.graph("PUT", path, ONE).status_code == (204 if is_default else 201)
    assert graph(served, path) == {line(1)}
    assert served.graph("PUT", path, TWO).status_code == 204
    assert graph(served, path) == {line(2)}
    assert served.graph("DELETE", path).status_code == 204
    assert served.asker.get(path).status_code == (200 if is_default else 404)
    assert served.graph("DELETE", path).status_code == (204 if is_default else 404)


def test_a_name_in_the_path_is_the_address_or_a_projects_graph(served: Writable) -> None:
    created = served.graph("PUT", "/graphs/person/1.ttl", ONE)
    assert created.headers["location"] == "http://server.test/graphs/person/1.ttl"
    served.graph("PUT", "/graphs/trees", TWO)
    assert served.count("GRAPH <http://server.test/graphs/person/1.ttl> { ?s ?p ?o }") == 1
    assert served.count(f"GRAPH <{TREES}> {{ ?s ?p ?o }}") == 1
    assert served.count("GRAPH ?g { ?s ?p ?o }") == 2


def test_percent_encoding_is_undone_once(served: Writable) -> None:
    served.graph("PUT", "/graphs?graph=https://x.example/%31", ONE)
    served.graph("PUT", "/graphs?graph=https://x.example/%2531", TWO)
    assert served.count("GRAPH <https://x.example/1> { ?s ?p 1 }") == 1
    assert served.count("GRAPH <https://x.example/%31> { ?s ?p 2 }") == 1


def test_post_adds_to_a_graph_or_makes_it(served: Writable) -> None:
    assert served.graph("POST", G, ONE).status_code == 201
    assert served.graph("POST", G, TWO).status_code == 204
    assert graph(served, G) == {line(1), line(2)}


def test_post_without_a_name_makes_a_graph_with_a_name(served: Writable) -> None:
    first, second = (served.graph("POST", "/graphs", ONE) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    location = first.headers["location"]
    assert location != second.headers["location"]
    assert graph(served, location.removeprefix("http://server.test")) == {line(1)}
    assert graph(served, f"/graphs?graph={location}") == {line(1)}


def test_blank_nodes_of_two_requests_are_different(served: Writable) -> None:
    for _ in range(2):
        served.graph("POST", G, "_:b <a:p> 1 .")
    assert served.count("GRAPH ?g { ?s <a:p> 1 }") == 2


def test_relative_iris_are_resolved_against_the_graphs_own(served: Writable) -> None:
    served.graph("PUT", "/graphs?graph=https://x.example/folder/g", "<x> <../y> <> .")
    expected = "<https://x.example/folder/x> <https://x.example/y> <https://x.example/folder/g>"
    assert graph(served, "/graphs?graph=https://x.example/folder/g") == {expected}


def test_an_empty_graph_is_there(served: Writable) -> None:
    assert served.graph("PUT", G, "").status_code == 201
    assert graph(served, G) == set()
    assert served.graph("PUT", G, "").status_code == 204


def test_the_default_graph_of_a_store_is_the_unnamed_one(served: Writable) -> None:
    served.graph("PUT", G, ONE)
    served.graph("PUT", "/graphs?default", TWO)
    assert graph(served, "/graphs?default") == {line(2)}
    assert served.count() == 2


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/turtle; charset=utf-8", ONE),
        ("application/n-triples", f"{line(1)} ."),
        (
            "application/rdf+xml",
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:">'
            '<r:Description r:about="a:s"><a:p '
            'r:datatype="http://www.w3.org/2001/XMLSchema#integer">1</a:p></r:Description></r:RDF>',
        ),
        ("application/ld+json", '{"@id": "a:s", "a:p": 1}'),
    ],
)
def test_rdf_is_read_in_four_formats(served: Writable, media_type: str, content: str) -> None:
    assert served.graph("PUT", G, content, Content_Type=media_type).status_code == 201
    assert graph(served, G) == {line(1)}


@pytest.mark.parametrize(
    "media_type", ["text/csv", "application/n-quads", "text/turtle; charset=utf-16", ""]
)
def test_other_formats_are_415(served: Writable, media_type: str) -> None:
    assert served.graph("PUT", G, ONE, Content_Type=media_type).status_code == 415
    coded = served.graph("PUT", G, ONE, Content_Encoding="gzip")
    assert coded.status_code == 415
    assert served.asker.get(G).status_code == 404


@pytest.mark.parametrize(
    ("content", "position"),
    [
        ("<a:s> <a:p> .", (1, 14)),
        ("<a:s> <a:p> 1 .\n<a:s> a:p 2 .", (2, 7)),
    ],
)
def test_what_is_no_rdf_is_400_with_its_place(
    served: Writable, content: str, position: tuple[int, int]
) -> None:
    answer = served.graph("PUT", G, content)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"].endswith("/data-syntax")
    assert problem["position"]["line"] == position[0]
    assert "column" in problem["position"]
    assert served.asker.get(G).status_code == 404


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/ld+json", '{"@context": "http://127.0.0.1:1/c", "@id": "a:s", "p": 1}'),
        ("application/ld+json", '{"@id": "a:g", "@graph": [{"@id": "a:s", "a:p": 1}]}'),
        ("text/turtle", b'<a:s> <a:p> "\xff" .'),
        ("application/rdf+xml", "<no xml"),
    ],
)
def test_what_cannot_be_one_graph_is_400(
    served: Writable, media_type: str, content: str | bytes
) -> None:
    answer = served.graph("PUT", G, content, Content_Type=media_type)
    assert answer.status_code == 400
    assert served.asker.get(G).status_code == 404


def test_a_body_that_is_too_large_is_413(served: Writable) -> None:
    large = " " * (served.service.limits.body + 1)
    assert served.graph("PUT", G, large).status_code == 413


# Files of a form


def post_files(served: Writable, *files: tuple[str, bytes, str]) -> Any:
    return served.asker.request(
        "POST", G, files=[("file", each) for each in files], headers=served.authorisation
    )


def test_files_of_a_form_are_added(served: Writable) -> None:
    answer = post_files(
        served,
        ("one.ttl", ONE.encode(), "text/turtle"),
        ("two.nt", f"{line(2)} .".encode(), "application/octet-stream"),
    )
    assert answer.status_code == 201
    assert graph(served, G) == {line(1), line(2)}


def test_of_files_all_are_added_or_none(served: Writable) -> None:
    answer = post_files(
        served, ("one.ttl", ONE.encode(), "text/turtle"), ("two.ttl", b"no RDF", "text/turtle")
    )
    assert answer.status_code == 400
    assert served.asker.get(G).status_code == 404


def test_a_form_that_holds_no_rdf_is_refused(served: Writable) -> None:
    assert post_files(served, ("one.csv", b"", "text/csv")).status_code == 415
    kind = "multipart/form-data; boundary=x"
    assert served.graph("POST", G, "--x--\r\n", Content_Type=kind).status_code == 400
    assert served.graph("POST", G, "nonsense", Content_Type=kind).status_code == 400
    assert served.graph("POST", G, "x", Content_Type="multipart/form-data").status_code == 400
    assert served.graph("PUT", G, "--x--\r\n", Content_Type=kind).status_code == 415


# Only what a client knows is changed


def test_if_match_guards_against_the_lost_update(served: Writable) -> None:
    served.graph("PUT", G, ONE)
    tag = served.asker.get(G, accept=NTRIPLES).headers["etag"]
    served.graph("PUT", "/graphs?default", ONE)  # another graph's change does not count
    assert served.graph("PUT", G, TWO, If_Match=tag).status_code == 204
    for method in ("PUT", "POST", "DELETE"):
        content = None if method == "DELETE" else ONE
        refused = served.graph(method, G, content, If_Match=tag)
        assert refused.status_code == 412
        assert refused.json()["type"].endswith("/precondition-failed")
    assert graph(served, G) == {line(2)}


@pytest.mark.parametrize("coding", ["gzip", "zstd", "identity"])
def test_the_tag_of_any_representation_stands_for_the_graph(served: Writable, coding: str) -> None:
    served.graph("PUT", G, ONE)
    headers = {"Accept-Encoding": coding, "Accept": "application/ld+json"}
    tag = served.asker.request("GET", G, headers=headers).headers["etag"]
    assert served.graph("DELETE", G, If_Match=f'"other", {tag}').status_code == 204


def test_a_weak_tag_is_not_enough_to_write(served: Writable) -> None:
    served.graph("PUT", G, ONE)
    tag = served.asker.get(G).headers["etag"]
    assert served.graph("DELETE", G, If_Match=f"W/{tag}").status_code == 412


def test_a_star_stands_for_whatever_is_there(served: Writable) -> None:
    assert served.graph("PUT", G, ONE, If_Match="*").status_code == 412
    assert served.graph("PUT", G, ONE, If_None_Match="*").status_code == 201
    assert served.graph("PUT", G, TWO, If_None_Match="*").status_code == 412
    assert served.graph("PUT", G, TWO, If_Match="*").status_code == 204


# Any sequence of requests

_NAMES = st.sampled_from(["default", "graph=a:g", "graph=a:h"])
_CONTENT = st.frozensets(st.integers(0, 4), max_size=3)
_REQUESTS = st.lists(
    st.tuples(st.sampled_from(["PUT", "POST", "DELETE"]), _NAMES, _CONTENT), max_size=8
)


@given(_REQUESTS)
@settings(max_examples=25)
def test_any_sequence_of_requests_is_that_of_a_dictionary(
    shared: Writable, requests: list[tuple[str, str, frozenset[int]]]
) -> None:
    assert shared.update("DROP ALL").status_code == 204
    model: dict[str, set[int]] = {"default": set()}
    for method, name, content in requests:
        path = f"/graphs?{name}"
        is_there = name in model
        body = " ".join(f"<a:s> <a:p> {number} ." for number in content)
        answer = shared.graph(method, path, None if method == "DELETE" else body)
        if method == "DELETE":
            assert answer.status_code == (204 if is_there else 404)
            model.pop(name, None)
            model.setdefault("default", set())
        else:
            assert answer.status_code == (204 if is_there else 201)
            kept = model.get(name, set()) if method == "POST" else set()
            model[name] = kept | content
    for name in ("default", "graph=a:g", "graph=a:h"):
        answer = shared.asker.get(f"/graphs?{name}", accept=NTRIPLES)
        if name in model:
            assert triples(answer) == {line(number) for number in model[name]}
        else:
            assert answer.status_code == 404
