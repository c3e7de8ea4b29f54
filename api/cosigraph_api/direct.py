# SPDX-License-Identifier: Apache-2.0
"""Small answers of the SPARQL endpoint without a task, coroutines and messages of ASGI.

Of an ordinary GET that nothing has been kept for, everything is decided by what the endpoint
decides with; only the way of the answer is another. What is not ordinary is left to the endpoint:
requests that are refused, conditions, pages, workbooks, other endpoints, long queries; and what
has begun is handed over to it if the answer turns out to be long, late, or an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from starlette.types import Scope

from cosigraph.store import Query

from .addresses import Network, client_of
from .attempts import Attempt
from .cache import AnswerKey, KeptAnswer
from .codings import Coding, coding_of, encoded, slow
from .execution import ANSWERED
from .explanation_links import is_known_empty, link_field, of_query
from .pages import root_of
from .protocol import fields_of_query_string, is_update, query_request
from .record import Record, new_record
from .representations import Representation
from .responses import CachedResponses, KeptResponse, RequestKey, kept_response
from .service import Service
from .sparql import LONG_TEXT, SparqlEndpoint
from .streaming import raw

PATH = "/sparql"

Completed = Callable[[KeptResponse, Record, str], bytes]
"""Makes a response's bytes from its lasting part, its request and the version of the data."""


class DirectAnswers:
    """What can be answered so, of one service."""

    def __init__(
        self,
        service: Service,
        endpoint: SparqlEndpoint,
        responses: CachedResponses,
        proxies: tuple[Network, ...],
        completed: Completed,
    ) -> None:
        self.service = service
        self.endpoint = endpoint
        self.responses = responses
        self.completed = completed
        self._proxies = proxies

    def begin(
        self, scope: Scope, key: RequestKey, done: Callable[[bytes | None], None]
    ) -> Attempt | None:
        """Begin to answer a GET without conditions; None if it is to be answered otherwise.

        Args:
            scope: the request
            key: what its response is kept under
            done: is called with the response, but for status line and date, or with None when the
                endpoint is to go on with the attempt; perhaps before it is started
        """
        if scope["path"] != PATH or len(scope["query_string"]) > LONG_TEXT:
            return None
        try:
            prepared = self._prepared(scope)
        except Exception:  # noqa: BLE001 - whatever it is, the endpoint meets it again, and tells
            return None
        if prepared is None:
            return None
        query, form = prepared
        service = self.service
        answer_key = service.answers.key(query)
        if answer_key is not None and answer_key in service.answers.cache:
            return None
        record = new_record(scope, client_of(scope, self._proxies), PATH)
        record.query = query.text
        coding = coding_of(scope)
        answer = _Answer(self, scope, query, form, record, coding, key, answer_key, done)
        answer.attempt = Attempt(
            query,
            record,
            service.edition,
            service.workers,
            service.admission,
            answer.come,
            slow(coding),
        )
        return answer.attempt

    def _prepared(self, scope: Scope) -> tuple[Query, Representation] | None:
        """The query and the form of its answer; None if they are not of the ordinary kind."""
        fields = fields_of_query_string(scope)
        if is_update(fields):
            return None
        request = query_request(fields)
        if not request.query:
            return None
        query, form = self.endpoint.prepared(request, request.query, _accept(scope))
        return None if form.format is None or query.services else (query, form)


class _Answer:
    """One answer on its way."""

    __slots__ = (
        "_answer_key", "_caching", "_coding", "_done", "_form", "_key", "_of", "_query", "_record",
        "_scope", "attempt",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917 - all of its request
        self,
        of: DirectAnswers,
        scope: Scope,
        query: Query,
        form: Representation,
        record: Record,
        coding: Coding | None,
        key: RequestKey,
        answer_key: AnswerKey | None,
        done: Callable[[bytes | None], None],
    ) -> None:
        self._of = of
        self._scope = scope
        self._query = query
        self._form = form
        self._record = record
        self._coding = coding
        self._key = key
        self._answer_key = answer_key
        self._done = done
        self._caching: Mapping[str, str] = of.endpoint.caching(query, form, "")
        self.attempt: Attempt

    def come(self, answer: tuple[bytes, bool] | None) -> None:
        """Make the response of what has come."""
        try:
            response = None if answer is None else self._response(*answer)
        except Exception:  # noqa: BLE001 - as above
            response = None
        self._done(response)

    def _response(self, content: bytes, is_cut: bool) -> bytes:
        attempt, record, of = self.attempt, self._record, self._of
        record.wait = attempt.begun - attempt.came
        record.run = time.perf_counter() - attempt.begun
        record.outcome, record.is_cut = ANSWERED, is_cut
        of.service.answers.missed(self._answer_key)
        if self._answer_key is not None:
            of.service.answers.keep(self._answer_key, KeptAnswer(content, is_cut))
        fields = of.endpoint.fields(self._query, self._form, self._caching, is_cut=is_cut)
        if is_known_empty(content, None, self._query):
            fields.update(link_field(of_query(root_of(self._scope), self._query)))
        response = kept_response(*encoded(raw(fields), content, self._coding), PATH)
        of.responses.answered(self._key, response)
        return of.completed(response, record, attempt.edition.project.version)


def _accept(scope: Scope) -> str | None:
    """The value of ``Accept``; of one that is repeated the values are joined."""
    values = [value for name, value in scope["headers"] if name == b"accept"]
    return b", ".join(values).decode("latin-1") if values else None
