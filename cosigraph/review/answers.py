# SPDX-License-Identifier: Apache-2.0
"""Which canned answers a change makes other ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from cosigraph.errors import CosigraphError
from cosigraph.project import Project
from cosigraph.running import expected_cases


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer that is not what it was: the rows that went and those that came.

    ``case`` is that of the examples, empty for the query without parameters. ``failure`` says why
    there is no answer any more.
    """

    query: str
    case: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    failure: str | None = None


def changed_answers(before: Project, after: Project) -> list[ChangedAnswer]:
    """Return the answers that differ, of the cases that both versions can be asked.

    A query that is new or gone has no answer that changes. Where the earlier version cannot answer,
    nothing is said.
    """
    try:
        queries = after.queries
        known = before.queries
    except CosigraphError:
        return []
    changed: list[ChangedAnswer] = []
    for name in sorted(set(queries) & set(known)):
        if queries[name].services or known[name].services:
            continue  # what another endpoint answers is no difference of the versions
        try:
            cases = expected_cases(queries[name])
        except CosigraphError:
            continue
        for case in cases:
            changed += _compare(before, after, name, case.name, dict(case.parameters))
    return changed


def _compare(
    before: Project, after: Project, name: str, case: str, parameters: dict[str, tuple[str, ...]]
) -> Iterator[ChangedAnswer]:
    try:
        old = before.run(name, **parameters).to_csv().splitlines()
    except CosigraphError:
        return
    try:
        new = after.run(name, **parameters).to_csv().splitlines()
    except CosigraphError as error:
        yield ChangedAnswer(name, case, failure=error.detail)
        return
    if old != new:
        steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        changes = [step for step in steps if step[0] != "equal"]
        yield ChangedAnswer(
            name,
            case,
            removed=tuple(row for _, i, j, _, _ in changes for row in old[i:j]),
            added=tuple(row for _, _, _, i, j in changes for row in new[i:j]),
        )
