# SPDX-License-Identifier: Apache-2.0
"""Every kind of problem that a client may be told, and the page that ``documentation`` leads to.

The table in docs/endpoint.md says the same; tests hold both to what the code can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .headers import REVALIDATE
from .methods import READING_METHODS
from .negotiation import prefers_html
from .pages import Site
from .problems import TYPES
from .protocol import headers_of

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem.

    Attributes:
        slug: the last part of its ``type``
        statuses: the status codes that it comes with
        meaning: when it is told
    """

    slug: str
    statuses: tuple[int, ...]
    meaning: str


KINDS = (
    ProblemKind("answer-too-large", (503,), "The answer has more bytes than one may have"),
    ProblemKind("bad-request", (400,), "The request is no HTTP, or not as the protocol has it"),
    ProblemKind("busy", (503,), "The query waited in vain for its turn, or too many wait"),
    ProblemKind("crowded", (503,), "The server has as many connections as it answers at a time"),
    ProblemKind(
        "data-syntax",
        (400,),
        "An RDF document in the body is not well-formed; the position says where",
    ),
    ProblemKind("http", (400,), "The request cannot be answered for another reason of HTTP's"),
    ProblemKind("internal", (500,), "Something failed that was not foreseen; the log knows it"),
    ProblemKind("method-not-allowed", (405,), "The address is right, the method is not"),
    ProblemKind("no-project", (400,), "What was sent to be checked is no project folder"),
    ProblemKind("not-acceptable", (406,), "None of the formats in Accept fits"),
    ProblemKind("not-conforming", (422,), "What was to be written has findings; nothing was"),
    ProblemKind("not-found", (404,), "There is no such address"),
    ProblemKind("not-ready", (503,), "The server starts, or is being stopped"),
    ProblemKind("parameter-value", (400,), "A value is missing, of the wrong type, or no choice"),
    ProblemKind(
        "precondition-failed", (412,), "The graph is not as If-Match or If-None-Match has it"
    ),
    ProblemKind("pruned-version", (410,), "The version was published, and is no longer kept"),
    ProblemKind("query", (400,), "The query is well-formed, and the engine cannot answer it"),
    ProblemKind("query-memory", (503,), "The query needs more memory than one may have"),
    ProblemKind("query-refused", (403,), "The query reaches elsewhere, or writes"),
    ProblemKind("query-stopped", (503,), "The query was stopped before it had its answer"),
    ProblemKind("query-syntax", (400,), "The query is not well-formed; the position says where"),
    ProblemKind("query-timeout", (504,), "The query ran longer than one may"),
    ProblemKind("request-timeout", (408,), "The request did not come to its end in time"),
    ProblemKind("row-limit", (200,), "No error: an answer that ends at the limit of rows links it"),
    ProblemKind("service", (502,), "Another endpoint, which the query asks by SERVICE, failed"),
    ProblemKind("stopping", (503,), "The query was ended because the server is"),
    ProblemKind("too-large", (413, 414, 431), "The body, query string or head is too long"),
    ProblemKind(
        "unauthorised", (401,), "Writing needs a token, and the request has none that may write"
    ),
    ProblemKind("unknown-document", (404,), "There is no such document"),
    ProblemKind("unknown-format", (400, 404), "There is no such format for this answer"),
    ProblemKind("unknown-graph", (404,), "There is no such graph"),
    ProblemKind("unknown-parameter", (400,), "The query has no such parameter"),
    ProblemKind("unknown-query", (404,), "There is no canned query of that name"),
    ProblemKind("unknown-reading", (400,), "There is no such alternative reading"),
    ProblemKind("unknown-rule", (400,), "The check has no such rule"),
    ProblemKind("unknown-version", (404,), "No such version was published"),
    ProblemKind("unsupported-media-type", (415,), "The body is in a format that is not read"),
    ProblemKind("usage", (400,), "A name or value fits nothing here"),
    ProblemKind("withdrawn", (410,), "The identifier was released once, and has been taken back"),
    ProblemKind("worker-lost", (503,), "The query's process ended unexpectedly"),
)


def add_problem_kinds(app: FastAPI, site: Site) -> None:
    """Add the route to ``app``."""

    @app.api_route("/problems", methods=READING_METHODS, include_in_schema=False)
    async def problems(request: Request) -> Response:
        if prefers_html(headers_of(request.scope).get("accept")):
            return site.page(request.scope, "problems.html", kinds=KINDS)
        told = [
            {"type": TYPES + kind.slug, "statuses": kind.statuses, "meaning": kind.meaning}
            for kind in KINDS
        ]
        return JSONResponse(told, headers=REVALIDATE)
