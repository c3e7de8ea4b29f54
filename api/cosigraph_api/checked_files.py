# SPDX-License-Identifier: Apache-2.0
"""The files that a request brings to be checked, and the folder that they are checked in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from cosigraph.configuration import FILE_NAME
from cosigraph.limits import Limits
from cosigraph.loading import source_files
from cosigraph.project import Project

from .graph_bodies import MULTIPART, RDF_FORMATS
from .problems import bad_request, unsupported_media_type
from .protocol import check_coding, content_type, read_body
from .representations import bare

BODY_TYPES = {bare(format_.media_type): format_.extension for format_ in RDF_FORMATS}
"""What a single document may be, and how its file's name then ends."""

# As cosigraph.check.sources, which would have the server load pySHACL.
DATA = "data"
_OF_A_PROJECT = ("ontology", "shapes")
_MOST_FILES = 100
_MOST_PARTS = 8
_NAME = re.compile(r"[^/\\\0-\x1f\x7f]{1,100}")


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """Files by their paths. ``is_project``: they are a project of their own, else data of ours."""

    contents: Mapping[PurePosixPath, bytes]
    is_project: bool

    def write(self, folder: Path, served: Project) -> None:
        """Write them to an empty folder; data with the served project's ontology and shapes.

        Raises:
            ProblemError: 400, they cannot lie in one folder.
        """
        try:
            for path, content in self.contents.items():
                _write(folder.joinpath(*path.parts), content)
        except OSError as error:
            raise bad_request(
                f"The files cannot lie in one folder: {error.strerror}.", "Name them otherwise."
            ) from error
        if not self.is_project:
            _add_rules(folder, served)


async def read_files(
    scope: Scope, receive: Receive, headers: Mapping[str, str], limits: Limits
) -> CheckedFiles:
    """The files in the request's body: those of a form, or one that is the body.

    Raises:
        ProblemError: 415, it is in a format that is not read here; 400, a name leads elsewhere;
            and as ``read_body``
    """
    kind, charset = content_type(headers)
    if kind == MULTIPART:
        check_coding(headers, None)
        return _of_form(await _parts(scope, await read_body(receive, headers, limits)))
    if kind not in BODY_TYPES:
        raise unsupported_media_type(
            f"A body of the format {kind!r} is not read here." if kind else "No Content-Type.",
            f"Send one of {', '.join([*BODY_TYPES, MULTIPART])}.",
        )
    check_coding(headers, charset)
    content = await read_body(receive, headers, limits)
    return CheckedFiles({PurePosixPath(DATA, f"body.{BODY_TYPES[kind]}"): content}, False)


def _of_form(parts: list[tuple[str, bytes]]) -> CheckedFiles:
    contents: dict[PurePosixPath, bytes] = {}
    for name, content in parts:
        path = _path(name)
        if path in contents:
            raise bad_request(f"Two files are called '{path}'.", "Name each file otherwise.")
        contents[path] = content
    is_project = any(path.parts[0] in _OF_A_PROJECT or str(path) == FILE_NAME for path in contents)
    if not is_project:
        contents = {
            path if path.parts[0] == DATA else PurePosixPath(DATA, path): content
            for path, content in contents.items()
        }
    return CheckedFiles(contents, is_project)


def _path(name: str) -> PurePosixPath:
    """The path that a file's name is; raises ProblemError if it would lead out of the folder."""
    parts = name.split("/")
    if len(parts) > _MOST_PARTS or not all(
        _NAME.fullmatch(part) and part not in {".", ".."} and _is_encodable(part) for part in parts
    ):
        raise bad_request(
            f"A file cannot be called {name[:200]!r}.",
            "Give each file the name that it has in the project folder, such as data/a.ttl.",
        )
    return PurePosixPath(*parts)


def _is_encodable(part: str) -> bool:
    try:
        return len(part.encode()) <= 255  # as file systems have it
    except UnicodeEncodeError:
        return False


async def _parts(scope: Scope, body: bytes) -> list[tuple[str, bytes]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(scope, receive).form(max_files=_MOST_FILES) as form:
            parts = [
                (part.filename or "", await part.read())
                for _, part in form.multi_items()
                if isinstance(part, UploadFile)
            ]
    except (MultiPartException, HTTPException) as error:
        reason = getattr(error, "detail", None) or getattr(error, "message", "")
        raise bad_request(f"The form cannot be read: {reason}", "Send files.") from error
    if not parts:
        raise bad_request("The form holds no file.", "Send each file as a file of the form.")
    return parts


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _add_rules(folder: Path, served: Project) -> None:
    """Add what the served project's data are checked against, and its prefixes and base."""
    configuration = served.configuration
    for source in source_files(served.folder, configuration):
        path = source.path.relative_to(served.folder)
        if path.parts[0] in _OF_A_PROJECT:
            _write(folder / path, source.path.read_bytes())
    lines = [
        "[project]",
        f"name = {_quoted(configuration.name)}",
        f"base = {_quoted(configuration.base)}",
        "[prefixes]",
        *(f"{_quoted(name)} = {_quoted(iri)}" for name, iri in configuration.prefixes),
    ]
    (folder / FILE_NAME).write_text("\n".join(lines), encoding="utf-8")


def _quoted(text: str) -> str:
    """A TOML string; unlike JSON's, it has no surrogates."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
