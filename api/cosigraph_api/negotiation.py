# SPDX-License-Identifier: Apache-2.0
"""Which media type to answer with, by the request's ``Accept`` (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_MEMBER = re.compile(rf"(?:{_QUOTED}|[^,\"])+")
_RANGE = re.compile(rf"\s*({_WORD})/({_WORD})\s*")
_PARAMETER = re.compile(rf";\s*(?:({_WORD})\s*=\s*({_WORD}|{_QUOTED}))?\s*")
_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_LONGEST_READ = 4096  # characters; more is no browser's and no library's


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One member of ``Accept``: what it matches, and how much it is wanted (0 to 1)."""

    type: str
    subtype: str
    quality: float

    @property
    def specificity(self) -> int:
        """0 for ``*/*``, 1 for ``text/*``, 2 for ``text/csv``."""
        return (self.type != "*") + (self.subtype != "*")

    def matches(self, media_type: str) -> bool:
        """Whether ``media_type``, written without parameters, is in this range."""
        type_, _, subtype = media_type.partition("/")
        return self.type in {"*", type_} and self.subtype in {"*", subtype}


def media_ranges(accept: str) -> list[MediaRange]:
    """The members of an ``Accept`` header; a member that is not well-formed is passed over.

    Parameters other than ``q`` are ignored: none of the formats here comes in variants.
    """
    ranges = (_media_range(member.group()) for member in _MEMBER.finditer(accept[:_LONGEST_READ]))
    return [range_ for range_ in ranges if range_ is not None]


def _media_range(member: str) -> MediaRange | None:
    match = _RANGE.match(member)
    if match is None:
        return None
    type_, subtype = match[1].lower(), match[2].lower()
    if type_ == "*" and subtype != "*":
        return None
    quality, position = 1.0, match.end()
    while position < len(member):
        parameter = _PARAMETER.match(member, position)
        if parameter is None:
            return None
        if (parameter[1] or "").lower() == "q":
            if not _QUALITY.fullmatch(parameter[2]):
                return None
            quality = float(parameter[2])
        position = parameter.end()
    return MediaRange(type_, subtype, quality)


def preferred(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offered media type that the client likes best, or None if it accepts none of them.

    For each offer the most specific range that matches it gives its quality; the highest wins,
    and of equals the first offered. Without an ``Accept`` that can be read, the first offer.
    """
    return _preferred(accept[:_LONGEST_READ] if accept else "", tuple(offers))


@lru_cache  # clients send few different ones
def _preferred(accept: str, offers: tuple[str, ...]) -> str | None:
    ranges = media_ranges(accept)
    if not ranges:
        return offers[0] if offers else None
    best, best_quality = None, 0.0
    for offer in offers:
        quality = _quality(offer, ranges)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def _quality(offer: str, ranges: Iterable[MediaRange]) -> float:
    matching = [range_ for range_ in ranges if range_.matches(offer)]
    if not matching:
        return 0.0
    return max(matching, key=lambda range_: (range_.specificity, range_.quality)).quality


def prefers_html(accept: str | None) -> bool:
    """Whether the client is a browser: it names ``text/html`` before anything a program wants."""
    offers = ("application/problem+json", "application/json", "text/html")
    return preferred(accept, offers) == "text/html"
