# SPDX-License-Identifier: Apache-2.0
"""Where in the files a result of a validation stands.

A value stands where it is the object of the statement that leads to it; too many values where the
last one stands; a value that is missing, and what is said of a node itself, where the node is
first a subject. A path of several steps leads to the statement of its last step.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from cosigraph.check.engines import Result
from cosigraph.check.positions import Positions
from cosigraph.check.property_paths import ALTERNATIVE, Path
from cosigraph.check.shapes_graph import ShapesGraph
from cosigraph.errors import Position, ShapesError
from cosigraph.vocabulary import SH

_EQUALS: Final = NamedNode(f"{SH}equals")
_EQUALS_COMPONENT: Final = f"{SH}EqualsConstraintComponent"
_MISSING: Final = frozenset(
    f"{SH}{name}ConstraintComponent" for name in ("MinCount", "HasValue", "QualifiedMinCount")
)


def place_of_result(result: Result, shapes: ShapesGraph, positions: Positions) -> Position | None:
    """Return where a result stands; None when no file holds its focus node."""
    if result.path is None or (result.value is None and result.component.value in _MISSING):
        return positions.of(result.focus)
    try:
        path = shapes.paths.path(result.path)
    except ShapesError:
        return positions.of(result.focus)
    if result.component.value == _EQUALS_COMPONENT:  # which tells of the other property's values
        others = (Path(other) for other in shapes.objects(result.shape, _EQUALS))
        path = Path(None, ALTERNATIVE, (path, *others))
    return positions.of(result.focus, path, result.value)
