# SPDX-License-Identifier: Apache-2.0
"""What is checked: rules, each with a page that explains it.

A page is ``rules/FAMILY/NAME.md`` beside this module and the only place where a rule is declared:
its front matter has the severity, its heading the title, and its sections say what the problem
is, why it matters, what solves it, and an example. Findings carry a rule's identifier,
``FAMILY/NAME``; what writes reports can show the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cosigraph.check.findings import Finding, Severity
from cosigraph.errors import Position, UnknownRuleError
from cosigraph.suggestions import suggestion_sentence

SECTIONS: Final = ("Problem", "Why it matters", "Solution", "Example")
"""The sections of every page, in this order."""

_FOLDER: Final = Path(__file__).parent / "rules"
_PAGE: Final = re.compile(
    r"---\nseverity: (?P<severity>\w+)\n---\n\n# (?P<title>[^\n]+)\n(?P<text>.*)", re.DOTALL
)
_HEADING: Final = re.compile(r"^## (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its page declares it.

    ``severity`` is what a finding has unless a shape says otherwise; ``text`` is the page's
    Markdown below the title.
    """

    identifier: str
    severity: Severity
    title: str
    text: str

    @property
    def sections(self) -> dict[str, str]:
        """The page's sections by heading."""
        parts = _HEADING.split(self.text)[1:]
        return {
            heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)
        }

    def finding(self, message: str, position: Position, **more: Any) -> Finding:
        """Return a finding of this rule, of its severity unless ``more`` has another."""
        severity = more.pop("severity", self.severity)
        return Finding(self.identifier, severity, message, position, **more)


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by identifier, sorted."""
    pages = (path for path in _FOLDER.glob("*/*.md"))
    read = (_read(path) for path in pages)
    return {rule.identifier: rule for rule in sorted(read, key=lambda rule: rule.identifier)}


def rule(identifier: str) -> Rule:
    """Return the rule of that identifier.

    Raises:
        UnknownRuleError: there is none.
    """
    known = rules()
    if identifier not in known:
        raise UnknownRuleError(
            f"There is no rule '{identifier}'.", advice=suggestion_sentence(identifier, known)
        )
    return known[identifier]


def _read(path: Path) -> Rule:
    page = _PAGE.fullmatch(path.read_text(encoding="utf-8"))
    if page is None:
        raise ValueError(f"{path.parent.name}/{path.name} is no page of a rule")
    return Rule(
        identifier=f"{path.parent.name}/{path.stem}",
        severity=Severity(page["severity"]),
        title=page["title"],
        text=page["text"].strip() + "\n",
    )
