# SPDX-License-Identifier: Apache-2.0
"""What a report is written for: whose paths it tells, and what it may look up."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from cosigraph.check.findings import Finding, Severity
from cosigraph.check.source_lines import SourceLines
from cosigraph.errors import Position
from cosigraph.terms import WELL_KNOWN_PREFIXES, Prefixes


def _here() -> Path:
    return Path.cwd()


@dataclass(frozen=True)
class Setting:
    """What surrounds a report.

    Attributes:
        root: the folder that paths are relative to where they lie in it.
        root_uri: its address, which ends with a slash.
        prefixes: those that the findings' terms are shortened by.
        threshold: the severity from which on findings fail; None: none does.
        lines: the lines of the files.
        software: the version of cosigraph.
        now: when the check was made.
        is_coloured: whether text has colours.
        width: how many cells of a source line are shown.
    """

    root: Path = field(default_factory=_here)
    root_uri: str = ""
    prefixes: Prefixes = field(default_factory=lambda: Prefixes(WELL_KNOWN_PREFIXES))
    threshold: Severity | None = Severity.WARNING
    lines: SourceLines = field(default_factory=SourceLines)
    software: str = "0"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    is_coloured: bool = False
    width: int = 120

    def fails(self, finding: Finding) -> bool:
        """Return whether a finding is at least as bad as the threshold."""
        return self.threshold is not None and finding.severity.rank >= self.threshold.rank

    def path(self, position: Position) -> str | None:
        """Return the path of a position's file, below the root relative to it."""
        return None if position.source is None else _relative(position.source, self.root)

    def uri(self, position: Position) -> str | None:
        """Return the path as a URI reference: relative to ``root_uri``, or absolute."""
        path = self.path(position)
        if path is None:
            return None
        quoted = quote(os.fsencode(path))
        return f"file://{quoted}" if path.startswith("/") else quoted

    def place(self, position: Position) -> str:
        """Return ``path:line:column``, as much of it as is known."""
        shown = Position(self.path(position), position.line, position.column)
        return str(shown) or "?"


@lru_cache(maxsize=4096)
def _relative(source: str, root: Path) -> str:
    path = Path(os.path.abspath(source))  # noqa: PTH100 - links stay as they are
    above = os.path.abspath(root)  # noqa: PTH100 - as above
    return (path.relative_to(above) if path.is_relative_to(above) else path).as_posix()


def facts(finding: Finding) -> dict[str, str]:
    """Return what is known of a finding beside its message, by names that people read."""
    known = {
        "focus node": finding.focus_node,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "only in reading": finding.reading,
    }
    return {name: fact for name, fact in known.items() if fact is not None}
