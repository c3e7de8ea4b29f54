# SPDX-License-Identifier: Apache-2.0
"""From what a person types to what is meant: identifiers, CURIEs, codes and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from cosigraph.answers import Surroundings
from cosigraph.choices import Choice, ChoiceFinder, NamedChoice, choice_order, fold
from cosigraph.errors import ParameterValueError
from cosigraph.parameter_values import identifiers_of, literal_value
from cosigraph.parameters import Parameter, ParameterType, shown
from cosigraph.store import Store
from cosigraph.suggestions import did_you_mean, suggestion_sentence
from cosigraph.terms import IRI, Prefixes, Term

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery

_LISTED: Final = 8


class NameResolver:
    """Finds the terms that a caller means, for one dataset and one reading of it.

    Args:
        store: where the choices and their names are asked.
        surroundings: what queries are answered from; its prefixes are those of CURIEs.
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
        reading: str | None = None,
    ) -> None:
        self.reading = reading
        self._prefixes = Prefixes(surroundings.prefixes)
        self._finder = ChoiceFinder(
            store, surroundings, names=names, queries=queries, reading=reading
        )

    def choices(self, parameter: Parameter) -> list[Choice]:
        """What the parameter takes, for forms and help; empty when it is open.

        Things of a class or scheme stand in the order of their codes and labels, others in the
        order of the query or list that they come from.
        """
        if parameter.choices is None:
            return []
        return [named.choice for named in self._finder.named(parameter.choices)]

    @cached_property
    def labels(self) -> dict[str, str]:
        """What everything that has a label is called, by its IRI."""
        everything = (named.choice for named in self._finder.named(None))
        return {choice.value: choice.label for choice in everything if choice.label is not None}

    def terms(self, parameter: Parameter, value: object) -> tuple[Term, ...]:
        """The distinct terms that a value, or a list of values, stands for.

        Args:
            parameter: what the value is for.
            value: a text as a person types it, a Python value, an RDF term, or a list, tuple or
                set of them.

        Raises:
            ParameterValueError: a value has the wrong type, names nothing or several things, or
                is none of the choices.
        """
        return tuple(dict.fromkeys(self._term(parameter, each) for each in _values(value)))

    def _term(self, parameter: Parameter, value: object) -> Term:
        if parameter.type is ParameterType.IRI:
            return self._thing(parameter, value)
        literal = literal_value(parameter, value)
        if parameter.choices is None:
            return literal
        choices = self.choices(parameter)
        exact = [choice for choice in choices if choice.term == literal]
        # Folding takes the sign from a number, so it is for words only.
        matches = _folds_to(literal.value)
        is_word = parameter.type is ParameterType.STRING
        near = [choice for choice in choices if is_word and matches(choice.value)]
        for candidates in (exact, near):
            if len(candidates) == 1:
                return candidates[0].term
        raise ParameterValueError(
            f"{shown(literal.value)} is none of the choices of the parameter '{parameter.name}'.",
            advice=suggestion_sentence(literal.value, [choice.value for choice in choices]),
        )

    def _thing(self, parameter: Parameter, value: object) -> NamedNode:
        is_iri = isinstance(value, (IRI, NamedNode))
        if isinstance(value, NamedNode):
            value = value.value
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # a code that is a number
        if not isinstance(value, str):
            raise parameter.wrong(value)
        text = value.strip()
        identifiers = identifiers_of(f"<{text}>" if is_iri else text, self._prefixes)
        if parameter.choices is None and identifiers:
            return identifiers[0]
        known = self._finder.named(parameter.choices)
        for identifier in identifiers:
            if any(named.choice.term == identifier for named in known):
                return identifier
        found = None if is_iri else self._by_name(parameter, text, known)
        if found is None:
            raise self._not_found(parameter, text, known)
        return found

    def _by_name(
        self, parameter: Parameter, text: str, known: Iterable[NamedChoice]
    ) -> NamedNode | None:
        """The one thing of that name; names as they are written win over folded ones."""
        for matches in (text.__eq__, _folds_to(text)):
            hits = [
                (name.rank, named.choice)
                for named in known
                for name in named.names
                if matches(name.text)
            ]
            first = min((rank for rank, _ in hits), default=None)
            found = {choice.value: choice for rank, choice in hits if rank == first}
            if len(found) > 1:
                raise self._ambiguous(parameter, text, sorted(found.values(), key=choice_order))
            for iri in found:
                return NamedNode(iri)
        return None

    def _ambiguous(
        self, parameter: Parameter, text: str, found: Sequence[Choice]
    ) -> ParameterValueError:
        listed = ", ".join(
            f"{self._prefixes.shorten(choice.value)} ({choice.label or choice.code})"
            for choice in found[:_LISTED]
        )
        more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        return ParameterValueError(
            f"{shown(text)} names {len(found)} things for the parameter '{parameter.name}'.",
            advice=f"Give the identifier of one: {listed}{more}.",
        )

    def _not_found(
        self, parameter: Parameter, text: str, known: Iterable[NamedChoice]
    ) -> ParameterValueError:
        names = [name.text for named in known for name in named.names]
        identifiers = [self._prefixes.shorten(named.choice.value) for named in known]
        if parameter.choices is None:
            near = did_you_mean(text, names)
            return parameter.wrong(text, f"Did you mean '{near}'?" if near else None)
        near = did_you_mean(text, [*names, *identifiers])
        return ParameterValueError(
            f"{shown(text)} is none of the choices of the parameter '{parameter.name}'.",
            advice=suggestion_sentence(text, [near] if near else _brief(known) or identifiers),
        )


def _brief(known: Iterable[NamedChoice]) -> list[str]:
    """One name for each choice that has one: the code, else the label."""
    return [
        named.choice.code or named.choice.label or ""
        for named in known
        if named.choice.code or named.choice.label
    ]


def _folds_to(text: str) -> Callable[[str], bool]:
    folded = fold(text)
    return lambda name: bool(folded) and fold(name) == folded


def _values(value: object) -> list[object]:
    """The values given; only lists, tuples and sets hold several."""
    if isinstance(value, (list, tuple)):
        return list(value)
    return sorted(value, key=str) if isinstance(value, (set, frozenset)) else [value]
