# SPDX-License-Identifier: Apache-2.0
"""Whether the files that are to be in the house's form are in it."""

from __future__ import annotations

from collections.abc import Iterator

from cosigraph.check.findings import Finding
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources
from cosigraph.errors import Position, ProjectError
from cosigraph.files import matching
from cosigraph.formatting import FORMATS, is_formatted


def check_formatted(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each file of ``[check] formatted`` that is not as it would be written."""
    not_formatted = rule("format/not-house-form")
    patterns = sources.configuration.formatted
    named = {path for pattern in patterns for path in matching(sources.folder, pattern)}
    for path in sorted({file.path for file in sources.files} & named):
        if path.suffix not in FORMATS:
            continue
        try:
            lines = is_formatted(path)
        except ProjectError as error:
            where = error.position or Position(str(path))
            yield not_formatted.finding(
                error.detail,
                Position(str(path), where.line or 1, where.column or 1),
                advice=error.advice,
            )
            continue
        if lines:
            more = f" (lines that are not: {len(lines):,})" if len(lines) > 1 else ""
            yield not_formatted.finding(
                f"The line is not in the house's form{more}.",
                Position(str(path), lines[0], 1),
                advice="Run 'cosigraph format' with the file.",
            )
