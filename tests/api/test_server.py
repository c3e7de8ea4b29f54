# SPDX-License-Identifier: Apache-2.0
"""The server as a process of its own, on an ephemeral port of the loopback interface."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import signal
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from cosigraph import Project
from cosigraph.errors import CosigraphError, ProjectError, ServerError
from cosigraph_api.server import serve
from tests.serving import Running, serving

STREAM = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l ?i LIMIT 1"


@pytest.fixture(scope="module")
def lasting(orchard: Project) -> Iterator[Running]:
    """One server for the tests that leave it running."""
    with serving(orchard.folder, memory=None, share=2) as server:
        yield server


@pytest.fixture
def running(orchard: Project) -> Iterator[Running]:
    """A server for the tests that end it."""
    with serving(orchard.folder) as server:
        yield server


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has ended too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
    except OSError:
        return True


def all_gone(pids: set[int], within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if all(map(is_gone, pids)):
            return True
        time.sleep(0.05)
    return False


def test_it_prints_the_addresses_to_open_and_a_line_to_try(
    lasting: Running, orchard: Project
) -> None:
    assert orchard.configuration.title in lasting.printed
    addresses = re.findall(r"http://[^\s']+", lasting.printed)
    assert addresses == [
        lasting.address,
        lasting.address + "queries",
        lasting.address + "sparql",
        lasting.address + "queries/trees.csv",
    ]
    line = next(line for line in lasting.printed.splitlines() if "curl " in line)
    command = shlex.split(line[line.index("curl") :])
    answer = httpx.get(command[1])
    assert answer.text.startswith("tree,code,variety,planted,height,flavours\r\n")


def test_it_speaks_http_to_the_letter(lasting: Running) -> None:
    with httpx.Client(base_url=lasting.address) as client:
        answer = client.get("sparql", params={"query": "ASK {}"})
        assert answer.json()["boolean"] is True
        assert answer.headers["content-length"] == str(len(answer.content))
        assert "server" not in answer.headers
        head = client.head("sparql", params={"query": "ASK {}"})
        assert (head.status_code, head.content) == (200, b"")
        tag = {"If-None-Match": answer.headers["etag"]}
        assert client.get("sparql", params={"query": "ASK {}"}, headers=tag).status_code == 304
        assert client.post("sparql", data={"query": "ASK {}"}).json()["boolean"] is True
        assert client.get("sparql", params={"query": "nonsense"}).status_code == 400
        assert client.get("static/style.css").headers["content-type"].startswith("text/css")


def test_an_answer_does_not_wait_to_be_acknowledged(lasting: Running) -> None:
    seconds = []
    with httpx.Client() as client:
        for _ in range(20):
            start = time.perf_counter()
            client.get(f"{lasting.address}healthz")
            seconds.append(time.perf_counter() - start)
    assert statistics.median(seconds) < 0.03  # an acknowledgement may be delayed by 0.04


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_with_its_workers(running: Running, by: signal.Signals) -> None:
    workers = running.workers
    assert len(workers) == 2
    output, errors = running.stop(by)
    assert (running.process.returncode, output, errors) == (0, "ended\n", "")
    assert all_gone(workers, within=1)


def test_a_query_that_runs_at_the_end_is_stopped_and_its_client_told(
    orchard: Project, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with serving(orchard.folder, timeout=60, memory=None, log=str(log)) as server:
        workers = server.workers
        answers: list[httpx.Response] = []
        address = httpx.URL(server.address + "sparql", params={"query": SORT})
        asking = Thread(target=lambda: answers.append(httpx.get(address, timeout=20)))
        asking.start()
        time.sleep(0.5)
        output, errors = server.stop(signal.SIGTERM)
        asking.join()
    assert (server.process.returncode, output, errors) == (0, "ended\n", "")
    assert [answer.status_code for answer in answers] == [503]
    assert answers[0].json()["type"].endswith("/stopping")
    assert json.loads(log.read_text())["query"]["outcome"] == "stopping"
    assert all_gone(workers, within=1)


def test_a_query_that_ends_within_the_grace_is_answered(orchard: Project) -> None:
    product = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    query = f"SELECT (COUNT(*) AS ?n) {{ {' UNION '.join([product] * 3)} }}"  # more than a second
    with serving(orchard.folder, timeout=60, grace=20) as server:
        workers = server.workers
        answers: list[httpx.Response] = []
        address = httpx.URL(server.address + "sparql", params={"query": query})
        asking = Thread(target=lambda: answers.append(httpx.get(address, timeout=30)))
        asking.start()
        time.sleep(0.5)
        assert server.stop(signal.SIGTERM) == ("ended\n", "")
        asking.join()
    assert [answer.status_code for answer in answers] == [200]
    assert all_gone(workers, within=1)


def test_queries_that_wait_at_the_end_are_told_so_after_the_grace(orchard: Project) -> None:
    with serving(orchard.folder, timeout=60, memory=None, workers=1, grace=1) as server:
        workers = server.workers
        address = httpx.URL(server.address + "sparql", params={"query": SORT})
        answers: list[httpx.Response] = []
        asking = [
            Thread(target=lambda: answers.append(httpx.get(address, timeout=20))) for _ in range(3)
        ]
        for thread in asking:
            thread.start()
        time.sleep(0.5)
        begun = time.monotonic()
        assert server.stop(signal.SIGTERM) == ("ended\n", "")
        assert 1 < time.monotonic() - begun < 4
        for thread in asking:
            thread.join()
    assert [answer.status_code for answer in answers] == [503] * 3
    assert {answer.json()["type"].rpartition("/")[2] for answer in answers} == {"stopping"}
    assert answers[0].headers["retry-after"]
    assert all_gone(workers, within=1)


def test_an_answer_that_is_being_sent_at_the_end_comes_whole_within_the_grace(
    orchard: Project,
) -> None:
    params = {"query": f"{STREAM} LIMIT 200000"}
    with (
        serving(orchard.folder, timeout=60, grace=20) as server,
        httpx.Client(timeout=20) as client,
    ):
        with client.stream("GET", f"{server.address}sparql", params=params) as answer:
            pieces = answer.iter_bytes()
            content = next(pieces)
            server.process.send_signal(signal.SIGTERM)
            content += b"".join(pieces)
        assert len(json.loads(content)["results"]["bindings"]) == 200_000
        assert server.process.communicate(timeout=20) == ("ended\n", "")


def test_an_answer_that_is_being_sent_after_the_grace_does_not_look_complete(
    orchard: Project,
) -> None:
    with (
        serving(orchard.folder, timeout=60, grace=0.5, rows=None, size=None) as server,
        httpx.Client(timeout=20) as client,
        client.stream("GET", f"{server.address}sparql", params={"query": STREAM}) as answer,
    ):
        workers = server.workers
        pieces = answer.iter_bytes()
        next(pieces)
        server.process.send_signal(signal.SIGTERM)
        with pytest.raises(httpx.RemoteProtocolError):
            for _ in pieces:
                pass
        server.process.communicate(timeout=10)
    assert server.process.returncode == 0
    assert all_gone(workers, within=1)


def test_who_cannot_wait_for_the_grace_interrupts_twice(orchard: Project) -> None:
    with serving(orchard.folder, timeout=60, memory=None, grace=60) as server:
        workers = server.workers
        address = httpx.URL(server.address + "sparql", params={"query": SORT})

        def ask() -> None:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(address, timeout=20)

        asking = Thread(target=ask)
        asking.start()
        time.sleep(0.5)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        begun = time.monotonic()
        server.stop(signal.SIGINT)
        assert time.monotonic() - begun < 5
        asking.join()
    assert server.process.returncode == 0
    assert all_gone(workers, within=1)


def test_the_log_of_a_server_holds_every_request_that_it_answered(
    orchard: Project, tmp_path: Path
) -> None:
    log = str(tmp_path / "log")
    with serving(orchard.folder, log=log) as server:
        for _ in range(20):
            assert httpx.get(server.address + "healthz").status_code == 200
        server.stop(signal.SIGTERM)
    assert len(Path(log).read_text().splitlines()) == 20


def test_no_worker_outlives_a_server_that_was_killed(running: Running) -> None:
    workers = running.workers
    running.stop(signal.SIGKILL)
    assert all_gone(workers, within=5)


def test_a_query_past_its_time_harms_nobody_else(lasting: Running) -> None:
    with httpx.Client(base_url=lasting.address, timeout=20) as client:
        late: list[httpx.Response] = []
        asking = Thread(
            target=lambda: late.append(
                httpx.get(f"{lasting.address}sparql", params={"query": SORT}, timeout=20)
            )
        )
        asking.start()
        time.sleep(0.3)
        for _ in range(20):
            begin = time.monotonic()
            assert client.get("queries/trees.csv").status_code == 200
            assert client.get("healthz").status_code == 200
            assert time.monotonic() - begin < 2
        asking.join()
        assert late[0].status_code == 504
        assert late[0].headers["content-type"] == "application/problem+json"


def test_an_answer_that_is_cut_off_breaks_the_connection(lasting: Running) -> None:
    with (
        httpx.Client(timeout=20) as client,
        client.stream("GET", lasting.address + "sparql", params={"query": STREAM}) as answer,
    ):
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            for _ in answer.iter_bytes():
                pass


def test_a_client_that_leaves_midway_takes_its_query_with_it(lasting: Running) -> None:
    before = lasting.workers
    with (
        httpx.Client() as client,
        client.stream("GET", lasting.address + "sparql", params={"query": STREAM}) as answer,
    ):
        next(answer.iter_bytes())
    deadline = time.monotonic() + 2.5  # before its time is over
    while before <= lasting.workers and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not before <= lasting.workers


def test_a_port_in_use_is_one_clear_line(orchard: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServerError) as caught:
            serve(orchard.folder, port=port)
    assert str(caught.value) == (
        f"Port {port} at 127.0.0.1 is in use. "
        "Choose another with --port, or stop the program that uses it."
    )


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("127.0.0.1", 70_000, "70000 is no port."),
        ("192.0.2.1", 0, "'192.0.2.1' is no address of this machine."),
        ("x" * 70, 0, "is no address of this machine."),
    ],
)
def test_an_address_that_cannot_be_is_one_clear_line(
    orchard: Project, host: str, port: int, said: str
) -> None:
    with pytest.raises(ServerError, match=re.escape(said)):
        serve(orchard.folder, host=host, port=port)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"proxies": ["nowhere"]}, "'nowhere' does not appear to be an IPv4 or IPv6 network"),
        ({"log": "/none/log"}, "The log '/none/log' cannot be written"),
    ],
)
def test_an_option_that_cannot_be_is_one_clear_line(
    orchard: Project, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(CosigraphError, match=re.escape(said)):
        serve(orchard.folder, port=0, **options)


def test_a_missing_folder_is_told_before_the_server_starts(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="does not exist"):
        serve(tmp_path / "none", port=0)
