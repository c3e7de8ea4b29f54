# SPDX-License-Identifier: Apache-2.0
"""Which things were renamed: those that went and came with the same description.

Two descriptions agree exactly when all their statements are the same but for the thing's own IRI
and those of things that were renamed with it. They nearly agree when they have the same types,
share at least ``SHARE`` of the longer one's statements, and one of these is said of nothing else.
Every thing is used once; where several fit, the better comes first, then the earlier by name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from cosigraph.difference.descriptions import TYPE, Descriptions, Statement
from cosigraph.turtle import natural_key

SHARE: Final = 0.6
"""The share of statements that must be the same."""

MOST_STATEMENTS: Final = 100_000
"""With more statements of things that went and came, no renamed ones are looked for."""

_ROUNDS: Final = 8  # each may find what was only renamed with something found before
_MOST_HOLDERS: Final = 50  # a statement of more things than this tells none of them apart

_Key = str


def renamed_things(
    old: Mapping[str, Sequence[Statement]],
    new: Mapping[str, Sequence[Statement]],
    folded: tuple[Descriptions, Descriptions],
    is_shared: Callable[[Statement], bool],
) -> dict[str, str]:
    """Return the new IRI of each thing that was renamed.

    ``old`` has the descriptions of the things that went, ``new`` of those that came; ``folded``
    are the descriptions that their values are written by. ``is_shared`` tells whether what a
    statement says is also said of a thing that stayed.
    """
    if not old or not new:
        return {}
    return _Matching(old, new, folded, is_shared).found()


class _Matching:
    def __init__(
        self,
        old: Mapping[str, Sequence[Statement]],
        new: Mapping[str, Sequence[Statement]],
        folded: tuple[Descriptions, Descriptions],
        is_shared: Callable[[Statement], bool],
    ) -> None:
        self._old = {iri: old[iri] for iri in sorted(old, key=natural_key)}
        self._new = {iri: new[iri] for iri in sorted(new, key=natural_key)}
        self._folded = folded
        self._new_keys = {
            iri: frozenset(_key(each, folded[1], iri, {}) for each in statements)
            for iri, statements in self._new.items()
        }
        self._shared = {
            _key(each, folded[1], iri, {})
            for iri, statements in self._new.items()
            for each in statements
            if is_shared(each)
        }
        self._renamed: dict[str, str] = {}

    def found(self) -> dict[str, str]:
        for _ in range(_ROUNDS):
            before = len(self._renamed)
            self._exact()
            if len(self._renamed) == before:
                self._near()
            if len(self._renamed) == before:
                break
        return self._renamed

    def _take(self, old: str, new: str) -> None:
        self._renamed[old] = new
        del self._old[old]
        del self._new[new]

    def _old_keys(self) -> dict[str, frozenset[_Key]]:
        return {
            iri: frozenset(_key(each, self._folded[0], iri, self._renamed) for each in statements)
            for iri, statements in self._old.items()
        }

    def _exact(self) -> None:
        by_keys: dict[frozenset[_Key], list[str]] = defaultdict(list)
        for iri, keys in self._old_keys().items():
            if not all(key.startswith(_TYPE_KEY) for key in keys):
                by_keys[keys].append(iri)
        for iri in list(self._new):
            if candidates := by_keys.get(self._new_keys[iri]):
                self._take(candidates.pop(0), iri)

    def _near(self) -> None:
        old_keys = self._old_keys()
        held = Counter(key for keys in old_keys.values() for key in keys)
        holders: dict[_Key, list[str]] = defaultdict(list)
        for iri in self._new:
            for key in self._new_keys[iri]:
                holders[key].append(iri)
        pairs = [
            pair
            for iri, keys in old_keys.items()
            for pair in self._candidates(iri, keys, held, holders)
        ]
        for _, old, new in sorted(
            pairs, key=lambda p: (-p[0], natural_key(p[1]), natural_key(p[2]))
        ):
            if old in self._old and new in self._new:
                self._take(old, new)

    def _tells(self, key: _Key) -> bool:
        """Whether the statement is more than a type, and said of no thing that stayed."""
        return key not in self._shared and not key.startswith(_TYPE_KEY)

    def _candidates(
        self,
        old: str,
        keys: AbstractSet[_Key],
        held: Mapping[_Key, int],
        holders: Mapping[_Key, list[str]],
    ) -> Iterable[tuple[float, str, str]]:
        near = {new for key in keys for new in _few(holders.get(key, ()))}
        for new in near:
            common = keys & self._new_keys[new]
            share = len(common) / max(len(keys), len(self._new_keys[new]))
            if share >= SHARE and _types(keys) == _types(self._new_keys[new]):
                telling = (
                    key
                    for key in common
                    if held[key] == len(holders[key]) == 1 and self._tells(key)
                )
                if any(telling):
                    yield share, old, new


def _better_first(pair: tuple[float, str, str]) -> tuple[object, ...]:
    share, old, new = pair
    return -share, natural_key(old), natural_key(new)


def _few(holders: Sequence[str]) -> Sequence[str]:
    return holders if len(holders) <= _MOST_HOLDERS else ()


_TYPE_KEY: Final = f"{TYPE}\n"


def _types(keys: AbstractSet[_Key]) -> set[_Key]:
    return {key for key in keys if key.startswith(_TYPE_KEY)}


def _key(
    statement: Statement, descriptions: Descriptions, iri: str, renamed: Mapping[str, str]
) -> _Key:
    """Return the statement as text, without its thing's IRI and with the new IRIs of others."""

    def name(other: str) -> str:
        return "<>" if other == iri else f"<{renamed.get(other, other)}>"

    graph = statement.graph
    return "\n".join(
        (
            renamed.get(statement.predicate, statement.predicate),
            descriptions.text(statement.value, name),
            "" if graph is None else renamed.get(graph, graph),
        )
    )
