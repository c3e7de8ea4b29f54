# SPDX-License-Identifier: Apache-2.0
"""What differs between two versions of a graph, and what of it breaks for people who query.

::

    with read_version("git:HEAD", folder) as old, read_version("my-folder", folder) as new:
        report = difference(old, new)
        print(to_text(report))

``patch_text(old.quads, new.quads)`` is the difference as an RDF Patch, which ``apply_patch``
applies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosigraph.difference.answers import Asked, answering, compare_answers
from cosigraph.difference.breaking import breaking_changes
from cosigraph.difference.comparison import compare, remarks_on
from cosigraph.difference.contracts import contract_changes
from cosigraph.difference.markdown import to_markdown
from cosigraph.difference.patch import apply_patch, nquads, patch_text
from cosigraph.difference.reading import read_version
from cosigraph.difference.report import Report
from cosigraph.difference.structure import to_json
from cosigraph.difference.telling import ROWS, THINGS, report_on
from cosigraph.difference.text import to_lines, to_text
from cosigraph.difference.version import Version

if TYPE_CHECKING:
    from cosigraph.project import Project

__all__ = [
    "ROWS",
    "THINGS",
    "Report",
    "Version",
    "apply_patch",
    "difference",
    "nquads",
    "patch_text",
    "read_version",
    "remarks_on",
    "to_json",
    "to_lines",
    "to_markdown",
    "to_text",
]


def difference(  # noqa: PLR0913 - all but two have a default and are named by the caller
    old: Version,
    new: Version,
    *,
    queries: Project | None = None,
    with_answers: bool = True,
    most: int = THINGS,
    rows: int = ROWS,
) -> Report:
    """Compare two versions.

    Args:
        old: the version before.
        new: the version after.
        queries: the project whose canned queries are asked of a version that has none of its own;
            without it, those of the other version.
        with_answers: ask the canned queries, and compare what they take and give.
        most: how many things of each kind, and changes of each, are shown.
        rows: how many rows of each answer are shown that are missing, and that are new.

    Raises:
        QueryFileError: a canned query's file is wrong.
    """
    comparison = compare(old, new)
    breaking = breaking_changes(comparison)
    donor = new.project or old.project or queries
    asked = Asked()
    if with_answers and donor is not None:
        before, after = answering(old, donor), answering(new, donor)
        breaking += contract_changes(before.queries, after.queries)
        asked = compare_answers((old, before), (new, after), data_differ=bool(comparison))
    return report_on(comparison, breaking, asked, most=most, rows=rows)
