# SPDX-License-Identifier: Apache-2.0
"""Links to other vocabularies: their form, their number, their time, and whether they are facts.

A link is a statement with a mapping property of SKOS or ``owl:sameAs``. What a mapping node
(``sssom:Mapping``) says of it, the dates between which it is asserted, counts with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import combinations
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from cosigraph.check.findings import Finding
from cosigraph.check.rule import rule
from cosigraph.check.sources import SHAPES, Sources
from cosigraph.check.statements import Statement
from cosigraph.check.syntax import finding_of_file
from cosigraph.errors import MappingFileError, Position, ProjectError
from cosigraph.mappings.files import holds_candidates, mapping_files, read_mapping_file
from cosigraph.mappings.mapping import Mapping
from cosigraph.vocabulary import COSI, OWL, SKOS

_EXACT: Final = SKOS + "exactMatch"
LINKS: Final = frozenset(
    {
        _EXACT,
        SKOS + "closeMatch",
        SKOS + "broadMatch",
        SKOS + "narrowMatch",
        SKOS + "relatedMatch",
        OWL + "sameAs",
    }
)
"""The properties that lead to other vocabularies."""

ENDS: Final = frozenset(
    {
        "http://data.europa.eu/eli/ontology#date_no_longer_in_force",
        "http://publications.europa.eu/ontology/authority/end.use",
        "http://schema.org/validThrough",
        "https://schema.org/validThrough",
    }
)
"""The properties that say when something stopped being valid."""

_DEPRECATED = OWL + "deprecated"
_SOURCE, _TARGET = OWL + "annotatedSource", OWL + "annotatedTarget"
_FROM, _UNTIL = COSI + "validFrom", COSI + "validUntil"
_READ = LINKS | ENDS | {_DEPRECATED, _SOURCE, _TARGET, _FROM, _UNTIL}
_NAMESPACE = re.compile(r".*[/#]")


class _Link(NamedTuple):
    """What a statement leads from and to."""

    subject: str
    target: str


class _Time(NamedTuple):
    """The first and the last day for which a link is asserted; empty where it is open."""

    start: str = ""
    end: str = ""

    def is_apart_from(self, other: _Time) -> bool:
        """Tell whether no day is in both."""
        return any(
            one.end and two.start and one.end < two.start
            for one, two in ((self, other), (other, self))
        )


def check_links(sources: Sources) -> Iterator[Finding]:
    """Yield what is wrong with the links of the settled reading."""
    links = _Links(sources)
    yield from links.of_wrong_form()
    yield from links.two_exact_matches()
    yield from links.to_what_has_ended()
    yield from links.of_candidates()


class _Links:
    """The links of a project, and what else its files say of them and of their targets."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._links: dict[tuple[_Link, str], Statement] = {}
        self._ended: dict[str, Statement] = {}
        self._said: defaultdict[str, dict[str, str]] = defaultdict(dict)
        prefixes = sources.prefixes.namespaces
        # The longest first, as one vocabulary's namespace may lie within another's.
        self._forms = sorted(
            (
                (prefixes[prefix], prefix, re.compile(form))
                for prefix, form in sources.configuration.link_forms.items()
            ),
            key=lambda form: (-len(form[0]), form[1]),
        )
        for file in sources.settled:
            if sources.room(file) == SHAPES:
                continue
            for number, triple in enumerate(file.triples):
                if triple.predicate.value in _READ and isinstance(triple.subject, NamedNode):
                    self._read(triple.subject.value, Statement(file, number))

    def _read(self, subject: str, statement: Statement) -> None:
        name, value = statement.triple.predicate.value, statement.triple.object
        if name in LINKS:
            if isinstance(value, NamedNode):
                self._links.setdefault((_Link(subject, value.value), name), statement)
        elif name in ENDS or (name == _DEPRECATED and getattr(value, "value", "") in {"true", "1"}):
            self._ended.setdefault(subject, statement)
        elif isinstance(value, NamedNode | Literal):
            self._said[subject][name] = value.value

    @cached_property
    def _times(self) -> dict[_Link, _Time]:
        return {
            _Link(said[_SOURCE], said[_TARGET]): _Time(said.get(_FROM, ""), said.get(_UNTIL, ""))
            for said in self._said.values()
            if _SOURCE in said and _TARGET in said
        }

    def _time(self, link: _Link) -> _Time:
        return self._times.get(link, _Time())

    def of_wrong_form(self) -> Iterator[Finding]:
        """Yield the links whose target no vocabulary of ``[check.links]`` can have."""
        for (link, _), statement in self._links.items() if self._forms else ():
            found = self._vocabulary(link.target)
            shown = self._sources.shorten(link.target)
            if found is None:
                known = ", ".join(prefix for _, prefix, _ in sorted(self._forms))
                detail = f"{shown} is in none of the vocabularies of [check.links]: {known}."
                advice = "Correct the namespace, or add the vocabulary to cosigraph.toml."
            else:
                namespace, prefix, form = found
                if form.fullmatch(link.target, len(namespace)):
                    continue
                detail = f"{shown} is not of the form that '{prefix}' has: {form.pattern}"
                advice = "Correct the identifier by the published vocabulary."
            yield self._finding("links/wrong-form", detail, statement, advice)

    def _vocabulary(self, target: str) -> tuple[str, str, re.Pattern[str]] | None:
        return next((form for form in self._forms if target.startswith(form[0])), None)

    def _scheme(self, target: str) -> str:
        found = self._vocabulary(target)
        if found is not None:
            return found[0]
        namespace = _NAMESPACE.match(target)
        return namespace[0] if namespace else target

    def two_exact_matches(self) -> Iterator[Finding]:
        """Yield the things with exact matches to two things of one scheme at the same time."""
        exact: defaultdict[tuple[str, str], list[tuple[_Link, Statement]]] = defaultdict(list)
        for (link, name), statement in self._links.items():
            if name == _EXACT:
                exact[link.subject, self._scheme(link.target)].append((link, statement))
        for matches in exact.values():
            for (first, before), (second, statement) in combinations(matches, 2):
                if self._time(first).is_apart_from(self._time(second)):
                    continue
                shorten = self._sources.shorten
                yield self._finding(
                    "links/two-exact-matches",
                    f"{shorten(first.subject)} is an exact match of {shorten(first.target)} "
                    f"and of {shorten(second.target)}.",
                    statement,
                    "Keep one, make the other a skos:closeMatch, or say when each holds.",
                    before,
                )

    def to_what_has_ended(self) -> Iterator[Finding]:
        """Yield the exact matches without dates to what is deprecated or no longer valid."""
        for (link, name), statement in self._links.items():
            ended = self._ended.get(link.target)
            if name == _EXACT and ended is not None and self._time(link) == _Time():
                yield self._finding(
                    "links/deprecated-target",
                    f"{self._sources.shorten(link.target)} is deprecated or no longer valid, "
                    "and the exact match does not say until when it holds.",
                    statement,
                    "Say it with cosi:validUntil on the mapping, or match what took its place.",
                    ended,
                )

    def of_candidates(self) -> Iterator[Finding]:
        """Yield the links that a file of candidates has too, and the files that are unreadable."""
        stated: defaultdict[_Link, list[Statement]] = defaultdict(list)
        for (link, _), statement in self._links.items():
            stated[link].append(statement)
        for candidate in self._candidates():
            if isinstance(candidate, Finding):
                yield candidate
                continue
            path, mapping = candidate
            for statement in stated[_Link(mapping.subject, mapping.object or "")]:
                shown = f"{mapping.cells['subject_id']} and {mapping.target}"
                yield self._finding(
                    "links/candidate-published",
                    f"The link between {shown} is a candidate ({path}:{mapping.line}).",
                    statement,
                    "Take it out of the data, or out of the candidates once it is confirmed.",
                )

    def _candidates(self) -> Iterator[tuple[str, Mapping] | Finding]:
        folder = self._sources.folder
        for path in mapping_files(folder):
            try:
                mapping_set = read_mapping_file(path, folder)
            except MappingFileError as error:
                where = error.position or Position(str(path))
                at = Position(where.source, where.line or 1, 1)
                yield rule("links/unreadable-mappings").finding(
                    error.detail, at, advice=error.advice
                )
                continue
            except ProjectError as error:
                yield finding_of_file(error)
                continue
            if holds_candidates(path):
                shown = path.relative_to(folder).as_posix()
                yield from ((shown, mapping) for mapping in mapping_set.mappings)

    def _finding(
        self, name: str, message: str, statement: Statement, advice: str, *others: Statement
    ) -> Finding:
        told = "\n".join(map(self._sources.told, (*others, statement)))
        return rule(name).finding(
            message, self._sources.place(statement), advice=advice, detail=told
        )
