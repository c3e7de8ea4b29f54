# SPDX-License-Identifier: Apache-2.0
"""Documents that are RDF and made here: every format of graphs, by ``Accept`` or by suffix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph
from anyio import to_thread
from pyoxigraph import RdfFormat, Triple
from starlette.responses import Response
from starlette.types import Scope

from cosigraph.formats import ResultFormat
from cosigraph.turtle import write_turtle

from .headers import REVALIDATE, is_current
from .negotiation import preferred
from .pages import route_path
from .problems import ProblemError, not_acceptable, not_found
from .protocol import headers_of
from .representations import PAGE_NAME, PAGE_TYPE, bare, representations
from .service import Service

EXTENSIONS: Mapping[str, ResultFormat] = {
    format_.extension: format_ for format_ in ResultFormat.of_kind("graph")
}
_WRITTEN = {
    ResultFormat.NTRIPLES: RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: RdfFormat.RDF_XML,
    ResultFormat.JSONLD: RdfFormat.JSON_LD,
    ResultFormat.TRIG: RdfFormat.TRIG,
    ResultFormat.NQUADS: RdfFormat.N_QUADS,
}


def written(
    triples: Sequence[Triple], prefixes: Mapping[str, str], format_: ResultFormat | None
) -> bytes:
    """A graph in a format of graphs; Turtle in the house's form, for any other."""
    if format_ in _WRITTEN:
        content = pyoxigraph.serialize(triples, format=_WRITTEN[format_], prefixes=dict(prefixes))
        return content or b""
    return write_turtle(triples, prefixes).encode()


def form_of(scope: Scope, extension: str, *, has_page: bool) -> ResultFormat | None:
    """The format to answer in, None for a page: by suffix, else by ``Accept``.

    Raises:
        ProblemError: 404, there is no such suffix; 406, none of the forms is accepted
    """
    if extension:
        if extension == PAGE_NAME and has_page:
            return None
        if extension not in EXTENSIONS:
            raise ProblemError(not_found(route_path(scope)))
        return EXTENSIONS[extension]
    offered = {
        media_type: form.format
        for media_type, form in representations("graph").items()
        if form.format is not None or has_page
    }
    chosen = preferred(headers_of(scope).get("accept"), tuple(offered))
    if chosen is None:
        known = [bare(format_.media_type) for format_ in EXTENSIONS.values()]
        raise not_acceptable(", ".join([*known, *([PAGE_TYPE] if has_page else [])]))
    return offered[chosen]


async def rdf_response(  # noqa: PLR0913 - all but the first two are named by the caller
    service: Service,
    scope: Scope,
    *,
    name: str,
    triples: Iterable[Triple],
    prefixes: Mapping[str, str],
    format_: ResultFormat,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The document ``name`` in a format, or 304 where the client has it."""
    told = repr((service.project.configuration.publication, service.project.configuration.notice))
    tag = service.entity_tag("document", name, format_.label, told)
    fields = {**REVALIDATE, "ETag": tag, **(headers or {})}
    if is_current(headers_of(scope).get("if-none-match"), tag):
        return Response(status_code=304, headers=fields)
    content = await to_thread.run_sync(written, list(triples), prefixes, format_)
    return Response(content, headers={"Content-Type": format_.media_type, **fields})
