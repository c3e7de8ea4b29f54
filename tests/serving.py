# SPDX-License-Identifier: Apache-2.0
"""A server as a process of its own, on an ephemeral port of the loopback interface."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest

from cosigraph.limits import Limits

PROGRAM = """
import json
import sys
from pathlib import Path
from cosigraph_api.server import serve
from cosigraph.limits import Limits
limits = Limits(**json.loads(sys.argv[2]))
serve(Path(sys.argv[1]), port=0, limits=limits, **json.loads(sys.argv[3]))
print("ended")
"""


def children(process: int) -> set[int]:
    """The processes that a process has started, and that nobody has waited for."""
    threads = Path(f"/proc/{process}/task").glob("*/children")
    return {int(child) for thread in threads for child in thread.read_text().split()}


@dataclass
class Running:
    """A server that runs: its process, what it printed at its start, its first page."""

    process: subprocess.Popen[str]
    printed: str
    address: str

    @property
    def templates(self) -> set[int]:
        """The processes that workers are forked from."""
        return children(self.process.pid)

    @property
    def workers(self) -> set[int]:
        """The processes that run queries."""
        return {worker for template in self.templates for worker in children(template)}

    def stop(self, by: signal.Signals) -> tuple[str, str]:
        self.process.send_signal(by)
        return self.process.communicate(timeout=20)


def start(
    folder: Path, limits: dict[str, Any], options: dict[str, Any], program: str = PROGRAM
) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder), json.dumps(limits), json.dumps(options)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if "Ctrl+C" in line:
            break
    else:
        pytest.fail(process.communicate()[1])
    match = re.search(r"First page +(http://127\.0\.0\.1:\d+/)$", printed, re.MULTILINE)
    assert match is not None
    return Running(process, printed, match[1])


@contextmanager
def serving(
    folder: Path, timeout: float = 3, program: str = PROGRAM, workers: int = 2, **options: Any
) -> Iterator[Running]:
    """Serve ``folder``; options are limits or what the server takes beside them."""
    names = {field.name for field in fields(Limits)}
    limits = {"time": timeout, **{key: options[key] for key in options if key in names}}
    others = {key: options[key] for key in options if key not in names}
    server = start(folder, limits, {"workers": workers, **others}, program)
    yield server
    if server.process.poll() is None:
        server.stop(signal.SIGKILL)
