# SPDX-License-Identifier: Apache-2.0
"""RDF files in the house's form, with their comments.

Turtle and TriG are written as ``cosigraph.turtle`` writes them; of N-Triples and N-Quads the lines
are sorted. The graph stays what it is, and so does what a literal is written like, as far as the
house would write it so. The same text twice is the same text.
"""

from __future__ import annotations

import difflib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from cosigraph.difference.blank_nodes import labelled, nodes_of, replace_nodes
from cosigraph.errors import OutputError, Position, ProjectError
from cosigraph.files import largest_file, read_file
from cosigraph.formatting.document import BASE, SCHEME, read_document
from cosigraph.formatting.statement_lines import sort_lines
from cosigraph.formatting.writer import write_document
from cosigraph.loading import raise_syntax_error
from cosigraph.source.lines import text_begin
from cosigraph.well_formed import refuse_harmful

FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}
"""The formats of files that can be formatted, by extension."""


def formatted(path: Path) -> tuple[str, str]:
    """Return the text of a file as it is, and as it should be.

    Raises:
        ProjectError: the file cannot be read, or cannot be written in the house's form.
        DataSyntaxError: it is not well-formed.
    """
    content = read_file(path, largest=largest_file())
    refuse_harmful(content, path)
    content = content[text_begin(content) :]
    format_ = FORMATS[path.suffix]
    try:
        quads = list(pyoxigraph.parse(content, format=format_, base_iri=BASE))
    except SyntaxError as error:
        raise_syntax_error(path, content, error)
    text = content.decode()
    if format_ in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        return text, sort_lines(text)
    written = write_document(read_document(content, format_))
    if SCHEME in written or not is_same(quads, written, format_):
        raise ProjectError(
            "The file cannot be written in the house's form without a change of its graph.",
            position=Position(str(path)),
            advice="Write relative IRIs as absolute ones, or declare a @base.",
        )
    return text, written


def is_formatted(path: Path) -> list[int]:
    """Return the lines of a file, from 1, at which it differs from the house's form.

    Raises:
        ProjectError: as ``formatted``.
    """
    text, written = formatted(path)
    if text == written:
        return []
    before, after = (each.split("\n") for each in (text, written))
    matcher = difflib.SequenceMatcher(None, before, after)
    changed = [
        range(begin, max(end, begin + 1))
        for tag, begin, end, _, _ in matcher.get_opcodes()
        if tag != "equal"
    ]
    return [min(line, len(before) - 1) + 1 for lines in changed for line in lines] or [1]


def difference(before: str, after: str, old_name: str, new_name: str) -> Iterator[str]:
    """Yield the lines of a unified diff, which line feeds alone end, as for what applies it."""
    old, new = list(io.StringIO(before)), list(io.StringIO(after))
    for line in difflib.unified_diff(old, new, old_name, new_name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    target = path.resolve()
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, temporary)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
        raise OutputError(
            f"The file cannot be written: {error.strerror}.", position=Position(str(path))
        ) from error


def is_same(quads: list[Quad], written: str, format_: RdfFormat) -> bool:
    """Return whether a text says these quads, whatever its blank nodes are called."""
    try:
        others = list(pyoxigraph.parse(written, format=format_, base_iri=BASE))
    except SyntaxError:
        return False
    return _labelled(quads, others) == _labelled(others, quads)


def _labelled(quads: list[Quad], others: list[Quad]) -> set[Quad]:
    """Return quads whose blank nodes have labels that follow from what is said of them.

    A label that both texts have is kept, as the house keeps it. So this takes no time however much
    alike the nodes are, of which no canonical form can be sure.
    """
    nodes, known = _blank_nodes(quads), _blank_nodes(others)
    kept = {
        node: NamedNode(f"{SCHEME}{node}") if node in known else BlankNode(node) for node in nodes
    }
    return labelled(replace_nodes(quad, kept) for quad in quads).quads


def _blank_nodes(quads: list[Quad]) -> set[str]:
    return {
        node
        for quad in quads
        for term in (quad.subject, quad.object, quad.graph_name)
        for node in nodes_of(term)
    }
