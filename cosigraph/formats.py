# SPDX-License-Identifier: Apache-2.0
"""The formats that an answer can be written in."""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

from cosigraph.errors import UnknownFormatError
from cosigraph.suggestions import did_you_mean

Kind: TypeAlias = Literal["bindings", "graph"]


class ResultFormat(Enum):
    """A format: bindings (and booleans) of SELECT and ASK, or graphs of CONSTRUCT and DESCRIBE.

    Media types and file extensions are those that W3C registered: SPARQL 1.1 Query Results JSON
    (section 6), XML (section 6), CSV and TSV (section 6); RDF 1.1 Turtle, N-Triples, RDF/XML, TriG
    and N-Quads; JSON-LD 1.1. An answer that is a graph is the default graph of TriG and N-Quads.
    """

    JSON = ("json", "bindings", "application/sparql-results+json", "srj")
    XML = ("xml", "bindings", "application/sparql-results+xml", "srx")
    CSV = ("csv", "bindings", "text/csv; charset=utf-8", "csv")
    TSV = ("tsv", "bindings", "text/tab-separated-values; charset=utf-8", "tsv")
    TURTLE = ("turtle", "graph", "text/turtle; charset=utf-8", "ttl")
    NTRIPLES = ("ntriples", "graph", "application/n-triples", "nt")
    RDFXML = ("rdfxml", "graph", "application/rdf+xml", "rdf")
    JSONLD = ("jsonld", "graph", "application/ld+json", "jsonld")
    TRIG = ("trig", "graph", "application/trig", "trig")
    NQUADS = ("nquads", "graph", "application/n-quads", "nq")

    def __init__(self, label: str, kind: Kind, media_type: str, extension: str) -> None:
        self.label = label
        self.kind = kind
        self.media_type = media_type
        self.extension = extension

    @classmethod
    def of_kind(cls, kind: Kind) -> tuple[ResultFormat, ...]:
        """Return the formats that an answer of ``kind`` can take, the default first."""
        return tuple(member for member in cls if member.kind == kind)

    @classmethod
    def from_name(cls, name: str, kind: Kind | None = None) -> ResultFormat:
        """Return the format called ``name``: its label, its file extension, ``rdf+xml``, ….

        ``xml`` means RDF/XML when ``kind`` is ``graph``, and the results format otherwise; ``n3``,
        of which Turtle is a part, means Turtle.

        Raises:
            UnknownFormatError: there is no such format, or it is not one for ``kind``.
        """
        word = name.casefold().translate({ord(sign): None for sign in "+-/ ._"})
        if kind == "graph":
            word = {"xml": "rdfxml", "json": "jsonld", "n3": "turtle"}.get(word, word)
        found = next((member for member in cls if word in {member.label, member.extension}), None)
        if found is None:
            known = [member.label for member in (cls if kind is None else cls.of_kind(kind))]
            near = did_you_mean(name, known)
            raise UnknownFormatError(
                f"There is no format '{name}'.",
                advice=f"Did you mean '{near}'?" if near else f"Known: {', '.join(known)}.",
            )
        if kind is not None:
            found.check_fits(kind)
        return found

    def check_fits(self, kind: Kind) -> None:
        """Refuse to write an answer of another kind.

        Raises:
            UnknownFormatError: the format is not one for ``kind``; the error lists those that are.
        """
        if self.kind != kind:
            answers = "a table" if kind == "bindings" else "a graph"
            fitting = ", ".join(member.label for member in ResultFormat.of_kind(kind))
            raise UnknownFormatError(
                f"The answer is {answers}, which cannot be written as {self.label}.",
                advice=f"Formats that fit: {fitting}.",
            )
