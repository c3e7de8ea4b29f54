# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says is true, whatever is asked within it or beside it.

``COSIGRAPH_EXAMPLES`` says how many requests of each kind are made up, 20 unless it does; the long
test makes twenty times as many. A failure tells the request as a line of curl.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph import Project
from tests.serving import Running, serving

EXAMPLES = int(os.environ.get("COSIGRAPH_EXAMPLES", "20"))
ROOT = str(Path(__file__).parents[2])
DEADLINE = 10  # a check starts a process that takes a second alone, and more on a busy machine
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
]


@pytest.fixture(scope="module")
def running(orchard: Project) -> Iterator[Running]:
    with serving(orchard.folder, timeout=DEADLINE) as server:
        yield server


def ask_everything(running: Running, examples: int, folder: Path) -> None:
    """Let schemathesis ask what the description allows and what it does not."""
    # Its pytest plugin is not for the pytest of today; its command line is.
    program = str(Path(sys.executable).parent / "schemathesis")
    options = {
        "phases": "examples,coverage,fuzzing",
        "checks": ",".join(CHECKS),
        "max-examples": examples,
        "max-response-time": DEADLINE + 1,
        "request-timeout": DEADLINE + 10,
        "warnings": "off",
    }
    told = [f"--{name}={value}" for name, value in options.items()]
    result = subprocess.run(
        [program, "run", *told, "--continue-on-failure", f"{running.address}openapi.json"],
        cwd=folder,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks",
            "PYTHONPATH": ROOT,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout


def test_the_description_is_true(running: Running, tmp_path: Path) -> None:
    ask_everything(running, EXAMPLES, tmp_path)


@pytest.mark.long
def test_the_description_is_true_for_long(running: Running, tmp_path: Path) -> None:
    ask_everything(running, EXAMPLES * 20, tmp_path)
