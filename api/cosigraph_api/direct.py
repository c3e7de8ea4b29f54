# SPDX-License-Identifier: Apache-2.0
"""Small answers of the SPARQL endpoint without a task, coroutines and messages of ASGI."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.types import Scope

from cosigraph.errors import CosigraphError

from .addresses import Network, client_of
from .attempts import Attempt
from .cache import CachedResponses, KeptAnswer, KeptResponse, keep, kept_response
from .pages import route_path
from .problems import ProblemError
from .protocol import fields_of_query_string, is_update, query_request
from .record import Record, new_record
from .service import Service
from .sparql import SparqlEndpoint

_LONGEST = 8192


class DirectAnswers:
    def __init__(
        self,
        service: Service,
        endpoint: SparqlEndpoint,
        responses: CachedResponses,
        proxies: tuple[Network, ...],
        completed: Callable[[KeptResponse, Record, str], bytes],
    ) -> None:
        self._service = service
        self._endpoint = endpoint
        self._responses = responses
        self._proxies = proxies
        self._completed = completed

    def begin(self, scope: Scope, done: Callable[[bytes | None], None]) -> Attempt | None:
        if (
            scope["method"] != "GET"
            or scope["path"] != "/sparql"
            or len(scope["query_string"]) > _LONGEST
        ):
            return None
        headers = {}
        for name, value in scope["headers"]:
            if name == b"accept":
                if "accept" in headers: return None
                headers["accept"] = value.decode("latin-1")
            elif name in {b"accept-encoding", b"if-none-match"}:
                return None
        service = self._service
        try:
            fields = fields_of_query_string(scope)
            if is_update(fields):
                return None
            request = query_request(fields)
            if not request.query:
                return None
            query, form = self._endpoint.prepared(request, request.query, headers)
        except (CosigraphError, ProblemError):
            return None
        if form.format is None or query.services:
            return None
        caching = self._endpoint.caching(query, form, "")
        answer_key = service.answers.key(query)
        if answer_key is not None and answer_key in service.answers.cache:
            return None
        key, _ = self._responses.key(scope, b"")
        record = new_record(scope, client_of(scope, self._proxies), route_path(scope))
        record.query = query.text
        edition = service.edition

        def answered(answer):
            if answer is None:
                done(None)
                return
            content, is_cut = answer
            record.wait = attempt.begun - attempt.came
            record.run = time.perf_counter() - attempt.begun
            record.outcome = "answered"
            record.is_cut = is_cut
            fields = self._endpoint.fields(scope, query, form, caching, content, is_cut=is_cut)
            raw = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
            raw = [(name, value + b", Accept-Encoding") if name == b"vary" else (name, value) for name, value in raw]
            response = kept_response(raw, content, "/sparql")
            if answer_key is not None:
                service.answers.cache.misses += 1
                service.answers.cache.put(answer_key, KeptAnswer(content, is_cut), len(content) + len(answer_key[1]))
                self._responses.cache.misses += 1
                keep(self._responses.cache, key, response)
            done(self._completed(response, record, edition.project.version))

        attempt = Attempt(query, record, edition, service.workers, service.admission, answered)
        return attempt
