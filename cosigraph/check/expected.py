# SPDX-License-Identifier: Apache-2.0
"""Whether every canned query gives the answer that is kept beside it."""

from __future__ import annotations

import csv
import difflib
import io
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cosigraph.check.findings import Finding, Severity, finding_of
from cosigraph.errors import CosigraphError, Position, QueryFileError
from cosigraph.running import ExpectedCase, expected_cases

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery
    from cosigraph.project import Project

_SHOWN_ROWS = 10


def check_answers(project: Project) -> tuple[int, list[Finding]]:
    """Run every canned query in every case; return the number of cases and the findings."""
    number = 0
    findings: list[Finding] = []
    for query in project.queries.values():
        try:
            cases = expected_cases(query)
        except QueryFileError as error:
            findings.append(finding_of(error, "answers/missing"))
            continue
        for case in cases:
            number += 1
            findings += _check_case(project, query, case)
    return number, findings


def _check_case(project: Project, query: CannedQuery, case: ExpectedCase) -> Iterator[Finding]:
    position = Position(str(case.path), 1)
    try:
        answer = project.run(query.name, **dict(case.parameters)).to_csv()
        expected = case.path.read_bytes().decode("utf-8-sig")
    except CosigraphError as error:
        yield Finding(
            rule="answers/failed",
            severity=Severity.VIOLATION,
            message=f"The query '{query.name}' cannot be run: {error}",
            position=Position(str(query.path), 1),
        )
    except (OSError, UnicodeDecodeError):
        yield Finding(
            rule="answers/missing",
            severity=Severity.VIOLATION,
            message="The expected answer cannot be read.",
            position=position,
            advice="Save it as UTF-8.",
        )
    else:
        yield from _compare(project, query, case, _rows(expected), _rows(answer))


def _compare(
    project: Project, query: CannedQuery, case: ExpectedCase, expected: list[str], answer: list[str]
) -> Iterator[Finding]:
    if expected == answer:
        return
    changes = difflib.SequenceMatcher(None, expected, answer, autojunk=False).get_opcodes()
    first = next(start for tag, start, *_ in changes if tag != "equal")
    missing = [row for tag, i, j, _, _ in changes if tag != "equal" for row in expected[i:j]]
    unexpected = [row for tag, _, _, i, j in changes if tag != "equal" for row in answer[i:j]]
    yield Finding(
        rule="answers/differ",
        severity=Severity.VIOLATION,
        message=(
            f"The answer of '{query.name}' is not the expected one: {_count(missing)} missing, "
            f"{_count(unexpected)} unexpected."
        ),
        position=Position(str(case.path), first + 1),
        advice="Mend the data or the query or, if the new answer is right, renew the file: "
        f"{_renewal(project, query, case)}",
        detail="\n".join([*_shown("-", missing), *_shown("+", unexpected)]),
    )


def _renewal(project: Project, query: CannedQuery, case: ExpectedCase) -> str:
    """Return the command that writes the present answer over the expected one."""
    values = [(name, value) for name, values in case.parameters.items() for value in values]
    options = [word for name, value in values for word in (f"--{name}", value)]
    folder = ["--project", project.folder]
    output = ["--format", "csv", "--output", case.path]
    return shlex.join(map(str, ["cosigraph", "run", query.name, *options, *folder, *output]))


def _rows(text: str) -> list[str]:
    """Return the rows of a CSV, each written in one way whatever its line ends and quotes."""
    rows = []
    for cells in csv.reader(io.StringIO(text, newline="")):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(cells)
        rows.append(line.getvalue())
    return rows


def _count(rows: list[str]) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows)} rows"


def _shown(mark: str, rows: list[str]) -> list[str]:
    more = len(rows) - _SHOWN_ROWS
    shown = [f"{mark} {row}" for row in rows[:_SHOWN_ROWS]]
    return [*shown, f"{mark} … and {more} more"] if more > 0 else shown
