# SPDX-License-Identifier: Apache-2.0
"""What may have been meant by a pattern that matches nothing: terms that are there and alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cosigraph.emptiness.alike import nearest, told
from cosigraph.emptiness.comparisons import Call
from cosigraph.emptiness.findings import Finding, Kind
from cosigraph.emptiness.naming import Naming, local_name, most_alike, skeleton
from cosigraph.emptiness.parts import Part, Place, Triple
from cosigraph.emptiness.probes import Inquiry, Prober
from cosigraph.sparql import position_at
from cosigraph.terms import RDF, RDFS, Term

_FEW = 8
_CANDIDATES = 2000
_ROLES = ("subject", "property", "object")
_ALONE = {"subject": "{0} {1}1 {1}2", "property": "{1}1 {0} {1}2", "object": "{1}1 {1}2 {0}"}
_UNUSED = {
    "subject": "{} is known, but no statement is made of it here.",
    "property": "The property {} is known, but no statement has it here.",
    "object": "{} is known, but no statement has it as its object here.",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a pattern stands: in which ``GRAPH``, and beside which other patterns."""

    graphs: tuple[Place, ...] = ()
    beside: str = ""

    def wrap(self, pattern: str) -> str:
        """The pattern as it is to be asked."""
        text = f"{pattern}\n{self.beside}"
        for graph in reversed(self.graphs):
            text = f"GRAPH {graph.text} {{\n{text}\n}}"
        return text


class NearMisses:
    """Looks for what is near, for one query."""

    def __init__(
        self, text: str, prober: Prober, naming: Naming, readings: Mapping[str, str]
    ) -> None:
        self._text = text
        self._prober = prober
        self._any = prober.near
        self._naming = naming
        self._readings = {graph: name for name, graph in readings.items()}

    def of_pattern(self, part: Part, triple: Triple, scope: Scope) -> Inquiry[list[Finding]]:
        """What is near to a triple pattern that matches nothing alone."""
        found = yield from self._in_another_graph(part, scope)
        if found:
            return found
        for role, place in _constants(triple):
            found += yield from self.of_iri(part.shown, place, role, scope, triple)
        if not found:
            found = yield from self.of_terms(part, triple, scope)
        return found

    def of_terms(self, part: Part, triple: Triple, scope: Scope) -> Inquiry[list[Finding]]:
        """What is near to a triple pattern by its terms, each of which is known."""
        found: list[Finding] = []
        subject, verb, value = triple
        if subject.sort == "iri" and scope.beside == "":
            pattern = scope.wrap(f"{self._any} {verb.text} {value.text} .")
            found += yield from self.of_constant(part.shown, subject, pattern)
        if value.sort in {"iri", "literal"}:
            pattern = scope.wrap(f"{subject.text} {verb.text} {self._any} .")
            found += yield from self.of_constant(part.shown, value, pattern)
        if verb.sort == "iri" and scope.beside:
            found += yield from self._other_properties(part, triple, scope)
        if verb.sort in {"iri", "path"} and value.sort != "literal":
            found += yield from self._other_way_round(part, triple, scope)
        if self._naming.iri(verb.text) == f"{RDF}type" and value.sort == "iri":
            found += yield from self._subclasses(part, triple, scope)
        return found

    def of_constant(
        self, shown: str, place: Place, pattern: str, expression: str = ""
    ) -> Inquiry[list[Finding]]:
        """Which values of the prober's variable, or of the expression, are near."""
        wanted = self._naming.term(place.text)
        if wanted is None:
            return []
        compared = expression or self._any
        there: list[Term] = []
        if isinstance(wanted, Literal):
            same = f"LCASE(STR({compared})) = LCASE({Literal(wanted.value)})"
            there = yield from self._prober.values(
                f"{pattern}\nFILTER({same})", _FEW, expression=expression
            )
        if not there:
            there = yield from self._prober.values(pattern, _CANDIDATES, expression=expression)
        if wanted in there:
            return []
        found = nearest(wanted, there)
        what = expression or "what stands there"
        if found is None:
            return self._few(shown, place, what, there)
        kind, term = found
        written = self._naming.written(term)
        detail = f"Nothing has {place.shown} here. {told(kind, term, written)}"
        advice = f"Write {written} for {place.shown}."
        return [self._finding(kind, shown, place.start, detail, advice, place.shown, written)]

    def of_call(self, part: Part, call: Call, pattern: str) -> Inquiry[list[Finding]]:
        """Whether a filter leaves something if a call in it passes over capitals."""
        at = call.start - part.start
        loosely = f"{part.text[:at]}{call.loosely}{part.text[at + len(call.text) :]}"
        if not (yield from self._prober.matches(f"{pattern}\n{loosely}")):
            return []
        detail = "With capitals and small letters alike, something matches."
        advice = f"Write {call.loosely}."
        return [
            self._finding(
                Kind.CASE, part.shown, call.start, detail, advice, call.text, call.loosely
            )
        ]

    def of_range(self, shown: str, side: Place, pattern: str) -> Inquiry[list[Finding]]:
        """From what to what the values go that a filter finds too small or too large."""
        ends: list[str] = []
        for function in ("MIN", "MAX"):
            found = yield from self._prober.values(
                pattern, 1, expression=f"{function}({side.text})"
            )
            ends += [self._naming.written(term) for term in found]
        if len(ends) < 2:
            return []
        detail = f"{side.text} goes from {ends[0]} to {ends[1]}."
        return [self._finding(Kind.THERE, shown, side.start, detail, "Compare with what is there.")]

    def of_iri(
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
            if role == "object" and triple is not None:
                detail = f"{place.shown} is known, but stands nowhere here as an object."
            return [
                self._finding(Kind.UNUSED, shown, place.start, detail, advice, place.shown, written)
            ]
        detail = f"{place.shown} is not known: no statement of any graph has it."
        return [
            self._finding(Kind.UNKNOWN, shown, place.start, detail, advice, place.shown, written)
        ]

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
            there = yield from self._prober.values(scope.wrap(pattern), _CANDIDATES)
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
        return self._finding(
            Kind.PREFIX, declared.text, declared.start, detail, advice, declared.text, right
        )

    def _in_another_graph(self, part: Part, scope: Scope) -> Inquiry[list[Finding]]:
        if scope.graphs and (yield from self._prober.matches(part.text)):
            detail = "It matches in the default graph, but not in the graph that is asked."
            advice = "Write it outside of GRAPH."
            return [self._finding(Kind.OTHER_GRAPH, part.shown, part.start, detail, advice)]
        there = yield from self._prober.values(
            f"GRAPH {self._any} {{ {part.text} }}", 1, everywhere=True
        )
        if not there or not isinstance(there[0], NamedNode):
            return []
        graph = there[0].value
        written = self._naming.written(there[0])
        detail = f"It matches in the graph {written}, which is not asked here."
        advice = f"Write GRAPH {written} {{ … }} around it."
        if graph in self._readings:
            detail = f"It matches in the graph {written}, an alternative reading."
            advice = f"Ask with the reading '{self._readings[graph]}', or write GRAPH around it."
        replacement = f"GRAPH {written} {{ {part.shown} }}"
        return [
            self._finding(
                Kind.OTHER_GRAPH, part.shown, part.start, detail, advice, None, replacement
            )
        ]

    def _other_properties(self, part: Part, triple: Triple, scope: Scope) -> Inquiry[list[Finding]]:
        """What those that the patterns beside match have, if not this property."""
        verb = triple.verb
        iri = self._naming.iri(verb.text)
        there = yield from self._prober.values(
            scope.wrap(f"{triple.subject.text} {self._any} {triple.object.text} ."), _CANDIDATES
        )
        properties = [term.value for term in there if isinstance(term, NamedNode)]
        if iri is None or iri in properties:
            return []
        near = most_alike(iri, properties)
        if near is None:
            return self._few(part.shown, verb, "the property there", there)
        written = self._naming.written(NamedNode(near))
        detail = f"Beside the other patterns nothing has {verb.shown}, but there is {written}."
        advice = f"Did you mean {written}?"
        return [
            self._finding(
                Kind.SPELLING, part.shown, verb.start, detail, advice, verb.shown, written
            )
        ]

    def _other_way_round(self, part: Part, triple: Triple, scope: Scope) -> Inquiry[list[Finding]]:
        subject, verb, value = triple
        turned = f"^({verb.text})" if verb.sort == "path" else f"^{verb.text}"
        matches = yield from self._prober.matches(
            scope.wrap(f"{subject.text} {turned} {value.text} .")
        )
        if not matches:
            return []
        shown = f"^({verb.shown})" if verb.sort == "path" else f"^{verb.shown}"
        detail = f"It matches the other way round: {value.shown} {verb.shown} {subject.shown}."
        advice = f"Exchange subject and object, or write {shown}."
        return [
            self._finding(Kind.DIRECTION, part.shown, verb.start, detail, advice, verb.shown, shown)
        ]

    def _subclasses(self, part: Part, triple: Triple, scope: Scope) -> Inquiry[list[Finding]]:
        subject, verb, value = triple
        path = f"a/{self._naming.written(NamedNode(f'{RDFS}subClassOf'))}*"
        matches = yield from self._prober.matches(
            scope.wrap(f"{subject.text} {path} {value.text} .")
        )
        if not matches:
            return []
        detail = f"Things are of subclasses of {value.shown}, and nothing is inferred from that."
        advice = f"Write {path} for {verb.shown}."
        return [
            self._finding(Kind.SUBCLASS, part.shown, verb.start, detail, advice, verb.shown, path)
        ]

    def _few(self, shown: str, place: Place, what: str, there: Iterable[Term]) -> list[Finding]:
        """All that is there, if it is not much."""
        written = sorted({self._naming.written(term) for term in there})
        if not 0 < len(written) <= _FEW or any(len(each) > 80 for each in written):
            return []
        detail = (
            f"{place.shown} is not there. {what[:1].upper()}{what[1:]} is {' or '.join(written)}."
        )
        return [self._finding(Kind.THERE, shown, place.start, detail, "Write one that is there.")]

    def _finding(  # noqa: PLR0913, PLR0917 - what a finding has
        self,
        kind: Kind,
        shown: str,
        start: int,
        detail: str,
        advice: str,
        term: str | None = None,
        replacement: str | None = None,
    ) -> Finding:
        if replacement is None:
            term = None
        return Finding(
            kind, shown, position_at(self._text, start), detail, advice, term, replacement
        )


def _constants(triple: Triple) -> Iterator[tuple[str, Place]]:
    """The IRIs of a pattern, the property's first, and the part that each plays."""
    for place in (triple.verb, *triple.verb.iris):
        if place.sort == "iri":
            yield "property", place
    for role, place in (("subject", triple.subject), ("object", triple.object)):
        if place.sort == "iri":
            yield role, place


def _with(triple: Triple, role: str, text: str) -> str:
    """The pattern with another term in a role."""
    texts = [place.text for place in triple]
    texts[_ROLES.index(role)] = text
    return f"{' '.join(texts)} ."
