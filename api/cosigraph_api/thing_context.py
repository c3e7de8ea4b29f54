# SPDX-License-Identifier: Apache-2.0
"""What belongs to a thing beside what is said of it.

That is: the words on which it rests, where its own words stand in a document, and the canned
queries that can be asked about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode

from cosigraph.canned import CannedQuery
from cosigraph.evidence import EvidenceRules
from cosigraph.parameters import ClassChoices, Parameter, ParameterType, SchemeChoices, ValueChoices
from cosigraph.terms import RDF, SKOS, Term
from cosigraph.vocabulary import COSI, OA

from .reading_view import anchor_of

MOST = 100
"""How many quotations are shown."""

Rows = Sequence[tuple[Term | None, ...]]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words on which statements rest; ``href`` leads to where they stand, "" if nowhere."""

    words: str
    href: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A canned query about the thing."""

    summary: str
    href: str


def quotations_query(iri: NamedNode, evidence: EvidenceRules) -> str:
    """The query for the words on which the thing, or a statement about it, rests.

    ``evidence`` names the properties that lead to a passage, at least one, and the classes of the
    statements, if there are such.
    """
    path = "|".join(f"<{each}>" for each in evidence.properties)
    classes = " ".join(f"<{each}>" for each in evidence.classes)
    typed = f"VALUES ?class {{ {classes} }} ?statement a ?class ." if classes else ""
    return f"""\
PREFIX cosi: <{COSI}> PREFIX oa: <{OA}>
SELECT DISTINCT ?quotation ?block ?key ?statement ?ordinal ?start WHERE {{
  {{ BIND({iri} AS ?statement) }}
  UNION {{ BIND({iri} AS ?thing) ?statement ?relation ?thing . {typed} }}
  ?statement {path} ?passage .
  ?passage oa:hasSource ?block ; oa:hasSelector/oa:exact ?quotation .
  OPTIONAL {{ ?passage oa:hasSelector/oa:start ?start }}
  OPTIONAL {{ ?document cosi:hasBlock ?block ; cosi:key ?key . ?block cosi:ordinal ?ordinal }}
}} ORDER BY ?key ?ordinal ?start ?quotation ?statement LIMIT {MOST * 10}"""


def places_query(iri: NamedNode) -> str:
    """The query for the blocks of documents that are the thing, or hold its words."""
    return f"""\
PREFIX cosi: <{COSI}>
SELECT DISTINCT ?block ?key WHERE {{
  {{ BIND({iri} AS ?block) }} UNION {{ {iri} ?property ?block }}
  ?document cosi:hasBlock ?block ; cosi:key ?key ; cosi:hasBlock/cosi:ordinal ?any .
  FILTER(?document != {iri})
}} ORDER BY ?key ?block LIMIT 10"""


def quotations(rows: Rows, root: str) -> list[Quotation]:
    """Each quotation once, in the order of the text, with the statements that rest on it."""
    found: dict[tuple[str, str], list[str]] = {}
    for words, block, key, statement, *_ in rows:
        place = (_value(words), read_address(_value(key), _value(block), root))
        found.setdefault(place, []).append(_value(statement))
    return [
        Quotation(words, href, tuple(statements)) for (words, href), statements in found.items()
    ][:MOST]


def places(rows: Rows, root: str) -> list[str]:
    """The addresses where the thing can be read."""
    return [read_address(_value(key), _value(block), root) for block, key in rows]


def read_address(key: str, block: str, root: str) -> str:
    """Where a block of a document is read, or "" if the document is not known."""
    return f"{root}read/{quote(key, safe='')}#{quote(anchor_of(block))}" if key else ""


def askings(
    iri: NamedNode,
    statements: Iterable[tuple[Term | None, Term | None]],
    queries: Mapping[str, CannedQuery],
    root: str,
) -> list[Asking]:
    """The canned queries that take the thing as a parameter, filled in.

    ``statements`` are what is said of the thing, as pairs of property and value.
    """
    said = {(_value(property_), _value(value)) for property_, value in statements}
    return [
        Asking(query.summary, f"{root}queries/{name}?{urlencode({parameter.name: iri.value})}")
        for name, query in queries.items()
        for parameter in query.parameters.values()
        if _takes(parameter, iri, said) and not _needs_more(query, parameter)
    ]


def _takes(parameter: Parameter, iri: NamedNode, said: set[tuple[str, str]]) -> bool:
    """Whether the parameter may have as its value the thing, of which this is said."""
    if parameter.type is not ParameterType.IRI:
        return False
    choices = parameter.choices
    if isinstance(choices, ClassChoices):
        return (RDF + "type", choices.iri) in said
    if isinstance(choices, SchemeChoices):
        return (SKOS + "inScheme", choices.iri) in said
    if isinstance(choices, ValueChoices):
        return iri in choices.terms
    return choices is None


def _needs_more(query: CannedQuery, parameter: Parameter) -> bool:
    others = (each for each in query.parameters.values() if each.name != parameter.name)
    return any(each.required for each in others)


def _value(term: Term | None) -> str:
    return str(getattr(term, "value", "")) if term is not None else ""
