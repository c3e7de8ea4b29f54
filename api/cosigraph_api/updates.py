# SPDX-License-Identifier: Apache-2.0
"""An update of the SPARQL 1.1 Protocol (section 2.2): checked, made, answered without content."""

from __future__ import annotations

import time
from http import HTTPStatus

from anyio import to_thread
from starlette.responses import Response

from cosigraph.changes import Update
from cosigraph.errors import CosigraphError
from cosigraph.sparql import refuse_egress
from cosigraph.update_text import with_dataset

from .execution import ANSWERED, LEFT
from .protocol import ProtocolRequest
from .record import CURRENT, Record
from .service import Service
from .writing import Writing


async def make_update(service: Service, writing: Writing, request: ProtocolRequest) -> Response:
    """Make the update that ``request`` holds.

    Raises:
        QueryError: it is not well-formed, is refused, or an operation of it fails
        QueryStopped: it takes too long, or needs too much memory
    """
    text = request.update or ""
    record = CURRENT.get() or Record("", "", "", "")
    record.query, record.outcome = text, LEFT
    begun = time.perf_counter()
    try:
        update = await to_thread.run_sync(_checked, service, request, text)
        await writing.apply(service, lambda _: update)
        record.outcome = ANSWERED
    except CosigraphError as error:
        record.outcome = error.slug
        raise
    finally:
        record.run = time.perf_counter() - begun
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _checked(service: Service, request: ProtocolRequest, text: str) -> Update:
    surroundings = service.project.surroundings
    refuse_egress(text, (), surroundings.prefixes, is_update=True)
    complete = with_dataset(text, request.default_graphs, request.named_graphs)
    return Update(complete, surroundings.prefixes, surroundings.base_iri)
