# SPDX-License-Identifier: Apache-2.0
"""Small datasets, made up or written down, and a judge of whether they are the same."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
)

from cosigraph.blank_nodes import labelled
from cosigraph.difference.version import Version

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['"', "\\", "\n\r\t\b\f", "\0\x1b\x7f", "\u2028\u0085", "é", "\U0001f600", "_:b1", "<a:a> ."]
)
IRIS = st.sampled_from(
    [f"https://example.org/{name}" for name in ("a", "b", "c#d", "é", "e?f=g&h")]
)
NAMED = st.builds(NamedNode, IRIS)
BLANK = st.builds(BlankNode, st.sampled_from(["b0", "b1", "b2", "b3"]))
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text, datatype: Literal(text, datatype=datatype), TEXTS, NAMED),
    st.builds(
        lambda text, language: Literal(text, language=language),
        TEXTS,
        st.sampled_from(["en", "de-at", "zh-hans"]),
    ),
    st.builds(
        lambda text, direction: Literal(text, language="ar", direction=direction),
        TEXTS,
        st.sampled_from([BaseDirection.LTR, BaseDirection.RTL]),
    ),
)
VALUES = st.recursive(
    NAMED | BLANK | LITERALS,
    lambda inner: st.builds(Triple, NAMED | BLANK, NAMED, inner),
    max_leaves=2,
)
GRAPHS = st.just(DefaultGraph()) | NAMED | BLANK
QUADS = st.builds(Quad, NAMED | BLANK, NAMED, VALUES, GRAPHS)
DATASETS = st.lists(QUADS, max_size=8)


def read(text: str, format_: RdfFormat = RdfFormat.TRIG) -> list[Quad]:
    return list(pyoxigraph.parse(f"@prefix : <https://example.org/> . {text}", format=format_))


def canonical(quads: Iterable[Quad]) -> set[str]:
    """The quads as RDFC-1.0 has them, which is the same for what is the same."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def renamed(quads: Iterable[Quad], order: list[int]) -> list[Quad]:
    """The same quads with other blank nodes in another order."""

    def other(term: object) -> object:
        if isinstance(term, BlankNode):
            return BlankNode(f"x{order[int(term.value[1:])]}")
        if isinstance(term, Triple):
            return Triple(other(term.subject), term.predicate, other(term.object))  # type: ignore[arg-type]
        return term

    return [Quad(*map(other, quad)) for quad in reversed(list(quads))]  # type: ignore[arg-type]


def version(text: str, name: str = "version") -> Version:
    """A version without files."""
    return Version(name, labelled(read(text)).quads)
