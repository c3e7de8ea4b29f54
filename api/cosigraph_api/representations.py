# SPDX-License-Identifier: Apache-2.0
"""The forms in which an answer can be had: the library's formats, a workbook, and a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cosigraph import workbook
from cosigraph.formats import Kind, ResultFormat

from .negotiation import preferred
from .problems import not_acceptable

PAGE_TYPE = "text/html"

# Media types that clients ask for where they mean one of the formats.
_ALIASES: Mapping[ResultFormat, tuple[str, ...]] = {
    ResultFormat.JSON: ("application/json",),
    ResultFormat.XML: ("application/xml", "text/xml"),
    ResultFormat.TURTLE: ("application/x-turtle", "text/n3"),
    ResultFormat.NTRIPLES: ("text/plain",),
    ResultFormat.RDFXML: ("application/xml", "text/xml"),
    ResultFormat.JSONLD: ("application/json",),
    ResultFormat.TRIG: ("application/x-trig",),
    ResultFormat.NQUADS: ("text/x-nquads",),
}


@dataclass(frozen=True, slots=True)
class Representation:
    """One form of an answer; a page and a workbook have no format of the library's."""

    format: ResultFormat | None
    content_type: str


PAGE = Representation(None, f"{PAGE_TYPE}; charset=utf-8")
PAGE_NAME = "html"
"""What ``format=`` calls the page."""
WORKBOOK = Representation(None, workbook.MEDIA_TYPE)


def bare(media_type: str) -> str:
    """The media type without its parameters."""
    return media_type.partition(";")[0].strip()


@cache
def representations(kind: Kind) -> Mapping[str, Representation]:
    """The forms of an answer by bare media type, the one that is given unasked first."""
    formats = ResultFormat.of_kind(kind)
    offered = {
        bare(format_.media_type): Representation(format_, format_.media_type) for format_ in formats
    }
    for format_ in formats:
        for alias in _ALIASES.get(format_, ()):
            charset = "; charset=utf-8" if alias.startswith("text/") else ""
            offered.setdefault(alias, Representation(format_, alias + charset))
    if kind == "bindings":
        offered[workbook.MEDIA_TYPE] = WORKBOOK
    return {**offered, PAGE_TYPE: PAGE}


def choose(kind: Kind, name: str | None, accept: str | None) -> Representation:
    """The form to answer in: by ``format=`` if given, else by ``Accept``.

    Args:
        kind: what the query's answer is
        name: a format's name, a file extension, a media type, ``xlsx`` or ``html``
        accept: the ``Accept`` field's value

    Raises:
        UnknownFormatError: ``name`` is no format for this kind of answer
        ProblemError: 406, the client accepts none of the forms
    """
    offered = representations(kind)
    if name is not None:
        media_type = bare(name).lower().replace(" ", "+")  # a plus sign that was not encoded
        if media_type in offered:
            return offered[media_type]
        if media_type == PAGE_NAME:
            return PAGE
        if media_type == workbook.LABEL and kind == "bindings":
            return WORKBOOK
        format_ = ResultFormat.from_name(name, kind)
        return Representation(format_, format_.media_type)
    chosen = preferred(accept, tuple(offered))
    if chosen is None:
        raise not_acceptable(", ".join(bare(f.media_type) for f in ResultFormat.of_kind(kind)))
    return offered[chosen]
