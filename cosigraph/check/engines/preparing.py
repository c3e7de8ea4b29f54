# SPDX-License-Identifier: Apache-2.0
"""Shapes as both engines are given them: what SHACL passes over is not left to each engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.vocabulary import OWL, SH, XSD

NOT_APPLIED = frozenset(f"{SH}{name}" for name in ("target", "rule", "expression", "js"))
"""Predicates of the advanced features (SHACL-AF, SHACL-JS), which no engine applies here."""

_ONLY_WHEN_TRUE = frozenset({f"{SH}uniqueLang", f"{SH}closed"})
_TRUE = Literal("true", datatype=NamedNode(f"{XSD}boolean"))
_FLAGS = NamedNode(f"{SH}flags")
_PATTERN = NamedNode(f"{SH}pattern")
_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
"""An escape, a class of characters, or the sign for the end."""


def prepared(shapes: Iterable[Triple]) -> list[Triple]:
    """Return the shapes without what has no effect.

    That is: advanced features; ``sh:uniqueLang`` and ``sh:closed`` with any term but ``true``
    (SHACL, sections 4.4.5 and 4.8.1); triple terms (RDF 1.2), which no engine knows.
    """
    return [
        triple
        for triple in shapes
        if triple.predicate.value not in NOT_APPLIED
        and not (triple.predicate.value in _ONLY_WHEN_TRUE and triple.object != _TRUE)
        and not isinstance(triple.object, Triple)
    ]


def python_patterns(shapes: Iterable[Triple]) -> Iterator[Triple]:
    r"""Yield the shapes with ``$`` in patterns as Python's ``\Z``.

    In XPath ``$`` is the end, in Python also the place before a line feed at the end. With the flag
    ``m`` it is the end of a line in both.
    """
    triples = list(shapes)
    by_line = {t.subject for t in triples if t.predicate == _FLAGS and "m" in str(t.object)}
    for triple in triples:
        value = triple.object
        if triple.predicate != _PATTERN or triple.subject in by_line or type(value) is not Literal:
            yield triple
            continue
        ends = _SIGN.sub(lambda sign: r"\Z" if sign[0] == "$" else sign[0], value.value)
        yield Triple(triple.subject, triple.predicate, Literal(ends))


def imported_prefixes(shapes: Iterable[Triple]) -> Iterator[Triple]:
    """Yield declarations of prefixes for what imports their ontology (SHACL, section 5.2.1)."""
    imports: dict[object, list[object]] = {}
    declared: dict[object, list[Triple]] = {}
    for triple in shapes:
        if triple.predicate.value == f"{OWL}imports":
            imports.setdefault(triple.subject, []).append(triple.object)
        elif triple.predicate.value == f"{SH}declare":
            declared.setdefault(triple.subject, []).append(triple)
    for importer in imports:
        found, waiting = {importer}, [importer]
        while waiting:
            for other in imports.get(waiting.pop(), []):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
                    for each in declared.get(other, []):
                        yield Triple(importer, each.predicate, each.object)  # type: ignore[arg-type]
