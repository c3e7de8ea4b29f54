# SPDX-License-Identifier: Apache-2.0
"""``cosigraph note``: a document's text, rebuilt from the graph."""

from __future__ import annotations

from typing import Annotated

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write, write_table
from cosigraph.note import NoteFormat, documents, note_text
from cosigraph.project import open_project


def note(
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="The document's key. Without it: list the documents."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        NoteFormat, typer.Option(help="markdown, with its marks; text, without.")
    ] = NoteFormat.MARKDOWN,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Rebuild a document's text from the graph.

    \b
    cosigraph note
    cosigraph note 15850-11 --output note.md
    """  # noqa: D301 - click reads \b as a character
    opened = open_project(project)
    if key is not None:
        write(note_text(opened, key, format), output)
    else:
        rows = [(found.key, found.label, str(found.blocks)) for found in documents(opened)]
        write_table(("key", "label", "blocks"), rows, output)
