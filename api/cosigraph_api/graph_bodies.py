# SPDX-License-Identifier: Apache-2.0
"""The RDF that a request brings to the graph store, by itself or as files of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from cosigraph.formats import ResultFormat
from cosigraph.limits import Limits

from .problems import bad_request, unsupported_media_type
from .protocol import check_coding, content_type, read_body
from .representations import bare

Documents: TypeAlias = tuple[tuple[bytes, ResultFormat], ...]

MULTIPART = "multipart/form-data"
RDF_FORMATS = (
    ResultFormat.TURTLE,
    ResultFormat.NTRIPLES,
    ResultFormat.RDFXML,
    ResultFormat.JSONLD,
)
_BY_MEDIA_TYPE = {bare(format_.media_type): format_ for format_ in RDF_FORMATS}
_BY_EXTENSION = {format_.extension: format_ for format_ in RDF_FORMATS}
_MOST_FILES = 100


async def read_documents(
    scope: Scope,
    receive: Receive,
    headers: Mapping[str, str],
    limits: Limits,
    *,
    allows_parts: bool,
) -> Documents:
    """The documents in the request's body, with their formats.

    Raises:
        ProblemError: 415, it is in a format that is not read here; and as ``read_body``
    """
    kind, charset = content_type(headers)
    if kind == MULTIPART and allows_parts:
        body = await read_body(receive, headers, limits)
        return await _files(scope, body)
    format_ = _BY_MEDIA_TYPE.get(kind)
    if format_ is None:
        raise _unread(kind, allows_parts=allows_parts)
    check_coding(headers, charset)
    return ((await read_body(receive, headers, limits), format_),)


def _unread(kind: str, *, allows_parts: bool = False) -> Exception:
    known = [*_BY_MEDIA_TYPE, *([MULTIPART] if allows_parts else [])]
    return unsupported_media_type(
        f"A body of the format {kind!r} is not read here." if kind else "No Content-Type.",
        f"Send one of {', '.join(known)}.",
    )


async def _files(scope: Scope, body: bytes) -> Documents:
    """The files of a form, each in the format that it says or that its name ends in."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    documents = []
    try:
        async with Request(scope, receive).form(max_files=_MOST_FILES) as form:
            for _, part in form.multi_items():
                if isinstance(part, UploadFile):
                    documents.append((await part.read(), _format_of(part)))
    except (MultiPartException, HTTPException) as error:
        reason = getattr(error, "detail", None) or getattr(error, "message", "")
        raise bad_request(f"The form cannot be read: {reason}", "Send files of RDF.") from error
    if not documents:
        raise bad_request("The form holds no file.", "Send each document as a file of the form.")
    return tuple(documents)


def _format_of(part: UploadFile) -> ResultFormat:
    kind, charset = content_type({"content-type": part.content_type or ""})
    check_coding({}, charset)
    extension = (part.filename or "").rpartition(".")[2]
    format_ = _BY_MEDIA_TYPE.get(kind)
    if format_ is None and kind in {"", "application/octet-stream", "text/plain"}:
        format_ = _BY_EXTENSION.get(extension)
    if format_ is None:
        raise _unread(kind)
    return format_
