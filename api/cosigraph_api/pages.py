# SPDX-License-Identifier: Apache-2.0
"""What all pages share: templates, the project's name and version, and links that are relative.

Every link is relative to the page, so the pages work behind any path prefix.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import jinja2
from starlette.responses import Response
from starlette.types import Scope

from cosigraph.pictures import has_picture
from cosigraph.project import Project

from .problems import MEDIA_TYPE, Problem
from .representations import PAGE
from .service import Service

TEXT = "text"
"""The type of chart that marks words in a document's text."""

_EXAMPLE = """\
SELECT ?class (COUNT(?thing) AS ?things) WHERE {
  ?thing a ?class
} GROUP BY ?class ORDER BY DESC(?things)"""


def route_path(scope: Scope) -> str:
    """The request's path within the application: without the prefix that it is mounted at."""
    path: str = scope["path"]
    # A mounted part of the application sees a longer prefix; Starlette keeps the first one.
    prefix: str = scope.get("app_root_path", scope.get("root_path", ""))
    within = path.removeprefix(prefix)
    return within if not prefix or within.startswith("/") or not within else path


def root_of(scope: Scope) -> str:
    """The relative reference that leads from the request's path to the first page."""
    return "../" * (route_path(scope).count("/") - 1)


class Site:
    """Makes pages about one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._environment = jinja2.Environment(
            loader=jinja2.PackageLoader("cosigraph_api"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )

    @property
    def places(self) -> list[tuple[str, str, str]]:
        """The navigation: each page's name, where it is below the root, what it is called."""
        return _places(self._service.project)

    @property
    def _facts(self) -> Mapping[str, object]:
        """What the frame of every page says of the project."""
        configuration = self._service.project.configuration
        stored, latest = self._service.edition.stored, self._service.latest.stored
        return {
            "name": configuration.name,
            "title": configuration.title,
            "version": self._service.version,
            "software": self._service.software,
            "notice": configuration.notice,
            "base": configuration.base,
            "places": self.places,
            "number": None if stored is None else stored.number,
            "latest": None if latest is None else latest.number,
        }

    @property
    def example(self) -> str:
        """The query that the form holds before a person writes one."""
        return _EXAMPLE

    def page(
        self,
        scope: Scope,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response:
        """The template as a response.

        Args:
            scope: the request, for the page's relative links
            template: the file's name in ``templates/``
            status: the response's status code
            headers: further fields; a page without an entity tag is not kept
            context: what the template needs beside the project's facts
        """
        html = self._environment.get_template(template).render(
            root=root_of(scope), site=self._facts, **{**_NOTHING, **context}
        )
        fields = {"Content-Type": PAGE.content_type, "Cache-Control": "no-cache", "Vary": "Accept"}
        return Response(html, status, headers={**fields, **(headers or {})})

    def problem(self, scope: Scope, problem: Problem, *, html: bool) -> Response:
        """The problem as a page, or as problem details."""
        fields = {**problem.headers, "Cache-Control": "no-store", "Vary": "Accept"}
        if html:
            return self.page(
                scope, "problem.html", status=problem.status, headers=fields, problem=problem
            )
        media_type, content = problem.report or (MEDIA_TYPE, problem.to_json(root_of(scope)))
        return Response(content, problem.status, headers={**fields, "Content-Type": media_type})


def _places(project: Project) -> list[tuple[str, str, str]]:
    queries = project.queries.values()
    charts = {query.chart["type"] for query in queries if query.chart is not None}
    compare = project.configuration.pages.compare
    places = [
        ("start", "", "Start", True),
        ("read", "read", "Read", TEXT in charts),
        ("pictures", "pictures", "Pictures", any(map(has_picture, queries))),
        ("compare", f"queries/{compare}", "Compare", bool(compare)),
        ("queries", "queries", "Questions", True),
        ("sparql", "sparql", "SPARQL", True),
    ]
    return [(name, path, title) for name, path, title, is_there in places if is_there]


# Templates may ask for these without being given them; anything else missing is an error.
_NOTHING: Mapping[str, Any] = {
    "here": "",
    "grid": None,
    "problem": None,
    "why": None,
    "excerpt": None,
    "downloads": (),
    "prefixes": (),
}
