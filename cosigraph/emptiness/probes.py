# SPDX-License-Identifier: Apache-2.0
"""Asking the graph small questions, within limits, without running them oneself.

Whoever explains is a generator: it yields each query that it needs, and is sent its answer. So the
same code serves an event loop and a blocking caller, and each query goes the way of all queries.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat

from cosigraph.answers import Surroundings, prepare
from cosigraph.emptiness.tree import unused_name
from cosigraph.errors import CosigraphError, QueryError, QueryNotStarted, QueryStopped
from cosigraph.formats import ResultFormat
from cosigraph.store import Query
from cosigraph.terms import Term

_T = TypeVar("_T")
_LARGEST = 1024 * 1024  # bytes of the answer to one probe


@dataclass(frozen=True, slots=True)
class Probe:
    """A query to run for an explanation, and how many seconds it may take."""

    query: Query
    seconds: float


Inquiry = Generator[Probe, bytes, _T]
"""What yields probes, is sent their answers, and returns something."""


@dataclass(frozen=True, slots=True)
class ExplanationLimits:
    """What one explanation may cost.

    Attributes:
        probes: how many queries.
        seconds: how long all of it may take.
    """

    probes: int = 100
    seconds: float = 5.0


class OutOfLimitsError(Exception):
    """The explanation has to end here; the message says why."""


class Prober:
    """Makes the probes for one query, and reads their answers.

    ``near`` is a variable that the query does not have, for what a probe asks; so is every one
    whose name begins with it.

    Args:
        query: the query that is explained; a probe is asked of the same dataset.
        prologue: the query's own prefixes and base, as it writes them.
        surroundings: what it is answered from.
        limits: what all probes together may cost.
    """

    def __init__(
        self, query: Query, prologue: str, surroundings: Surroundings, limits: ExplanationLimits
    ) -> None:
        self.count = 0
        self.near = f"?{unused_name(query.text, 'near')}"
        self._query = query
        self._prologue = prologue
        self._surroundings = surroundings
        self._limits = limits
        self._end = time.monotonic() + limits.seconds

    def matches(self, pattern: str, *, everywhere: bool = False) -> Inquiry[bool | None]:
        """Whether the pattern matches anything; None where the engine cannot tell.

        ``everywhere`` is the whole dataset, whatever the query names.
        """
        content = yield from self._ask(f"ASK {{\n{pattern}\n}}", everywhere=everywhere)
        if content is None:
            return None
        result = pyoxigraph.parse_query_results(content, format=QueryResultsFormat.JSON)
        return bool(result) if isinstance(result, QueryBoolean) else None

    def values(
        self, pattern: str, limit: int, *, everywhere: bool = False, expression: str = ""
    ) -> Inquiry[list[Term]]:
        """The distinct values of ``near`` in the pattern, or of an expression, up to a limit."""
        what = f"(({expression}) AS {self.near})" if expression else self.near
        text = f"SELECT DISTINCT {what} {{\n{pattern}\n}} LIMIT {limit}"
        content = yield from self._ask(text, everywhere=everywhere)
        if content is None:
            return []
        result = pyoxigraph.parse_query_results(content, format=QueryResultsFormat.JSON)
        assert isinstance(result, pyoxigraph.QuerySolutions)  # noqa: S101 - it was a SELECT
        return [row[0] for row in result if row[0] is not None]

    def has_answer(self) -> Inquiry[bool]:
        """Whether the query itself has an answer; raises QueryError if it can have none."""
        is_table = self._query.format.kind == "bindings"
        chosen = ResultFormat.JSON if is_table else ResultFormat.NTRIPLES
        query = replace(self._query, format=chosen, rows=1, size=_LARGEST)
        content = yield from self._run(query)
        return not is_empty(content, chosen)

    def _ask(self, text: str, *, everywhere: bool) -> Inquiry[bytes | None]:
        try:
            query = prepare(
                f"{self._prologue}\n{text}",
                self._surroundings,
                format=ResultFormat.JSON,
                reading=None if everywhere else self._query.reading,
                default_graphs=() if everywhere else self._query.default_graphs,
                named_graphs=() if everywhere else self._query.named_graphs,
                size=_LARGEST,
            )
            return (yield from self._run(query))
        except QueryError:  # such a probe is not to be run, so nothing is known by it
            return None

    def _run(self, query: Query) -> Inquiry[bytes]:
        left = self._end - time.monotonic()
        if self.count >= self._limits.probes:
            raise OutOfLimitsError(f"It was looked no further after {self.count} probes.")
        if left <= 0:
            raise OutOfLimitsError(f"It was looked no further after {self._limits.seconds:g} s.")
        self.count += 1
        try:
            return (yield Probe(query, left))
        except QueryNotStarted:
            raise
        except QueryStopped as error:
            raise OutOfLimitsError(
                f"It was looked no further, as a probe was stopped: {error.detail}"
            ) from None


def is_empty(content: bytes, format: ResultFormat) -> bool:  # noqa: A002 - the word users know
    """Whether an answer has no row, no triple, or is the boolean false."""
    if format.kind == "graph":
        return next(iter(pyoxigraph.parse(content, format=_GRAPHS[format])), None) is None
    if content in {b"true", b"false"}:
        return content == b"false"
    if format is ResultFormat.JSON and b'"bindings":[{' in content:  # no string has this in JSON
        return False
    if format in {ResultFormat.CSV, ResultFormat.TSV}:
        return not content.partition(b"\n")[2]  # a row that binds nothing is an empty line
    try:
        result = pyoxigraph.parse_query_results(content, format=_BINDINGS[format])
        return not result if isinstance(result, QueryBoolean) else next(iter(result), None) is None
    except SyntaxError:  # a link behind the rows says that there were too many
        return False


_BINDINGS: Mapping[ResultFormat, QueryResultsFormat] = {
    ResultFormat.JSON: QueryResultsFormat.JSON,
    ResultFormat.XML: QueryResultsFormat.XML,
}
_GRAPHS: Mapping[ResultFormat, pyoxigraph.RdfFormat] = {
    ResultFormat.TURTLE: pyoxigraph.RdfFormat.TURTLE,
    ResultFormat.NTRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: pyoxigraph.RdfFormat.RDF_XML,
    ResultFormat.JSONLD: pyoxigraph.RdfFormat.JSON_LD,
    ResultFormat.TRIG: pyoxigraph.RdfFormat.TRIG,
    ResultFormat.NQUADS: pyoxigraph.RdfFormat.N_QUADS,
}


def advance(inquiry: Inquiry[_T], answer: bytes | CosigraphError | None) -> Probe | tuple[_T]:
    """Go on with an inquiry: the probe that it needs next, or what it returns, in a tuple.

    ``answer`` is that of the last probe, or the error that it ended in, or None at the beginning.
    """
    try:
        if answer is None:
            return next(inquiry)
        if isinstance(answer, CosigraphError):
            return inquiry.throw(answer)
        return inquiry.send(answer)
    except StopIteration as end:
        return (end.value,)


def run_inquiry(inquiry: Inquiry[_T], run: Callable[[Query, float], bytes]) -> _T:
    """Run an inquiry's probes until it has its outcome.

    Args:
        inquiry: what asks.
        run: runs a query within so many seconds; as ``WorkerPool.execute_blocking``.
    """
    outcome = advance(inquiry, None)
    while isinstance(outcome, Probe):
        try:
            answer: bytes | CosigraphError = run(outcome.query, outcome.seconds)
        except CosigraphError as error:
            answer = error
        outcome = advance(inquiry, answer)
    return outcome[0]
