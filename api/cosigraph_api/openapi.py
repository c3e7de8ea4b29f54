# SPDX-License-Identifier: Apache-2.0
"""The service's OpenAPI 3.1 description, made from the project's canned queries.

The endpoint stands outside FastAPI and the canned queries are data, so both are described here
rather than by routes; addresses are relative, so that they hold behind a path prefix.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from cosigraph import workbook
from cosigraph.canned import CannedQuery
from cosigraph.formats import ResultFormat
from cosigraph.parameters import Parameter, ParameterType, ValueChoices
from cosigraph.terms import to_python

from .check_openapi import check
from .explanation_openapi import SCHEMA as EXPLANATION
from .explanation_openapi import explained
from .openapi_writing import MEANINGS, SECURED, SECURITY_SCHEME, graph_store
from .pages_openapi import pages
from .problems import MEDIA_TYPE
from .protocol import FORM, QUERY, UPDATE
from .publishing_openapi import publications
from .reconciliation_openapi import reconciliation
from .representations import PAGE_TYPE, bare, representations
from .schemas import ALWAYS, CANNED_QUERY, EXAMPLES, RESULTS

Description = dict[str, Any]

_TYPES: Mapping[ParameterType, Description] = {
    ParameterType.IRI: {"type": "string"},
    ParameterType.INTEGER: {"type": "integer"},
    ParameterType.DECIMAL: {"type": "number"},
    ParameterType.DATE: {"type": "string", "format": "date"},
    ParameterType.STRING: {"type": "string"},
    ParameterType.LANGUAGE_STRING: {
        "type": "string",
        "pattern": "^.*@[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$",
    },
    ParameterType.BOOLEAN: {"type": "boolean"},
}
_GRAPHS = tuple(bare(form.media_type) for form in ResultFormat.of_kind("graph"))
_PROBLEM: Description = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
    "required": ["type", "title", "status", "detail", "documentation"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "position": {
            "type": "object",
            "description": "Where in the query's text, counted from 1",
            "properties": {"line": {"type": "integer"}, "column": {"type": "integer"}},
        },
        "advice": {"type": "string", "description": "What to do"},
        "instance": {"type": "string", "format": "uri"},
        "documentation": {
            "type": "string",
            "format": "uri-reference",
            "description": "Where this kind of problem is explained",
        },
    },
}
_MEANINGS = {
    **MEANINGS,
    "303": "See other: the thing is at another address",
    "304": "Not modified: what If-None-Match names is still current",
    "400": "The request or the query is not well-formed; the position says where",
    "403": "The query asks for what is not allowed here: another host, a file, a write",
    "410": "The identifier was released once, and has been withdrawn",
    "404": "There is nothing of that name",
    "406": "No format that is accepted can be given",
    "408": "The request did not come to its end in time",
    "413": "The body is too large",
    "414": "The query string is too long",
    "415": "The body's format is not read here",
    "502": "An endpoint that the query asks by SERVICE failed",
    "503": "Too much memory or too large an answer; or the server is busy (Retry-After) or stops",
    "504": "The query took too long and was stopped",
}


def describe(  # noqa: PLR0913 - each is a part of what is described
    title: str,
    software: str,
    queries: Mapping[str, CannedQuery],
    choices: Mapping[tuple[str, str], Sequence[str]],
    readings: Iterable[str],
    *,
    is_writable: bool = False,
    notice: Sequence[str] = (),
    version: str = "",
) -> Description:
    """The description of a service.

    Args:
        title: the project's title
        software: the version of cosigraph
        queries: the canned queries by name
        choices: for a query's and a parameter's name, the short names of what may be chosen
        readings: the names of the alternative readings
        is_writable: whether updates and writing of graphs are switched on
        notice: what is told of the data wherever they are
        version: the version of the data
    """
    shared = _reading_parameter(list(readings))
    paths: Description = {
        "/sparql": _endpoint(shared, is_writable=is_writable),
        "/sparql/explain": {
            method: explained(operation, f"explain-{method}", _response("406"))
            for method, operation in _endpoint(shared, is_writable=False).items()
        },
        "/sparql/receipt": {
            method: _receipt(operation, f"receipt-{method}")
            for method, operation in _endpoint(shared, is_writable=False).items()
        },
        **graph_store(_response, is_writable=is_writable),
        **check(_response),
        **reconciliation(_response),
        **publications(_response, version),
        "/queries": {"get": _listing()},
        "/queries/{name}": {"get": _explanation(list(queries))},
        **{path: {"get": operation} for path, operation in _service().items()},
        **pages(queries, shared, _response),
    }
    for name, query in queries.items():
        canned = _canned(query, choices, shared)
        paths[f"/queries/{name}.{{format}}"] = {"get": canned}
        paths[f"/queries/{name}/explain"] = {
            "get": explained(canned, f"explain-{name}", _response("406"))
        }
        paths[f"/queries/{name}/receipt"] = {"get": _receipt(canned, f"receipt-{name}")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": software,
            **({"description": " ".join(notice)} if notice else {}),
        },
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {
            "schemas": {
                "Problem": _PROBLEM,
                "Results": RESULTS,
                "CannedQuery": CANNED_QUERY,
                "Explanation": EXPLANATION,
            },
            **({"securitySchemes": {"token": SECURITY_SCHEME}} if is_writable else {}),
        },
    }


def _receipt(operation: Description, name: str) -> Description:
    """The operation that gives a receipt for what another answers."""
    parameters = [each for each in operation["parameters"] if each["name"] != "format"]
    told = _told("What was asked of which data, and what came of it", {"type": "object"})
    responses = {**operation["responses"], "200": told}
    del responses["304"]
    responses.setdefault("403", _response("403"))
    summary = f"A receipt: {operation['summary']}"
    described = {**operation, "operationId": name, "summary": summary, "parameters": parameters}
    return {**described, "description": "", "responses": responses}


def _endpoint(shared: Sequence[Description], *, is_writable: bool) -> Description:
    names = [*(form.label for form in ResultFormat), workbook.LABEL, "html"]
    text = {"type": "string", "description": "A SPARQL 1.1 query", "examples": list(EXAMPLES)}
    graph = {"type": "array", "items": {"type": "string", "format": "uri"}}
    options: list[Description] = [
        _option("format", "Chooses the format instead of Accept", {"enum": names}),
        _option("default-graph-uri", "The default graph, instead of the union of all", graph),
        _option("named-graph-uri", "The named graphs", graph),
        *shared,
    ]
    answers = _answers(
        {**representations("bindings"), **representations("graph")},
        ("304", "400", "403", "406", "408", "413", "414", "415", "502", "503", "504"),
    )
    summary = "Ask a SPARQL query"
    fields = {option["name"]: option["schema"] for option in options}
    form = {"type": "object", "required": ["query"], "properties": {"query": text, **fields}}
    bodies: Description = {FORM: {"schema": form}, QUERY: {"schema": text}}
    written: Description = {}
    if is_writable:
        update = {"type": "string", "description": "A SPARQL 1.1 update"}
        using = {"using-graph-uri": graph, "using-named-graph-uri": graph}
        writing = {
            "type": "object",
            "required": ["update"],
            "properties": {"update": update, **using},
        }
        bodies = {FORM: {"schema": {"oneOf": [form, writing]}}, QUERY: {"schema": text}}
        bodies[UPDATE] = {"schema": update}
        written = {status: _response(status) for status in ("204", "401")}
        summary += ", or make an update"
    return {
        "get": {
            "operationId": "sparql-get",
            "summary": summary,
            "description": "Without query, browsers get a form and programs a service description.",
            "tags": ["SPARQL"],
            "parameters": [_option("query", "The query", text), *options],
            "responses": answers,
        },
        "post": {
            "operationId": "sparql-post",
            "summary": summary,
            "tags": ["SPARQL"],
            "parameters": options,
            "requestBody": {
                "required": True,
                "content": bodies,
            },
            "responses": {**answers, **written},
            **({"security": [{}, *SECURED]} if is_writable else {}),
        },
    }


def _canned(
    query: CannedQuery,
    choices: Mapping[tuple[str, str], Sequence[str]],
    shared: Sequence[Description],
) -> Description:
    formats = {bare(form.media_type): form.label for form in ResultFormat.of_kind("bindings")}
    formats[workbook.MEDIA_TYPE] = workbook.LABEL
    failed = ("502",) if query.services else ()
    format_ = {
        "name": "format",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(formats.values())},
    }
    parameters = [
        _parameter(parameter, choices.get((query.name, parameter.name), ()))
        for parameter in query.parameters.values()
    ]
    return {
        "operationId": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [format_, *parameters, *shared],
        "responses": _answers(formats, ("304", "400", "404", "414", *failed, "503", "504")),
    }


def _parameter(parameter: Parameter, choices: Sequence[str]) -> Description:
    schema = _schema(parameter, choices)
    default = [_plain(to_python(term)) for term in parameter.default]
    if default and parameter.type is not ParameterType.IRI:
        schema["default"] = default if parameter.many else default[0]
    described = _option(parameter.name, parameter.description, schema)
    return {**described, "required": parameter.required}


def _schema(parameter: Parameter, choices: Sequence[str]) -> Description:
    """A value's schema; what may be chosen from the graph may be named in other ways too."""
    one = dict(_TYPES[parameter.type])
    if isinstance(parameter.choices, ValueChoices) and parameter.type is not ParameterType.IRI:
        one["enum"] = [_plain(to_python(term)) for term in parameter.choices.terms]
    elif choices:
        short = {**one, "enum": list(choices)}
        one = {"anyOf": [short, {**one, "description": "An IRI, a CURIE, a code or a label"}]}
    return {"type": "array", "items": one, "minItems": 1} if parameter.many else one


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, (bool, int, float)) else str(value)


def _option(name: str, description: str, schema: Description) -> Description:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _reading_parameter(readings: Sequence[str]) -> list[Description]:
    if not readings:
        return []
    schema = {"type": "string", "enum": list(readings)}
    return [_option("reading", "Asks this alternative reading of the data", schema)]


def _answers(media_types: Iterable[str], statuses: Iterable[str]) -> Description:
    headers = {
        **ALWAYS,
        "ETag": {"schema": {"type": "string"}},
        "Cosigraph-Row-Limit": {
            "description": "The most rows or triples that an answer to a SPARQL query may have",
            "schema": {"type": "integer"},
        },
        "Cosigraph-Truncated": {
            "description": "It is known that the answer was cut off there",
            "schema": {"const": "true"},
        },
        "Link": {
            "description": "If the answer is known to be empty: the address of an explanation",
            "schema": {"type": "string"},
        },
    }
    answer = {
        "description": "The answer",
        "headers": headers,
        "content": {media_type: _content(media_type) for media_type in media_types},
    }
    return {"200": answer, **{status: _response(status) for status in statuses}}


def _content(media_type: str) -> Description:
    is_results = media_type == bare(ResultFormat.JSON.media_type)
    return {"schema": _reference("Results")} if is_results else {}


def _reference(name: str) -> Description:
    return {"$ref": f"#/components/schemas/{name}"}


def _response(status: str) -> Description:
    response = {"description": _MEANINGS[status], "headers": ALWAYS}
    if int(status) < HTTPStatus.BAD_REQUEST:
        return response
    return {**response, "content": {MEDIA_TYPE: {"schema": _reference("Problem")}}}


def _listing() -> Description:
    every = {"type": "array", "items": _reference("CannedQuery")}
    responses = {"200": _told("All canned queries", every, PAGE_TYPE), "406": _response("406")}
    return _looked_up("queries", "The canned queries", responses, "Queries")


def _explanation(names: Sequence[str]) -> Description:
    summary = "A canned query with its parameters and columns"
    name = {
        "name": "name",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(names)},
    }
    responses = {
        "200": _told(
            "The query; as a page, also its answer", _reference("CannedQuery"), PAGE_TYPE, *_GRAPHS
        ),
        **{status: _response(status) for status in ("400", "404", "406", "414", "503", "504")},
    }
    return {**_looked_up("query", summary, responses, "Queries"), "parameters": [name]}


def _service() -> Description:
    text = {"type": "string"}
    lives = _object(status={"const": "ok"}, software=text, version=text)
    can = _object(status={"const": "ready"}, version=text, workers={"type": "integer"})
    ready = {"200": _told("They can", can), "503": _response("503")}
    numbers = {"description": "The counters", "headers": ALWAYS, "content": {"text/plain": {}}}
    page = {"description": "A page", "headers": ALWAYS, "content": {PAGE_TYPE: {}}}
    return {
        "/": _looked_up("start", "What is here", {"200": page, "503": _response("503")}),
        "/openapi.json": _looked_up(
            "openapi", "This description", {"200": _told("OpenAPI 3.1", {"type": "object"})}
        ),
        "/problems": _looked_up(
            "problems",
            "The kinds of problems",
            {"200": _told("All kinds", {"type": "array"}, PAGE_TYPE)},
        ),
        "/versions": _looked_up(
            "published-versions",
            "The versions of the data that version= asks, on any address",
            {"200": _told("All versions", {"type": "array"}, PAGE_TYPE)},
        ),
        "/healthz": _looked_up(
            "healthz",
            "Whether the server lives, and what it serves",
            {"200": _told("It lives", lives)},
        ),
        "/readyz": _looked_up("readyz", "Whether queries can be answered now", ready),
        "/metrics": _looked_up("metrics", "Counters for Prometheus", {"200": numbers}),
    }


def _looked_up(
    name: str, summary: str, responses: Description, tag: str = "Service"
) -> Description:
    return {"operationId": name, "summary": summary, "tags": [tag], "responses": responses}


def _told(description: str, schema: Description, *others: str) -> Description:
    content: Description = {"application/json": {"schema": schema}}
    content.update((other, {}) for other in others)
    return {"description": description, "headers": ALWAYS, "content": content}


def _object(**properties: Description) -> Description:
    """An object that has all of these members."""
    return {"type": "object", "required": list(properties), "properties": properties}
