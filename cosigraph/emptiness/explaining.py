# SPDX-License-Identifier: Apache-2.0
"""Why a query's answer is empty: its patterns asked one by one, then together, then filtered.

What is said to match nothing has been asked and did: each reason is the outcome of a probe, never
a conclusion from how the query looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cosigraph.answers import Surroundings
from cosigraph.emptiness.comparisons import (
    bound_by,
)
from cosigraph.emptiness.filters import Filters
from cosigraph.emptiness.findings import Explanation, Finding, Kind
from cosigraph.emptiness.naming import Naming
from cosigraph.emptiness.near_misses import NearMisses
from cosigraph.emptiness.parts import (
    Dissection,
    Group,
    Part,
    Place,
    Scope,
    Sort,
    Triple,
    joined,
)
from cosigraph.emptiness.probes import ExplanationLimits, Inquiry, OutOfLimitsError, Prober
from cosigraph.emptiness.report import Report
from cosigraph.emptiness.tree import LONGEST, Tree, read_tree
from cosigraph.sparql import variables_in_order
from cosigraph.store import Query
from cosigraph.suggestions import suggestion_sentence

_NOT_READ = (
    "The query could not be taken apart: only SPARQL 1.1 without \\u escapes and up to "
    f"{LONGEST:,} characters is."
)


def explain(
    query: Query,
    surroundings: Surroundings,
    readings: Mapping[str, str] | None = None,
    limits: ExplanationLimits | None = None,
) -> Inquiry[Explanation]:
    """Explain why the answer to a query is empty.

    Args:
        query: a query that has been checked (``cosigraph.answers.prepare``).
        surroundings: what it is answered from.
        readings: the names of alternative readings, and their graphs.
        limits: what the explanation may cost; where they end it, it says so.

    Raises:
        QueryError: the engine cannot read or run the query.
        QueryNotStarted: no process was free for a probe.
    """
    return _Explainer(query, surroundings, readings or {}, limits or ExplanationLimits()).explain()


class _Explainer:
    def __init__(
        self,
        query: Query,
        surroundings: Surroundings,
        readings: Mapping[str, str],
        limits: ExplanationLimits,
    ) -> None:
        self._query = query
        self._text = query.text
        self._explanation = Explanation(query.text)
        self._tree = read_tree(query.text)
        form = self._tree.child("Form") if self._tree is not None else None
        prologue = query.text[: form.start] if form is not None else ""
        self._form = form.trees[0] if form is not None else None
        self._dissection = Dissection(query.text)
        self._prober = Prober(query, prologue, surroundings, limits)
        naming = Naming(prologue, query.prefixes, query.base_iri)
        self._naming = naming
        self._near = NearMisses(query.text, self._prober, naming, readings)
        self._report = Report(self._explanation)
        self._filters = Filters(query.text, self._prober, self._near, self._report)
        names_dataset = bool(query.default_graphs or query.named_graphs)
        self._graphs = query.named_graphs if names_dataset else tuple(surroundings.graphs)

    def explain(self) -> Inquiry[Explanation]:
        explanation = self._explanation
        try:
            if self._form is None:
                explanation.stopped = _NOT_READ
                has_answer = yield from self._prober.has_answer()
            else:
                has_answer = yield from self._take_apart(self._form)
            explanation.is_empty = not has_answer
        except OutOfLimitsError as error:
            explanation.stopped = str(error)
        explanation.probes = self._prober.count
        return explanation

    def _take_apart(self, form: Tree) -> Inquiry[bool]:
        """Look for reasons; return whether there is an answer after all."""
        group = self._where(form)
        is_empty = (yield from self._group(group, ())) if group is not None else False
        has_answer = yield from self._prober.has_answer()
        if not has_answer and is_empty is False:
            yield from self._beyond_the_pattern(form)
        return has_answer

    def _where(self, form: Tree) -> Group | None:
        """The query's pattern, with the block of ``VALUES`` at its end."""
        where = form.child("WhereClause")
        inner = where.child("Group") if where is not None else None
        if inner is not None:
            group = self._dissection.group(inner)
        elif form.rule == "Construct":  # CONSTRUCT WHERE: its template is its pattern
            group = self._dissection.template(tree for tree in form.trees if tree.rule == "Triples")
        else:
            return None
        values = self._tree.child("ValuesClause") if self._tree is not None else None
        if values is None or group.subquery is not None:
            return group
        return replace(group, parts=(*group.parts, self._dissection.values(values)))

    def _group(self, group: Group, graphs: tuple[Place, ...]) -> Inquiry[bool | None]:
        """Look for reasons why a group matches nothing; tell whether it does.

        True: a reason was found. False: it matches something. None: neither is known.
        """
        if group.subquery is not None:
            return (yield from self._subquery(group.subquery, graphs))
        scope = Scope(graphs)
        is_found = False
        for part in group.parts:
            if part.sort is Sort.OTHER:
                continue
            if (yield from self._prober.matches(scope.wrap(part.text))) is False:
                yield from self._part(part, graphs)
                is_found = True
        if is_found:
            return True
        whole = yield from self._prober.matches(scope.wrap(joined(group.parts)))
        if whole is False:
            return (yield from self._join(group.parts, scope))
        if whole is True and group.filters:
            return (yield from self._filters.leave_nothing(group, scope))
        return False if whole else None

    def _subquery(self, tree: Tree, graphs: tuple[Place, ...]) -> Inquiry[bool | None]:
        where = tree.child("WhereClause")
        inner = where.child("Group") if where is not None else None
        if inner is None:
            return None
        is_empty = yield from self._group(self._dissection.group(inner), graphs)
        if is_empty is not False:
            return is_empty
        text = f"{{ {self._dissection.slice(tree)} }}"
        matches = yield from self._prober.matches(Scope(graphs).wrap(text))
        if matches is not False:
            return False if matches else None
        detail = "The subquery's pattern matches, but its HAVING, LIMIT or OFFSET leaves nothing."
        self._report.add(
            Kind.MODIFIER, self._dissection.slice(tree), tree.start, detail, "Loosen them."
        )
        return True

    def _part(self, part: Part, graphs: tuple[Place, ...]) -> Inquiry[None]:
        """Tell of a part that matches nothing alone."""
        if part.triple is not None:
            detail = "This pattern alone matches nothing."
            advice = "Look at its terms one by one: put a variable in the place of each."
            self._report.add(Kind.PATTERN, part.shown, part.start, detail, advice)
            self._report.extend(
                (yield from self._near.of_pattern(part, part.triple, Scope(graphs)))
            )
            return
        if part.sort is Sort.VALUES:
            detail, advice = "This block holds no row.", "Put values into it, or take it out."
            self._report.add(Kind.PATTERN, part.shown, part.start, detail, advice)
            return
        if part.graph is not None and not self._has_graph(part.graph):
            self._unknown_graph(part.graph)
            return
        inner = (*graphs, part.graph) if part.graph is not None else graphs
        is_found = False
        for group in part.groups:
            is_found = bool((yield from self._group(group, inner))) or is_found
        if not is_found:
            detail = "This group alone matches nothing."
            self._report.add(Kind.PATTERN, part.shown, part.start, detail, "Ask it on its own.")

    def _has_graph(self, graph: Place) -> bool:
        if graph.sort == "variable":
            return bool(self._graphs)
        return self._naming.iri(graph.text) in self._graphs

    def _unknown_graph(self, graph: Place) -> None:
        if self._query.default_graphs or self._query.named_graphs:
            detail = f"The query's own dataset has no named graph {graph.shown}."
            advice = "Name it with FROM NAMED or named-graph-uri, or leave the dataset out."
        else:
            detail = f"There is no graph {graph.shown}."
            advice = suggestion_sentence(self._naming.iri(graph.text) or "", self._graphs)
        self._report.add(Kind.GRAPH, f"GRAPH {graph.shown}", graph.start, detail, advice)

    def _join(self, parts: Sequence[Part], scope: Scope) -> Inquiry[bool]:
        """Tell of parts that match something each, and nothing together."""
        low, high = 1, len(parts)
        while low < high:  # the first so many of the parts match nothing
            middle = (low + high) // 2
            matches = yield from self._prober.matches(scope.wrap(joined(parts[:middle])))
            low, high = (low, middle) if matches is False else (middle + 1, high)
        culprits = list(parts[:high])
        for part in parts[: high - 1]:
            others = [each for each in culprits if each is not part]
            if (yield from self._prober.matches(scope.wrap(joined(others)))) is False:
                culprits = others
        shown = "\n".join(part.shown for part in culprits)
        detail = "Each of these matches something, but together they match nothing."
        advice = _shared(culprits)
        self._report.add(Kind.JOIN, shown, culprits[-1].start, detail, advice)
        yield from self._near_join(culprits, scope)
        return True

    def _near_join(self, culprits: Sequence[Part], scope: Scope) -> Inquiry[None]:
        """Tell what is near to one of the parts beside the others."""
        bound = bound_by(self._text, culprits)
        for part in reversed(culprits):
            if part.triple is None:
                continue
            found: list[Finding] = []
            for triple, used in _bound_triples(part.triple, bound):
                beside = joined(
                    each
                    for each in culprits
                    if each is not part and not (used and used in bound_by(self._text, [each]))
                )
                found += yield from self._near.of_terms(part, triple, replace(scope, beside=beside))
            if found:
                self._report.extend(found)
                return

    def _beyond_the_pattern(self, form: Tree) -> Inquiry[None]:
        """Tell why there is no answer though the pattern matches."""
        modifier = form.child("SolutionModifier")
        shown = self._dissection.slice(modifier) if modifier is not None else ""
        words = {word.text.upper() for word in modifier.tokens()} if modifier is not None else set()
        if modifier is not None and words & {"HAVING", "LIMIT", "OFFSET"}:
            detail = "The pattern matches, but what stands behind it leaves nothing."
            advice = "Take HAVING, LIMIT and OFFSET out, one after the other."
            self._report.add(Kind.MODIFIER, shown, modifier.start, detail, advice)
        elif form.rule == "Construct":
            detail = "The pattern matches, but the template makes no triple of it."
            advice = "Its variables must be bound, and no literal can be a subject or property."
            self._report.add(
                Kind.TEMPLATE, self._dissection.slice(form), form.start, detail, advice
            )
        elif form.rule == "Describe":
            for tree in form.trees:
                if tree.rule == "VarOrIri" and tree.child("Iri") is not None:
                    place = self._dissection.iri(tree)
                    near = self._near.iris.told(place.shown, place, "subject", Scope())
                    self._report.extend((yield from near))


def _bound_triples(
    triple: Triple, bound: Mapping[str, Sequence[Place]]
) -> Iterable[tuple[Triple, str]]:
    """The pattern with each value of ``VALUES`` in it, and the variable that it stands for."""
    yield triple, ""
    for place in bound.get(triple.object.text, ()):
        yield replace(triple, object=place), triple.object.text


def _shared(culprits: Sequence[Part]) -> str:
    """What to do about parts that do not go together."""
    names = Counter(name for part in culprits for name in set(variables_in_order(part.shown)))
    shared = sorted(f"?{name}" for name, count in names.items() if count > 1)
    if not shared:
        return "Ask all but one of them, and look at what that one would have to match."
    return f"Ask all but one of them, and look at what {', '.join(shared)} is."
