# SPDX-License-Identifier: Apache-2.0
"""Every error over HTTP in one shape: problem details (RFC 9457).

``type`` ends in the error's slug, ``position`` is a place in the query's text, ``advice`` says
what to do, ``documentation`` is an address that this server answers. Browsers get the same as a
page (:mod:`cosigraph_api.pages`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from cosigraph.errors import (
    CosigraphError,
    DataSyntaxError,
    Position,
    PrunedVersionError,
    QueryError,
    QueryNotStarted,
    QueryRefused,
    QueryStopped,
    QueryTimeout,
    ServiceFailed,
    UnknownDocumentError,
    UnknownQueryError,
    UnknownVersionError,
    UsageError,
)

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MEDIA_TYPE = "application/problem+json"
TYPES = "https://w3id.org/cosigraph/problem/"

# The first class that fits decides; what is not here is the server's own fault.
_STATUS: tuple[tuple[type[CosigraphError], HTTPStatus], ...] = (
    (UnknownQueryError, HTTPStatus.NOT_FOUND),
    (UnknownDocumentError, HTTPStatus.NOT_FOUND),
    (UnknownVersionError, HTTPStatus.NOT_FOUND),
    (PrunedVersionError, HTTPStatus.GONE),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (QueryRefused, HTTPStatus.FORBIDDEN),
    (ServiceFailed, HTTPStatus.BAD_GATEWAY),
    (QueryError, HTTPStatus.BAD_REQUEST),
    (DataSyntaxError, HTTPStatus.BAD_REQUEST),
    (QueryTimeout, HTTPStatus.GATEWAY_TIMEOUT),
    (QueryStopped, HTTPStatus.SERVICE_UNAVAILABLE),
)


# What is left of the request is not read, so the connection cannot serve another.
_LAST = {"Connection": "close"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as HTTP tells it.

    Attributes:
        status: the response's status code
        slug: names the kind of problem, the last part of its ``type``
        title: the kind of problem in words
        detail: what was wrong this time
        position: where in the query's text
        advice: what to do
        instance: a URI of this very occurrence, where the log knows more
        headers: further fields of the response
        findings: what a check has found, as its report in JSON has it
        report: the media type and the content that programs get in the place of all this
    """

    status: HTTPStatus
    slug: str
    title: str
    detail: str
    position: Position | None = None
    advice: str | None = None
    instance: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()
    report: tuple[str, bytes] | None = None

    def members(self, root: str = "/") -> dict[str, Any]:
        """The members of the JSON object (RFC 9457, section 3), without those that are empty.

        Args:
            root: the reference that leads from the request's address to the first page
        """
        position = self.position
        where = {"line": position.line, "column": position.column} if position else {}
        members = {
            "type": TYPES + self.slug,
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "position": {name: number for name, number in where.items() if number is not None},
            "advice": self.advice,
            "instance": self.instance,
            "findings": self.findings,
            "documentation": f"{root}problems#{self.slug}",
        }
        return {name: value for name, value in members.items() if value}

    def to_json(self, root: str = "/") -> bytes:
        """The problem as ``application/problem+json``; ``root`` as for the members."""
        return json.dumps(self.members(root), ensure_ascii=False).encode()


class ProblemError(Exception):
    """Raised where a request cannot be answered for a reason of HTTP's own."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def problem_of(error: CosigraphError) -> Problem | None:
    """The problem that the library's error is to the client, or None if the server is to blame."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return Problem(
                status,
                error.slug,
                error.title,
                error.detail,
                error.position,
                error.advice,
                headers={"Retry-After": "10"} if isinstance(error, QueryNotStarted) else {},
            )
    return None


def bad_request(detail: str, advice: str) -> ProblemError:
    """The request does not follow the SPARQL protocol."""
    title = "The request is not well-formed"
    problem = Problem(HTTPStatus.BAD_REQUEST, "bad-request", title, detail, advice=advice)
    return ProblemError(problem)


def not_found(path: str) -> Problem:
    """There is nothing at this address."""
    return Problem(
        HTTPStatus.NOT_FOUND,
        "not-found",
        "There is nothing here",
        f"No page or data has the address {path}.",
        advice="Start at the first page, or see /queries for the questions this server answers.",
    )


def withdrawn(iri: str) -> Problem:
    """There was something once, and it has been taken back."""
    return Problem(
        HTTPStatus.GONE,
        "withdrawn",
        "The identifier has been withdrawn",
        f"<{iri}> was released once, and nothing is said of it any more.",
        advice="It will not be used for anything else. Earlier versions of the data still have it.",
    )


def method_not_allowed(method: str, allowed: str) -> Problem:
    """The address is right but not the method; ``allowed`` is the ``Allow`` field's value."""
    return Problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "The method is not allowed here",
        f"{method} is not possible at this address.",
        advice=f"Use one of {allowed}.",
        headers={"Allow": allowed},
    )


def not_acceptable(available: str) -> ProblemError:
    """No format that the client accepts can hold this answer."""
    problem = Problem(
        HTTPStatus.NOT_ACCEPTABLE,
        "not-acceptable",
        "No format that is accepted can be given",
        "The Accept header names no format that this answer can take.",
        advice=f"Accept one of {available}, or name one with format=.",
    )
    return ProblemError(problem)


def unsupported_media_type(detail: str, advice: str) -> ProblemError:
    """The request's body is in a format that is not read here."""
    title = "The body's format is not read here"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    return ProblemError(Problem(status, "unsupported-media-type", title, detail, advice=advice))


def request_timeout(patience: float) -> Problem:
    """The client began a request and did not send the rest; its connection ends."""
    return Problem(
        HTTPStatus.REQUEST_TIMEOUT,
        "request-timeout",
        "The request did not come to its end",
        f"The request was not complete after {patience:g} s.",
        advice="Send it again, faster.",
        headers=_LAST,
    )


def too_large(status: HTTPStatus, limit: int) -> ProblemError:
    """The body (413) or the address (414) is longer than ``limit`` bytes."""
    is_body = status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    what = "body" if is_body else "query string"
    problem = Problem(
        status,
        "too-large",
        "The request is too large",
        f"The request's {what} is longer than {limit:,} bytes.",
        advice="Shorten the query." if is_body else "Send the query by POST.",
        headers=_LAST if is_body else {},
    )
    return ProblemError(problem)


def crowded() -> Problem:
    """There are more connections than are answered at a time."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "crowded",
        "Too many connections are open",
        "The server has as many connections as it answers at a time.",
        advice="Ask again in a while, and use one connection for many requests.",
        headers={"Retry-After": "10"},
    )


def stopping() -> Problem:
    """The query was ended because the server is."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "stopping",
        "The server is being stopped",
        "The query was ended because the server is being stopped.",
        advice="Ask again in a while.",
        headers={"Retry-After": "60"},
    )


def internal_error(request_id: str) -> Problem:
    """Something failed that the client is not to blame for; the log knows it by its identifier."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "The server failed",
        f"Something went wrong that was not foreseen (request {request_id}).",
        advice="Tell whoever runs this server, with the request's identifier.",
        instance=f"urn:uuid:{request_id}" if _UUID.fullmatch(request_id) else None,
    )
