# SPDX-License-Identifier: Apache-2.0
"""A dataset that lies beside the project's own data, as ``[[dataset]]`` declares it.

``cosigraph add`` makes its two files, one of its statements and one of what is said about it. From
then on the files are the truth: nothing is fetched or mapped when a project is opened.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

DATASET_KEYS: Final = (
    "graph",
    "source",
    "title",
    "licence",
    "file",
    "sha256",
    "format",
    "mapping",
    "constraints",
    "allow-remote",
    "own-identifiers",
    "name-blank-nodes",
)
CATALOGUE: Final = "catalogue"
"""The name of the graph that tells of the datasets."""

_FOLDER: Final = "data/added"
_REMOTE: Final = re.compile("https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeclaredDataset:
    """A dataset beside the project's own.

    ``graph`` is the IRI of its graph, ``source`` a path within the folder or an address,
    ``sha256`` the digest of the source's bytes. ``mapping`` makes RDF of a table;
    ``constraints`` are the files of ASK queries whose answer must be false.
    ``allow_remote`` lets its source be fetched, ``own_identifiers`` lets it state things about
    what has an identifier of the project, ``name_blank_nodes`` gives its blank nodes IRIs.
    """

    graph: str
    source: str
    title: str
    licence: str
    file: str
    sha256: str | None = None
    format: str | None = None
    mapping: str | None = None
    constraints: tuple[str, ...] = ()
    allow_remote: bool = False
    own_identifiers: bool = False
    name_blank_nodes: bool = False

    @property
    def about(self) -> str:
        """The file of what the catalogue says about it."""
        return self.file.removesuffix(".nt") + ".about.ttl"

    @property
    def is_remote(self) -> bool:
        """Whether its source is an address."""
        return _REMOTE.match(self.source) is not None

    def claims(self, iri: str, base: str) -> bool:
        """Tell whether ``iri`` names a thing of the project: it is below ``base``.

        Its own graph may stand beside the project's graphs, and in the place of no thing.
        """
        is_its_graph = iri == self.graph and iri.startswith(f"{base}graph/")
        return iri.startswith(base) and not is_its_graph

    def to_toml(self) -> str:
        """Return it as a ``[[dataset]]`` table, to be appended to ``cosigraph.toml``."""
        lines = ["[[dataset]]"]
        for key in DATASET_KEYS:
            value = getattr(self, key.replace("-", "_"))
            if isinstance(value, str):
                lines.append(f"{key} = {_quoted(value)}")
            elif isinstance(value, tuple) and value:
                lines.append(f"{key} = [{', '.join(map(_quoted, value))}]")
            elif value is True:
                lines.append(f"{key} = true")
        return "\n".join(lines) + "\n"


def file_for(graph: str) -> str:
    """Return the file for a graph that names none: after the last words of its IRI."""
    words = re.findall("[a-z0-9]+", graph.partition("://")[2].partition("/")[2].lower())
    name = "-".join(words[1:] if words[:1] == ["graph"] else words) or "dataset"
    return f"{_FOLDER}/{name[-80:].strip('-')}.nt"


def _quoted(text: str) -> str:
    """Return a basic string of TOML; JSON's are, but for the one sign that it need not escape."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
