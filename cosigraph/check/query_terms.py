# SPDX-License-Identifier: Apache-2.0
"""Classes and properties in queries that nothing defines: such a pattern never matches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pyoxigraph import NamedNode
from rdflib import namespace

from cosigraph.check.findings import Finding
from cosigraph.check.rule import rule
from cosigraph.check.sources import ONTOLOGY, SHAPES, Sources, triples_of
from cosigraph.emptiness.tree import Tree, read_tree
from cosigraph.query_text import QueryText
from cosigraph.sparql import Token, position_at, shown
from cosigraph.suggestions import did_you_mean
from cosigraph.terms import RDF, Prefixes

_TYPE = f"{RDF}type"
_DEFINED = type(namespace.DefinedNamespace)
_OTHER_NAMES = {"VarOrIri", "DatasetClause"}
_MEMBER = re.compile(re.escape(RDF) + r"_[1-9]\d*")


def check_query_terms(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each class or property that no ontology defines and no data uses.

    Looked at are properties in patterns, classes after ``a``, and any other name in a namespace
    in which the ontology defines something.
    """
    unknown = rule("queries/unknown-term")
    known = known_terms(sources) | standard_terms()
    own = {_namespace(iri) for iri in defined_terms(sources)}
    for query in sources.queries:
        tree = read_tree(query.text)
        if tree is None:
            continue
        prefixes = QueryText(query.text, str(query.path), query.services).prefixes
        for token, is_term in _names(tree, prefixes):
            iri = _iri(token, prefixes)
            if iri in known or not (is_term or _namespace(iri) in own) or _MEMBER.fullmatch(iri):
                continue
            yield unknown.finding(
                f"{shown(token.text)} is defined in no ontology and used in no data, so that "
                "nothing matches it.",
                position_at(query.text, token.start, str(query.path)),
                advice=_advice(iri, known, prefixes),
            )


def defined_terms(sources: Sources) -> set[str]:
    """Return the IRIs of what the files in ``ontology/`` describe."""
    described = {triple.subject for triple in triples_of(sources.of(ONTOLOGY))}
    return {term.value for term in described if isinstance(term, NamedNode)}


def known_terms(sources: Sources) -> set[str]:
    """Return the defined terms, and the properties and classes that the data uses."""
    used: set[object] = set()
    for triple in triples_of(file for file in sources.files if sources.room(file) != SHAPES):
        used.add(triple.predicate)
        if triple.predicate.value == _TYPE:
            used.add(triple.object)
    return defined_terms(sources) | {term.value for term in used if isinstance(term, NamedNode)}


@cache
def standard_terms() -> set[str]:
    """Return the terms of the vocabularies that rdflib knows whole: RDF, RDFS, OWL, SKOS, …."""
    known = (getattr(namespace, name) for name in dir(namespace))
    return {str(term) for each in known if isinstance(each, _DEFINED) for term in dir(each)}


def _names(tree: Tree, prefixes: Mapping[str, str]) -> Iterator[tuple[Token, bool]]:
    """Yield each name but those of graphs and endpoints, and whether it must be a term."""
    verb: Tree | None = None
    for each in tree.trees:
        if each.rule == "Iri":
            yield each.words[0], False
        elif each.rule == "Verb":
            verb = each
            yield from ((name.words[0], True) for name in each.all("Iri"))
        elif verb is not None and each.rule == "Objects" and _is_type(verb, prefixes):
            for name, is_term in _names(each, prefixes):
                yield name, is_term or name.start in _direct(each)
        elif each.words and each.words[0].is_word("SERVICE"):
            continue  # what is there is of another's vocabulary
        elif each.rule not in _OTHER_NAMES:
            yield from _names(each, prefixes)


def _is_type(verb: Tree, prefixes: Mapping[str, str]) -> bool:
    words = list(verb.tokens())
    return len(words) == 1 and (words[0].text == "a" or _iri(words[0], prefixes) == _TYPE)


def _direct(objects: Tree) -> set[int]:
    """Return where the objects themselves start, not what is within their brackets."""
    return {each.start for each in objects.trees}


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _advice(iri: str, known: set[str], prefixes: Mapping[str, str]) -> str:
    """Return what may have been meant: the nearest term of the same namespace, else of any."""
    namespace_of = _namespace(iri)
    near = did_you_mean(iri, (term for term in known if _namespace(term) == namespace_of))
    if near is None:
        local = {term.removeprefix(_namespace(term)): term for term in sorted(known)}
        nearest = did_you_mean(iri.removeprefix(namespace_of), local)
        near = None if nearest is None else local[nearest]
    if near is None:
        return "Correct the name, or define it in a file in ontology/."
    return f"Did you mean {Prefixes(prefixes).shorten(near)}?"
