# SPDX-License-Identifier: Apache-2.0
"""The digest of an answer, whatever the order of its rows and the labels of its blank nodes.

Of rows: a line with the columns, then for each row a line with its terms as N-Triples writes them,
parted by tabs, sorted. Rows with blank nodes are written as statements about themselves, whose
blank nodes get labels that follow from what is said of them (``cosigraph.difference``). Of a
graph: its statements, so labelled, as sorted N-Triples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from cosigraph.difference.blank_nodes import labelled, nodes_of
from cosigraph.difference.patch import nquads
from cosigraph.terms import Term

_COLUMN = "urn:x-cosigraph:column:"


def rows_digest(columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> tuple[str, int]:
    """Return ``sha256:`` and the digest of rows, and how many they are."""
    lines: list[str] = []
    statements: list[Quad] = []
    number = 0
    for number, row in enumerate(rows, start=1):
        if any(next(nodes_of(term), None) is not None for term in row):
            statements += _said(number, row)
        else:
            lines.append("\t".join("" if term is None else str(term) for term in row))
    if statements:
        lines += _lines(statements)
    return _digest(["\t".join(f"?{column}" for column in columns), *sorted(lines)]), number


def _said(number: int, row: Sequence[Term | None]) -> list[Quad]:
    # A label that no other blank node can have: those of answers have no dots.
    subject = BlankNode(f"row.{number}")
    return [
        Quad(subject, NamedNode(f"{_COLUMN}{place}"), term)
        for place, term in enumerate(row)
        if term is not None
    ]


def graph_digest(triples: Iterable[Triple]) -> tuple[str, int]:
    """Return ``sha256:`` and the digest of a graph, and how many statements it has."""
    lines = _lines(Quad(*triple) for triple in triples)
    return _digest(lines), len(lines)


def _lines(quads: Iterable[Quad]) -> list[str]:
    # Not splitlines(): a literal may hold line ends of Unicode's, which are not escaped.
    return nquads(labelled(quads).quads).split("\n")[:-1]


def boolean_digest(value: bool) -> tuple[str, int]:
    """Return ``sha256:`` and the digest of an answer to ASK, and 1."""
    return _digest([str(value).lower()]), 1


def _digest(lines: Iterable[str]) -> str:
    content = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
