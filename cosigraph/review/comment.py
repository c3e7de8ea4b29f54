# SPDX-License-Identifier: Apache-2.0
"""The comment on a change, in Markdown: findings, answers that change, the readable difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cosigraph.check.findings import Report
from cosigraph.check.reports import Setting
from cosigraph.check.reports.github import MOST_ANNOTATIONS, parted
from cosigraph.check.reports.markdown import code, escaped, to_markdown
from cosigraph.check.reports.text import count
from cosigraph.review.answers import ChangedAnswer

LONGEST: Final = 60_000
"""How many characters a comment has at most; GitHub takes 65,536, GitLab more."""

_MOST_ANSWERS = 50
_MOST_ROWS = 20
_CUT = "\n\n… and more, which is left out here, as comments have a limit.\n"


def marker_of(project: str) -> str:
    """Return the line, which nobody sees, by which the comment of a project is found again."""
    return f"<!-- cosigraph review: {re.sub(r'[^A-Za-z0-9._/-]', '_', project)} -->"


def comment_of(
    project: str,
    report: Report,
    answers: Sequence[ChangedAnswer],
    difference: str,
    setting: Setting,
) -> str:
    """Return the comment.

    Args:
        project: the project's name.
        report: the findings of the change.
        answers: the canned answers that it changes.
        difference: the readable difference in Markdown, empty if there is none to show.
        setting: what the report is written for.
    """
    parts = [
        f"{marker_of(project)}\n### {escaped(project)}: what this change does\n",
        to_markdown(report, setting),
        _annotations(report),
        _answers(answers),
    ]
    told = "\n".join(part for part in parts if part)
    if difference.strip():
        told += f"\n#### Difference\n\n{_head(difference, LONGEST - len(told) - 200)}"
    return _head(told, LONGEST)


def is_worth_telling(report: Report, answers: Sequence[ChangedAnswer], difference: str) -> bool:
    """Return whether the change does anything that a reviewer would want to know."""
    return bool(report.findings or report.skipped or answers or difference.strip())


def _annotations(report: Report) -> str:
    """Say how many findings have no annotation beside the lines, as the platform caps them."""
    _, left_out = parted(report)
    if not left_out:
        return ""
    told = count(len(left_out), "finding")
    return f"{told} without an annotation: there are at most {MOST_ANNOTATIONS} of a kind.\n"


def _answers(answers: Sequence[ChangedAnswer]) -> str:
    if not answers:
        return ""
    lines = ["#### Answers that change\n", *map(_answer, answers[:_MOST_ANSWERS])]
    if len(answers) > _MOST_ANSWERS:
        lines.append(f"- … and {len(answers) - _MOST_ANSWERS} more")
    return "\n".join([*lines, ""])


def _answer(answer: ChangedAnswer) -> str:
    name = code(f"{answer.query}, {answer.case}" if answer.case else answer.query)
    if answer.failure is not None:
        return f"- {name} cannot be answered any more: {escaped(answer.failure)}"
    rows = [f"- {row}" for row in answer.removed] + [f"+ {row}" for row in answer.added]
    shown = [code(row) for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        shown.append(f"… and {len(rows) - _MOST_ROWS} more")
    told = f"{count(len(answer.removed), 'row')} less, {count(len(answer.added), 'row')} more"
    return f"- <details><summary>{name}: {told}</summary>{'<br>'.join(shown)}</details>"


def _head(text: str, most: int) -> str:
    """Return a text, or the whole lines at its beginning that fit, closing what they open."""
    if len(text) <= most:
        return text
    kept = text[: max(most - len(_CUT) - 200, 0)].rpartition("\n")[0]
    fences = len(re.findall(r"^```", kept, re.MULTILINE)) % 2
    opened = kept.count("<details") - kept.count("</details>")
    return kept + "\n```" * fences + "\n</details>" * max(opened, 0) + _CUT
