# SPDX-License-Identifier: Apache-2.0
"""A mapping and a set of them, as SSSOM 1.0 has them (https://mapping-commons.github.io/sssom/)."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from cosigraph.terms import Prefixes

BUILT_IN_PREFIXES: Final = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
}
"""The prefixes that SSSOM lets a file leave out of its ``curie_map``."""

LITERAL: Final = "rdfs literal"
"""The ``object_type`` of a mapping whose target is no thing, but a string: its ``object_label``."""

_NO_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Extension:
    """A slot of the file's own: the property that it stands for, and its datatype."""

    slot: str
    property: str
    datatype: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: ``cells`` are the slots that are filled, ``line`` its line in the file.

    ``subject``, ``predicate`` and ``object`` are IRIs; ``object`` is None if the target is a
    literal, whose text is then ``object_label``.
    """

    identifier: str
    subject: str
    predicate: str
    object: str | None
    cells: Dictionary[str, str]
    line: int

    @property
    def confidence(self) -> float | None:
        """How sure whoever made the mapping was, from 0 to 1, where it is said."""
        text = self.cells.get("confidence")
        return None if text is None else float(text)

    @property
    def target(self) -> str:
        """The target as it stands in the file: a CURIE, or the text of a literal."""
        return self.cells.get("object_id") or self.cells["object_label"]


@dataclass(frozen=True)
class MappingSet:
    """The mappings of one file, and what its header says of all of them."""

    path: Path
    header: Dictionary[str, object]
    mappings: tuple[Mapping, ...]
    columns: tuple[str, ...]
    extensions: tuple[Extension, ...] = field(default=())

    @property
    def identifier(self) -> str:
        """The IRI of the set."""
        return str(self.header["mapping_set_id"])

    @cached_property
    def prefixes(self) -> Prefixes:
        """The prefixes of the file, with those that SSSOM knows."""
        return prefixes_of(self.header)


def prefixes_of(header: Dictionary[str, object]) -> Prefixes:
    """Return the prefixes that a header declares, with those that SSSOM knows."""
    declared = header.get("curie_map", {})
    assert isinstance(declared, dict)  # noqa: S101 - the reader has made sure
    return Prefixes(BUILT_IN_PREFIXES | declared)


def identifier_of(mapping_set: str, subject: str, target: str) -> str:
    """Return the IRI of a mapping: that of its set, and what it leads from and to.

    The same pair has the same identifier in every edition of the set, whatever its line.
    """
    return f"{mapping_set}/{_word(subject)}/{_word(target)}"


def _word(curie: str) -> str:
    return _NO_WORD.sub("-", curie.casefold()).strip("-")
