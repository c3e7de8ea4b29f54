# SPDX-License-Identifier: Apache-2.0
"""One version of a store: what its manifest says, and who made it, when and why (PROV-O)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.turtle import write_turtle
from cosigraph.vocabulary import DCTERMS, PROV, RDF, XSD

LONGEST_TEXT: Final = 1000
"""The most characters of who and of why."""
_TYPE = NamedNode(RDF + "type")
_LEAST_DIGITS: Final = 6


def digits_of(name: str) -> str:
    """Return the beginning of the digest that a version is named by; empty if it names none.

    >>> digits_of("0.1.0+sha256.0123456789ab"), digits_of("sha256:01234567"), digits_of("17")
    ('0123456789ab', '01234567', '')
    """
    digits = name.rpartition("sha256")[2].lstrip(".:").lower()
    return digits if len(digits) >= _LEAST_DIGITS else ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a version, and why; empty where nobody said."""

    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its number, that of the version it was made from (0 for none), and its data.

    ``digest`` is that of the file with the data, ``dataset_digest`` that of the dataset, whatever
    the labels of its blank nodes (RDFC-1.0). ``restored`` is the number of the version whose data
    these are once more, 0 for none.
    """

    number: int
    parent: int
    created: str
    digest: str
    graphs: tuple[str, ...]
    dataset_digest: str
    who: str = ""
    why: str = ""
    restored: int = 0

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Version:
        """Return what a manifest says; raises KeyError or TypeError where it is none."""
        version = cls(**{**manifest, "graphs": tuple(manifest["graphs"])})
        numbers = (version.number, version.parent, version.restored)
        texts = (version.created, version.digest, version.dataset_digest, version.who, version.why)
        if not all(isinstance(number, int) for number in numbers):
            raise TypeError("no number")
        if not all(isinstance(text, str) for text in (*texts, *version.graphs)):
            raise TypeError("no text")
        return version

    def members(self) -> dict[str, Any]:
        """Return what is told of a version, for JSON."""
        members: dict[str, Any] = {
            "number": self.number,
            "parent": self.parent or None,
            "created": self.created,
            "digest": self.dataset_digest,
            "who": self.who or None,
            "why": self.why or None,
            "restored": self.restored or None,
            "graphs": list(self.graphs),
        }
        return {name: value for name, value in members.items() if value is not None}


def provenance(version: Version, base: str) -> str:
    """Return who made a version, when and why, as Turtle in the terms of PROV-O."""
    entity = NamedNode(f"{base}version/{version.number}")
    activity = NamedNode(f"{base}version/{version.number}/making")
    said: list[Triple] = [
        Triple(entity, _TYPE, NamedNode(PROV + "Entity")),
        Triple(entity, NamedNode(DCTERMS + "identifier"), Literal(version.dataset_digest)),
        Triple(entity, NamedNode(PROV + "wasGeneratedBy"), activity),
        Triple(activity, _TYPE, NamedNode(PROV + "Activity")),
        Triple(
            activity,
            NamedNode(PROV + "endedAtTime"),
            Literal(version.created, datatype=NamedNode(XSD + "dateTime")),
        ),
    ]
    if version.parent:
        parent = NamedNode(f"{base}version/{version.parent}")
        said.append(Triple(entity, NamedNode(PROV + "wasRevisionOf"), parent))
    if version.restored:
        restored = NamedNode(f"{base}version/{version.restored}")
        said.append(Triple(entity, NamedNode(PROV + "hadPrimarySource"), restored))
    if version.who:
        agent = NamedNode(f"{base}version/{version.number}/agent")
        said += [
            Triple(activity, NamedNode(PROV + "wasAssociatedWith"), agent),
            Triple(agent, _TYPE, NamedNode(PROV + "Agent")),
            Triple(agent, NamedNode(DCTERMS + "identifier"), Literal(version.who)),
        ]
    if version.why:
        said.append(Triple(activity, NamedNode(DCTERMS + "description"), Literal(version.why)))
    return write_turtle(said, {"prov": PROV, "dcterms": DCTERMS, "xsd": XSD})
