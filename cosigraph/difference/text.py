# SPDX-License-Identifier: Apache-2.0
"""A report as lines for people, each with a style that a terminal may show."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cosigraph.difference.answers import AnswerDifference
from cosigraph.difference.comparison import Kind
from cosigraph.difference.naming import LONGEST, excerpts, printable
from cosigraph.difference.report import Report, ShownChange, ShownThing
from cosigraph.errors import Position

OLD, NEW, HEADING, BROKEN, QUIET, PLAIN = "red", "green", "bold", "bold red", "dim", ""
_MARKS: Final = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.RENAMED: ">", Kind.CHANGED: "~"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its style, as rich names it."""

    text: str
    style: str = PLAIN


def to_text(report: Report) -> str:
    """Return the report as plain text."""
    return "".join(f"{line.text}\n" for line in to_lines(report))


def to_lines(report: Report) -> Iterator[Line]:
    """Yield the lines of the report; none holds a character that does not show."""
    for line in _lines(report):
        yield Line(printable(line.text), line.style)


def summary(report: Report) -> str:
    """Return in one line how much differs."""
    if not report.differs:
        return "No difference."
    things = ", ".join(f"{report.counts[kind]} {kind}" for kind in Kind if report.counts[kind])
    quads = f"{report.quads[1]} statements added, {report.quads[0]} removed"
    parts = [f"Things: {things} ({quads})." if things else "The data are the same."]
    if report.answers_compared:
        parts.append(f"Answers that differ: {len(report.answers)} of {report.answers_compared}.")
    parts.append(f"Breaking: {report.breaking_count or 'nothing'}.")
    return " ".join(parts)


def _lines(report: Report) -> Iterator[Line]:
    yield Line(f"Old: {report.old}")
    yield Line(f"New: {report.new}")
    yield Line(summary(report), HEADING)
    if report.breaking:
        yield from _heading(f"Breaking ({report.breaking_count})", BROKEN)
        for each in report.breaking:
            yield Line(f"  ! {each.text}{_at(each.place)}", OLD)
        yield from _left_out(report.breaking_count - len(report.breaking), "more")
    for kind in Kind:
        things = [thing for thing in report.things if thing.kind is kind]
        if things:
            yield from _heading(f"{kind.capitalize()} ({report.counts[kind]})")
            for thing in things:
                yield from _thing(thing)
            yield from _left_out(report.left_out(kind), f"more {kind}")
    if report.followed:
        yield Line("")
        follow = f"Statements that only name a renamed thing anew: {report.followed}, not shown."
        yield Line(follow, QUIET)
    if report.answers:
        yield from _heading(f"Answers ({len(report.answers)})")
        for answer in report.answers:
            yield from _answer(answer, report.rows)
    if report.remarks:
        yield from _heading("Remarks")
        yield from (Line(f"  {remark}") for remark in report.remarks)


def _heading(text: str, style: str = HEADING) -> Iterator[Line]:
    yield Line("")
    yield Line(text, style)


def _left_out(number: int, what: str) -> Iterator[Line]:
    if number > 0:
        yield Line(f"  … and {number} {what}, not shown", QUIET)


def _at(place: Position | None) -> str:
    return "" if place is None else f"  [{place}]"


def thing_title(thing: ShownThing) -> str:
    """Return what a thing is called and of what type it is, before and after."""
    if thing.description is not None:
        return f"a blank node: {excerpts(thing.description, None, LONGEST)[0]}"
    if thing.kind is Kind.RENAMED and thing.old is not None and thing.new is not None:
        return f"{thing.old} → {thing.new}"
    types = ", ".join(each.label or each.short for each in thing.types)
    number = "1 statement" if thing.statements == 1 else f"{thing.statements} statements"
    about = f": {types}, {number}" if types else f": {number}" if thing.statements else ""
    return f"{thing.new or thing.old}{about}"


def _thing(thing: ShownThing) -> Iterator[Line]:
    style = {Kind.ADDED: NEW, Kind.REMOVED: OLD}.get(thing.kind, PLAIN)
    old, new = thing.places
    places = _at(new if thing.kind is not Kind.REMOVED else old)
    if thing.kind is Kind.RENAMED:
        places = _at(old) + _at(new)
    yield Line(f"  {_MARKS[thing.kind]} {thing_title(thing)}{places}", style)
    for change in thing.changes:
        yield Line(f"      {change_title(thing, change)}")
        old_text, new_text = change_texts(change, LONGEST)
        if old_text is not None:
            yield Line(f"        - {old_text}{_at(change.places[0])}", OLD)
        if new_text is not None:
            yield Line(f"        + {new_text}{_at(change.places[1])}", NEW)
    if thing.changes_left_out:
        yield Line(f"      … and {thing.changes_left_out} more changes, not shown", QUIET)


def change_title(thing: ShownThing, change: ShownChange) -> str:
    """Return the property, and the graph where the thing has changes in several."""
    old, new = change.graphs
    if change.old is not None and change.new is not None and old != new:
        return f"{change.property}, moved from {graph_name(old)} to {graph_name(new)}"
    if len({each.graphs for each in thing.changes}) > 1:
        return f"{change.property}, in {graph_name(old if change.new is None else new)}"
    return str(change.property)


def graph_name(iri: str | None) -> str:
    """Return what a graph is called: what follows ``/graph/`` in its IRI, as in a project."""
    return "the unnamed graph" if iri is None else f"graph {iri.partition('/graph/')[2] or iri}"


def rows_in_words(number: int) -> str:
    """Return the number and the word."""
    return "1 row" if number == 1 else f"{number} rows"


def change_texts(change: ShownChange, longest: int) -> tuple[str | None, str | None]:
    """Return the value before and after, cut where they are long."""
    return excerpts(
        None if change.old is None else change.old.text,
        None if change.new is None else change.new.text,
        longest,
    )


def answer_title(answer: AnswerDifference) -> str:
    """Return the query and what became of its answer."""
    if answer.failure is not None:
        return f"{answer.title}: no answer any more (breaking): {answer.failure}"
    if not answer.missing and not answer.added:
        return f"{answer.title}: the same rows in another order"
    counts = f"{rows_in_words(len(answer.missing))} missing, {len(answer.added)} new"
    return f"{answer.title}: {counts}{' (breaking)' if answer.breaks else ''}"


def _answer(answer: AnswerDifference, most: int) -> Iterator[Line]:
    yield Line(f"  {answer_title(answer)}", OLD if answer.breaks else PLAIN)
    if answer.missing or answer.added:
        yield Line(f"        {csv_row(answer.columns)}", QUIET)
    for mark, rows, style in (("-", answer.missing, OLD), ("+", answer.added, NEW)):
        for row in rows[:most]:
            yield Line(f"      {mark} {csv_row(row)}", style)
        if len(rows) > most:
            yield Line(f"      {mark} … and {len(rows) - most} more, not shown", QUIET)


def csv_row(cells: Sequence[str]) -> str:
    """Return the cells as a line of CSV, cut where it is long."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([" ".join(cell.split()) for cell in cells])
    return excerpts(line.getvalue(), None, 2 * LONGEST)[0] or ""
