# SPDX-License-Identifier: Apache-2.0
"""Reports that are kept in files, each under the digest of everything that it depends on.

A file begins with the digest of the rest: what is damaged or cut off is as good as not there. It is
written beside its place and moved there, whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.errors import Position

MOST_BYTES: Final = 32 * 1024 * 1024
_SUFFIX: Final = ".report"


def cache_folder() -> Path:
    """Return the folder for reports: ``cosigraph`` in ``XDG_CACHE_HOME``, else in ``~/.cache``."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    return home / "cosigraph" / "reports"


class ReportCache:
    """Reports by key; the oldest go when all together have too many bytes."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def get(self, key: str, project: Path) -> Report | None:
        """Return the report on a project, or None where it is not kept or is damaged."""
        path = self._path(key)
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            report = _decoded(path.read_bytes(), project)
            os.utime(path)  # used: not the oldest
            return report
        return None

    def put(self, key: str, report: Report, project: Path) -> None:
        """Keep a report; where that cannot be done, it is not kept."""
        with suppress(OSError, ValueError, TypeError):
            content = _encoded(report, project)
            if len(content) > self._most_bytes or _decoded(content, project) != report:
                return
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(content)
            Path(file.name).replace(self._path(key))
            self._shrink()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _shrink(self) -> None:
        """Remove the oldest files until the rest is small enough, and what was never finished."""
        files = [(path.stat().st_mtime, path.stat().st_size, path) for path in self._entries()]
        total = 0
        for _, size, path in sorted(files, reverse=True):
            total += size
            if total > self._most_bytes:
                path.unlink(missing_ok=True)

    def _entries(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if path.is_file()]


def _encoded(report: Report, project: Path) -> bytes:
    """Return a report as bytes, with positions relative to the project.

    Where the project's place is told in words too, the report is of use in that place alone.
    """
    content = asdict(report)
    for finding in (*content["findings"], *content["known"]):
        source = finding["position"]["source"]
        if source is not None and Path(source).is_relative_to(project):
            finding["position"]["source"] = Path(source).relative_to(project).as_posix()
            finding["within"] = True
    text = json.dumps(content, ensure_ascii=False)
    place = str(project) if json.dumps(str(project), ensure_ascii=False)[1:-1] in text else None
    body = json.dumps({"place": place, "report": content}).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _decoded(content: bytes, project: Path) -> Report:
    """Return the report in a file's bytes; raises ValueError where they are damaged."""
    digest, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise ValueError("the file is damaged")
    kept = json.loads(body)
    if kept["place"] not in (None, str(project)):
        raise ValueError("the report is of use in another place")
    report = kept["report"]
    findings, known = (
        tuple(_finding(finding, project) for finding in report[name])
        for name in ("findings", "known")
    )
    words = {name: tuple(report[name]) for name in ("skipped", "notes", "rules")}
    return Report(findings, report["checked"], known=known, **words)


def _finding(fields: dict[str, Any], project: Path) -> Finding:
    position = fields.pop("position")
    if fields.pop("within", False):
        position["source"] = str(project / position["source"])
    severity = Severity(fields.pop("severity"))
    return Finding(severity=severity, position=Position(**position), **fields)
