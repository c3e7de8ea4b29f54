# SPDX-License-Identifier: Apache-2.0
"""What makes a finding the same one in another version of the files.

It is what was found and of what, never where: so it survives moved lines, renamed labels of blank
nodes, and another folder. A blank node is named by the nearest IRI that leads to it, and the way.
What is found of no node (a syntax error) is known by its message and the text of its line. Of
equal ones, the first in the file is the first, and so on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pyoxigraph import BlankNode

from cosigraph.check.findings import Finding
from cosigraph.check.source_lines import SourceLines
from cosigraph.check.syntax import ParsedFile

_DIGITS = 32
_LABEL = re.compile(r"\bf\d+b\d+\b")  # as cosigraph.check.syntax has blank nodes labelled


def with_fingerprints(
    findings: Iterable[Finding], folder: Path, files: Iterable[ParsedFile]
) -> tuple[Finding, ...]:
    """Return the findings, in their order, each with its fingerprint.

    Args:
        findings: in the order in which equal ones are counted.
        folder: the project's, to which files are relative.
        files: what the files say, by which blank nodes are named.
    """
    names = _BlankNodeNames(files)
    lines = SourceLines()
    seen: Counter[str] = Counter()
    told = []
    for finding in findings:
        content = json.dumps(_content(finding, folder, names, lines), ensure_ascii=True)
        number = seen[content]
        seen[content] += 1
        digest = hashlib.sha256(f"{content}{number}".encode()).hexdigest()
        told.append(replace(finding, fingerprint=digest[:_DIGITS]))
    return tuple(told)


def file_of(finding: Finding, folder: Path) -> str:
    """Return the path of the finding's file, relative to the folder where it lies in that."""
    source = finding.position.source
    return "" if source is None else _relative(source, folder)


@lru_cache(maxsize=4096)
def _relative(source: str, folder: Path) -> str:
    path = Path(source)
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def _content(
    finding: Finding, folder: Path, names: _BlankNodeNames, lines: SourceLines
) -> list[str | None]:
    content = [finding.rule, file_of(finding, folder), finding.shape, finding.reading]
    if finding.focus_node is None:
        text = (lines.line(finding.position) or "").strip()
        return [*content, _LABEL.sub("_", finding.message), text]
    return [*content, names.of(finding.focus_node), finding.path, names.of(finding.value)]


class _BlankNodeNames:
    """Names for blank nodes that do not depend on their labels; made when one is asked for."""

    def __init__(self, files: Iterable[ParsedFile]) -> None:
        self._files = tuple(files)
        self._users: dict[str, tuple[str, str]] | None = None

    def of(self, term: str | None) -> str | None:
        """Return the name of a blank node ``_:label``; other terms stay what they are."""
        if term is None or not term.startswith("_:"):
            return term
        if self._users is None:
            self._users = self._read()
        way: list[str] = []
        label, seen = term[2:], set[str]()
        while label in self._users and label not in seen:
            seen.add(label)
            label, predicate = self._users[label]
            way.append(predicate)
        if label.startswith("<"):
            return "/".join([label, *reversed(way)])
        return "/".join(["[]", *reversed(way)])

    def _read(self) -> dict[str, tuple[str, str]]:
        """For each blank node a subject that points to it, an IRI in brackets, and the property."""
        users: dict[str, tuple[str, str]] = {}
        for file in self._files:
            for subject, predicate, value in file.triples:
                if isinstance(value, BlankNode):
                    name = subject.value if isinstance(subject, BlankNode) else str(subject)
                    users.setdefault(value.value, (name, predicate.value))
        return users
