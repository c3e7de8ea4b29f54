# SPDX-License-Identifier: Apache-2.0
"""Which of a query's IRIs are not known, or not as they are used, and what may have been meant."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from cosigraph.emptiness.findings import Finding, Kind, Marker
from cosigraph.emptiness.naming import Naming, local_name, most_alike, skeleton
from cosigraph.emptiness.parts import Place, Scope, Triple
from cosigraph.emptiness.probes import Inquiry, Prober

MOST_CANDIDATES = 2000
"""Among so many terms one is looked for that is alike."""

_ROLES = ("subject", "property", "object")
_ALONE = {"subject": "{0} {1}1 {1}2", "property": "{1}1 {0} {1}2", "object": "{1}1 {1}2 {0}"}
_UNUSED = {
    "subject": "{} is known, but no statement is made of it here.",
    "property": "The property {} is known, but no statement has it here.",
    "object": "{} is known, but no statement has it as its object here.",
}


class Iris:
    """Looks at the IRIs of one query."""

    def __init__(self, text: str, prober: Prober, naming: Naming) -> None:
        self._mark = Marker(text).finding
        self._prober = prober
        self._any = prober.near
        self._naming = naming

    def told(
        self, shown: str, place: Place, role: str, scope: Scope, triple: Triple | None = None
    ) -> Inquiry[list[Finding]]:
        """Whether an IRI is known where it stands, and what is meant by it if it is not."""
        iri = self._naming.iri(place.text)
        alone = Scope(scope.graphs)
        is_there = yield from self._prober.matches(alone.wrap(self._alone(role, place.text)))
        if iri is None or is_there is not False:
            return []
        pattern = " UNION ".join(f"{{ {self._alone(each, place.text)} }}" for each in _ROLES)
        is_known = yield from self._prober.matches(
            f"GRAPH {self._any} {{ {pattern} }}", everywhere=True
        )
        if is_known is None:
            return []
        near = yield from self._alike(iri, role, alone, triple)
        if near is not None and not is_known:
            slip = self._prefix_slip(place, iri, near)
            if slip is not None:
                return [slip]
        written = self._naming.written(NamedNode(near)) if near is not None else None
        advice = f"Did you mean {written}?" if written else "Look up how it is spelt."
        if is_known:
            detail = _UNUSED[role].format(place.shown)
            return [
                self._mark(Kind.UNUSED, shown, place.start, detail, advice, place.shown, written)
            ]
        detail = f"{place.shown} is not known: no statement of any graph has it."
        return [self._mark(Kind.UNKNOWN, shown, place.start, detail, advice, place.shown, written)]

    def _alone(self, role: str, text: str) -> str:
        """Any triple that has the term in that role."""
        return _ALONE[role].format(text, self._any)

    def _alike(
        self, iri: str, role: str, scope: Scope, triple: Triple | None
    ) -> Inquiry[str | None]:
        """The IRI in the same role that is most alike."""
        like = self._alone(role, self._any)
        patterns = [f"{like} FILTER(isIRI({self._any}))"]
        if role != "property":
            host = Literal(skeleton(iri).removesuffix(local_name(iri).casefold()).rstrip("/"))
            test = f"isIRI({self._any}) && CONTAINS(LCASE(STR({self._any})), {host})"
            patterns = [f"{like} FILTER({test})"]
            if triple is not None:
                patterns.insert(0, f"{_with(triple, role, self._any)} FILTER(isIRI({self._any}))")
        for pattern in patterns:
            there = yield from self._prober.values(scope.wrap(pattern), MOST_CANDIDATES)
            near = most_alike(iri, [term.value for term in there if isinstance(term, NamedNode)])
            if near is not None:
                return near
        return None

    def _prefix_slip(self, place: Place, iri: str, near: str) -> Finding | None:
        """What is wrong with a PREFIX if that alone makes the IRI another than the near one."""
        prefix, _, _ = place.text.partition(":")
        declared = self._naming.declaration(prefix)
        if declared is None or place.text.startswith("<"):
            return None
        local = iri.removeprefix(declared.iri)
        if not near.endswith(local) or local == iri or not local:
            return None
        right = f"<{near.removesuffix(local)}>"
        detail = f"With this IRI the prefix {prefix}: makes names that no statement has."
        advice = f"Did you mean PREFIX {prefix}: {right}?"
        return self._mark(
            Kind.PREFIX, declared.text, declared.start, detail, advice, declared.text, right
        )


def _with(triple: Triple, role: str, text: str) -> str:
    """The pattern with another term in a role."""
    texts = [place.text for place in triple]
    texts[_ROLES.index(role)] = text
    return f"{' '.join(texts)} ."
