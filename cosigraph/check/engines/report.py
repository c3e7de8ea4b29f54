# SPDX-License-Identifier: Apache-2.0
"""The results that stand in a validation report (SHACL, section 3.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.check.engines.engine import Result
from cosigraph.vocabulary import SH

_FIELDS = {
    f"{SH}focusNode": "focus",
    f"{SH}resultPath": "path",
    f"{SH}value": "value",
    f"{SH}sourceConstraintComponent": "component",
    f"{SH}sourceShape": "shape",
    f"{SH}resultSeverity": "severity",
}
_RESULT = f"{SH}result"
_MESSAGE = f"{SH}resultMessage"
_NO_COMPONENT = NamedNode(f"{SH}ConstraintComponent")
_VIOLATION = NamedNode(f"{SH}Violation")


def results_of(report: Iterable[Triple]) -> list[Result]:
    """Return the results of a report; it may hold statements about other nodes as well."""
    fields: dict[Any, dict[str, Any]] = {}
    messages: dict[Any, list[Literal]] = {}
    results: list[Any] = []
    for subject, predicate, value in report:
        field = _FIELDS.get(predicate.value)
        if field is not None:
            fields.setdefault(subject, {})[field] = value
        elif predicate.value == _RESULT:
            results.append(value)
        elif predicate.value == _MESSAGE and isinstance(value, Literal):
            messages.setdefault(subject, []).append(value)
    return [_result(fields[result], messages.get(result, [])) for result in results]


def _result(fields: dict[str, Any], messages: list[Literal]) -> Result:
    return Result(
        focus=fields["focus"],
        path=fields.get("path"),
        value=fields.get("value"),
        component=fields.get("component", _NO_COMPONENT),
        shape=fields["shape"],
        severity=fields.get("severity", _VIOLATION),
        messages=tuple(sorted(messages, key=str)),
    )
