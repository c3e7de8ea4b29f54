# SPDX-License-Identifier: Apache-2.0
"""Circles in a relation, by Tarjan's algorithm for strongly connected components."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping


def circles(edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return one shortest circle of each strongly connected part, in a stable order.

    A circle begins with its first node in the order of the alphabet, and an edge leads from each
    node to the next and from the last to the first. The time is linear in nodes and edges.
    """
    after: defaultdict[str, list[str]] = defaultdict(list)
    for start, end in edges:
        after[start].append(end)
    found = [
        _shortest(min(part), part, after)
        for part in _parts(after)
        if len(part) > 1 or any(node in after[node] for node in part)
    ]
    return sorted(found)


def _shortest(start: str, part: set[str], after: Mapping[str, list[str]]) -> list[str]:
    """Return the shortest way within a part from a node back to it."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while start not in before:
        node = waiting.popleft()
        for end in after[node]:
            if end in part and end not in before:
                before[end] = node
                waiting.append(end)
    way = [before[start]]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


def _parts(after: Mapping[str, list[str]]) -> Iterator[set[str]]:
    """Yield the strongly connected parts, without recursion: a hierarchy may be deep."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in list(after):
        if root in numbers:
            continue
        work = [(root, iter(after[root]))]
        numbers[root] = lowest[root] = len(numbers)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, ends = work[-1]
            for end in ends:
                if end not in numbers:
                    numbers[end] = lowest[end] = len(numbers)
                    stack.append(end)
                    on_stack.add(end)
                    work.append((end, iter(after.get(end, ()))))
                    break
                if end in on_stack:
                    lowest[node] = min(lowest[node], numbers[end])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == numbers[node]:
                    part: set[str] = set()
                    while node not in part:
                        part.add(stack.pop())
                    on_stack -= part
                    yield part
