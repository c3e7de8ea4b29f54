# SPDX-License-Identifier: Apache-2.0
"""Literals whose words are none of their datatype (RDF 1.1 Concepts, section 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import Literal

from cosigraph.check.findings import Finding
from cosigraph.check.rdflib_graph import to_rdflib
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources, place_of


def check_literals(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each ill-typed literal, where it stands."""
    ill_typed = rule("syntax/literal")
    for file in sources.files:
        for subject, predicate, value in to_rdflib(file.triples):
            if isinstance(value, Literal) and value.ill_typed:
                place = sources.positions.of(subject, predicate, value)
                yield ill_typed.finding(
                    f'"{value}" is no {sources.shorten(str(value.datatype))}.',
                    place or place_of(file),
                    advice="Correct the value or its datatype.",
                )
