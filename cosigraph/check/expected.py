# SPDX-License-Identifier: Apache-2.0
"""Whether every canned query gives the answer that is kept beside it, and any answer at all."""

from __future__ import annotations

import csv
import difflib
import io
import shlex
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cosigraph.check.findings import Finding, finding_of
from cosigraph.check.rule import rule
from cosigraph.check.syntax import finding_of_file
from cosigraph.errors import (
    CosigraphError,
    Position,
    ProjectError,
    QueryFileError,
    QueryTimeout,
    ServiceFailed,
)
from cosigraph.files import read_file
from cosigraph.running import ExpectedCase, expected_cases
from cosigraph.sparql import position_at, tokens

if TYPE_CHECKING:
    from cosigraph.canned import CannedQuery
    from cosigraph.project import Project

_MISSING = "queries/answer-missing"
_SHOWN_ROWS = 10
_MOST_COMPARISONS = 4_000_000

csv.field_size_limit(2**31 - 1)  # a cell may be as long as the literal that it holds


def check_answers(project: Project, *, ask_services: bool = False) -> tuple[int, list[Finding]]:
    """Run every canned query in every case; return the number of cases and the findings.

    Federated queries are run with ``ask_services`` alone, as a check reaches no other machine
    unasked; those whose endpoint does not answer are passed over.
    """
    number = 0
    findings: list[Finding] = []
    for query in project.queries.values():
        if query.services and not ask_services:
            continue
        try:
            cases = expected_cases(query)
        except QueryFileError as error:
            findings.append(finding_of(error, _MISSING))
            continue
        number += len(cases)
        findings += _check_query(project, query, cases)
    return number, findings


def _check_query(
    project: Project, query: CannedQuery, cases: list[ExpectedCase]
) -> Iterator[Finding]:
    answers = []
    for case in cases:
        try:
            answer = _rows(project.run(query.name, **dict(case.parameters)).to_csv())
        except CosigraphError as error:
            if query.services and isinstance(error, (ServiceFailed, QueryTimeout)):
                return
            yield rule("queries/cannot-run").finding(
                f"The query '{query.name}' cannot be run: {error.detail}",
                Position(str(query.path), 1, 1),
                advice=error.advice,
            )
            return
        answers.append(answer)
        yield from _check_case(project, query, case, answer)
    if answers and all(len(answer) <= 1 for answer in answers):
        yield _nothing(query, cases)


def _nothing(query: CannedQuery, cases: list[ExpectedCase]) -> Finding:
    """Return what says that no case has an answer; one empty answer among others may be meant."""
    select = next(token for token in tokens(query.text) if token.is_word("SELECT"))
    options = shlex.join(_options(cases[0]))
    return rule("queries/returns-nothing").finding(
        f"The query '{query.name}' returns nothing"
        + ("." if len(cases) == 1 else f", in none of its {len(cases)} cases."),
        position_at(query.text, select.start, str(query.path)),
        advice="Ask why: "
        + " ".join(filter(None, ["cosigraph run", query.name, options, "--explain-empty"])),
    )


def _check_case(
    project: Project, query: CannedQuery, case: ExpectedCase, answer: list[str]
) -> Iterator[Finding]:
    try:
        expected = read_file(case.path, project.folder).decode("utf-8-sig")
    except ProjectError as error:
        yield finding_of_file(error)
    except UnicodeDecodeError:
        yield rule(_MISSING).finding(
            "The expected answer cannot be read.",
            Position(str(case.path), 1, 1),
            advice="Save it as UTF-8.",
        )
    else:
        yield from _compare(project, query, case, expected, answer)


def _compare(
    project: Project, query: CannedQuery, case: ExpectedCase, text: str, answer: list[str]
) -> Iterator[Finding]:
    lines, expected = _lines_and_rows(text)
    if expected == answer:
        return
    pairs = zip(expected, answer, strict=False)
    shortest = min(len(expected), len(answer))
    first = next((index for index, (one, other) in enumerate(pairs) if one != other), shortest)
    missing, unexpected = _difference(expected[first:], answer[first:])
    yield rule("queries/answer-differs").finding(
        f"The answer of '{query.name}' is not the expected one: {_count(missing)} missing, "
        f"{_count(unexpected)} unexpected.",
        Position(str(case.path), [*lines[first:], *lines[-1:], 1][0], 1),
        advice="Mend the data or the query or, if the new answer is right, renew the file: "
        f"{_renewal(project, query, case)}",
        detail="\n".join([*_shown("-", missing), *_shown("+", unexpected)]),
    )


def _difference(expected: list[str], answer: list[str]) -> tuple[list[str], list[str]]:
    """Return the rows that are missing, and those that are unexpected, in their order."""
    if len(expected) * len(answer) > _MOST_COMPARISONS:  # then their order alone goes unnoticed
        surplus, lack = Counter(answer) - Counter(expected), Counter(expected) - Counter(answer)
        return list(lack.elements()), list(surplus.elements())
    changes = difflib.SequenceMatcher(None, expected, answer, autojunk=False).get_opcodes()
    missing = [row for tag, i, j, _, _ in changes if tag != "equal" for row in expected[i:j]]
    unexpected = [row for tag, _, _, i, j in changes if tag != "equal" for row in answer[i:j]]
    return missing, unexpected


def _renewal(project: Project, query: CannedQuery, case: ExpectedCase) -> str:
    """Return the command that writes the present answer over the expected one."""
    folder = ["--project", project.folder]
    output = ["--format", "csv", "--output", case.path]
    return shlex.join(map(str, ["cosigraph", "run", query.name, *_options(case), *folder, *output]))


def _options(case: ExpectedCase) -> list[str]:
    """Return the options of the command line that give the parameters of a case."""
    values = [(name, value) for name, values in case.parameters.items() for value in values]
    return [word for name, value in values for word in (f"--{name}", value)]


def _rows(text: str) -> list[str]:
    """Return the rows of a CSV, each written in one way whatever its line ends and quotes."""
    return _lines_and_rows(text)[1]


def _lines_and_rows(text: str) -> tuple[list[int], list[str]]:
    """Return the line on which each row of a CSV begins, and the rows."""
    lines, rows = [], []
    next_line = 1
    reader = csv.reader(io.StringIO(text, newline=""))
    for cells in reader:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(cells)
        lines.append(next_line)
        rows.append(line.getvalue())
        next_line = reader.line_num + 1
    return lines, rows


def _count(rows: list[str]) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows)} rows"


def _shown(mark: str, rows: list[str]) -> list[str]:
    more = len(rows) - _SHOWN_ROWS
    shown = [f"{mark} {row}" for row in rows[:_SHOWN_ROWS]]
    return [*shown, f"{mark} … and {more} more"] if more > 0 else shown
