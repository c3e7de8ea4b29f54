# SPDX-License-Identifier: Apache-2.0
"""The process in which a server checks what a write would make of the data, and which it can kill.

The write is put into a copy of the project's files (``cosigraph.pulling``), and that is checked by
the rules of ``cosigraph check``, but for those of what only a person who edits files can mend: the
expected answers of queries, the form of files, the number of the release. What was wrong before
does not count. The process opens no socket, starts no program and writes in one folder alone.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cosigraph
from cosigraph.changes import Content
from cosigraph.check_process import refusing
from cosigraph.configuration import FILE_NAME
from cosigraph.job_process import command_of, finish, limit, write_out
from cosigraph.loading import source_files
from cosigraph.mappings.files import mapping_files
from cosigraph.released import list_of

if TYPE_CHECKING:
    from cosigraph.check import Report
    from cosigraph.project import Project

PASSED_OVER: Final = ("queries/*", "format/*", "release/*")
"""The rules that a write is not held to."""
_HERE: Final = Path()


@dataclass(frozen=True, slots=True)
class Job:
    """What to check.

    Attributes:
        project: the project's folder.
        folder: an empty folder, in which the contents are written as ``before`` and ``after``.
        form: the name of the report's format.
        threshold: the severity from which on a finding refuses the write.
        known: the fingerprints of what was wrong before, or None if that is to be found out.
        time: seconds of the processor's time that it may take, or None.
        memory: bytes that it may need, or None.
    """

    project: str
    folder: str
    form: str
    threshold: str
    known: Sequence[str] | None = None
    time: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a write is refused, what was wrong before if that was looked at, and the report."""

    is_refused: bool
    known: Sequence[str] | None
    report: bytes

    @classmethod
    def decode(cls, output: bytes) -> Verdict:
        """Return what the process wrote."""
        first, _, report = output.partition(b"\n")
        is_refused, known = json.loads(first)
        return cls(is_refused, known, report)


def command() -> list[str]:
    """The command that starts the process."""
    return command_of("cosigraph.gate_process")


def main() -> int:
    """Check one write; return the process's exit code."""
    fields: Mapping[str, Any] = json.loads(sys.stdin.buffer.read())
    job = Job(**fields)
    from cosigraph.check import checking, reports  # noqa: F401, PLC0415 - before there are limits

    limit(job.time, job.memory)
    sys.addaudithook(refusing(Path(job.folder)))
    return finish(lambda: write_out(_judged(job)))


def _judged(job: Job) -> bytes:
    # The server, which needs the rest of this module, does not load pySHACL.
    from cosigraph.check.findings import Severity  # noqa: PLC0415
    from cosigraph.check.reports import WRITERS, Setting  # noqa: PLC0415

    threshold = Severity(job.threshold)
    project = cosigraph.open_project(Path(job.project).absolute())
    report = _report(project, Path(job.folder), "after")
    known = job.known
    if report.fails(threshold):
        if known is None:
            before = _report(project, Path(job.folder), "before")
            known = [finding.fingerprint for finding in before.findings]
        report = report.knowing(known)
    setting = Setting(
        root=_HERE,
        root_uri="file:///",
        prefixes=project.prefixes,
        threshold=threshold,
        software=cosigraph.__version__,
    )
    first = json.dumps([report.fails(threshold), known])
    return f"{first}\n{WRITERS[job.form](report, setting)}".encode()


def _report(project: Project, folder: Path, name: str) -> Report:
    """Return what is wrong in a copy of the project's files with the content of that name."""
    from cosigraph.check import check_project  # noqa: PLC0415 - as above
    from cosigraph.check.selection import Selection  # noqa: PLC0415 - as above
    from cosigraph.pulling import pull  # noqa: PLC0415 - as above

    copy = folder / f"{name}-files"
    pulled = pull(project, Content.decode((folder / name).read_bytes()))
    _copy(project, copy)
    for change in pulled.changes:
        path = copy / change.path.relative_to(project.folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    os.chdir(copy)  # so that no path of this machine is told
    return check_project(cosigraph.open_project(_HERE), selection=Selection((), PASSED_OVER))


def _copy(project: Project, folder: Path) -> None:
    """Copy what a project's data are checked with."""
    paths = {source.path for source in source_files(project.folder, project.configuration)}
    paths |= {path for path in (project.folder / "queries").rglob("*") if path.is_file()}
    paths |= set(mapping_files(project.folder))
    others = (project.folder / FILE_NAME, list_of(project.folder, project.configuration))
    paths |= {path for path in others if path.is_file()}
    folder.mkdir()
    for path in paths:
        target = folder / path.relative_to(project.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
