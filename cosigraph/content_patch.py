# SPDX-License-Identifier: Apache-2.0
"""What a write changed, as an RDF Patch (https://afs.github.io/rdf-patch/).

The blank nodes have the labels that they have in the store, where a node keeps its label from one
version to the next. ``cosigraph.difference`` makes patches that fit any other copy of the data.
"""

from __future__ import annotations

import uuid

from cosigraph.changes import Content


def patch_between(old: tuple[Content, str], new: tuple[Content, str]) -> str:
    """Return the rows that make ``new`` of ``old``, each with the digest of its dataset.

    The patch's identifier follows from the new digest, that of the one before from the old one.
    """
    before, after = (set(content.nquads.splitlines()) for content, _ in (old, new))
    rows = [
        f"H id <{_identifier(new[1])}> .",
        f"H prev <{_identifier(old[1])}> .",
        "TX .",
        *(f"D {line.decode()}" for line in sorted(before - after)),
        *(f"A {line.decode()}" for line in sorted(after - before)),
        "TC .",
    ]
    return "".join(f"{row}\n" for row in rows)


def _identifier(digest: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, digest).urn
