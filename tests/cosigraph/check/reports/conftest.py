# SPDX-License-Identifier: Apache-2.0
"""Findings of every kind, in files that exist."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports import Setting
from cosigraph.errors import Position

CHECKED = {"file": 1, "query": 2}
WIDE = (
    "\N{CJK UNIFIED IDEOGRAPH-6728}\N{DECIDUOUS TREE}"  # two cells each, the second beyond the BMP
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a b.ttl").write_text(
        f'tree:1 a orch:Tree ;\n\t orch:name "{WIDE}", 7.25 .\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def setting(folder: Path) -> Setting:
    return Setting(root=folder, root_uri="https://example.org/src/", software="1.2.3")


@pytest.fixture
def violation(folder: Path) -> Finding:
    return Finding(
        rule="shacl/min-count",
        severity=Severity.VIOLATION,
        message="A tree has a code, or 100%\nof two.",
        position=Position(str(folder / "data" / "a b.ttl"), 2, 19),
        advice="Give it one.",
        focus_node="skos:tree",
        path="skos:notation",
        value='"x"^^xsd:integer',
        shape="https://example.org/shape",
        component="sh:MinCountConstraintComponent",
        reading="second",
        detail="one\ntwo",
        fingerprint="0123456789abcdef" * 2,
    )


@pytest.fixture
def others(folder: Path) -> list[Finding]:
    """Findings without a node, a column, a file."""
    path = str(folder / "data" / "a b.ttl")
    return [
        Finding(
            "syntax/literal",
            Severity.WARNING,
            "<b>@all</b> | `x`",
            Position(path, 1, 1),
            fingerprint="1" * 32,
        ),
        Finding(
            "queries/answer-differs",
            Severity.INFO,
            "Rows.\x1b[31m",
            Position(path, 2),
            fingerprint="2" * 32,
        ),
        Finding("syntax/rdf", Severity.VIOLATION, "Nowhere.", Position(), fingerprint="3" * 32),
    ]


@pytest.fixture
def report(violation: Finding, others: list[Finding]) -> Report:
    known = Finding(
        "syntax/literal", Severity.WARNING, "Old.", violation.position, fingerprint="4" * 32
    )
    return Report(
        (*others, violation),
        CHECKED,
        skipped=("answers.",),
        known=(known,),
        notes=("A note.",),
        rules=("syntax/literal", "syntax/query"),
    )


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The published schemas; CI has them beside the checkout."""
    folder = os.environ.get("COSIGRAPH_SCHEMAS")
    if not folder:
        pytest.skip("COSIGRAPH_SCHEMAS names no folder with the published schemas")
    return Path(folder)
