# SPDX-License-Identifier: Apache-2.0
"""Whether ontology, data, package and catalogue say the same version."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.check.findings import Finding
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources, triples_of
from cosigraph.configuration import FILE_NAME
from cosigraph.errors import Position, ProjectError
from cosigraph.files import LARGEST_TEXT, read_file

_VERSIONS = {
    "http://www.w3.org/2002/07/owl#versionInfo",
    "http://www.w3.org/2002/07/owl#versionIRI",
    "http://www.w3.org/ns/dcat#version",
    "http://purl.org/pav/version",
    "https://schema.org/version",
}
_NUMBERED = re.compile(r"v?([0-9]+(?:\.[0-9]+)+(?:[-+][0-9A-Za-z.+-]+)?)")
_SETTINGS = {
    FILE_NAME: ("project", re.compile(r"""(\s*version\s*=\s*)["']([^"']*)["']""")),
    "pyproject.toml": ("project", re.compile(r"""(\s*version\s*=\s*)["']([^"']*)["']""")),
    "CITATION.cff": (None, re.compile(r"""(version:\s*)["']?([^"'#\s]+)""")),
}
"""For each file the table in which the version is set, and what the setting looks like."""
_TABLE = re.compile(r"\s*\[+\s*([^\]]*?)\s*\]")


class Statement(NamedTuple):
    """Who says which version, and where."""

    who: str
    version: str
    place: Position | Triple


def check_versions(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each version that is not the one most places say.

    The ontologies and datasets looked at are those below the project's base: others have versions
    of their own.
    """
    said = [*_settings(sources.folder), *_in_graphs(sources)]
    most = Counter(statement.version for statement in said).most_common(1)
    for statement in said:
        if statement.version != most[0][0]:
            others = dict.fromkeys(one.who for one in said if one.version == most[0][0])
            yield rule("release/versions-disagree").finding(
                f"The version of {statement.who} is {statement.version}, but that of "
                f"{_listed(list(others))} is {most[0][0]}.",
                _place(sources, statement.place),
                advice="Say the same version in all of them.",
            )


def _settings(folder: Path) -> Iterator[Statement]:
    """Yield what the files that are no RDF say, where they are there and can be read."""
    for name, (table, setting) in _SETTINGS.items():
        path = folder / name
        try:
            lines = read_file(path, folder, LARGEST_TEXT).decode("utf-8-sig").splitlines()
        except (ProjectError, UnicodeDecodeError):
            continue
        here: str | None = None
        for number, line in enumerate(lines, start=1):
            if table is not None and (heading := _TABLE.match(line)):
                here = heading[1]
            elif here == table and (found := setting.match(line)):
                yield Statement(
                    name, _plain(found[2]), Position(str(path), number, found.start(2) + 1)
                )
                break


def _in_graphs(sources: Sources) -> Iterator[Statement]:
    for triple in triples_of(sources.settled):
        subject, value = triple.subject, triple.object
        if triple.predicate.value in _VERSIONS and isinstance(subject, NamedNode):
            version = _version(value)
            if version is not None and subject.value.startswith(sources.configuration.base):
                yield Statement(sources.shorten(subject), version, triple)


def _version(value: object) -> str | None:
    """Return the version that a literal is, or that an IRI has as its last numbered segment."""
    if isinstance(value, Literal):
        return _plain(value.value)
    segments = re.split(r"[/#]", getattr(value, "value", ""))
    numbered = [found[1] for segment in segments if (found := _NUMBERED.fullmatch(segment))]
    return numbered[-1] if numbered else None


def _plain(version: str) -> str:
    found = _NUMBERED.fullmatch(version.strip())
    return found[1] if found else version.strip()


def _place(sources: Sources, triple: Triple | Position) -> Position:
    if isinstance(triple, Position):
        return triple
    found = sources.positions.of(triple.subject, triple.predicate, triple.object)
    return found or Position()


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
