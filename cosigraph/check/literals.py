# SPDX-License-Identifier: Apache-2.0
"""Literals whose words are none of their datatype (RDF 1.1 Concepts, section 3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from cosigraph.check.findings import Finding
from cosigraph.check.quiet import quiet
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources
from cosigraph.vocabulary import RDF, XSD

_SURELY_RIGHT: Final = {
    f"{XSD}{name}": re.compile(pattern)
    for name, pattern in {
        "string": r"(?s:.*)",
        "boolean": r"true|false",
        "integer": r"[+-]?[0-9]+",
        "nonNegativeInteger": r"[0-9]+",
        "decimal": r"[+-]?[0-9]+(\.[0-9]+)?",
        "double": r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?",
        "date": r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
        r"|[12][0-9]{3}-(01|03|05|07|08|10|12)-(29|30|31)",
        "dateTime": r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?",
        "gYear": r"[12][0-9]{3}",
        "gYearMonth": r"[12][0-9]{3}-(0[1-9]|1[0-2])",
        "anyURI": r"[!#-;=?-\[\]_a-z~]*",
    }.items()
}
"""Words that are right without rdflib's being asked, which takes long to load and to answer."""


def check_literals(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each ill-typed literal, where it stands."""
    ill_typed = rule("syntax/literal")
    known: dict[tuple[str, str], bool] = {}
    for file in sources.files:
        for number, triple in enumerate(file.triples):
            value = triple.object
            if type(value) is not Literal or value.language is not None:
                continue
            words, datatype = value.value, value.datatype.value
            surely = _SURELY_RIGHT.get(datatype)
            if surely is not None and surely.fullmatch(words):
                continue
            if (words, datatype) not in known:
                known[words, datatype] = _is_ill_typed(words, datatype)
            if known[words, datatype]:
                yield ill_typed.finding(
                    f'"{words}" is no {sources.shorten(datatype)}.',
                    sources.positions.at(file, number),
                    advice="Correct the value or its datatype.",
                )


def _is_ill_typed(words: str, datatype: str) -> bool:
    """Ask rdflib, which knows the datatypes of XML Schema and RDF."""
    if not datatype.startswith((XSD, RDF)):
        return False
    import rdflib  # noqa: PLC0415 - takes long to load

    with quiet():
        literal = rdflib.Literal(words, datatype=rdflib.URIRef(datatype), normalize=False)
        return bool(literal.ill_typed)
