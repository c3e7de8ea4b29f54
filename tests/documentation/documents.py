# SPDX-License-Identifier: Apache-2.0
"""The documents, the examples in them, and how these are run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

BINARIES = Path(sys.executable).parent
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROOT = Path(__file__).parents[2]
DOCUMENTS = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]


def blocks(root: Path, document: str, language: str) -> list[str]:
    text = (root / document).read_text(encoding="utf-8")
    return [body for name, body in FENCE.findall(text) if name == language]


def shell_lines(root: Path, document: str, program: str) -> list[str]:
    return [
        line.split("  #")[0].strip()
        for block in blocks(root, document, "sh")
        for line in block.splitlines()
        if line.startswith(f"{program} ")
    ]


def run(line: str, cwd: Path) -> str:
    environment = {**os.environ, "PATH": f"{BINARIES}:{os.environ['PATH']}"}
    result = subprocess.run(
        shlex.split(line), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{line}\n{result.stderr}"
    return result.stdout
