# SPDX-License-Identifier: Apache-2.0
"""``docs/conformance.md``: what of the suites passes, what fails and why, as a table."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tests.w3c.manifests import SUITES
from tests.w3c.running import Known, all_groups, engine_failures, iris_of
from tests.w3c.shacl import cases, reviewed

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "conformance.md"
_TITLES = {"sparql11": "SPARQL 1.1", "sparql12": "SPARQL 1.2"}
_BEGINNING = """\
# Conformance

The test suites of the W3C (`w3c/rdf-tests`), run over HTTP against a running server. Each test is
asked of `/sparql` with the dataset that it needs, and its answer compared in the format that the
suite keeps it in: rows as a bag, or as a list where the query orders them, blank nodes up to their
names, numbers by datatype and value.

Updates and the Graph Store protocol run against a second server: on a store whose default graph is
the unnamed one, with a token. Before each test everything is dropped and its graphs are put there;
afterwards the whole dataset is asked for, and compared graph by graph. An update with LOAD that is
well-formed is refused as not allowed, one that is not as wrong, so that tests of syntax can tell.

The engine is Oxigraph. Its column is what it reaches by itself, in the same run and by the same
comparison: what it can do, the endpoint can. (It sorts the columns of `SELECT *` by name, which is
not the standard's order; that counts in CSV and TSV, where a column is found by its place.)

Queries with SERVICE ask a second server on the same machine, under the names that the tests give
to other endpoints; the first is told to allow these.

This page is made by `make conformance`, which needs the suites in the folder that
`COSIGRAPH_W3C_SUITES` names; so do the tests in `tests/w3c/`, which hold the page true. A test that
fails without a reason below fails them, and so does one that passes in spite of it.
"""


def page(folder: Path, failed: Collection[str], known: Known) -> str:
    """Return the document.

    Args:
        folder: the suites.
        failed: the tests that fail against the server.
        known: the reasons.
    """
    parts = [_BEGINNING]
    parts += [_table(folder, suite, failed, known) for suite in SUITES]
    parts += [_reasons(failed, known), _shacl(folder)]
    return "\n".join(parts)


def _table(folder: Path, suite: str, failed: Collection[str], known: Known) -> str:
    lines = [
        f"## {_TITLES[suite]}",
        "",
        "| group | tests | run | passed | the engine alone | not run |",
        "|---|--:|--:|--:|--:|---|",
    ]
    sums = [0, 0, 0, 0, 0]
    for name, group in all_groups(folder).items():
        if not name.startswith(f"{suite}/"):
            continue
        total = len(group.cases) + len(group.others)
        tests = iris_of(folder, name)
        passed = len(set(tests).difference(failed))
        engine = engine_failures(folder, name)
        by_engine = None if engine is None else len(tests) - len(engine)
        sums = [
            before + number
            for before, number in zip(
                sums,
                (total, len(tests), passed, by_engine or 0, 0 if engine is None else len(tests)),
                strict=True,
            )
        ]
        why = known.left_out[name] if len(tests) < total else ""
        shown = "-" if by_engine is None else by_engine
        title = name.removeprefix(f"{suite}/")
        if total:
            lines.append(f"| {title} | {total} | {len(tests)} | {passed} | {shown} | {why} |")
    total, run, passed, by_engine, of = sums
    lines.append(f"| **all** | {total} | {run} | **{passed}** | {by_engine} of {of} | |")
    return "\n".join([*lines, ""])


_SHACL = """\
## SHACL

The W3C's suite for SHACL (`w3c/data-shapes`), asked of both engines through the interface that
`cosigraph check` uses. A test passes when `sh:conforms` and the multiset of (focus node, path,
value, constraint component, severity) are as expected, or when the shapes are refused where a
failure is expected.
"""


def _shacl(folder: Path) -> str:
    tests = list(cases(folder))
    engines = reviewed()
    lines = [
        _SHACL,
        f"| group | tests | {' | '.join(engines)} |",
        "|---|--:|" + "--:|" * len(engines),
    ]
    groups = [*sorted({case.group for case in tests}), "core", "sparql"]
    for group in groups:
        of_group = [case.name for case in tests if group in (case.group, case.part)]
        passed = [str(len(set(of_group).difference(failed))) for failed in engines.values()]
        shown = group if "/" in group else f"**{group}**"
        lines.append(f"| {shown} | {len(of_group)} | {' | '.join(passed)} |")
    lines += ["", "| engine | test | reason |", "|---|---|---|"]
    for engine, failed in engines.items():
        lines += [f"| {engine} | `{test}` | {reason} |" for test, reason in failed.items()]
    return "\n".join([*lines, ""])


def _reasons(failed: Collection[str], known: Known) -> str:
    by_reason: dict[str, list[str]] = {}
    for suite in SUITES:
        for test in sorted(failed):
            if f"/data-{suite}/" in test or f"/{suite}/" in test:
                group, _, name = test.rpartition("/manifest#")
                shown = f"{_TITLES[suite]} {group.rpartition('/')[2]} `{name}`"
                by_reason.setdefault(known.failures[test], []).append(shown)
    lines = ["## What fails, and why", "", "| test | reason |", "|---|---|"]
    lines += [f"| {', '.join(tests)} | {reason} |" for reason, tests in by_reason.items()]
    return "\n".join([*lines, ""])
