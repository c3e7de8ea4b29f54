# SPDX-License-Identifier: Apache-2.0
"""Prefixes that a file uses and does not declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cosigraph.check.findings import Finding, finding_of
from cosigraph.check.rule import rule
from cosigraph.errors import Position, ProjectError
from cosigraph.files import read_file
from cosigraph.suggestions import did_you_mean
from cosigraph.terms import Prefixes

_MESSAGE: Final = re.compile(
    r"The prefix (?P<turtle>.*): has not been declared\.|Unknown prefix (?P<xml>.*):\."
)
"""What Oxigraph's parsers of Turtle and of RDF/XML say, ended by ``cosigraph.loading``."""

_DECLARATION: Final = re.compile(
    r"(?:@?prefix\s+|\bxmlns:)([\w.-]*)(?:\s*:\s*<|\s*=)", re.IGNORECASE
)


def unreadable(error: ProjectError, prefixes: Prefixes) -> Finding:
    """Return the finding of a file that cannot be read: of its prefix where that is why."""
    found = _MESSAGE.fullmatch(error.detail)
    position = error.position
    if found is None or position is None or position.source is None:
        return finding_of(error, "syntax/rdf")
    text = read_file(Path(position.source)).decode("utf-8-sig", errors="replace")
    prefix = found["turtle"] if found["xml"] is None else found["xml"]
    if found["xml"] is not None:
        position = _first_use(text, prefix, position)
    return undeclared(prefix, position, prefixes.namespaces, _DECLARATION.findall(text))


def undeclared(
    prefix: str, position: Position, known: Mapping[str, str], declared: list[str]
) -> Finding:
    """Return what to say of a prefix: declare it, or mean one that is declared."""
    near = None if prefix in known else did_you_mean(prefix, [*declared, *known])
    if near is None:
        advice = f"Declare it: @prefix {prefix}: <{known.get(prefix, '…')}> ."
    elif near in declared:
        advice = f"Did you mean '{near}:'?"
    else:
        advice = f"Did you mean '{near}:'? Declare it: @prefix {near}: <{known[near]}> ."
    return rule("terms/undeclared-prefix").finding(
        f"The prefix '{prefix}:' is not declared.", position, advice=advice
    )


def _first_use(text: str, prefix: str, position: Position) -> Position:
    """Return where an element or attribute has the prefix first; the parser keeps no place."""
    use = re.search(rf"(?<=[<\s]){re.escape(prefix)}:", text)
    if use is None:
        return position
    before = text[: use.start()]
    line_start = before.rfind("\n") + 1
    return Position(position.source, before.count("\n") + 1, use.start() - line_start + 1)
