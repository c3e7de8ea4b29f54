# SPDX-License-Identifier: Apache-2.0
"""``cosigraph.toml``: the name, base, prefixes and graphs of a project folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from pyoxigraph import NamedNode

from cosigraph.errors import (
    ConfigurationError,
    Position,
    ProjectError,
    UnreadableFileError,
    UsageError,
)
from cosigraph.evidence import DEFAULT_TEXTS, EvidenceRules
from cosigraph.files import LARGEST_TEXT, is_folder, matching, read_file
from cosigraph.page_settings import KEYS as PAGES_KEYS
from cosigraph.page_settings import PageSettings
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import WELL_KNOWN_PREFIXES, Prefixes

TABLES = ("project", "prefixes", "graph", "server", "check", "pages")
PROJECT_KEYS = ("name", "title", "version", "base", "names", "services")
GRAPH_KEYS = ("name", "files", "replaces")
SERVER_KEYS = ("token-hash",)
CHECK_KEYS = ("identifiers", "released", "formatted", "evidence")
EVIDENCE_KEYS = ("text", "property", "classes")
FILE_NAME = "cosigraph.toml"
DEFAULT_BASE = "https://example.org/"
DEFAULT_NAMES = (
    "skos:notation",
    "skos:prefLabel",
    "skos:altLabel",
    "skos:hiddenLabel",
    "rdfs:label",
)
DEFAULT_IDENTIFIERS = r"[a-z0-9]+(?:[-/][a-z0-9]+)*"
_DEFAULT_GRAPHS = ("ontology", "shapes", "data")


@dataclass(frozen=True, slots=True)
class GraphSource:
    """A named graph and the files that it is read from.

    ``patterns`` are globs relative to the project folder. ``replaces`` is the IRI of the graph
    that this one is an alternative reading of; such a graph is not in the default graph.
    """

    name: str
    iri: str
    patterns: tuple[str, ...]
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What ``cosigraph.toml`` says.

    ``names`` are the IRIs of properties that name a thing; ``services`` those of the other
    endpoints that queries may ask; ``token_hash`` is that of the token by which a server lets a
    client write. ``identifiers`` is the regular expression that the part of an identifier after
    the base must match; ``released`` the file that lists the released ones, if it is named.
    ``evidence`` says what quotations are held to; ``formatted`` are patterns of files that are to
    be in the house's form; ``pages`` what is special on the pages.
    """

    name: str
    title: str
    version: str
    base: str
    names: tuple[str, ...]
    prefixes: Prefixes
    graphs: tuple[GraphSource, ...]
    services: tuple[str, ...] = ()
    token_hash: str | None = None
    identifiers: str = DEFAULT_IDENTIFIERS
    released: str | None = None
    evidence: EvidenceRules = field(default_factory=EvidenceRules)
    formatted: tuple[str, ...] = ()
    pages: PageSettings = field(default_factory=PageSettings)


def read_configuration(folder: Path) -> Configuration:
    """Read ``cosigraph.toml`` in ``folder``, or take the defaults when there is none.

    Without a file, or without ``[[graph]]`` in it, the graphs ontology, shapes and data are read
    from the folders of these names.

    Raises:
        ProjectError: the folder is missing, or has neither the file nor a content folder.
        ConfigurationError: the file is no TOML, or has an unknown or unusable entry.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise ProjectError(f"The project folder '{folder}' {what}.")
    path = folder / FILE_NAME
    if path.is_file():
        return _Reader(path, _read_text(path)).configuration()
    if not any((folder / name).is_dir() for name in ("ontology", "data")):
        raise ProjectError(
            f"'{folder}' is no project folder:",
            advice=f"it has neither a {FILE_NAME} nor a folder ontology/ or data/.",
        )
    return _Reader(path, "").configuration()


def _may_have_files(folder: Path, name: str) -> bool:
    """Tell whether there is a file in the folder of that name, or one that cannot be read."""
    failed: list[UnreadableFileError] = []
    found = matching(folder, f"{name}/**/*", failed.append)
    return bool(failed) or not all(map(is_folder, found))


def _read_text(path: Path) -> str:
    content = read_file(path, path.parent, LARGEST_TEXT)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigurationError(
            "The file is not UTF-8.", position=Position(str(path), line)
        ) from error


class _Reader:
    """Turns the text of one file into a Configuration, and its mistakes into errors."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        try:
            self.content: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self._syntax_error(str(error)) from error
        except RecursionError as error:
            raise ConfigurationError(
                "The file is nested too deeply.", position=Position(str(path))
            ) from error

    def _syntax_error(self, message: str) -> ConfigurationError:
        found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
        lines = self.text.splitlines() or [""]
        line, column = len(lines), len(lines[-1]) + 1
        if found is not None:
            message = message[: found.start()]
            if found[1]:
                line, column = int(found[1]), int(found[2])
        return ConfigurationError(
            f"The file is no TOML: {message}.", position=Position(str(self.path), line, column)
        )

    def configuration(self) -> Configuration:
        """Return what the file says, with defaults for what it leaves out."""
        self._check_keys(self.content, TABLES, "table")
        project = self._table("project")
        self._check_keys(project, PROJECT_KEYS, "entry")
        name = self._string(project, "name", self.path.parent.resolve().name)
        base = self._iri("base", self._string(project, "base", DEFAULT_BASE))
        if not base.endswith("/"):
            self._fail("base", f"'base' must end with '/': '{base}/'.")
        prefixes = self._prefixes()
        return Configuration(
            name=name,
            title=self._string(project, "title", name),
            version=self._string(project, "version", "0"),
            base=base,
            names=self._named("names", {"names": list(DEFAULT_NAMES)} | project, prefixes),
            prefixes=prefixes,
            graphs=self._graphs(base),
            services=self._services(self._strings(project, "services", [])),
            token_hash=self._token_hash(),
            identifiers=self._identifiers(),
            released=self._released(),
            evidence=self._evidence(prefixes),
            formatted=self._formatted(),
            pages=self._pages(),
        )

    def _pages(self) -> PageSettings:
        table = self._table("pages")
        self._check_keys(table, PAGES_KEYS, "entry")
        return PageSettings(
            start=tuple(self._strings(table, "start", [])),
            pictures=tuple(self._strings(table, "pictures", [])),
            search=self._string(table, "search", "") if "search" in table else "",
            compare=self._string(table, "compare", "") if "compare" in table else "",
        )

    def _identifiers(self) -> str:
        pattern = self._string(self._check(), "identifiers", DEFAULT_IDENTIFIERS)
        try:
            re.compile(pattern)
        except re.error as error:
            self._fail("identifiers", f"'{pattern}' is no regular expression: {error}.")
        return pattern

    def _released(self) -> str | None:
        check = self._check()
        if "released" not in check:
            return None
        name = self._string(check, "released", "")
        self._check_within("released", name)
        return name

    def _formatted(self) -> tuple[str, ...]:
        patterns = self._strings(self._check(), "formatted", [])
        for pattern in patterns:
            self._check_within("formatted", pattern)
        return tuple(patterns)

    def _check(self) -> dict[str, Any]:
        check = self._table("check")
        self._check_keys(check, CHECK_KEYS, "entry")
        return check

    def _evidence(self, prefixes: Prefixes) -> EvidenceRules:
        table = self._table("evidence", self._check())
        self._check_keys(table, EVIDENCE_KEYS, "entry")
        named = {key: self._named(key, table, prefixes) for key in EVIDENCE_KEYS}
        if named["classes"] and not named["property"]:
            self._fail("classes", "'classes' must have evidence, but no 'property' leads to it.")
        return EvidenceRules(named["text"] or DEFAULT_TEXTS, named["property"], named["classes"])

    def _token_hash(self) -> str | None:
        server = self._table("server")
        self._check_keys(server, SERVER_KEYS, "entry")
        return self._string(server, "token-hash", "") if "token-hash" in server else None

    def _fail(self, key: str, detail: str, advice: str | None = None) -> NoReturn:
        """Raise the error at the first line where ``key`` is set, as tomllib keeps no places."""
        setting = re.compile(rf'\s*(?:\[+\s*)?["\']?{re.escape(key)}["\']?\s*(?:=|\])')
        lines = enumerate(self.text.splitlines(), start=1)
        line = next((number for number, text in lines if setting.match(text)), None)
        raise ConfigurationError(detail, position=Position(str(self.path), line), advice=advice)

    def _check_keys(self, table: Mapping[str, Any], known: Collection[str], kind: str) -> None:
        for key in table:
            if key not in known:
                self._fail(key, f"There is no {kind} '{key}'.", suggestion_sentence(key, known))

    def _table(self, key: str, parent: Mapping[str, Any] | None = None) -> dict[str, Any]:
        value = (self.content if parent is None else parent).get(key, {})
        if not isinstance(value, dict):
            self._fail(key, f"'{key}' must be a table, written [{key}].")
        return value

    def _string(self, table: Mapping[str, Any], key: str, default: str) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            self._fail(key, f"'{key}' must be a string in quotes, and not empty.")
        return value

    def _strings(self, table: Mapping[str, Any], key: str, default: list[str]) -> list[str]:
        value = table.get(key, default)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._fail(key, f"'{key}' must be a list of strings in quotes.")
        return value

    def _iri(self, key: str, value: str) -> str:
        try:
            return NamedNode(value).value
        except ValueError:
            self._fail(key, f"'{key}' must be an absolute IRI, which '{value}' is not.")

    def _prefixes(self) -> Prefixes:
        table = self._table("prefixes")
        own = {prefix: self._iri(prefix, self._string(table, prefix, "")) for prefix in table}
        return Prefixes(WELL_KNOWN_PREFIXES | own)

    def _named(self, key: str, table: Mapping[str, Any], prefixes: Prefixes) -> tuple[str, ...]:
        """Return the IRIs that a list names, each whole or with a prefix."""
        expanded = []
        for value in self._strings(table, key, []):
            iri = prefixes.expand(value) or value
            if iri == value and "/" not in iri:
                self._fail(key, f"'{key}' holds '{value}', whose prefix is not known.")
            expanded.append(self._iri(key, iri))
        return tuple(expanded)

    def _services(self, values: list[str]) -> tuple[str, ...]:
        """Check endpoints; a folder, which may be a stranger's, cannot name one within."""
        if not values:
            return ()
        from cosigraph.endpoints import endpoint  # noqa: PLC0415 - few folders name any

        for value in values:
            try:
                is_within = endpoint(value).is_within
            except UsageError as error:
                self._fail("services", error.detail, error.advice)
            if is_within:
                self._fail(
                    "services",
                    f"'{value}' is not on the open network.",
                    "Allow it on the command line, with --allow-service.",
                )
        return tuple(values)

    def _graphs(self, base: str) -> tuple[GraphSource, ...]:
        entries = self.content.get("graph")
        if entries is None:
            return tuple(
                GraphSource(name, f"{base}graph/{name}", (f"{name}/**/*",))
                for name in _DEFAULT_GRAPHS
                if _may_have_files(self.path.parent, name)
            )
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._fail("graph", "Graphs are written [[graph]], with two brackets on each side.")
        sources: dict[str, GraphSource] = {}
        for entry in entries:
            source = self._graph(entry, base)
            if source.name in sources:
                self._fail("name", f"There are two graphs '{source.name}'.")
            sources[source.name] = source
        for entry in entries:
            self._check_replaced(entry, sources)
        return tuple(sources.values())

    def _graph(self, entry: Mapping[str, Any], base: str) -> GraphSource:
        self._check_keys(entry, GRAPH_KEYS, "entry")
        for key in ("name", "files"):
            if key not in entry:
                self._fail("graph", f"A [[graph]] has no '{key}'.")
        name = self._string(entry, "name", "")
        iri = self._iri("name", f"{base}graph/{name}")
        patterns = self._strings(entry, "files", [])
        for pattern in patterns:
            self._check_within("files", pattern)
        replaced = self._string(entry, "replaces", "") if "replaces" in entry else None
        return GraphSource(
            name, iri, tuple(patterns), None if replaced is None else f"{base}graph/{replaced}"
        )

    def _check_within(self, key: str, path: str) -> None:
        if not path or PurePosixPath(path).is_absolute() or ".." in path.split("/"):
            self._fail(key, f"'{path}' must be a path within the project folder.")

    def _check_replaced(self, entry: Mapping[str, Any], sources: Mapping[str, GraphSource]) -> None:
        replaced = entry.get("replaces")
        settled = [name for name, source in sources.items() if source.replaces is None]
        if replaced is not None and replaced not in settled:
            self._fail(
                "replaces",
                f"Graph '{entry['name']}' replaces '{replaced}', which is no graph of its own.",
                suggestion_sentence(replaced, settled),
            )
