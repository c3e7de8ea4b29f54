# SPDX-License-Identifier: Apache-2.0
"""The choices of parameters, with their codes, labels and other names, asked of the store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from pyoxigraph import Literal, NamedNode

from cosigraph.answers import Surroundings, answer
from cosigraph.parameters import (
    Choices,
    ClassChoices,
    QueryChoices,
    SchemeChoices,
    ValueChoices,
    bind,
)
from cosigraph.store import Store
from cosigraph.terms import RDFS, SKOS, Term

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery

_NOTATION: Final = SKOS + "notation"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a parameter takes, with its code and label as far as it has them."""

    term: Term
    code: str | None = None
    label: str | None = None

    @property
    def iri(self) -> str | None:
        """The identifier, or None for a literal."""
        return self.term.value if isinstance(self.term, NamedNode) else None

    @property
    def value(self) -> str:
        """The identifier or the literal's text, which stands for the choice in an address."""
        return self.term.value if isinstance(self.term, (NamedNode, Literal)) else str(self.term)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing; ``rank`` is the place of its property among those configured."""

    rank: int
    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class NamedChoice:
    """A choice with all its names."""

    choice: Choice
    names: tuple[Name, ...]


# Spaces, line ends, hyphens and dashes, underscores, and characters that do not show.
_FOLDED_AWAY: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc"})
_APOSTROPHES: Final = "'\u2018\u2019\u02bc"


def fold(text: str) -> str:
    """The text without case, accents, spaces, hyphens and apostrophes, for comparing names.

    >>> fold("Reine-Claude") == fold("reine claude")
    True
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(
        character
        for character in decomposed
        if not unicodedata.combining(character)
        and unicodedata.category(character) not in _FOLDED_AWAY
        and character not in _APOSTROPHES
    )


class ChoiceFinder:
    """Asks for choices and their names, once each, in one dataset and one reading of it.

    Args:
        store: where they are asked.
        surroundings: what queries are answered from.
        names: the IRIs of the properties that name a thing; earlier ones win.
        queries: the project's canned queries, from whose columns choices may come.
        reading: the alternative reading that is asked, if any.
    """

    def __init__(
        self,
        store: Store,
        surroundings: Surroundings,
        *,
        names: Sequence[str],
        queries: Mapping[str, CannedQuery],
        reading: str | None,
    ) -> None:
        self._store = store
        self._surroundings = surroundings
        self._names = tuple(names)
        self._queries = queries
        self._reading = reading
        self._known: dict[Choices | None, tuple[NamedChoice, ...]] = {}

    def named(self, choices: Choices | None) -> tuple[NamedChoice, ...]:
        """The choices; without any, everything that has a name."""
        if choices not in self._known:
            self._known[choices] = self._ask(choices)
        return self._known[choices]

    def _ask(self, choices: Choices | None) -> tuple[NamedChoice, ...]:
        """The choices with their names; without choices, everything that has a name."""
        match choices:
            case ValueChoices(terms):
                return self._in_given_order(terms)
            case QueryChoices(query, column):
                return self._in_given_order(self._column(self._queries[query], column))
            case ClassChoices(iri):
                pattern = f"?class <{RDFS}subClassOf>* <{iri}> . ?choice a ?class ."
            case SchemeChoices(iri):
                ways = f"<{SKOS}inScheme>|<{SKOS}topConceptOf>|^<{SKOS}hasTopConcept>"
                pattern = f"?choice {ways} <{iri}> ."
            case None:
                pattern = f"VALUES ?naming {{ {self._properties} }} ?choice ?naming ?anything ."
        return tuple(
            sorted(self._with_names(pattern), key=lambda named: choice_order(named.choice))
        )

    def _in_given_order(self, terms: Sequence[Term]) -> tuple[NamedChoice, ...]:
        things = [term for term in terms if isinstance(term, NamedNode)]
        names = {}
        if things:
            pattern = f"VALUES ?choice {{ {' '.join(map(str, things))} }}"
            names = {named.choice.term: named for named in self._with_names(pattern)}
        return tuple(names.get(term) or NamedChoice(Choice(term), ()) for term in terms)

    def _column(self, query: CannedQuery, name: str) -> list[Term]:
        """The distinct terms in a column of a canned query that is asked without parameters."""
        position = [column.name for column in query.columns].index(name)
        terms = (row[position] for row in self._rows(bind(query, {})))
        return list(dict.fromkeys(term for term in terms if term is not None))

    @property
    def _properties(self) -> str:
        return " ".join(f"<{name}>" for name in self._names)

    def _with_names(self, pattern: str) -> list[NamedChoice]:
        """The things that the pattern finds as ?choice, with their names."""
        rows = self._rows(
            f"SELECT DISTINCT ?choice ?property ?name WHERE {{ "
            f"{{ SELECT DISTINCT ?choice WHERE {{ {pattern} FILTER(isIRI(?choice)) }} }} "
            f"OPTIONAL {{ VALUES ?property {{ {self._properties} }} ?choice ?property ?name "
            "FILTER(isLiteral(?name)) } }"
        )
        found: dict[Term, list[Name]] = {}
        for choice, naming, name in rows:
            names = found.setdefault(cast("Term", choice), [])
            if isinstance(naming, NamedNode) and isinstance(name, Literal):
                names.append(Name(self._names.index(naming.value), name.value, name.language))
        return [self._describe(term, names) for term, names in found.items()]

    def _describe(self, term: Term, names: list[Name]) -> NamedChoice:
        codes = sorted(name.text for name in names if self._names[name.rank] == _NOTATION)
        labels = sorted(
            (name for name in names if self._names[name.rank] != _NOTATION), key=_label_order
        )
        choice = Choice(term, codes[0] if codes else None, labels[0].text if labels else None)
        return NamedChoice(choice, tuple(names))

    def _rows(self, text: str) -> list[tuple[Term | None, ...]]:
        return answer(self._store, text, self._surroundings, reading=self._reading).rows()


def _label_order(name: Name) -> tuple[int, int, str, str]:
    """English first, then labels without a language, then the others by language."""
    language = name.language or ""
    english = language == "en" or language.startswith("en-")
    return name.rank, 0 if english else 1 if not language else 2, language, name.text


def choice_order(choice: Choice) -> tuple[bool, list[tuple[int, int, str]], str]:
    """Things with a code first; numbers within a code or label in the order of their size."""
    text = choice.code or choice.label or choice.value
    parts = re.split(r"([0-9]+)", fold(text))
    numbered = [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
    return choice.code is None, numbered, choice.value
