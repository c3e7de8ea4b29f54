# SPDX-License-Identifier: Apache-2.0
"""A report as Markdown (CommonMark), for a comment on a change or release notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cosigraph.difference.answers import AnswerDifference
from cosigraph.difference.comparison import Kind
from cosigraph.difference.naming import LONGEST, printable
from cosigraph.difference.report import Report, ShownThing
from cosigraph.difference.text import (
    answer_title,
    change_texts,
    change_title,
    csv_row,
    summary,
    thing_title,
)
from cosigraph.errors import Position

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")

_MARKER = re.compile(r"^(\d*)([-+=.)])")  # what begins a list or underlines a heading


def to_markdown(report: Report) -> str:
    """Return the report as Markdown; what is in the data is never read as Markdown."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.old)} → {_plain(report.new)}"
    yield ""
    yield f"**{_plain(summary(report))}**"
    if report.breaking:
        yield from _heading(f"Breaking ({report.breaking_count})")
        yield from (f"- {_plain(each.text)}{_at(each.place)}" for each in report.breaking)
        yield from _left_out(report.breaking_count - len(report.breaking))
    for kind in Kind:
        things = [thing for thing in report.things if thing.kind is kind]
        if things:
            yield from _heading(f"{kind.capitalize()} ({report.counts[kind]})")
            for thing in things:
                yield from _thing(thing)
            yield from _left_out(report.left_out(kind))
    if report.followed:
        yield ""
        yield f"{report.followed} statements that only name a renamed thing anew are not shown."
    if report.answers:
        yield from _heading(f"Answers ({len(report.answers)})")
        for answer in report.answers:
            yield from _answer(answer, report.rows)
    if report.remarks:
        yield from _heading("Remarks")
        yield from (f"- {_plain(remark)}" for remark in report.remarks)


def _heading(text: str) -> Iterator[str]:
    yield ""
    yield f"## {text}"
    yield ""


def _left_out(number: int) -> Iterator[str]:
    if number > 0:
        yield f"- … and {number} more, not shown"


def _thing(thing: ShownThing) -> Iterator[str]:
    places = "".join(map(_at, thing.places))
    yield f"- {_plain(thing_title(thing))}{places}"
    for change in thing.changes:
        yield f"  - {_plain(change_title(thing, change))}"
        for sign, text, place in zip(
            ("old", "new"), change_texts(change, LONGEST), change.places, strict=True
        ):
            if text is not None:
                yield f"    - {sign}: {_code(text)}{_at(place)}"
    if thing.changes_left_out:
        yield f"  - … and {thing.changes_left_out} more changes, not shown"


def _answer(answer: AnswerDifference, most: int) -> Iterator[str]:
    yield f"- {_plain(answer_title(answer))}"
    if not answer.missing and not answer.added:
        return
    rows = [f"  {csv_row(answer.columns)}"]
    for mark, found in (("-", answer.missing), ("+", answer.added)):
        rows += [f"{mark} {csv_row(row)}" for row in found[:most]]
        if len(found) > most:
            rows.append(f"{mark} … and {len(found) - most} more, not shown")
    fence = _fence("\n".join(rows), 3)
    yield ""
    yield f"  {fence}diff"
    yield from (f"  {printable(row)}" for row in rows)
    yield f"  {fence}"
    yield ""


def _at(place: Position | None) -> str:
    return "" if place is None else f" ({_code(str(place))})"


def _plain(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", printable(text))
    return _MARKER.sub(r"\1\\\2", escaped)


def _code(text: str) -> str:
    text = printable(text)
    fence = _fence(text, 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _fence(text: str, shortest: int) -> str:
    """Return more backticks than stand together anywhere in the text."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    return "`" * max(shortest, longest + 1)
