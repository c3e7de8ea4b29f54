# SPDX-License-Identifier: Apache-2.0
"""What a server may be started with, and what it then leaves alone."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from rdflib import Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

from cosigraph import Project, open_project
from cosigraph.errors import CosigraphError, StoreError, UsageError
from cosigraph.stored_project import create_store
from cosigraph.tokens import hash_of, new_token
from cosigraph.versioned_store import VersionedStore
from cosigraph_api.server import serve
from tests.serving import Running, serving

HASH = hash_of(new_token())
S, P = URIRef("https://x.example/s"), URIRef("https://x.example/p")


@pytest.fixture
def store(tmp_path: Path, orchard: Project) -> Path:
    return create_store(tmp_path / "store", orchard).folder


@contextmanager
def writable(store: Path, orchard: Project) -> Iterator[tuple[Running, str]]:
    token = new_token()
    with serving(
        orchard.folder, store=str(store), gate=None, allow_update=True, token_hash=hash_of(token)
    ) as server:
        yield server, token


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"allow_update": True, "token_hash": HASH}, "cosigraph store create"),
        ({"allow_update": True, "store": True}, "cosigraph token"),
        ({"allow_update": True, "store": True, "token_hash": ""}, "cosigraph token"),
        ({"allow_update": True, "store": True, "token_hash": "secret"}, "cosigraph token"),
    ],
)
def test_updates_without_a_store_or_a_tokens_hash_are_refused_at_the_start(
    orchard: Project, store: Path, options: dict[str, object], advice: str
) -> None:
    given = {**options, "store": store} if "store" in options else options
    with pytest.raises(UsageError, match=advice) as raised:
        serve(orchard.folder, port=0, **given)  # type: ignore[arg-type]
    assert "secret" not in str(raised.value)


def test_a_store_of_another_project_is_refused(root: Path, store: Path) -> None:
    with pytest.raises(StoreError, match="made from the project 'orchard'"):
        serve(root, port=0, store=store)


def test_two_servers_do_not_write_to_one_store(orchard: Project, store: Path) -> None:
    with VersionedStore(store).writing(), pytest.raises(StoreError, match="Another process"):
        serve(orchard.folder, port=0, store=store, allow_update=True, token_hash=HASH)


def test_what_is_no_store_is_refused(orchard: Project, tmp_path: Path) -> None:
    with pytest.raises(CosigraphError, match="is no store"):
        serve(orchard.folder, port=0, store=tmp_path)


def test_a_store_that_is_served_without_updates_is_read_only(orchard: Project, store: Path) -> None:
    with serving(orchard.folder, store=str(store), token_hash=HASH) as server:
        body = {"update": "CLEAR ALL"}
        assert httpx.post(f"{server.address}sparql", data=body).status_code == 403
        assert httpx.put(f"{server.address}graphs?default", content=b"").status_code == 405
        answer = httpx.get(f"{server.address}queries/trees.csv")
    project = open_project(orchard.folder)
    assert answer.text.splitlines() == project.run("trees").to_csv().splitlines()


def test_rdflibs_update_store_writes_and_reads(orchard: Project, store: Path) -> None:
    with writable(store, orchard) as (server, token):
        client = SPARQLUpdateStore(
            query_endpoint=f"{server.address}sparql",
            update_endpoint=f"{server.address}sparql",
            headers={"Authorization": f"Bearer {token}"},
        )
        client.update(f"INSERT DATA {{ {S.n3()} {P.n3()} 'one' }}")
        client.add((S, P, Literal("two")))
        found = {str(row[0]) for row in client.query(f"SELECT ?o {{ {S.n3()} {P.n3()} ?o }}")}  # type: ignore[index]
        assert found == {"one", "two"}
        client.remove((S, P, Literal("one")), None)
        client.autocommit = False  # several updates in one request, each with its prefixes
        client.update(f"PREFIX x: <a:> INSERT DATA {{ x:s {P.n3()} 1 }}")
        client.update(f"PREFIX x: <b:> INSERT DATA {{ x:s {P.n3()} 1 }}")
        client.commit()
        subjects = {str(s) for (s, _, _), _ in client.triples((None, P, Literal(1)))}
        assert subjects == {"a:s", "b:s"}
        assert {str(o) for (_, _, o), _ in client.triples((S, P, None))} == {"two"}


def test_a_server_that_is_killed_in_the_midst_of_writing_leaves_a_whole_version(
    orchard: Project, store: Path
) -> None:
    for round_ in range(3):
        with writable(store, orchard) as (server, token):
            headers = {"Authorization": f"Bearer {token}"}
            acknowledged: list[int] = []
            enough = threading.Event()

            def write() -> None:
                try:
                    for number in range(10_000):
                        update = f"INSERT DATA {{ <a:{round_}> <a:p> {number} }}"  # noqa: B023
                        address, fields = f"{server.address}sparql", {"update": update}
                        answer = httpx.post(address, data=fields, headers=headers)  # noqa: B023
                        assert answer.status_code == 204
                        acknowledged.append(number)  # noqa: B023
                        if number == 10 + 7 * round_:  # noqa: B023
                            enough.set()  # noqa: B023
                except httpx.TransportError:
                    return

            writer = threading.Thread(target=write)
            writer.start()
            assert enough.wait(timeout=60)
            server.stop(signal.SIGKILL)
            writer.join()
        kept = VersionedStore(store)
        content = kept.read(kept.current()).nquads
        written = content.count(f"<a:{round_}> <a:p> ".encode())
        # All that was acknowledged is there, and at most one that was not.
        assert written - len(acknowledged) in {0, 1}


def test_the_servers_end_lets_another_write(orchard: Project, store: Path) -> None:
    for _ in range(2):
        with writable(store, orchard) as (server, _):
            out, errors = server.stop(signal.SIGTERM)
            assert (out.strip(), errors) == ("ended", "")
