# SPDX-License-Identifier: Apache-2.0
"""The process that makes the dumps for a server, which it would keep busy for seconds.

It reads its ``Job`` as JSON from standard input and the N-Quads from another open file; it writes
the compressed files, one after the other, to standard output, a file, and to the standard error,
as one line of JSON, what each of them is, or what went wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from cosigraph.job_process import command_of, finish, last_word, limit
from cosigraph.publishing.dumps import Dump, dumps


@dataclass(frozen=True, slots=True)
class Job:
    """What to make; the arguments of ``dumps``, and the limits.

    Attributes:
        quads: the number of the open file with the N-Quads
        graphs: the IRIs of the graphs
        base: the project's
        relabel: whether blank nodes get canonical labels
        time: seconds of the processor's time that it may take, or None
        memory: bytes that it may need, or None
    """

    quads: int
    graphs: Sequence[str]
    base: str
    relabel: bool
    time: float | None = None
    memory: int | None = None


def command() -> list[str]:
    """The command that starts the process."""
    return command_of("cosigraph.publishing.dump_process")


def outcome(code: int, told: bytes, content: bytes) -> list[Dump]:
    """Read what the process told at its end, and the files that it made.

    Raises:
        CosigraphError: as ``cosigraph.job_process.last_word``
    """
    made, start = [], 0
    for graph, name, sha256, triples, size in json.loads(last_word(code, told, "The dumps")):
        made.append(Dump(graph, name, content[start : start + size], sha256, triples))
        start += size
    return made


def main() -> int:
    """Make all dumps; return the process's exit code."""
    job = Job(**json.loads(sys.stdin.buffer.read()))
    limit(job.time, job.memory)
    return finish(lambda: _made(job))


def _made(job: Job) -> list[tuple[str, str, str, int, int]]:
    with open(job.quads, "rb") as quads, open(1, "wb", closefd=False) as output:  # noqa: PTH123
        made = dumps(quads.read(), job.graphs, job.base, relabel=job.relabel)
        output.writelines(dump.content for dump in made)
    return [(dump.graph, dump.name, dump.sha256, dump.triples, dump.size) for dump in made]
