# SPDX-License-Identifier: Apache-2.0
"""An update of the SPARQL 1.1 Protocol (section 2.2): checked, made, answered without content."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from cosigraph.changes import Update
from cosigraph.errors import CosigraphError

from .execution import ANSWERED, LEFT
from .protocol import ProtocolRequest
from .record import CURRENT, Record
from .service import Service
from .writing import Writing


async def make_update(
    service: Service, writing: Writing, request: ProtocolRequest, headers: Mapping[str, str]
) -> Response:
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
        surroundings = service.project.surroundings
        update = Update(
            text,
            surroundings.prefixes,
            surroundings.base_iri,
            request.default_graphs,
            request.named_graphs,
        )
        await writing.apply(service, lambda _: update, headers)
        record.outcome = ANSWERED
    except CosigraphError as error:
        record.outcome = error.slug
        raise
    finally:
        record.run = time.perf_counter() - begun
    return Response(status_code=HTTPStatus.NO_CONTENT)
