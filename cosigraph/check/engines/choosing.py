# SPDX-License-Identifier: Apache-2.0
"""Which engine validates: the reference where it is quick, the fast one where it is not.

Whatever the fast engine refuses goes to the reference, so that both say the same of any shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from pyoxigraph import Triple

from cosigraph.check.engines.engine import Engine, Result
from cosigraph.errors import UnsupportedShapesError


class EngineChoice(StrEnum):
    """What ``--engine`` takes."""

    AUTO = "auto"
    PYSHACL = "pyshacl"
    PYSHIFTY = "pyshifty"


TRIPLES_OF_A_SECOND: Final = 2_000
"""How many triples of data pySHACL validates in about a second (docs/benchmarks-checking.md)."""


def choose(choice: EngineChoice, triples: int, *, has_components: bool = False) -> Engine:
    """Return the engine for that many triples of data.

    ``has_components``: the shapes define constraint components of their own. The reference does
    not tell which value fails such a constraint of a property; the fast engine does. An engine is
    imported here, when it is wanted: pySHACL loads longer than pyshifty validates a project.
    """
    if choice is EngineChoice.PYSHIFTY:
        return pyshifty()
    is_quick = triples <= TRIPLES_OF_A_SECOND and not has_components
    if choice is EngineChoice.PYSHACL or is_quick:
        return pyshacl()
    return _WithReference(pyshifty())


def pyshacl() -> Engine:
    """Return the reference engine."""
    from cosigraph.check.engines.pyshacl_engine import PyshaclEngine  # noqa: PLC0415

    return PyshaclEngine()


def pyshifty() -> Engine:
    """Return the fast engine."""
    from cosigraph.check.engines.pyshifty_engine import PyshiftyEngine  # noqa: PLC0415

    return PyshiftyEngine()


class _WithReference:
    """The fast engine, and the reference for what that one refuses."""

    def __init__(self, fast: Engine) -> None:
        self._fast = fast
        self.name = fast.name
        self.version = fast.version

    def validate(self, data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
        try:
            return self._fast.validate(data, shapes)
        except UnsupportedShapesError:
            return pyshacl().validate(data, shapes)
