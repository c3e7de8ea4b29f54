# SPDX-License-Identifier: Apache-2.0
"""What may have been meant by a pattern that matches nothing: terms that are there and alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from cosigraph.emptiness.alike import nearest, told
from cosigraph.emptiness.comparisons import Call
from cosigraph.emptiness.findings import Finding, Kind, Marker
from cosigraph.emptiness.iris import MOST_CANDIDATES, Iris
from cosigraph.emptiness.naming import Naming, most_alike
from cosigraph.emptiness.parts import Part, Place, Scope, Triple
from cosigraph.emptiness.probes import Inquiry, Prober
from cosigraph.terms import RDF, RDFS, Term

_FEW = 8


class NearMisses:
    """Looks for what is near, for one query; ``iris`` looks at the IRIs of it alone."""

    def __init__(
        self, text: str, prober: Prober, naming: Naming, readings: Mapping[str, str]
    ) -> None:
        self._mark = Marker(text).finding
        self.iris = Iris(text, prober, naming)
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
            found += yield from self.iris.told(part.shown, place, role, scope, triple)
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
            there = yield from self._prober.values(pattern, MOST_CANDIDATES, expression=expression)
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
        return [self._mark(kind, shown, place.start, detail, advice, place.shown, written)]

    def of_call(self, part: Part, call: Call, pattern: str) -> Inquiry[list[Finding]]:
        """Whether a filter leaves something if a call in it passes over capitals."""
        at = call.start - part.start
        loosely = f"{part.text[:at]}{call.loosely}{part.text[at + len(call.text) :]}"
        if not (yield from self._prober.matches(f"{pattern}\n{loosely}")):
            return []
        detail = "With capitals and small letters alike, something matches."
        advice = f"Write {call.loosely}."
        return [
            self._mark(Kind.CASE, part.shown, call.start, detail, advice, call.text, call.loosely)
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
        return [self._mark(Kind.THERE, shown, side.start, detail, "Compare with what is there.")]

    def _in_another_graph(self, part: Part, scope: Scope) -> Inquiry[list[Finding]]:
        if scope.graphs and (yield from self._prober.matches(part.text)):
            detail = "It matches in the default graph, but not in the graph that is asked."
            advice = "Write it outside of GRAPH."
            return [self._mark(Kind.OTHER_GRAPH, part.shown, part.start, detail, advice)]
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
            self._mark(Kind.OTHER_GRAPH, part.shown, part.start, detail, advice, None, replacement)
        ]

    def _other_properties(self, part: Part, triple: Triple, scope: Scope) -> Inquiry[list[Finding]]:
        """What those that the patterns beside match have, if not this property."""
        verb = triple.verb
        iri = self._naming.iri(verb.text)
        there = yield from self._prober.values(
            scope.wrap(f"{triple.subject.text} {self._any} {triple.object.text} ."), MOST_CANDIDATES
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
            self._mark(Kind.SPELLING, part.shown, verb.start, detail, advice, verb.shown, written)
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
            self._mark(Kind.DIRECTION, part.shown, verb.start, detail, advice, verb.shown, shown)
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
        return [self._mark(Kind.SUBCLASS, part.shown, verb.start, detail, advice, verb.shown, path)]

    def _few(self, shown: str, place: Place, what: str, there: Iterable[Term]) -> list[Finding]:
        """All that is there, if it is not much."""
        written = sorted({self._naming.written(term) for term in there})
        if not 0 < len(written) <= _FEW or any(len(each) > 80 for each in written):
            return []
        detail = (
            f"{place.shown} is not there. {what[:1].upper()}{what[1:]} is {' or '.join(written)}."
        )
        return [self._mark(Kind.THERE, shown, place.start, detail, "Write one that is there.")]


def _constants(triple: Triple) -> Iterator[tuple[str, Place]]:
    """The IRIs of a pattern, the property's first, and the part that each plays."""
    for place in (triple.verb, *triple.verb.iris):
        if place.sort == "iri":
            yield "property", place
    for role, place in (("subject", triple.subject), ("object", triple.object)):
        if place.sort == "iri":
            yield role, place
