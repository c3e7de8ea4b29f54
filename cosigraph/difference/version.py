# SPDX-License-Identifier: Apache-2.0
"""One of the two versions that are compared: its quads, and what is known of it beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from cosigraph.difference.places import Places
from cosigraph.stored_dataset import DefaultGraphKind

if TYPE_CHECKING:
    from cosigraph.project import Project


@dataclass(frozen=True)
class Version:
    """A version of a graph.

    ``name`` is what the user calls it. ``quads`` are as ``labelled`` gives them, and ``undecided``
    is the number of their blank nodes whose labels may depend on the order of a file. ``project``
    is the folder that they come from, if they come from one; ``temporary`` is that folder when it
    is to be called by ``name``. ``base`` is what the project's own identifiers begin with.
    ``default_graph`` is what a query asks.
    """

    name: str
    quads: set[Quad]
    undecided: int = 0
    places: Places = field(default_factory=Places)
    project: Project | None = None
    temporary: Path | None = None
    base: str | None = None
    default_graph: DefaultGraphKind = DefaultGraphKind.UNION

    def tell(self, text: str) -> str:
        """Return the text with the name of this version for its temporary folder."""
        return told(text, self.temporary, self.name)


def told(text: str, temporary: Path | None, name: str) -> str:
    """Return the text with ``name`` for the temporary folder, as git writes ``REVISION:path``."""
    if temporary is None:
        return text
    return text.replace(f"{temporary}/", f"{name}:").replace(str(temporary), name)
