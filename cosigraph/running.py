# SPDX-License-Identifier: Apache-2.0
"""How a canned query is run: the same from Python, the command line, HTTP and the checks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cosigraph.answers import Surroundings, answer
from cosigraph.errors import QueryFileError, UnknownParameterError
from cosigraph.files import matching
from cosigraph.parameters import Parameter, bind, unknown_parameter
from cosigraph.table import Table
from cosigraph.terms import Term

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery
    from cosigraph.names import NameResolver
    from cosigraph.parameter_declarations import Example
    from cosigraph.store import Store


def run_canned(
    query: CannedQuery,
    parameters: Mapping[str, object],
    resolver: NameResolver,
    store: Store,
    surroundings: Surroundings,
) -> Table:
    """The answer of a canned query from the resolver's reading of the dataset.

    Args:
        query: the query.
        parameters: values as people type them or as Python has them, by the parameter's name with
            hyphens or underscores; None is as good as leaving the parameter out.
        resolver: finds what the values mean.
        store: where the query is run.
        surroundings: what it is answered from.

    Raises:
        UnknownParameterError: the query has no such parameter.
        ParameterValueError: a value has the wrong type, or names nothing.
        QueryError, QueryStopped: as ``Store.execute`` does.
    """
    text = bound_text(query, parameters, resolver)
    given = answer(store, text, surroundings, reading=resolver.reading, services=query.services)
    return table_of(query, given.rows(), version=given.version)


def bound_text(query: CannedQuery, parameters: Mapping[str, object], resolver: NameResolver) -> str:
    """The text of the query with its parameters bound; raises as :func:`run_canned`."""
    terms: dict[str, Sequence[Term]] = {}
    for name, value in parameters.items():
        parameter = find_parameter(query, name)
        if parameter.name in terms:
            raise UnknownParameterError(
                f"The parameter '{parameter.name}' is given in two spellings.",
                advice="Give it once.",
            )
        if value is not None:
            terms[parameter.name] = resolver.terms(parameter, value)
    return bind(query, terms)


def find_parameter(query: CannedQuery, name: str) -> Parameter:
    """The parameter of that name, in which underscores may stand for hyphens.

    Raises:
        UnknownParameterError: there is none; the error names the near one or all.
    """
    parameter = query.parameters.get(name.replace("_", "-"))
    if parameter is None:
        raise unknown_parameter(query, name)
    return parameter


def table_of(
    query: CannedQuery, rows: Iterable[Sequence[Term | None]], *, version: str | None = None
) -> Table:
    """The rows of the query's answer, in its own order of columns, as a table."""
    return Table(query.columns, rows, version=version)


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """An answer that is kept beside a query: with which parameters, and in which file.

    ``name`` is empty for the case without parameters.
    """

    name: str
    parameters: Example
    path: Path


def expected_cases(query: CannedQuery) -> list[ExpectedCase]:
    """The answers that are expected of a query: ``NAME.csv``, then ``NAME.CASE.csv``.

    ``NAME.csv`` is the answer without parameters, which a query with a required parameter does
    not have. The examples of the front matter name the other cases.

    Raises:
        QueryFileError: a file is missing, or belongs to no case.
    """
    cases = [] if query.requires_parameters else [ExpectedCase("", {}, _csv(query, ""))]
    cases += [
        ExpectedCase(case, example, _csv(query, case)) for case, example in query.examples.items()
    ]
    if query.services:  # what others answer is theirs to say, so it need not be kept
        cases = [case for case in cases if os.path.lexists(case.path)]
    for expected in cases:
        if not os.path.lexists(expected.path):
            raise QueryFileError(
                f"The expected answer {expected.path.name} is missing.",
                position=query.position(),
                advice="Write it beside the query, or take its case out of the examples.",
            )
    known = {expected.path for expected in cases}
    found = {_csv(query, ""), *matching(query.path.parent, f"{query.name}.*.csv")}
    for path in sorted(filter(os.path.isfile, found)):
        if path not in known:
            raise QueryFileError(
                f"{path.name} is the expected answer of no case.",
                position=query.position(),
                advice="Name its case in the examples of the front matter, or remove the file.",
            )
    return cases


def _csv(query: CannedQuery, case: str) -> Path:
    return query.path.with_name(f"{query.name}.{case}.csv" if case else f"{query.name}.csv")
