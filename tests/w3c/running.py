# SPDX-License-Identifier: Apache-2.0
"""Running the suites group by group, and the reviewed list of what fails."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx

from tests.w3c import description, graph_store, protocol
from tests.w3c.asking import Endpoint, Engine, failure
from tests.w3c.description import description_failure, description_tests
from tests.w3c.graph_store import graph_store_failures, graph_store_tests
from tests.w3c.manifests import Group, groups
from tests.w3c.protocol import protocol_failure, protocol_tests
from tests.w3c.server import serving_for_updates, serving_suites
from tests.w3c.updates import UpdatedEndpoint, UpdatedEngine, update_cases, update_failure

KNOWN = Path(__file__).with_name("known_failures.toml")
# Without SERVICE these say nothing of the engine, and with it they dial out.
FEDERATED = ("sparql11/service", "sparql11/syntax-fed")
ENTAILMENT = "sparql11/entailment"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known to fail and why, by test; and what is not run and why, by group."""

    failures: Mapping[str, str]
    left_out: Mapping[str, str]


def known() -> Known:
    """Read the reviewed list."""
    content = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    failures = {iri: " ".join(reason.split()) for iri, reason in content["failures"].items()}
    return Known(failures, content["left_out"])


@cache
def all_groups(folder: Path) -> dict[str, Group]:
    """Read every group's manifest."""
    return {group.name: group for group in groups(folder)}


def iris_of(folder: Path, name: str) -> tuple[str, ...]:
    """Return the IRIs of a group's tests that are run."""
    if name == description.GROUP:
        return description_tests(folder)
    if name == protocol.GROUP:
        return tuple(test.iri for test in protocol_tests(folder))
    if name == graph_store.GROUP:
        return graph_store_tests(folder)
    if name == ENTAILMENT:
        return ()
    cases = tuple(case.iri for case in all_groups(folder)[name].cases)
    return cases + tuple(case.iri for case in update_cases(folder, name))


@dataclass(frozen=True, slots=True)
class Servers:
    """The addresses of a server that is asked and of one that is written to, and a client."""

    asked: str
    written: str
    client: httpx.Client


def run_group(folder: Path, name: str, servers: Servers) -> dict[str, str]:
    """Run a group against the servers; return why tests fail, by test."""
    endpoint, client = f"{servers.asked}sparql", servers.client
    outcomes: dict[str, str | None]
    if name == description.GROUP:
        outcomes = {
            test: description_failure(test, endpoint, client) for test in description_tests(folder)
        }
    elif name == protocol.GROUP:
        outcomes = {
            test.iri: protocol_failure(
                test, servers.asked if test.is_of_queries else servers.written, client
            )
            for test in protocol_tests(folder)
        }
    elif name == graph_store.GROUP:
        outcomes = graph_store_failures(folder, servers.written, client)
    else:
        asked, updated = Endpoint(endpoint, client), UpdatedEndpoint(servers.written, client)
        outcomes = {case.iri: failure(case, asked) for case in all_groups(folder)[name].cases}
        for case in update_cases(folder, name):
            outcomes[case.iri] = update_failure(case, updated)
    return {test: reason for test, reason in outcomes.items() if reason is not None}


def engine_failures(folder: Path, name: str) -> dict[str, str] | None:
    """Run a group's queries on the engine alone; None for what is no matter of the engine's."""
    group, updates = all_groups(folder)[name], update_cases(folder, name)
    if name in {*FEDERATED, ENTAILMENT} or not (group.cases or updates):
        return None
    engine, updated = Engine(folder), UpdatedEngine()
    outcomes = {case.iri: failure(case, engine) for case in group.cases}
    for case in updates:
        outcomes[case.iri] = update_failure(case, updated)
    return {test: reason for test, reason in outcomes.items() if reason is not None}


@contextmanager
def running_servers(folder: Path) -> Iterator[Servers]:
    """Run a server on the suites' graphs, and one that takes updates."""
    with (
        serving_suites(folder) as asked,
        serving_for_updates() as (written, token),
        httpx.Client(timeout=60, headers={"Authorization": f"Bearer {token}"}) as client,
    ):
        yield Servers(asked.address, written.address, client)
