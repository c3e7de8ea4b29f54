# SPDX-License-Identifier: Apache-2.0
"""The list of identifiers that a project has released: one IRI a line, ``#`` begins a comment.

An identifier stays in the list for ever: what others have cited can be found out ever after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from cosigraph.configuration import Configuration
from cosigraph.dataset import Dataset
from cosigraph.errors import FileTooLargeError, Position, ProjectError, UnreadableFileError
from cosigraph.files import read_file

DEFAULT_NAME: Final = "released.txt"
_HEAD: Final = (
    "# Every identifier that was ever released, written by: cosigraph release-identifiers\n"
    "# None is taken out: what is used no longer stays in the data with owl:deprecated true.\n"
)


def list_of(folder: Path, configuration: Configuration) -> Path:
    """Return where the project's list is, or would be."""
    return folder / (configuration.released or DEFAULT_NAME)


def released_identifiers(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each identifier of a list with the number of its line.

    Raises:
        ProjectError: the file cannot be read, is not UTF-8, or a line is no absolute IRI.
    """
    try:
        text = read_file(path).decode("utf-8-sig")
    except (UnreadableFileError, FileTooLargeError) as error:
        raise ProjectError(
            f"The list of released identifiers is not read: {error.detail}",
            position=Position(str(path), 1, 1),
            advice="Write it with: cosigraph release-identifiers",
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProjectError(
            "The list of released identifiers is not UTF-8.", position=Position(str(path), line, 1)
        ) from error
    for number, written in enumerate(text.split("\n"), start=1):
        content = written.strip()
        if content and not content.startswith("#"):
            try:
                yield number, NamedNode(content).value
            except ValueError:
                raise ProjectError(
                    f"'{content}' is no absolute IRI.",
                    position=Position(str(path), number, 1),
                    advice="Write one IRI a line, without angle brackets.",
                ) from None


def present_identifiers(dataset: Dataset, base: str) -> set[str]:
    """Return the IRIs below ``base`` of which some graph says something."""
    return {
        triple.subject.value
        for triples in dataset.graphs.values()
        for triple in triples
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(base)
    }


def to_text(identifiers: Iterable[str]) -> str:
    """Return a list with these identifiers, sorted, each once."""
    return _HEAD + "".join(f"{iri}\n" for iri in sorted(set(identifiers)))
