# SPDX-License-Identifier: Apache-2.0
"""What a write has to pass before it is published: the check of the whole that it would make.

It runs in a process that is killed when it takes too long. What does not conform is refused whole,
422, with the findings: as members of a problem, or as a report in the format that ``Accept`` names.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from anyio import to_thread

from cosigraph.changes import Content
from cosigraph.errors import ProjectError, QueryTimeout
from cosigraph.gate_process import Job, Verdict, command
from cosigraph.job_process import last_word
from cosigraph.limits import Limits
from cosigraph.report_formats import MEDIA_TYPES

from .jobs import run_job
from .negotiation import preferred
from .problems import MEDIA_TYPE, Problem, ProblemError

_FORM = "json"
_TIMES = 4  # as long as a query may a check take: it reads and validates everything
_LOG = logging.getLogger("cosigraph.server")
_UNCHECKED = Problem(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal",
    "The write cannot be checked",
    "The files of the project cannot be used at the moment, so nothing was written.",
    advice="Tell whoever runs the server, whose log says which file.",
)


class Gate:
    """The check of writes to one store.

    Args:
        project: the project's folder
        threshold: the severity from which on a finding refuses a write
        limits: what a check may take
    """

    def __init__(self, project: Path, threshold: str, limits: Limits) -> None:
        self._project = project
        self._threshold = threshold
        self._limits = limits
        self._known: tuple[bytes, list[str]] | None = None

    async def check(self, before: Content, after: Content, headers: Mapping[str, str]) -> None:
        """Let a write pass, or not.

        Raises:
            ProblemError: 422, it brings what does not conform; 500, the files cannot be used
            QueryStopped: a limit stopped the check
        """
        media_type = _media_type(headers.get("accept"))
        forms = {form: name for name, form in MEDIA_TYPES.items()}
        time = None if self._limits.time is None else _TIMES * self._limits.time
        job = Job(
            project=str(self._project),
            folder="",
            form=forms.get(media_type, _FORM),
            threshold=self._threshold,
            known=self._known_of(before),
            time=time,
            memory=self._limits.memory,
        )
        try:
            async with asyncio.timeout(time):
                verdict = await _judged(job, before, after)
        except TimeoutError:
            raise QueryTimeout(
                f"The check of what was to be written was not complete after {time:g} s.",
                advice="Write less at a time, or give the server a longer --timeout.",
            ) from None
        if verdict.known is not None:
            self._known = before.nquads, list(verdict.known)
        if verdict.is_refused:
            raise ProblemError(_refused(verdict.report, media_type))

    def _known_of(self, content: Content) -> list[str] | None:
        """What is wrong with the data as they are, if that was found out before."""
        if self._known is None or self._known[0] != content.nquads:
            return None
        return self._known[1]


async def _judged(job: Job, before: Content, after: Content) -> Verdict:
    with (
        tempfile.TemporaryDirectory(prefix="cosigraph-") as folder,
        tempfile.TemporaryFile() as output,
    ):
        for name, content in (("before", before), ("after", after)):
            await to_thread.run_sync(Path(folder, name).write_bytes, content.encode())
        code, told = await run_job(command(), replace(job, folder=folder), output)
        try:
            last_word(code, told, "The check of what was written")
        except ProjectError as error:
            _LOG.error("a write cannot be checked: %s", error)
            raise ProblemError(_UNCHECKED) from error
        output.seek(0)
        return Verdict.decode(output.read())


def _media_type(accept: str | None) -> str:
    """The form in which a refusal is told: a problem, unless a report is liked better."""
    offered = (MEDIA_TYPE, *MEDIA_TYPES.values())
    return preferred(accept, offered) or MEDIA_TYPE


def _refused(report: bytes, media_type: str) -> Problem:
    problem = Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "not-conforming",
        "The data would not conform",
        "Nothing was written, as the check of what the data would be has findings.",
        advice="Mend what the findings say, and send everything again.",
    )
    if media_type == MEDIA_TYPE:
        return replace(problem, findings=json.loads(report)["findings"])
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return replace(problem, report=(media_type + charset, report))
