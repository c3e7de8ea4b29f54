# SPDX-License-Identifier: Apache-2.0
"""``POST /check``: what ``cosigraph check`` says of files that are sent, in any of its formats.

A check has the limits of a query and takes the place of one: its turn, its share, its time, its
memory. It runs in a process of its own on a folder of its own, and never touches what is served.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cosigraph.check_process import Job, command
from cosigraph.errors import ProjectError, QueryTimeout, UnknownFormatError
from cosigraph.job_process import last_word
from cosigraph.report_formats import MEDIA_TYPES
from cosigraph.store import answer_too_large
from cosigraph.suggestions import suggestion_sentence

from .checked_files import DATA, CheckedFiles, read_files
from .jobs import in_turn, run_job
from .methods import answered_by_method
from .negotiation import preferred
from .problems import Problem, ProblemError, not_acceptable
from .protocol import fields_of_query_string, headers_of, only_value
from .service import Service
from .streaming import unless_gone

PATH = "/check"
METHODS = "OPTIONS, POST"
DEFAULT = "json"


class CheckEndpoint:
    """``/check``: an ASGI application of its own, as ``/sparql`` is."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            ProblemError: it is not well-formed, too large, or brings what is no project
            QueryStopped: a limit stopped the check
            ClientGoneError: the client left
        """
        if await answered_by_method(scope, receive, send, METHODS):
            return
        headers = headers_of(scope)
        fields = fields_of_query_string(scope)
        name = _form(only_value(fields, "format"), headers.get("accept"))
        only = [value for field, value in fields if field == "rule"]
        ignored = [value for field, value in fields if field == "ignore"]
        wanted = Job("", name, only, ignored)
        files = await read_files(scope, receive, headers, self._service.limits)
        content = await unless_gone(self._checked(files, wanted), receive)
        media_type = MEDIA_TYPES[name]
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        told = {"Cache-Control": "no-store", "Content-Type": media_type + charset}
        await Response(content, headers={**told, "Vary": "Accept"})(scope, receive, send)

    async def _checked(self, files: CheckedFiles, wanted: Job) -> bytes:
        """The report, made in the client's turn."""
        limits = self._service.limits
        async with in_turn(self._service.admission, limits.time):
            try:
                async with asyncio.timeout(limits.time):
                    return await self._in_a_folder(files, wanted)
            except TimeoutError:
                raise QueryTimeout(
                    f"The check was not complete after {limits.time:g} s.",
                    advice="Send fewer files, or check them where they are: cosigraph check.",
                ) from None

    async def _in_a_folder(self, files: CheckedFiles, wanted: Job) -> bytes:
        limits, project = self._service.limits, self._service.project
        with (
            tempfile.TemporaryDirectory(prefix="cosigraph-") as folder,
            tempfile.TemporaryFile() as output,
        ):
            await to_thread.run_sync(files.write, Path(folder), project)
            job = replace(
                wanted,
                folder=folder,
                room="" if files.is_project else DATA,
                time=limits.time,
                memory=limits.memory,
            )
            try:
                last_word(*await run_job(command(), job, output), "The check")
            except ProjectError as error:
                raise _no_project(error) from error
            output.seek(0)
            content = output.read(-1 if limits.size is None else limits.size + 1)
        if limits.size is not None and len(content) > limits.size:
            raise answer_too_large(limits.size)
        return content


def _form(name: str | None, accept: str | None) -> str:
    """The report's format by name; raises UnknownFormatError or ProblemError."""
    if name is not None:
        if name not in MEDIA_TYPES:
            raise UnknownFormatError(
                f"There is no format '{name}' for a report.",
                advice=suggestion_sentence(name, MEDIA_TYPES),
            )
        return name
    names = [DEFAULT, *(other for other in MEDIA_TYPES if other != DEFAULT)]
    offered = {MEDIA_TYPES[each]: each for each in names}
    chosen = preferred(accept, tuple(offered))
    if chosen is None:
        raise not_acceptable(", ".join(offered))
    return offered[chosen]


def _no_project(error: ProjectError) -> ProblemError:
    """What was sent is no project folder, or its configuration is wrong."""
    position = error.position
    where = f"{position.source}: " if position is not None and position.source else ""
    problem = Problem(
        HTTPStatus.BAD_REQUEST,
        "no-project",
        "What was sent cannot be checked",
        f"{where}{error.detail}",
        position,
        advice=error.advice,
    )
    return ProblemError(problem)
