# SPDX-License-Identifier: Apache-2.0
"""Which filters remove everything that a group matches, and what they should have looked for."""

from __future__ import annotations

from cosigraph.emptiness.comparisons import (
    bound_by,
    case_sensitive_calls,
    comparisons,
    ordered_sides,
)
from cosigraph.emptiness.findings import Kind
from cosigraph.emptiness.near_misses import NearMisses
from cosigraph.emptiness.parts import Group, Part, Scope, Sort, joined
from cosigraph.emptiness.probes import Inquiry, Prober
from cosigraph.emptiness.report import Report
from cosigraph.sparql import variables_in_order


class Filters:
    """Looks at the filters of one query."""

    def __init__(self, text: str, prober: Prober, near: NearMisses, report: Report) -> None:
        self._text = text
        self._prober = prober
        self._near = near
        self._report = report

    def leave_nothing(self, group: Group, scope: Scope) -> Inquiry[bool | None]:
        """Tell of filters that leave nothing of what matches: one, or the first so many."""
        pattern = joined(group.parts)
        guilty = []
        for each in group.filters:
            text = scope.wrap(f"{pattern}\n{each.text}")
            if (yield from self._prober.matches(text)) is False:
                guilty.append(each)
        for each in guilty:
            detail = "This filter removes everything that matches."
            advice = "Select the values that it looks at, to see what they are."
            shown = "\n".join((each.shown, *self._values_in(each, group)))
            self._report.add(Kind.FILTER, shown, each.start, detail, advice)
            yield from self._near_filter(each, group, scope)
        if guilty:
            return True
        text = scope.wrap(f"{pattern}\n{joined(group.filters)}")
        matches = yield from self._prober.matches(text)
        if matches is not False:
            return False if matches else None
        shown = "\n".join(each.shown for each in group.filters)
        detail = "Each of these filters leaves something, but together they remove everything."
        start = group.filters[-1].start
        self._report.add(Kind.FILTER, shown, start, detail, "Take one of them out.")
        return True

    def _values_in(self, part: Part, group: Group) -> list[str]:
        """The blocks of VALUES that a filter looks at; those of a canned query's parameters do."""
        names = set(variables_in_order(part.text))
        return [
            each.shown
            for each in group.parts
            if each.sort is Sort.VALUES and names.intersection(variables_in_order(each.text))
        ]

    def _near_filter(self, part: Part, group: Group, scope: Scope) -> Inquiry[None]:
        if part.tree is None:
            return
        pattern = scope.wrap(joined(group.parts))
        bound = bound_by(self._text, group.parts)
        for call in case_sensitive_calls(self._text, part.tree):
            self._report.extend((yield from self._near.of_call(part, call, pattern)))
        for side in ordered_sides(self._text, part.tree, bound):
            self._report.extend((yield from self._near.of_range(part.shown, side, pattern)))
        for each in comparisons(self._text, part.tree, bound):
            self._report.extend(
                (
                    yield from self._near.of_constant(
                        part.shown, each.constant, pattern, each.expression
                    )
                )
            )
