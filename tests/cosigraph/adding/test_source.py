# SPDX-License-Identifier: Apache-2.0
"""What is not on this machine is fetched if it is allowed, known by its digest, and public."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph import open_project
from cosigraph.adding import Origin, add_dataset
from cosigraph.errors import DatasetError
from tests.cosigraph.adding.beside import GRAPH, PRICES, contents, declared
from tests.endpoint import FarEndpoint, Reply, Request

CONTENT = gzip.compress(PRICES.encode(), mtime=0)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}


@pytest.fixture
def far() -> Iterator[FarEndpoint]:
    far = FarEndpoint()
    far.reply = lambda _: Reply(CONTENT, fields={"Content-Type": "application/octet-stream"})
    yield far
    far.close()


def test_an_allowed_source_is_fetched_once_and_its_address_is_told(
    folder: Path, far: FarEndpoint
) -> None:
    source = f"{far.iri}prices.ttl.gz?all=1"
    dataset = declared(source, sha256=DIGEST, allow_remote=True)
    add_dataset(folder, dataset, Origin(None))
    (request,) = far.requests
    assert request.path == "/prices.ttl.gz?all=1"
    assert request.fields["user-agent"].startswith("cosigraph/")
    project = open_project(folder)
    assert len(project.dataset.graphs[GRAPH]) == 4
    asked = f"ASK {{ <{GRAPH}> <http://purl.org/dc/terms/source> <{source}> }}"
    assert project.query(asked).boolean
    assert len(far.requests) == 1


def test_that_it_may_be_fetched_is_not_written_into_the_folder(
    folder: Path, far: FarEndpoint
) -> None:
    dataset = declared(f"{far.iri}prices.ttl.gz", sha256=DIGEST, allow_remote=True)
    add_dataset(folder, dataset, Origin(None))
    assert "allow-remote" not in (folder / "cosigraph.toml").read_text(encoding="utf-8")


def test_the_media_type_tells_the_format_where_the_name_does_not(
    folder: Path, far: FarEndpoint
) -> None:
    far.reply = lambda _: Reply(CONTENT, fields=TURTLE)
    add_dataset(folder, declared(f"{far.iri}x", sha256=DIGEST, allow_remote=True), Origin(None))
    assert len(open_project(folder).dataset.graphs[GRAPH]) == 4


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "nothing is fetched unless it is allowed"),
        ({"allow_remote": True}, "no SHA-256 says what that is"),
    ],
)
def test_nothing_is_fetched_that_is_not_allowed_or_has_no_digest(
    more: dict[str, object], told: str, folder: Path, far: FarEndpoint
) -> None:
    before = contents(folder)
    with pytest.raises(DatasetError, match=told):
        add_dataset(folder, declared(f"{far.iri}a.ttl", **more), Origin(None))
    assert not far.requests
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(b"other", fields=TURTLE), "has the SHA-256"),
        (Reply(b"", status=302, fields={"Location": "http://127.0.0.1/"}), "not followed"),
        (Reply(b"gone", status=404), "answered 404: gone"),
        (Reply(CONTENT, fields={**TURTLE, "Content-Encoding": "br"}), "a coding"),
        (Reply(CONTENT[:40], fields=TURTLE, length=len(CONTENT)), "broke off"),
        (Reply(b" " * (1024 * 1024 + 1), fields=TURTLE), "has more than 1,048,576 bytes"),
    ],
)
def test_what_comes_otherwise_is_refused_and_the_folder_is_as_it_was(
    reply: Reply, told: str, folder: Path, far: FarEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_: Request) -> Reply:
        return reply

    far.reply, before = answer, contents(folder)
    monkeypatch.setenv("COSIGRAPH_LARGEST_FILE", "1")
    dataset = declared(f"{far.iri}a.ttl", sha256=DIGEST, allow_remote=True)
    with pytest.raises(DatasetError, match=told):
        add_dataset(folder, dataset, Origin(None))
    assert contents(folder) == before


def test_an_unknown_media_type_is_refused(folder: Path, far: FarEndpoint) -> None:
    before = contents(folder)
    dataset = declared(f"{far.iri}x", sha256=DIGEST, allow_remote=True)
    with pytest.raises(DatasetError, match="its media type is application/octet-stream"):
        add_dataset(folder, dataset, Origin(None))
    assert contents(folder) == before


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_a_name_is_not_followed_to_an_address_within(
    address: str, folder: Path, far: FarEndpoint
) -> None:
    source = f"http://data.example:{far.port}/a.ttl"
    dataset = declared(source, sha256=DIGEST, allow_remote=True)
    with pytest.raises(DatasetError, match="an address that is not public"):
        add_dataset(folder, dataset, Origin(None), resolve=lambda *_: [address])
    assert not far.requests


def test_no_proxy_of_the_environment_is_asked(
    folder: Path, far: FarEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", far.iri)
    dataset = declared("http://data.example/a.ttl", sha256=DIGEST, allow_remote=True)
    with pytest.raises(DatasetError, match="cannot be reached"):
        add_dataset(folder, dataset, Origin(None), resolve=lambda *_: [])
    assert not far.requests
