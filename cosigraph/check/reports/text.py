# SPDX-License-Identifier: Apache-2.0
"""A report for people: where, how bad, what, the line itself with a caret, and what to do."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports.excerpt import excerpt, printable
from cosigraph.check.reports.setting import Setting, facts

_PLURALS = {"query": "queries"}
_INDENT = "    "
_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "cyan"}
_UNIMPORTANT, _MARK = "dim", "bold green"


def to_text(report: Report, setting: Setting) -> str:
    """Return the findings, one after the other, and one line that sums them up."""
    lines = [line for finding in report.findings for line in finding_lines(finding, setting)]
    lines += [Text(f"Not checked: {printable(skipped)}") for skipped in report.skipped]
    lines += [Text(printable(note), _UNIMPORTANT) for note in report.notes]
    lines.append(Text(summary(report), "bold"))
    return rendered(lines, is_coloured=setting.is_coloured)


def summary(report: Report) -> str:
    """Return the report in one line, without the folder."""
    checked = ", ".join(count(number, what) for what, number in report.checked.items())
    known = f", {len(report.known)} known" if report.known else ""
    if not report.findings:
        return f"No findings{known}: {checked} checked."
    found = count(len(report.findings), "finding")
    return f"{found}{known}: {by_severity(report.findings)}; {checked} checked."


def by_severity(findings: tuple[Finding, ...] | list[Finding]) -> str:
    """Return how many findings there are of each severity, the worst first."""
    numbers = {one: sum(f.severity is one for f in findings) for one in Severity}
    return ", ".join(count(number, one.value) for one, number in numbers.items() if number)


def count(number: int, what: str) -> str:
    """Return a number with the word for that many."""
    return f"{number} {what}" if number == 1 else f"{number} {_PLURALS.get(what, what + 's')}"


def rendered(lines: list[Text], *, is_coloured: bool) -> str:
    """Return lines with their colours as a terminal takes them, or without any."""
    if not is_coloured:
        return "".join(f"{line.plain}\n" for line in lines)
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", legacy_windows=False
    )
    with console.capture() as capture:
        for line in lines:
            console.print(line, soft_wrap=True, highlight=False)
    return capture.get()


def finding_lines(finding: Finding, setting: Setting) -> Iterator[Text]:
    """Yield the lines that tell one finding."""
    yield Text.assemble(
        (f"{printable(setting.place(finding.position))}: ", "bold"),
        (finding.severity.value, _STYLES[finding.severity]),
        f": {printable(finding.message)} ",
        (f"[{finding.rule}]", _UNIMPORTANT),
    )
    yield from _source(finding, setting)
    known = [f"{name} {printable(fact)}" for name, fact in facts(finding).items()]
    if known:
        yield Text(_INDENT + ", ".join(known), _UNIMPORTANT)
    if finding.advice is not None:
        yield Text(_INDENT + printable(finding.advice))
    for line in (finding.detail or "").splitlines():
        yield Text(_INDENT + printable(line))


def _source(finding: Finding, setting: Setting) -> Iterator[Text]:
    """Yield the line that the finding stands in, and a caret under the place."""
    position = finding.position
    line = setting.lines.line(position)
    if line is None or position.column is None or not line.strip():
        return
    part = excerpt(line, position.column, setting.lines.length(position), setting.width)
    gutter = f"{position.line:>5} | "
    yield Text.assemble((gutter, _UNIMPORTANT), part.text)
    blank = " " * (len(gutter) - 2) + "| "
    yield Text.assemble((blank, _UNIMPORTANT), " " * part.start, ("^" * part.width, _MARK))
