# SPDX-License-Identifier: Apache-2.0
"""``If-Match`` and ``If-None-Match`` of a request that writes a graph (RFC 9110, section 13.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from cosigraph.formats import ResultFormat

from .codings import Coding
from .editions import Edition
from .problems import Problem, ProblemError


def check_preconditions(headers: Mapping[str, str], edition: Edition, iri: str | None) -> None:
    """Raise ProblemError (412) unless the graph is as the client believes.

    A client may have the graph in any format and coding; the tag of each stands for it.
    """
    if_match, if_none_match = headers.get("if-match"), headers.get("if-none-match")
    if if_match is not None and not _is_one_of(if_match, edition, iri, is_strong=True):
        raise ProblemError(_failed("The graph has changed, or is not there."))
    if if_none_match is not None and _is_one_of(if_none_match, edition, iri, is_strong=False):
        raise ProblemError(_failed("The graph is there already."))


def _is_one_of(value: str, edition: Edition, iri: str | None, *, is_strong: bool) -> bool:
    if not edition.has_graph(iri):
        return False
    tags = [tag.strip() for tag in value.split(",")]
    if not is_strong:
        tags = [tag.removeprefix("W/") for tag in tags]
    return "*" in tags or not set(tags).isdisjoint(_tags(edition, iri))


def _tags(edition: Edition, iri: str | None) -> Iterable[str]:
    for format_ in ResultFormat.of_kind("graph"):
        tag = edition.graph_tag(iri, format_)
        yield tag
        for coding in Coding:
            yield f'{tag[:-1]}-{coding}"'


def _failed(detail: str) -> Problem:
    return Problem(
        HTTPStatus.PRECONDITION_FAILED,
        "precondition-failed",
        "The graph is not as the request expects",
        detail,
        advice="Get the graph again, with its ETag, and decide anew.",
    )
