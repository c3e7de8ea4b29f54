# SPDX-License-Identifier: Apache-2.0
"""Which classes, predicates and nodes the data has: what shapes can match."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from pyoxigraph import NamedNode, Triple

from cosigraph.vocabulary import RDF, RDFS

_TYPE: Final = NamedNode(f"{RDF}type")
_SUBCLASS: Final = NamedNode(f"{RDFS}subClassOf")


class DataTerms:
    """What occurs in the data, gathered in one pass over it."""

    def __init__(self, data: Iterable[Triple], nodes: Collection[Any]) -> None:
        """Look through the data; of its nodes, only those in ``nodes`` are asked for."""
        self.predicates: set[NamedNode] = set()
        self.nodes: set[Any] = set()
        self._classes: set[Any] = set()
        self._subclasses: dict[Any, set[Any]] = {}
        wanted = set(nodes)
        for subject, predicate, value in data:
            self.predicates.add(predicate)
            if predicate == _TYPE:
                self._classes.add(value)
            elif predicate == _SUBCLASS:
                self._subclasses.setdefault(value, set()).add(subject)
            if wanted:
                self.nodes |= wanted.intersection((subject, value))

    def has_instance(self, of: Any) -> bool:
        """Tell whether anything is of the class, or of a subclass of it."""
        seen, waiting = {of}, [of]
        while waiting:
            one = waiting.pop()
            if one in self._classes:
                return True
            new = self._subclasses.get(one, set()) - seen
            seen |= new
            waiting += new
        return False
