# SPDX-License-Identifier: Apache-2.0
"""Walking along a property path, and the statements that its last steps rest on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pyoxigraph import Triple

from cosigraph.check.property_paths import (
    ALTERNATIVE,
    INVERSE,
    ONE_OR_MORE,
    SEQUENCE,
    ZERO_OR_ONE,
    Path,
)

Reached = dict[Any, Triple | None]
"""The nodes that a path leads to, each with the statement of the last step to it."""


class Steps:
    """The statements of the data by subject and, once that is asked for, by object."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = tuple(triples)

    @cached_property
    def _by_subject(self) -> dict[Any, list[Triple]]:
        found: dict[Any, list[Triple]] = {}
        for triple in self._triples:
            found.setdefault(triple.subject, []).append(triple)
        return found

    @cached_property
    def _by_object(self) -> dict[Any, list[Triple]]:
        found: dict[Any, list[Triple]] = {}
        for triple in self._triples:
            found.setdefault(triple.object, []).append(triple)
        return found

    def of_subject(self, subject: Any) -> list[Triple]:
        """Return the statements about a subject, in the order of the files."""
        return self._by_subject.get(subject, [])

    def last_steps(self, path: Path, focus: Any, value: Any = None) -> list[Triple]:
        """Return the statements of the last steps from ``focus``, only those to ``value`` if given.

        They are in the order in which their values are reached.
        """
        reached = self._walk(path, {focus: None})
        wanted = reached.values() if value is None else [reached.get(value)]
        return [statement for statement in wanted if statement is not None]

    def _walk(self, path: Path, start: Reached) -> Reached:
        if path.predicate is not None or path.operator == INVERSE:
            return self._step(path, start)
        if path.operator == SEQUENCE:
            for part in path.parts:
                start = self._walk(part, start)
            return start
        if path.operator == ALTERNATIVE:
            found: Reached = {}
            for part in path.parts:
                found = {**self._walk(part, start), **found}
            return found
        return self._repeat(path, start)

    def _step(self, path: Path, start: Reached) -> Reached:
        found: Reached = {}
        if path.predicate is not None:
            for node in start:
                for triple in self.of_subject(node):
                    if triple.predicate == path.predicate:
                        found.setdefault(triple.object, triple)
            return found
        (inverted,) = path.parts
        if inverted.predicate is None:
            return self._walk(inverted.inverse(), start)
        for node in start:
            for triple in self._by_object.get(node, []):
                if triple.predicate == inverted.predicate:
                    found.setdefault(triple.subject, triple)
        return found

    def _repeat(self, path: Path, start: Reached) -> Reached:
        (part,) = path.parts
        once = self._walk(part, start)
        if path.operator == ZERO_OR_ONE:
            return {**once, **start}
        found, new = dict(once), once
        while new:
            further = self._walk(part, new)
            new = {node: triple for node, triple in further.items() if node not in found}
            found |= new
        return found if path.operator == ONE_OR_MORE else {**found, **start}
