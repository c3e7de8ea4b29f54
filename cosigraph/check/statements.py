# SPDX-License-Identifier: Apache-2.0
"""A statement and where it was read."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Triple

from cosigraph.check.syntax import ParsedFile


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A triple of a file, by its number; only itself is equal to it, which is fast."""

    file: ParsedFile
    number: int

    @property
    def triple(self) -> Triple:
        """What is stated."""
        return self.file.triples[self.number]
