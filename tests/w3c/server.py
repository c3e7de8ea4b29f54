# SPDX-License-Identifier: Apache-2.0
"""The server that the suites are run against: the real one, on the suites' own graphs.

A project names its graphs itself, while the suites' queries name theirs; so the dataset is made
here and not by a ``cosigraph.toml``. All the rest is what ``cosigraph serve`` runs. Each test
chooses among the graphs by the protocol's dataset parameters. What is written goes to another
server, on a store. The other endpoints that the suites name are allowed by these names, which lead
to ``tests.w3c.endpoints`` on this machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from pyoxigraph import Triple

from cosigraph.dataset import Dataset
from cosigraph.limits import Limits
from cosigraph.project import Project
from cosigraph.stored_dataset import DefaultGraphKind
from cosigraph.stored_project import create_store
from cosigraph.tokens import hash_of, new_token
from cosigraph_api import server
from tests.serving import Running, serving
from tests.w3c.endpoints import SERVICES, leading_to
from tests.w3c.manifests import EMPTY_GRAPH, PUBLISHED, case_graphs, groups
from tests.w3c.protocol import protocol_graphs

_PROGRAM = """
import json
import sys
from pathlib import Path
from tests.w3c.server import serve_suites
options = json.loads(sys.argv[3])
serve_suites(Path(sys.argv[1]), json.loads(sys.argv[2])["time"], options["endpoints"])
"""
_TIMEOUT = 30.0
# A syntax test has FROM <file>, and what is asked there is only whether that is well-formed.
_NOT_THERE = f"{PUBLISHED}sparql11/syntax-query/file"


def suites_dataset(folder: Path) -> Dataset:
    """Return every graph that a query test names, under its own name."""
    graphs: dict[str, tuple[Triple, ...]] = {EMPTY_GRAPH: (), _NOT_THERE: ()}
    for group in groups(folder):
        for case in group.cases:
            graphs |= case_graphs(folder, case, graphs)
    return Dataset(graphs | protocol_graphs(folder))


def serve_suites(folder: Path, timeout: float, endpoints: int) -> None:
    """Serve the suites' graphs until a signal ends it; ``endpoints`` is a port."""
    with tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "data").mkdir()
        project = Project(Path(empty))
        project.dataset = suites_dataset(folder)
        with mock.patch.object(server, "open_project", return_value=project), leading_to(endpoints):
            # All questions come from one client, and one at a time.
            server.serve(empty, port=0, workers=2, limits=Limits(time=timeout), services=SERVICES)


@contextmanager
def serving_for_updates() -> Iterator[tuple[Running, str]]:
    """Run another server, on an empty store that takes updates; gives it and the token.

    Its default graph is the unnamed graph, as the suites have it.
    """
    token = new_token()
    with tempfile.TemporaryDirectory() as temporary:
        project, store = Path(temporary) / "project", Path(temporary) / "store"
        (project / "data").mkdir(parents=True)
        create_store(store, Project(project), DefaultGraphKind.UNNAMED)
        with serving(
            project,
            _TIMEOUT,
            store=str(store),
            gate=None,
            allow_update=True,
            token_hash=hash_of(token),
        ) as running:
            yield running, token


@contextmanager
def serving_suites(folder: Path, endpoints: int) -> Iterator[Running]:
    """Run the server as a process of its own; other endpoints are at that port."""
    with serving(folder, _TIMEOUT, _PROGRAM, endpoints=endpoints) as running:
        yield running
