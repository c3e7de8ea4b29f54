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

from tests.w3c import description, protocol
from tests.w3c.asking import Endpoint, Engine, failure
from tests.w3c.description import description_failure, description_tests
from tests.w3c.endpoints import Endpoints, running_endpoints
from tests.w3c.manifests import Group, groups
from tests.w3c.protocol import protocol_failure, protocol_tests
from tests.w3c.server import serving_suites

Served = tuple[str, httpx.Client, Endpoints]
"""A server that runs: its address, a client, and the other endpoints that it may ask."""
KNOWN = Path(__file__).with_name("known_failures.toml")
# The engine alone would dial out.
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
        return tuple(test.iri for test in protocol_tests(folder) if test.is_of_queries)
    if name == ENTAILMENT:
        return ()
    return tuple(case.iri for case in all_groups(folder)[name].cases)


def run_group(
    folder: Path, name: str, address: str, client: httpx.Client, endpoints: Endpoints
) -> dict[str, str]:
    """Run a group against the server at ``address``; return why tests fail, by test."""
    endpoint = f"{address}sparql"
    outcomes: dict[str, str | None]
    if name == description.GROUP:
        outcomes = {
            test: description_failure(test, endpoint, client) for test in description_tests(folder)
        }
    elif name == protocol.GROUP:
        outcomes = {
            test.iri: protocol_failure(test, address, client)
            for test in protocol_tests(folder)
            if test.is_of_queries
        }
    else:
        asked = Endpoint(endpoint, client)
        outcomes = {}
        for case in all_groups(folder)[name].cases:
            endpoints.stand_for(case)
            outcomes[case.iri] = failure(case, asked)
    return {test: reason for test, reason in outcomes.items() if reason is not None}


def engine_failures(folder: Path, name: str) -> dict[str, str] | None:
    """Run a group's queries on the engine alone; None for what is no matter of the engine's."""
    group = all_groups(folder)[name]
    if name in {*FEDERATED, ENTAILMENT} or not group.cases:
        return None
    engine = Engine(folder)
    outcomes = {case.iri: failure(case, engine) for case in group.cases}
    return {test: reason for test, reason in outcomes.items() if reason is not None}


@contextmanager
def running_server(folder: Path) -> Iterator[Served]:
    """Run a server on the suites' graphs; gives its address, a client, and other endpoints."""
    with (
        running_endpoints(folder) as endpoints,
        serving_suites(folder, endpoints.port) as server,
        httpx.Client(timeout=60) as client,
    ):
        yield server.address, client, endpoints
