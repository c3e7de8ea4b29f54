# SPDX-License-Identifier: Apache-2.0
"""What is found out about an answer that is empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cosigraph.errors import Position
from cosigraph.sparql import position_at


class Kind(StrEnum):
    """The kinds of finding: first the reasons, then what is near and may have been meant."""

    PATTERN = "pattern-matches-nothing"
    JOIN = "join-matches-nothing"
    FILTER = "filter-removes-everything"
    MODIFIER = "modifier-leaves-nothing"
    TEMPLATE = "template-makes-nothing"
    GRAPH = "unknown-graph"
    PREFIX = "prefix"
    UNKNOWN = "unknown-iri"
    UNUSED = "unused-iri"
    LANGUAGE = "language-tag"
    DATATYPE = "datatype"
    CASE = "letter-case"
    SPELLING = "spelling"
    TERM = "kind-of-term"
    THERE = "what-is-there"
    OTHER_GRAPH = "other-graph"
    DIRECTION = "direction"
    SUBCLASS = "subclass"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        kind: what was found.
        pattern: the part of the query that it is about.
        position: where in the query, where that can be told.
        detail: what was found, in a sentence.
        advice: what to do, in a sentence.
        term: what ``replacement`` is to be put in the place of; it stands at ``position``.
        replacement: what may have been meant.
    """

    kind: Kind
    pattern: str
    position: Position | None
    detail: str
    advice: str
    term: str | None = None
    replacement: str | None = None

    def members(self) -> dict[str, Any]:
        """The finding as a JSON object, without what is empty."""
        position = self.position
        members = {
            "kind": str(self.kind),
            "pattern": self.pattern,
            "position": position and {"line": position.line, "column": position.column},
            "detail": self.detail,
            "advice": self.advice,
            "term": self.term,
            "replacement": self.replacement,
        }
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes findings in a query's text from offsets in it."""

    text: str

    def finding(  # noqa: PLR0913, PLR0917 - what a finding has
        self,
        kind: Kind,
        pattern: str,
        start: int,
        detail: str,
        advice: str,
        term: str | None = None,
        replacement: str | None = None,
    ) -> Finding:
        """The finding at an offset; without a replacement there is no term to replace."""
        where = position_at(self.text, start)
        term = None if replacement is None else term
        return Finding(kind, pattern, where, detail, advice, term, replacement)


@dataclass(slots=True)
class Explanation:
    """Why an answer is empty.

    Attributes:
        query: the text that is explained.
        is_empty: whether the answer is; None where that could not be found out.
        findings: what was found, the reasons before what is near to each.
        stopped: why the search ended before its end, in a sentence.
        probes: how many queries were run for it.
    """

    query: str
    is_empty: bool | None = None
    findings: list[Finding] = field(default_factory=list)
    stopped: str | None = None
    probes: int = 0

    @property
    def summary(self) -> str:
        """The outcome in a sentence."""
        if self.is_empty is False:
            return (
                "The answer is not empty, though a pattern in it matches nothing."
                if self.findings
                else "The answer is not empty."
            )
        if self.findings:
            return "The answer is empty."
        return "Why the answer is empty was not found out."

    def members(self) -> dict[str, Any]:
        """The explanation as a JSON object."""
        members = {
            "summary": self.summary,
            "isEmpty": self.is_empty,
            "findings": [finding.members() for finding in self.findings],
            "stopped": self.stopped,
            "probes": self.probes,
            "query": self.query,
        }
        return {name: value for name, value in members.items() if name != "stopped" or value}

    def text(self) -> str:
        """The explanation for people, in lines."""
        lines = [self.summary]
        for finding in self.findings:
            where = f"{finding.position}: " if finding.position else ""
            lines += ["", f"{where}{finding.detail}"]
            lines += [f"    {line}" for line in finding.pattern.splitlines()]
            lines += [f"  {finding.advice}"]
        if self.stopped:
            lines += ["", self.stopped]
        return "\n".join(lines) + "\n"
