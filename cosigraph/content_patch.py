# SPDX-License-Identifier: Apache-2.0
"""What a write changed, as an RDF Patch (https://afs.github.io/rdf-patch/).

The blank nodes have the labels that they have in the store, where a node keeps its label from one
version to the next. ``cosigraph.difference`` makes patches that fit any other copy of the data.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from cosigraph.changes import Content


def patch_between(old: tuple[Content, str], new: tuple[Content, str]) -> str:
    """Return the patch that makes ``new`` of ``old``, each with the digest of its dataset."""
    before, after = (set(content.nquads.splitlines()) for content, _ in (old, new))
    return patch_of(
        (old[1], (line.decode() for line in sorted(before - after))),
        (new[1], (line.decode() for line in sorted(after - before))),
    )


def patch_of(old: tuple[str, Iterable[str]], new: tuple[str, Iterable[str]]) -> str:
    """Return the patch between two datasets, each told by its digest and the lines it alone has.

    Its identifier follows from the new digest and that of the patch before from the old one, so
    that the patches of successive versions are a log.
    """
    rows = [
        f"H id <{_identifier(new[0])}> .",
        f"H prev <{_identifier(old[0])}> .",
        "TX .",
        *(f"D {line}" for line in old[1]),
        *(f"A {line}" for line in new[1]),
        "TC .",
    ]
    return "".join(f"{row}\n" for row in rows)


def _identifier(digest: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, digest).urn
