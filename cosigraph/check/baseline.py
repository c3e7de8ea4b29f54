# SPDX-License-Identifier: Apache-2.0
"""A baseline: the findings that a project had when it began to be checked, one for each line.

They are known from then on: they neither count nor fail. The file only shrinks: what no longer
occurs is told, so that it is taken out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cosigraph.check.findings import Finding, Report
from cosigraph.check.fingerprints import file_of
from cosigraph.check.selection import Selection
from cosigraph.errors import Position, ProjectError, UsageError
from cosigraph.files import read_file

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that is known. All but ``fingerprint`` is for people."""

    fingerprint: str
    rule: str
    file: str
    message: str


def read_baseline(path: Path) -> tuple[Entry, ...]:
    """Read a baseline.

    Raises:
        UsageError: the file cannot be read, or is none.
    """
    position = Position(str(path))
    try:
        return _entries(json.loads(read_file(path).decode("utf-8-sig")))
    except ProjectError as error:
        raise UsageError(
            f"The baseline cannot be read: {error.detail}",
            position=position,
            advice="Write one with --write-baseline.",
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(
            "The file is no baseline.", position=position, advice="Write one with --write-baseline."
        ) from error


def _entries(content: Any) -> tuple[Entry, ...]:
    """Return the entries of a file's content; raises ValueError, KeyError or TypeError."""
    if content["version"] != _VERSION:
        raise ValueError("another version")
    return tuple(
        Entry(*(str(one[name]) for name in Entry.__dataclass_fields__))
        for one in content["findings"]
    )


def baseline_of(findings: Iterable[Finding], folder: Path) -> str:
    """Return the text of a baseline that knows these findings: sorted, one for each line."""
    entries = sorted(
        (finding.rule, file_of(finding, folder), finding.message, finding.fingerprint)
        for finding in findings
    )
    lines = [
        json.dumps(
            {"rule": rule, "file": file, "message": message, "fingerprint": fingerprint},
            ensure_ascii=False,
        )
        for rule, file, message, fingerprint in entries
    ]
    body = ",\n    ".join(lines)
    inner = f"\n    {body}\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "findings": [{inner}]\n}}\n'


def without_known(report: Report, entries: Iterable[Entry], selection: Selection) -> Report:
    """Return the report with the baseline's findings among the known ones.

    Entries that no longer occur are told in ``notes``, unless that rule was not looked for, or
    something was left out of the check.
    """
    entries = tuple(entries)
    found = {finding.fingerprint for finding in report.findings}
    gone = [
        f"The baseline's {entry.rule} in {entry.file} no longer occurs: {entry.message}"
        for entry in entries
        if entry.fingerprint not in found and selection.takes(entry.rule) and not report.skipped
    ]
    if gone:
        gone.append("Write the baseline again with --write-baseline, so that it shrinks.")
    known = report.knowing(entry.fingerprint for entry in entries)
    return replace(known, notes=(*report.notes, *gone))
