# SPDX-License-Identifier: Apache-2.0
"""A report as JSON, for programs; docs/differences.md says what each member is."""

from __future__ import annotations

import json
from typing import Any

from cosigraph.difference.answers import AnswerDifference
from cosigraph.difference.comparison import Kind
from cosigraph.difference.naming import Named, ShownValue
from cosigraph.difference.report import Report, ShownBreaking, ShownChange, ShownThing
from cosigraph.errors import Position


def to_json(report: Report) -> str:
    """Return the report as JSON, ended by a line feed."""
    return json.dumps(_report(report), ensure_ascii=False, indent=2) + "\n"


def _report(report: Report) -> dict[str, Any]:
    return {
        "old": report.old,
        "new": report.new,
        "differs": report.differs,
        "breaks": report.breaks,
        "statements": {"removed": report.quads[0], "added": report.quads[1]},
        "things": {
            kind.value: {
                "count": report.counts[kind],
                "leftOut": report.left_out(kind),
                "shown": [_thing(thing) for thing in report.things if thing.kind is kind],
            }
            for kind in Kind
        },
        "followed": report.followed,
        "breaking": {
            "count": report.breaking_count,
            "leftOut": report.breaking_count - len(report.breaking),
            "shown": [_breaking(each) for each in report.breaking],
        },
        "answers": {
            "compared": report.answers_compared,
            "differ": [_answer(answer, report.rows) for answer in report.answers],
        },
        "remarks": list(report.remarks),
    }


def _thing(thing: ShownThing) -> dict[str, Any]:
    return {
        "old": _named(thing.old),
        "new": _named(thing.new),
        "types": [_named(each) for each in thing.types],
        "statements": thing.statements,
        "description": thing.description,
        "oldPlace": _place(thing.places[0]),
        "newPlace": _place(thing.places[1]),
        "changes": [_change(change) for change in thing.changes],
        "changesLeftOut": thing.changes_left_out,
    }


def _change(change: ShownChange) -> dict[str, Any]:
    return {
        "property": _named(change.property),
        "old": _value(change.old),
        "new": _value(change.new),
        "oldGraph": change.graphs[0],
        "newGraph": change.graphs[1],
        "oldPlace": _place(change.places[0]),
        "newPlace": _place(change.places[1]),
    }


def _breaking(each: ShownBreaking) -> dict[str, Any]:
    return {
        "kind": each.kind.value,
        "text": each.text,
        "iri": each.iri,
        "instead": each.instead,
        "place": _place(each.place),
    }


def _answer(answer: AnswerDifference, most: int) -> dict[str, Any]:
    return {
        "query": answer.query,
        "case": answer.case or None,
        "parameters": {name: list(values) for name, values in answer.parameters.items()},
        "breaks": answer.breaks,
        "failure": answer.failure,
        "columns": list(answer.columns),
        "missing": [list(row) for row in answer.missing[:most]],
        "missingLeftOut": max(0, len(answer.missing) - most),
        "added": [list(row) for row in answer.added[:most]],
        "addedLeftOut": max(0, len(answer.added) - most),
    }


def _named(named: Named | None) -> dict[str, Any] | None:
    if named is None:
        return None
    return {"iri": named.iri, "label": named.label, "short": named.short}


def _value(value: ShownValue | None) -> dict[str, Any] | None:
    return None if value is None else {"term": value.term, "text": value.text}


def _place(place: Position | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"file": place.source, "line": place.line, "column": place.column}
