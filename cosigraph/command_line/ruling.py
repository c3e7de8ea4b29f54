# SPDX-License-Identifier: Apache-2.0
"""``cosigraph rules``: what the check looks for, and why."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cosigraph.command_line.options import OutputOption
from cosigraph.command_line.output import write, write_table

if TYPE_CHECKING:
    from cosigraph.check.rule import Rule


class RulesFormat(StrEnum):
    """How rules are written."""

    TEXT = "text"
    JSON = "json"


def rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="The rule to explain: FAMILY/NAME.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        RulesFormat, typer.Option(help="text, for people; json, for programs.")
    ] = RulesFormat.TEXT,
    output: OutputOption = None,
) -> None:
    """List the rules of the check, or explain one.

    An explanation says what the problem is, why it matters, what solves it, with an example.

    \b
    cosigraph rules
    cosigraph rules evidence/missing
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.check.rule import rule as find  # noqa: PLC0415 - the check is slow to load
    from cosigraph.check.rule import rules as all_rules  # noqa: PLC0415

    chosen = list(all_rules().values()) if rule is None else [find(rule)]
    if format is RulesFormat.JSON:
        content = [_content(each) for each in chosen]
        write(json.dumps(content, ensure_ascii=False, indent=2) + "\n", output)
    elif rule is None:
        rows = [(each.identifier, each.severity.value, each.title) for each in chosen]
        write_table(("rule", "severity", "title"), rows, output)
    else:
        (one,) = chosen
        write(f"# {one.title}\n\n{one.identifier}, {one.severity}\n\n{one.text}", output)


def _content(rule: Rule) -> dict[str, Any]:
    problem, why, solution, example = rule.sections.values()
    return {
        "rule": rule.identifier,
        "severity": rule.severity.value,
        "title": rule.title,
        "problem": problem,
        "whyItMatters": why,
        "solution": solution,
        "example": example,
    }
