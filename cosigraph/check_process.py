# SPDX-License-Identifier: Apache-2.0
"""The process in which a server checks what a stranger sends, and which it can kill.

It reads the folder that it is given, and nothing else is there for it to do: it opens no socket,
starts no program and writes no file, whatever is in the folder.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cosigraph
from cosigraph.job_process import command_of, finish, limit, write_out

if TYPE_CHECKING:
    from cosigraph.check import Report

_HERE = Path()
_REFUSED = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True)
class Job:
    """What to check.

    Attributes:
        folder: the project folder.
        form: the name of the report's format.
        only: patterns of the rules to look for, or none for all.
        ignored: patterns of the rules not to look for.
        room: findings of files below this folder alone are told, unless it is empty.
        time: seconds of the processor's time that it may take, or None.
        memory: bytes that it may need, or None.
    """

    folder: str
    form: str
    only: Sequence[str] = ()
    ignored: Sequence[str] = ()
    room: str = ""
    time: float | None = None
    memory: int | None = None


def command() -> list[str]:
    """The command that starts the process."""
    return command_of("cosigraph.check_process")


def main() -> int:
    """Check one folder; return the process's exit code."""
    fields: Mapping[str, Any] = json.loads(sys.stdin.buffer.read())
    job = Job(**fields)
    from cosigraph.check import checking, reports  # noqa: F401, PLC0415 - before there are limits

    limit(job.time, job.memory)
    os.chdir(job.folder)  # so that no path of this machine is told
    sys.addaudithook(refusing())
    return finish(lambda: write_out(_written(job).encode()))


def _written(job: Job) -> str:
    # The server, which needs the rest of this module, does not load pySHACL.
    from cosigraph.check import check_project  # noqa: PLC0415
    from cosigraph.check.reports import WRITERS, Setting  # noqa: PLC0415
    from cosigraph.check.selection import select  # noqa: PLC0415

    project = cosigraph.open_project(_HERE)
    report = check_project(project, selection=select(job.only, job.ignored))
    if job.room:
        report = _of(report, job.room)
    setting = Setting(
        root=_HERE,
        root_uri="file:///",
        prefixes=project.prefixes,
        software=cosigraph.__version__,
    )
    return WRITERS[job.form](report, setting)


def _of(report: Report, room: str) -> Report:
    """Return the report without the findings of other files than those of a room."""
    findings = [f for f in report.findings if Path(f.position.source or "").parts[:1] == (room,)]
    return replace(report, findings=tuple(findings))


def refusing(folder: Path | None = None) -> Callable[[str, tuple[Any, ...]], None]:
    """Return what refuses all that a check never does, so that no file can make it (PEP 578).

    It writes in ``folder`` alone, if there is one.
    """

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and bool((arguments[2] or 0) & _WRITING)
        if writes and folder is not None and isinstance(arguments[0], (str, os.PathLike)):
            writes = not Path(arguments[0]).absolute().is_relative_to(folder)
        if writes or event.startswith(_REFUSED):
            raise PermissionError(f"A check must not do this: {event}")

    return refuse
