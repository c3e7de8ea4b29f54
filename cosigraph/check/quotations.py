# SPDX-License-Identifier: Apache-2.0
"""How a quotation differs from the text at its position, and where its words do stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

PARTS = ("exact", "prefix", "suffix")
"""The properties of a quotation, in ``oa:``."""

_SHOWN = 60


class Quotation(NamedTuple):
    """The words of a quotation, and those before and after it, where they are given."""

    exact: str | None
    prefix: str | None = None
    suffix: str | None = None


class Difference(NamedTuple):
    """What differs: ``exact``, ``prefix`` or ``suffix``; in which way; and what to do."""

    part: str
    message: str
    advice: str


def differences(
    quotation: Quotation, span: tuple[int, int] | None, text: str, name: str
) -> Iterator[Difference]:
    """Yield how the quotation differs from ``text`` at ``span``, or from every place in it.

    ``name`` is that of the text. Positions count code points from 0.
    """
    exact, prefix, suffix = (part or "" for part in quotation)
    if span is None:
        if not any(_fits(quotation, text, at) for at in _places(exact, text)):
            yield Difference(
                "exact",
                f'"{shown(exact)}" does not stand in the text of {name}'
                + (" with the words around it." if exact in text else "."),
                _advice(quotation, text, 0),
            )
        return
    start, end = span
    found = text[start:end]
    if end > len(text):
        message = f"The position {start} to {end} is beyond the text of {name}, which ends at "
        yield Difference("exact", f"{message}{len(text)}.", _advice(quotation, text, start))
    elif found != exact:
        message = f'At {start} to {end} of {name} stands "{shown(found)}", not "{shown(exact)}".'
        yield Difference("exact", message, _advice(quotation, text, start))
    else:
        before, after = text[max(start - len(prefix), 0) : start], text[end : end + len(suffix)]
        if before != prefix:
            message = f'Before the quotation stands "{shown(before)}", not "{shown(prefix)}".'
            yield Difference("prefix", message, _advice(quotation, text, start, "prefix"))
        if after != suffix:
            message = f'After the quotation stands "{shown(after)}", not "{shown(suffix)}".'
            yield Difference("suffix", message, _advice(quotation, text, start, "suffix"))


def _places(words: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(f"(?={re.escape(words)})", text)]


def _fits(quotation: Quotation, text: str, at: int) -> bool:
    exact, prefix, suffix = (part or "" for part in quotation)
    return text.endswith(prefix, 0, at) and text.startswith(suffix, at + len(exact))


def _advice(quotation: Quotation, text: str, start: int, part: str = "exact") -> str:
    """Return where the words stand that is nearest to ``start``, best with the words around."""
    exact = quotation.exact or ""
    places = _places(exact, text) if exact else []
    fitting = [at for at in places if _fits(quotation, text, at)]
    if not places:
        return "The words stand nowhere in this text: correct them, or oa:hasSource."
    if part != "exact" and not fitting:
        return f"Correct oa:{part}."
    at = min(fitting or places, key=lambda at: abs(at - start))
    end = at + len(exact)
    if at == start:
        return f"Correct the words, or let oa:end be {end}."
    around = "" if fitting else ", with other words around them"
    more = len(fitting or places) - 1
    others = f" They stand at {more} more {'place' if more == 1 else 'places'}." if more else ""
    return f"Did you mean oa:start {at}, oa:end {end}{around}?{others}"


def shown(text: str) -> str:
    """Return what fits of ``text`` in a message, on one line and with no invisible characters."""
    cut = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in cut
    )
