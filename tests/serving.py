# SPDX-License-Identifier: Apache-2.0
"""A server as a process of its own, on an ephemeral port of the loopback interface."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from cosigraph_api.server import serve
serve(Path(sys.argv[1]), port=0, workers=2, timeout=float(sys.argv[2]))
print("ended")
"""


@dataclass
class Running:
    """A server that runs: its process, what it printed at its start, its first page."""

    process: subprocess.Popen[str]
    printed: str
    address: str

    @property
    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        threads = children.parent.parent.glob("*/children")
        return {int(child) for thread in threads for child in thread.read_text().split()}

    def stop(self, by: signal.Signals) -> tuple[str, str]:
        self.process.send_signal(by)
        return self.process.communicate(timeout=20)


def start(folder: Path, timeout: float, program: str = PROGRAM) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder), str(timeout)],
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
def serving(folder: Path, timeout: float = 3, program: str = PROGRAM) -> Iterator[Running]:
    server = start(folder, timeout, program)
    yield server
    if server.process.poll() is None:
        server.stop(signal.SIGKILL)
