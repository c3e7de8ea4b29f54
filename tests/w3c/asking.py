# SPDX-License-Identifier: Apache-2.0
"""Asking the queries of the suites: of a running server, and of the engine alone.

The engine alone is the yardstick: what it can do, the server can.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Protocol

import httpx
import pyoxigraph
from pyoxigraph import NamedNode, Quad, QueryTriples, RdfFormat

from cosigraph.sparql import tokens
from tests.w3c.manifests import EMPTY_GRAPH, Case, case_graphs
from tests.w3c.results import (
    BINDINGS,
    Result,
    Statements,
    Table,
    difference,
    expected_result,
    read_result,
)

_MEDIA_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}


class WrongError(Exception):
    """The query is not well-formed, in the opinion of the one that was asked."""


class RefusedError(Exception):
    """The query asks for what is not allowed, or is not looked at for another reason."""


class UnansweredError(Exception):
    """The query is well-formed, but there is no answer to it."""


class Asked(Protocol):
    """Something that can be asked a query."""

    def ask(self, case: Case, query: bytes, suffix: str | None) -> bytes:
        """Return the answer in the format whose files end in ``suffix``, or in any.

        Raises:
            WrongError: the query is not well-formed.
            UnansweredError: it is, but cannot be answered.
            RefusedError: it is not looked at.
        """
        ...


_IN_COLUMNS = {".csv", ".tsv"}
PROBLEMS = {"query-syntax": WrongError, "query": UnansweredError}


class Endpoint:
    """A server's SPARQL endpoint."""

    def __init__(self, address: str, client: httpx.Client) -> None:
        self._address = address
        self._client = client

    def ask(self, case: Case, query: bytes, suffix: str | None) -> bytes:
        """As Asked says; the dataset is named by the protocol's parameters."""
        graphs = {
            "default-graph-uri": case.data or (EMPTY_GRAPH,),
            "named-graph-uri": case.graphs,
        }
        if any(token.is_word("FROM") for token in tokens(query.decode("utf-8", "replace"))):
            graphs = {}  # the query names its dataset itself
        headers = {"Content-Type": "application/sparql-query"}
        if suffix is not None:
            headers["Accept"] = _MEDIA_TYPES[suffix]
        response = self._client.post(self._address, params=graphs, content=query, headers=headers)
        if response.status_code == 400:
            problem = response.json()
            kind = PROBLEMS.get(problem["type"].rpartition("/")[2], RefusedError)
            raise kind(problem["detail"])
        if response.status_code != 200:
            raise RefusedError(f"{response.status_code}: {response.text}")
        media_type = response.headers["Content-Type"].partition(";")[0]
        if suffix is not None and media_type != _MEDIA_TYPES[suffix]:
            raise RefusedError(f"The answer comes as {media_type}, not as {_MEDIA_TYPES[suffix]}.")
        return response.content


class Engine:
    """Oxigraph in this process, with a store for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, case: Case, query: bytes, suffix: str | None) -> bytes:
        """As Asked says."""
        store = pyoxigraph.Store()
        graphs = case_graphs(self._folder, case)
        for iri in case.data:
            store.extend(Quad(*triple) for triple in graphs[iri])
        for iri in case.graphs:
            store.extend(Quad(s, p, o, NamedNode(iri)) for s, p, o in graphs[iri])
        try:
            results = store.query(query.decode(), base_iri=case.base)
        except (SyntaxError, UnicodeDecodeError) as error:
            raise WrongError(str(error)) from error
        except (RuntimeError, OSError) as error:
            raise UnansweredError(str(error)) from error
        output = io.BytesIO()
        try:
            if isinstance(results, QueryTriples):
                results.serialize(output, RdfFormat.TURTLE)
            elif suffix == ".csv":
                results.serialize(output, pyoxigraph.QueryResultsFormat.CSV)
            else:
                results.serialize(output, BINDINGS[suffix or ".srj"])
        except (ValueError, RuntimeError, OSError) as error:
            raise UnansweredError(str(error)) from error
        return output.getvalue()


def failure(case: Case, asked: Asked) -> str | None:
    """Return why ``asked`` fails the test, or None when it passes."""
    # What a query in a file is relative to, a client has to say when it sends it.
    query = f"BASE <{case.base}> ".encode() + case.query.read_bytes()
    try:
        if case.kind == "evaluation":
            return _wrong_answer(case, query, asked)
        asked.ask(case, query, None)
    except WrongError as error:
        return None if case.kind == "negative" else f"taken for wrong: {error}"
    except UnansweredError as error:
        return None if case.kind == "positive" else str(error)
    except RefusedError as error:
        return str(error)
    return "taken for well-formed" if case.kind == "negative" else None


def _wrong_answer(case: Case, query: bytes, asked: Asked) -> str | None:
    assert case.result is not None
    expected = expected_result(case.result, case.base)
    suffix = case.result.suffix
    if suffix not in _MEDIA_TYPES:
        suffix = ".ttl"
    if suffix == ".ttl" and not isinstance(expected, Statements):
        suffix = ".srj"
    found = read_result(asked.ask(case, query, suffix), suffix)
    # Where a column is found by its place, SELECT * has an order to keep to.
    if suffix in _IN_COLUMNS and _columns(found) != _columns(expected):
        return f"columns {_columns(found)}, expected {_columns(expected)}"
    return difference(expected, found, is_ordered=_orders(query.decode()))


def _columns(result: Result) -> tuple[str, ...]:
    return result.columns if isinstance(result, Table) else ()


def _orders(query: str) -> bool:
    """Whether the outermost part of the query has ORDER BY."""
    depth = 0
    for token in tokens(query):
        depth += (token.text in {"{", "("}) - (token.text in {"}", ")"})
        if depth == 0 and token.is_word("ORDER"):
            return True
    return False
