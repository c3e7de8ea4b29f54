# SPDX-License-Identifier: Apache-2.0
"""What the command line says of an answer that is empty; its standard output stays the answer's."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cosigraph.answers import prepare
from cosigraph.emptiness import explain, run_inquiry
from cosigraph.project import Project
from cosigraph.workers import WorkerPool

ExplainOption = Annotated[
    bool,
    typer.Option("--explain-empty", help="If the answer is empty, say why on standard error."),
]


def tell_of_emptiness(
    project: Project, text: str, pool: WorkerPool | None = None, *, explained: bool
) -> None:
    """Say why the answer of a query is empty, or to a person that it can be asked.

    Args:
        project: what was asked.
        text: the query, as it was run.
        pool: what runs the probes; without it, a process of their own.
        explained: whether the explanation was asked for.
    """
    if not explained:
        if sys.stderr.isatty():
            typer.echo("The answer is empty. With --explain-empty it says why.", err=True)
        return
    query = prepare(text, project.surroundings, reading=project.reading)
    inquiry = explain(query, project.surroundings, project.dataset.readings)
    own = pool or WorkerPool(project.dataset.snapshot(), size=1)
    try:
        typer.echo(run_inquiry(inquiry, own.execute_blocking).text(), err=True, nl=False)
    finally:
        if pool is None:
            own.close()
