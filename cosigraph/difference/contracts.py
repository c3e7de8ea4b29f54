# SPDX-License-Identifier: Apache-2.0
"""What breaks for those who call the canned queries: one is gone, or takes or gives otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cosigraph.difference.breaking import Breaking, BreakingKind

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery


def contract_changes(
    old: Mapping[str, CannedQuery], new: Mapping[str, CannedQuery]
) -> Iterator[Breaking]:
    """Yield what breaks, by query."""
    for name, query in old.items():
        if name not in new:
            yield Breaking(BreakingKind.QUERY, f"The query '{name}' is gone.")
        else:
            for detail in (*_parameters(query, new[name]), *_columns(query, new[name])):
                yield Breaking(BreakingKind.QUERY_CHANGED, f"The query '{name}' {detail}.")


def _parameters(old: CannedQuery, new: CannedQuery) -> Iterator[str]:
    for name, parameter in old.parameters.items():
        now = new.parameters.get(name)
        if now is None:
            yield f"no longer has the parameter '{name}'"
            continue
        if now.type is not parameter.type:
            yield f"takes '{name}' as {now.type}, no longer as {parameter.type}"
        if parameter.many and not now.many:
            yield f"takes one value of '{name}', no longer many"
        if now.required and not parameter.required:
            yield f"now needs the parameter '{name}'"
    for name, now in new.parameters.items():
        if now.required and name not in old.parameters:
            yield f"now needs the parameter '{name}'"


def _columns(old: CannedQuery, new: CannedQuery) -> Iterator[str]:
    columns = {column.name: column for column in new.columns}
    for column in old.columns:
        now = columns.get(column.name)
        if now is None:
            yield f"no longer has the column '{column.name}'"
        elif (now.datatype, now.many) != (column.datatype, column.many):
            many = " of many values" if now.many else ""
            yield f"gives '{column.name}' as {now.datatype}{many}, otherwise than before"
