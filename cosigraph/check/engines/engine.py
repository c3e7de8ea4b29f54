# SPDX-License-Identifier: Apache-2.0
"""What every SHACL engine is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term: TypeAlias = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a validation (SHACL, section 3.6.2).

    Terms are those of the graphs as they were given: blank nodes have the same labels, literals
    the same words. ``path`` is a predicate, or the blank node that begins the path in the shapes.
    """

    focus: Term
    path: NamedNode | BlankNode | None
    value: Term | None
    component: NamedNode
    shape: NamedNode | BlankNode
    severity: NamedNode
    messages: tuple[Literal, ...] = ()


class Engine(Protocol):
    """Validates data against shapes.

    Nothing is inferred, no rule or script of the shapes is run, and nothing is fetched.
    """

    @property
    def name(self) -> str:
        """What ``--engine`` calls it."""

    @property
    def version(self) -> str:
        """The version of its package."""

    def validate(self, data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
        """Return every result, in no order.

        Raises:
            ShapesError: the shapes cannot be used by any engine.
            UnsupportedShapesError: this engine cannot use them; another may.
        """
