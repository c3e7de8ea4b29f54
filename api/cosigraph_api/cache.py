# SPDX-License-Identifier: Apache-2.0
"""What has been answered once is not worked out again: two caches, each bounded in bytes.

``CachedAnswers`` knows a query however it is spelt, and has the content of its answer;
``CachedResponses`` (:mod:`cosigraph_api.responses`) knows a request by its bytes. Both hold nothing
of another version of the data, and no answer that may differ from one time to the next. What was
used longest ago goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Generic, TypeVar

from cosigraph.query_identity import is_volatile, normal_form
from cosigraph.store import PIECE, Query
from cosigraph.workers import Account

from .streaming import closing

DEFAULT_BYTES = 64 * 1024 * 1024
"""How much the server keeps unless it is told otherwise, in bytes."""

_OVERHEAD = 1024  # bytes that an entry takes beside key and content, generously
_LARGEST_SHARE = 8  # no entry takes more than this part of a cache

_Entry = TypeVar("_Entry")
AnswerKey = tuple[Any, ...]
"""The version, the normal form of the query's text, and whatever else decides its answer."""


class Cache(Generic[_Entry]):
    """Entries by their keys, as many as find room in a number of bytes."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self.hits = 0
        self.misses = 0
        self._entries: OrderedDict[Hashable, tuple[_Entry, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    @property
    def largest(self) -> int:
        """The size in bytes of the largest entry that is taken."""
        return self.capacity // _LARGEST_SHARE

    def get(self, key: Hashable) -> _Entry | None:
        """What is kept under ``key``, or None."""
        found = self._entries.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return found[0]

    def missed(self) -> None:
        """Count a look-up whose entry is known not to be here."""
        self.misses += 1

    def put(self, key: Hashable, entry: _Entry, size: int) -> None:
        """Keep an entry of ``size`` bytes, its key included, unless it is too large."""
        size += _OVERHEAD
        if size > self.largest:
            return
        replaced = self._entries.pop(key, None)
        if replaced is not None:
            self.size -= replaced[1]
        self._entries[key] = (entry, size)
        self.size += size
        while self.size > self.capacity:
            _, (_, freed) = self._entries.popitem(last=False)
            self.size -= freed


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The content of an answer, and whether it ends at its limit of rows."""

    content: bytes
    is_cut: bool

    async def pieces(self) -> AsyncIterator[bytes]:
        """The content, in pieces."""
        for start in range(0, len(self.content), PIECE):
            yield self.content[start : start + PIECE]


class CachedAnswers:
    """Remembers the answers of queries, however these are spelt.

    Args:
        version: tells that of the data that is asked
        capacity: bytes to keep
    """

    def __init__(self, version: Callable[[], str], capacity: int) -> None:
        self._version = version
        self.cache: Cache[KeptAnswer] = Cache(capacity)

    def key(self, query: Query) -> AnswerKey | None:
        """What the answer is kept under, or None if it is not kept."""
        if not self.cache.capacity or is_volatile(query.text):
            return None
        return (self._version(), normal_form(query.text), *_WHAT_ELSE(query))

    def get(self, key: AnswerKey | None) -> KeptAnswer | None:
        """What is kept under ``key``."""
        return None if key is None else self.cache.get(key)

    def missed(self, key: AnswerKey | None) -> None:
        """Count that nothing was kept under ``key`` when its query began."""
        if key is not None:
            self.cache.missed()

    async def keeping(
        self, key: AnswerKey, pieces: AsyncIterator[bytes], account: Account
    ) -> AsyncIterator[bytes]:
        """Give ``pieces``, and keep them once they are complete."""
        gathered: bytearray | None = bytearray()
        async with closing(pieces):
            async for piece in pieces:
                if gathered is not None:
                    gathered += piece
                    if len(gathered) > self.cache.largest:
                        gathered = None
                yield piece
        if gathered is not None:
            self.keep(key, KeptAnswer(bytes(gathered), account.is_cut))

    def keep(self, key: AnswerKey, answer: KeptAnswer) -> None:
        """Keep a whole answer."""
        self.cache.put(key, answer, len(answer.content) + len(key[1]))


# All of a query that decides its answer beside the text; the prefixes are the project's.
_WHAT_ELSE = attrgetter(
    *(field.name for field in fields(Query) if field.name not in {"text", "prefixes"})
)
