# SPDX-License-Identifier: Apache-2.0
"""Whatever a difference between two versions tells is documented."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from cosigraph.command_line.comparing import DifferenceFormat, Failing
from cosigraph.difference import difference, read_version, to_json
from cosigraph.difference.breaking import BreakingKind


def members(value: object) -> Iterator[str]:
    """Yield the names of all members of a JSON value, but for those of ``parameters``."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from members(inner) if name != "parameters" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner)


def test_every_kind_of_breaking_change_format_and_member_of_a_difference_is_documented(
    root: Path, tmp_path: Path
) -> None:
    text = (root / "docs" / "differences.md").read_text(encoding="utf-8")
    commands = (root / "docs" / "command-line.md").read_text(encoding="utf-8")
    for kind in BreakingKind:
        assert f"| `{kind}` |" in text, kind
    for name in {*DifferenceFormat, *Failing}:
        assert re.search(rf"(`|--format |--fail-on ){name}`", commands), name
    orchard = root / "tests" / "projects" / "orchard"
    copy = shutil.copytree(orchard, tmp_path / "orchard")
    data = (copy / "data" / "trees.ttl").read_text(encoding="utf-8")
    changed = data.replace("7.25", "7.5").replace("tree:8", "tree:88")
    (copy / "data" / "trees.ttl").write_text(changed, encoding="utf-8")
    with read_version(str(orchard), copy) as old, read_version(str(copy), copy) as new:
        report = difference(old, new)
    found = set(members(json.loads(to_json(report))))
    assert {"oldPlace", "instead", "missingLeftOut"} <= found
    for member in found:
        assert f"`{member}`" in text, member
