# SPDX-License-Identifier: Apache-2.0
"""The statements of a file by subject and by object, and where paths lead along them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.check.property_paths import (
    ALTERNATIVE,
    INVERSE,
    ONE_OR_MORE,
    SEQUENCE,
    ZERO_OR_MORE,
    Path,
)
from cosigraph.check.syntax import ParsedFile

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


class Statement(NamedTuple):
    """One statement: a file, by its number among those that are searched, and a triple's number."""

    file: int
    number: int


class Step(NamedTuple):
    """Where a path leads, and the first and the last statement on the way; none for no step."""

    end: Term
    first: Statement | None
    last: Statement | None


class StatementIndex:
    """The statements of several files."""

    def __init__(self, files: list[ParsedFile]) -> None:
        self.files = files

    def triple(self, statement: Statement) -> Triple:
        """Return the triple that a statement is."""
        return self.files[statement.file].triples[statement.number]

    def with_subject(self, term: Term) -> Iterator[Statement]:
        """Yield the statements with a subject, in the order of the files."""
        for file, runs in enumerate(self._subjects):
            for begin, end in runs.get(term, ()):
                for number in range(begin, end):
                    yield Statement(file, number)

    def with_object(self, term: Term) -> Iterator[Statement]:
        """Yield the statements with an object, in the order of the files."""
        for file, numbers in enumerate(self._objects):
            for number in numbers.get(term, ()):
                yield Statement(file, number)

    @cached_property
    def _subjects(self) -> list[dict[Term, list[tuple[int, int]]]]:
        """For each file its subjects, and where statements with the subject begin and end."""
        return [_runs(file) for file in self.files]

    @cached_property
    def _objects(self) -> list[dict[Term, list[int]]]:
        found = []
        for file in self.files:
            numbers: dict[Term, list[int]] = defaultdict(list)
            for number, triple in enumerate(file.triples):
                numbers[triple.object].append(number)
            found.append(dict(numbers))
        return found

    def follow(self, node: Term, path: Path) -> Iterator[Step]:
        """Yield every way along a path from a node, one for each last statement at least."""
        if path.predicate is not None:
            for statement in self.with_subject(node):
                triple = self.triple(statement)
                if triple.predicate == path.predicate:
                    yield Step(triple.object, statement, statement)
        elif path.operator == SEQUENCE:
            yield from self._follow_all(node, path.parts)
        elif path.operator == ALTERNATIVE:
            for branch in path.parts:
                yield from self.follow(node, branch)
        elif path.operator == INVERSE:
            yield from self._follow_back(node, path.parts[0])
        else:
            yield from self._follow_repeatedly(node, path)

    def _follow_back(self, node: Term, path: Path) -> Iterator[Step]:
        if path.predicate is None:
            yield from self.follow(node, path.inverse())
            return
        for statement in self.with_object(node):
            triple = self.triple(statement)
            if triple.predicate == path.predicate:
                yield Step(triple.subject, statement, statement)

    def _follow_all(self, node: Term, paths: Iterable[Path]) -> Iterator[Step]:
        steps = iter([Step(node, None, None)])
        for path in paths:
            steps = self._one_more(steps, path)
        yield from steps

    def _one_more(self, steps: Iterator[Step], path: Path) -> Iterator[Step]:
        for before in steps:
            for step in self.follow(before.end, path):
                yield Step(step.end, before.first or step.first, step.last or before.last)

    def _follow_repeatedly(self, node: Term, path: Path) -> Iterator[Step]:
        start = Step(node, None, None)
        if path.operator != ONE_OR_MORE:
            yield start
        waiting, seen = deque([start]), {node}
        while waiting:
            for step in self._one_more(iter([waiting.popleft()]), path.parts[0]):
                yield step
                if step.end not in seen and path.operator in {ZERO_OR_MORE, ONE_OR_MORE}:
                    seen.add(step.end)
                    waiting.append(step)


def _runs(file: ParsedFile) -> dict[Term, list[tuple[int, int]]]:
    """Return where the statements with each subject begin and end: mostly they stand together."""
    runs: dict[Term, list[tuple[int, int]]] = {}
    previous: Term | None = None
    begin = 0
    for number, triple in enumerate(file.triples):
        subject = triple.subject
        if subject != previous:
            if previous is not None:
                runs.setdefault(previous, []).append((begin, number))
            previous, begin = subject, number
    if previous is not None:
        runs.setdefault(previous, []).append((begin, len(file.triples)))
    return runs
