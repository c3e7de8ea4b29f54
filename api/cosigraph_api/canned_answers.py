# SPDX-License-Identifier: Apache-2.0
"""Running a canned query for a request: bound in a thread, run by the workers, never waited for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anyio import to_thread

from cosigraph.canned import CannedQuery
from cosigraph.errors import UnknownQueryError
from cosigraph.running import bound_text, table_of
from cosigraph.suggestions import suggestion_sentence
from cosigraph.table import Table

from .problems import bad_request
from .service import Service

READING = "reading"


@dataclass(frozen=True, slots=True)
class Call:
    """A canned query with what a request gives it.

    Attributes:
        query: the canned query
        values: the texts given for each parameter
        reading: the alternative reading that is asked
    """

    query: CannedQuery
    values: Mapping[str, Sequence[str]]
    reading: str | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A call whose values have been understood; ``text`` is the query to run."""

    call: Call
    text: str


def find_query(service: Service, name: str) -> CannedQuery:
    """The canned query of that name; raises UnknownQueryError."""
    queries = service.project.queries
    if name not in queries:
        raise UnknownQueryError(
            f"There is no query '{name}'.", advice=suggestion_sentence(name, queries)
        )
    return queries[name]


def call_of(query: CannedQuery, fields: Sequence[tuple[str, str]]) -> Call:
    """The call that a query string's fields make; raises ProblemError for two readings."""
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    readings = [] if READING in query.parameters else values.pop(READING, [])
    if len(readings) > 1:
        raise bad_request(f"The parameter {READING} is given twice.", "Give it once.")
    return Call(query, values, readings[0] or None if readings else None)


async def bind_call(service: Service, call: Call) -> Bound:
    """Find out what the values mean.

    Raises:
        UsageError: there is no such parameter, value or reading
    """

    def bind() -> Bound:
        return Bound(call, bound_text(call.query, call.values, service.resolver(call.reading)))

    return await to_thread.run_sync(bind)


async def run_call(service: Service, bound: Bound) -> Table:
    """The answer; raises QueryError or QueryStopped."""
    rows = await service.select(bound.text, bound.call.reading)
    return table_of(bound.call.query, rows, version=service.version)
