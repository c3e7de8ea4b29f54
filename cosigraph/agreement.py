# SPDX-License-Identifier: Apache-2.0
"""How far two readings of the same text agree: Cohen's kappa for each item.

A reading is a named graph with ``cosi:Realisation`` (this goal realises that shared goal, this
strongly) and ``cosi:Classification`` (this thing is about that concept). Each category (a shared
goal, a concept) is a series of decisions, yes or no, on each unit; two readings agree on a unit
when both say yes or both say no. Kappa sets that against chance: J. Cohen, "A coefficient of
agreement for nominal scales", Educational and Psychological Measurement 20 (1960), 37-46.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.errors import UnknownReadingError, UsageError
from cosigraph.suggestions import suggestion_sentence
from cosigraph.turtle import natural_key
from cosigraph.vocabulary import COSI, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from cosigraph.project import Project

DEFAULT_STRENGTH = "similar"
"""The strength from which a realisation counts as a yes, where the project has one of that name."""

SETTLED = "settled"
"""The name by which the reading that the others replace may be called, where it is one."""

UNDEFINED = "\N{EN DASH}"
"""What stands for a number that is undefined."""

EXPLANATION = (
    "Kappa is agreement beyond chance: 1 is full agreement, 0 what chance alone would give, below "
    f"0 less than that. It is undefined ({UNDEFINED}) where both readings say the same of every "
    "unit, all yes or all no: chance then leaves nothing to agree on."
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The decisions of two readings on one category, or on all categories of a group together.

    ``item`` is the category's IRI, None for a group's pooled row. ``both`` counts the units on
    which both readings say yes, ``neither`` those on which both say no. ``disputed`` names the
    units, by label, on which they differ, and says whether the first reading says yes.
    """

    group: str
    item: str | None
    label: str
    both: int
    first_only: int
    second_only: int
    neither: int
    disputed: tuple[tuple[str, bool], ...] = ()

    @property
    def units(self) -> int:
        """The number of decisions."""
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def first(self) -> int:
        """How often the first reading says yes."""
        return self.both + self.first_only

    @property
    def second(self) -> int:
        """How often the second reading says yes."""
        return self.both + self.second_only

    @property
    def observed(self) -> float | None:
        """The share of units on which the readings agree; None without units."""
        return (self.both + self.neither) / self.units if self.units else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa, at most 1; None where it is undefined."""
        # Whole numbers as long as possible, so that equal marginals compare exactly.
        total = self.units
        expected = self.first * self.second + (total - self.first) * (total - self.second)
        if expected == total * total:
            return None
        return (total * (self.both + self.neither) - expected) / (total * total - expected)


def agreement(
    project: Project, first: str, second: str, strength: str | None = None
) -> list[Agreement]:
    """Compare two readings, category by category.

    ``first`` and ``second`` name readings, or the settled graphs they replace: the graph's name,
    its last segment, or its IRI. A realisation counts as a yes from ``strength`` on (an IRI, its
    last segment or a label; default "similar"). Groups follow each other, each closed by its
    pooled row: shared goals, decided on every goal; then each concept scheme, decided on every
    goal and on whatever else either reading classifies under it.

    Raises:
        UnknownReadingError: there is no such reading.
        UsageError: there is no such strength.
    """
    dataset = project.dataset
    facts = _Facts(dataset.default_triples())
    readings = [_Facts(dataset.graphs[_graph(project, name)]) for name in (first, second)]
    least = _least_rank(facts, strength)
    goals = facts.instances(COSI + "Goal")
    rows = _group(
        "shared goals",
        facts,
        sorted(facts.instances(COSI + "SharedGoal"), key=natural_key),
        goals,
        [_realisations(reading, facts, least) for reading in readings],
    )
    classified = [
        set(_pairs(reading, "Classification", "subject", "concept")) for reading in readings
    ]
    for scheme, concepts in _by_scheme(
        facts, {concept for pairs in classified for _, concept in pairs}
    ):
        others = {unit for pairs in classified for unit, concept in pairs if concept in concepts}
        rows += _group(facts.label(scheme), facts, concepts, goals | others, classified)
    return rows


def _graph(project: Project, name: str) -> str:
    """Return the IRI of the graph that a reading's name stands for."""
    dataset = project.dataset
    spellings: dict[str, str] = {}
    for iri in (*dict.fromkeys(dataset.replaces.values()), *dataset.replaces):
        whole = iri.partition("/graph/")[2] or iri
        spellings |= {iri.rpartition("/")[2]: iri, whole: iri, iri: iri}
    spellings |= dataset.readings
    settled = set(dataset.replaces.values())
    if len(settled) == 1:
        spellings.setdefault(SETTLED, *settled)
    if name not in spellings:
        known = [spelling for spelling in spellings if "://" not in spelling]
        raise UnknownReadingError(
            f"There is no reading '{name}'.",
            advice=suggestion_sentence(name, known) or "The project has one reading only.",
        )
    return spellings[name]


_LABELS: Final = (SKOS + "prefLabel", RDFS + "label")
"""The properties that name a thing, the better one first."""


class _Facts:
    """Triples by subject and predicate; terms as their values."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[str, dict[str, list[str]]] = {}
        self._instances: dict[str, set[str]] = {}
        self._labels: dict[str, list[tuple[int, bool, str]]] = {}
        for triple in triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                of_subject = self._values.setdefault(subject.value, {})
                of_subject.setdefault(triple.predicate.value, []).append(value.value)
                if triple.predicate.value == RDF + "type":
                    self._instances.setdefault(value.value, set()).add(subject.value)
                if isinstance(value, Literal) and triple.predicate.value in _LABELS:
                    rank = _LABELS.index(triple.predicate.value), not _is_english(value)
                    self._labels.setdefault(subject.value, []).append((*rank, value.value))

    def instances(self, of_class: str) -> set[str]:
        return self._instances.get(of_class, set())

    def values(self, subject: str, predicate: str) -> list[str]:
        return self._values.get(subject, {}).get(predicate, [])

    def subjects(self, predicate: str) -> list[str]:
        return [subject for subject, found in self._values.items() if predicate in found]

    def label(self, thing: str) -> str:
        """Return a name for people: a preferred label, in English if there is one.

        Without any, it is the last segment of the IRI.
        """
        if thing in self._labels:
            return min(self._labels[thing])[-1]
        return _last_segment(thing)


def _is_english(value: Literal) -> bool:
    language = value.language or "en"
    return language == "en" or language.startswith("en-")


def _last_segment(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def _least_rank(facts: _Facts, strength: str | None) -> int:
    """Return the rank (``cosi:rank``, stronger is more) from which a realisation counts."""
    ranks = {
        iri: _number(facts.values(iri, COSI + "rank")[0]) for iri in facts.subjects(COSI + "rank")
    }
    named: dict[str, int] = {}
    for iri, rank in ranks.items():
        named |= {iri: rank, facts.label(iri): rank, _last_segment(iri): rank}
    if strength is None:
        return named.get(DEFAULT_STRENGTH, 0)
    if strength not in named:
        known = sorted((facts.label(iri) for iri in ranks), key=lambda name: -named[name])
        raise UsageError(
            f"There is no strength '{strength}'.", advice=suggestion_sentence(strength, known)
        )
    return named[strength]


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _pairs(reading: _Facts, kind: str, unit: str, category: str) -> Iterator[tuple[str, str]]:
    for statement in reading.instances(COSI + kind):
        for one in reading.values(statement, COSI + unit):
            for other in reading.values(statement, COSI + category):
                yield one, other


def _realisations(reading: _Facts, facts: _Facts, least: int) -> set[tuple[str, str]]:
    found = set()
    for statement in reading.instances(COSI + "Realisation"):
        strengths = reading.values(statement, COSI + "strength")
        ranks = [_number(rank) for s in strengths for rank in facts.values(s, COSI + "rank")]
        if max(ranks, default=0) >= least:
            goals = reading.values(statement, COSI + "goal")
            shared = reading.values(statement, COSI + "sharedGoal")
            found |= {(goal, shared_goal) for goal in goals for shared_goal in shared}
    return found


def _by_scheme(facts: _Facts, concepts: set[str]) -> list[tuple[str, list[str]]]:
    """Return concept schemes, by label, with those of the concepts that are in them, by label."""
    schemes: dict[str, list[str]] = {}
    for concept in sorted(concepts, key=lambda iri: (facts.label(iri), iri)):
        for scheme in facts.values(concept, SKOS + "inScheme") or [""]:
            schemes.setdefault(scheme, []).append(concept)
    return sorted(schemes.items(), key=lambda pair: (facts.label(pair[0]), pair[0]))


def _group(
    name: str,
    facts: _Facts,
    categories: Iterable[str],
    units: set[str],
    readings: Iterable[set[tuple[str, str]]],
) -> list[Agreement]:
    first, second = ({p for p in pairs if p[0] in units} for pairs in readings)
    rows = []
    for category in categories:
        yes = {unit for unit, chosen in first if chosen == category}
        also = {unit for unit, chosen in second if chosen == category}
        rows.append(
            Agreement(
                group=name,
                item=category,
                label=facts.label(category),
                both=len(yes & also),
                first_only=len(yes - also),
                second_only=len(also - yes),
                neither=len(units) - len(yes | also),
                disputed=tuple(
                    (facts.label(unit), unit in yes) for unit in sorted(yes ^ also, key=natural_key)
                ),
            )
        )
    return [*rows, _pooled(name, rows)] if rows else []


def _pooled(group: str, rows: Iterable[Agreement]) -> Agreement:
    rows = list(rows)
    return Agreement(
        group=group,
        item=None,
        label=f"all {group.lower()}",
        both=sum(row.both for row in rows),
        first_only=sum(row.first_only for row in rows),
        second_only=sum(row.second_only for row in rows),
        neither=sum(row.neither for row in rows),
    )


COLUMNS = (
    "group",
    "item",
    "first",
    "second",
    "both",
    "first only",
    "second only",
    "units",
    "observed",
    "kappa",
)
"""The names of the columns in a table of agreements."""


def texts(rows: Iterable[Agreement]) -> list[tuple[str, ...]]:
    """Return the rows for people, with three decimals."""
    return [
        (
            row.group,
            row.label,
            *(str(n) for n in (row.first, row.second, row.both, row.first_only, row.second_only)),
            str(row.units),
            _decimals(row.observed),
            _decimals(row.kappa),
        )
        for row in rows
    ]


def to_dicts(rows: Iterable[Agreement]) -> list[Mapping[str, object]]:
    """Return the rows for JSON; None for what is undefined."""
    return [
        {
            "group": row.group,
            "item": row.item,
            "label": row.label,
            "units": row.units,
            "first": row.first,
            "second": row.second,
            "both": row.both,
            "firstOnly": row.first_only,
            "secondOnly": row.second_only,
            "observed": row.observed,
            "kappa": row.kappa,
            "firstOnlyUnits": [unit for unit, in_first in row.disputed if in_first],
            "secondOnlyUnits": [unit for unit, in_first in row.disputed if not in_first],
        }
        for row in rows
    ]


DIFFERENCE_COLUMNS = ("group", "item", "unit", "first", "second")
"""The names of the columns in a table of differences."""


def differences(rows: Iterable[Agreement]) -> list[tuple[str, ...]]:
    """Return the decisions on which the readings differ, one row each, for people."""
    return [
        (row.group, row.label, unit, *(("yes", "no") if in_first else ("no", "yes")))
        for row in rows
        for unit, in_first in row.disputed
    ]


def to_markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table (GitHub's)."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines
    )


def _decimals(number: float | None) -> str:
    return UNDEFINED if number is None else f"{number:.3f}"
