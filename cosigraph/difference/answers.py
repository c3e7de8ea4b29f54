# SPDX-License-Identifier: Apache-2.0
"""Whose answers differ: every canned query, in each case whose answer is kept, asked on both sides.

Rows that are missing break what people do with them; rows that are new, or the same rows in
another order, are a change that breaks nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad

from cosigraph.changes import Content
from cosigraph.difference.patch import nquads
from cosigraph.difference.version import Version
from cosigraph.errors import CosigraphError
from cosigraph.running import ExpectedCase, expected_cases
from cosigraph.stored_dataset import StoredDataset

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery
    from cosigraph.project import Project

_Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """How the answer of a query in a case differs.

    ``columns`` are those that both versions have. ``failure`` says why the new version does not
    answer.
    """

    query: str
    case: str
    parameters: Mapping[str, Sequence[str]]
    columns: _Row = ()
    missing: tuple[_Row, ...] = ()
    added: tuple[_Row, ...] = ()
    failure: str | None = None

    @property
    def breaks(self) -> bool:
        """Whether rows are missing, or there is no answer."""
        return self.failure is not None or bool(self.missing)

    @property
    def title(self) -> str:
        """The query, its case and its parameters."""
        given = " ".join(
            f"--{name} {v}" for name, values in self.parameters.items() for v in values
        )
        return f"{self.query} {given}".rstrip()


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers that differ, how many were compared, and what could not be."""

    differences: tuple[AnswerDifference, ...] = ()
    compared: int = 0
    remarks: tuple[str, ...] = field(default=())


def answering(version: Version, donor: Project) -> Project:
    """Return what answers from the version's data: its own project, or the donor's queries."""
    if version.project is not None:
        return version.project
    named = [
        quad for quad in version.quads if isinstance(quad.graph_name, NamedNode | DefaultGraph)
    ]
    content = Content(nquads(named).encode(), tuple(sorted(_graphs(named))))
    graphs = donor.configuration.graphs
    replaces = {graph.iri: graph.replaces for graph in graphs if graph.replaces}
    return donor.with_dataset(StoredDataset.of(content, replaces, version.default_graph))


def _graphs(quads: Sequence[Quad]) -> set[str]:
    names = (quad.graph_name for quad in quads)
    return {name.value for name in names if isinstance(name, NamedNode)}


def compare_answers(
    old: tuple[Version, Project], new: tuple[Version, Project], *, data_differ: bool
) -> Asked:
    """Ask every query that both projects have, in every case that the old one keeps.

    Where neither the data nor the query differ, the answers do not either.
    """
    data_differ = data_differ or _settings(old[1]) != _settings(new[1])
    differences: list[AnswerDifference] = []
    remarks: list[str] = []
    compared = 0
    for name, query in old[1].queries.items():
        now = new[1].queries.get(name)
        if now is None or query.services or now.services:
            continue  # what another endpoint answers is no difference of the versions
        if not data_differ and now.text == query.text:
            continue
        try:
            cases = expected_cases(query)
        except CosigraphError as error:
            remarks.append(old[0].tell(f"The answers of '{name}' were not compared: {error}"))
            continue
        for case in cases:
            try:
                before = _answer(old[1], case, query)
            except CosigraphError as error:
                told = old[0].tell(str(error))
                remarks.append(f"{old[0].name} does not answer '{name}': {told}")
                continue
            compared += 1
            differences += _difference(before, case, query, now, new)
    return Asked(tuple(differences), compared, tuple(remarks))


def _settings(project: Project) -> tuple[object, ...]:
    settings = project.configuration
    return settings.prefixes.namespaces, settings.names, project.dataset.replaces, settings.base


def _answer(project: Project, case: ExpectedCase, query: CannedQuery) -> list[_Row]:
    return project.run(query.name, **dict(case.parameters)).texts()


def _difference(
    before: list[_Row],
    case: ExpectedCase,
    query: CannedQuery,
    now: CannedQuery,
    new: tuple[Version, Project],
) -> Iterator[AnswerDifference]:
    parameters = dict(case.parameters)
    try:
        after = _answer(new[1], case, now)
    except CosigraphError as error:
        failure = new[0].tell(str(error))
        yield AnswerDifference(query.name, case.name, parameters, failure=failure)
        return
    names = [column.name for column in now.columns]
    columns = tuple(column.name for column in query.columns if column.name in names)
    old_rows = _only(before, [column.name for column in query.columns], columns)
    new_rows = _only(after, names, columns)
    if old_rows != new_rows:
        missing = _without(old_rows, new_rows)
        added = _without(new_rows, old_rows)
        yield AnswerDifference(query.name, case.name, parameters, columns, missing, added)


def _only(rows: list[_Row], names: Sequence[str], columns: _Row) -> list[_Row]:
    """Return the rows' cells in some columns; the label of a blank node is of no file's making."""
    indices = [names.index(column) for column in columns]
    return [
        tuple("_:" if row[index].startswith("_:") else row[index] for index in indices)
        for row in rows
    ]


def _without(rows: list[_Row], others: list[_Row]) -> tuple[_Row, ...]:
    """Return the rows that the others have not, or not as often, in order."""
    left = Counter(others)
    kept = []
    for row in rows:
        left[row] -= 1
        if left[row] < 0:
            kept.append(row)
    return tuple(kept)
