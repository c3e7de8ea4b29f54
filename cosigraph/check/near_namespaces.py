# SPDX-License-Identifier: Apache-2.0
"""Namespaces that are almost another one: a mark, a letter or a scheme is different."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

_SHORT: Final = 3


class NearNamespaces:
    """Finds the known namespace that an unknown one was probably meant to be."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = sorted(known)
        self._by_gist: dict[str, str] = {}
        self._by_deletion: defaultdict[str, list[str]] = defaultdict(list)
        for namespace in self._known:
            gist = _gist(namespace)
            self._by_gist.setdefault(gist, namespace)
            for shorter in _deletions(gist):
                self._by_deletion[shorter].append(namespace)

    def of(self, namespace: str, iri: str) -> str | None:
        """Return the namespace that is near to that of ``iri``, or None.

        Near is what differs in its scheme, in upper case, in the mark at its end, in ``www.`` or
        in one letter; or an IRI that runs on after a known namespace without its mark.
        """
        gist = _gist(namespace)
        if gist in self._by_gist:
            return self._by_gist[gist]
        for known in self._known:
            if known[-1:] in {"#", "/"} and len(known) > len(namespace):
                stem = known[:-1]
                if iri.startswith(stem) and iri[len(stem) :].isalnum():
                    return known
        # Two words are one letter apart if and only if one letter less of each makes them equal
        # (an exchange of letters), or one letter less of one makes it the other.
        candidates = [*self._by_deletion.get(gist, ())]
        for shorter in _deletions(gist):
            candidates += self._by_deletion.get(shorter, ())
            if shorter in self._by_gist:
                candidates.append(self._by_gist[shorter])
        near = [known for known in candidates if _is_one_edit(gist, _gist(known))]
        return min(near, default=None)


def _gist(namespace: str) -> str:
    """Return what of a namespace is told apart by a careful reader."""
    lower = namespace.lower()
    return (lower.partition("://")[2] or lower).removeprefix("www.").rstrip("#/")


def _deletions(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _is_one_edit(one: str, other: str) -> bool:
    """Tell whether one letter was left out, put in, exchanged or swapped with its neighbour.

    Digits are not letters: a number counts versions and years. A last word of one or two letters
    is too short to tell a slip from another name.
    """
    if min(len(word.rpartition("/")[2]) for word in (one, other)) < _SHORT:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    shortest = min(len(one), len(other)) - start
    while end < shortest and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    if any(character.isdigit() for character in left + right):
        return False
    return max(len(left), len(right)) == 1 or (len(left) == 2 and left == right[::-1])
