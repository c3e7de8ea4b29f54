# SPDX-License-Identifier: Apache-2.0
"""``cosigraph.toml``: the name, base, prefixes and graphs of a project folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from pyoxigraph import NamedNode

from cosigraph.declared_dataset import CATALOGUE, DATASET_KEYS, DeclaredDataset, file_for
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
from cosigraph.publication import Publication, is_public_address
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import WELL_KNOWN_PREFIXES, Prefixes

TABLES = ("project", "prefixes", "graph", "dataset", "server", "check", "catalogue", "pages")
PROJECT_KEYS = ("name", "title", "version", "base", "names", "services", "notice")
GRAPH_KEYS = ("name", "files", "replaces")
SERVER_KEYS = ("token-hash",)
CHECK_KEYS = ("identifiers", "released", "formatted", "evidence", "links")
EVIDENCE_KEYS = ("text", "property", "classes")
CATALOGUE_KEYS = (
    "publisher",
    "publisher-iri",
    "contact",
    "address",
    "data-licence",
    "software-licence",
    "source",
    "source-rights",
)
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
    ``is_added`` tells that ``cosigraph add`` makes its files, which are then those of no other.
    """

    name: str
    iri: str
    patterns: tuple[str, ...]
    replaces: str | None = None
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """What ``cosigraph.toml`` says.

    ``names`` are the IRIs of properties that name a thing; ``services`` those of the other
    endpoints that queries may ask; ``token_hash`` is that of the token by which a server lets a
    client write. ``identifiers`` is the regular expression that the part of an identifier after
    the base must match; ``released`` the file that lists the released ones, if it is named.
    ``evidence`` says what quotations are held to; ``formatted`` are patterns of files that are to
    be in the house's form; ``link_forms`` maps the prefixes of vocabularies that may be linked to
    to the regular expressions of what stands after them, sorted. ``datasets`` are those that were
    added beside the project's own data; their graphs are among ``graphs``. ``notice`` is what every
    page and record tells of the data; ``publication`` who publishes them, where, and on what terms;
    ``pages`` what is special on the pages.
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
    link_forms: Mapping[str, str] = field(default_factory=dict)
    datasets: tuple[DeclaredDataset, ...] = ()
    notice: tuple[str, ...] = ()
    publication: Publication = field(default_factory=Publication)
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


def configuration_text(folder: Path) -> str:
    """Return the text of ``cosigraph.toml`` in ``folder``, empty where there is none.

    Raises:
        ProjectError: it cannot be read.
    """
    path = folder / FILE_NAME
    return _read_text(path) if path.is_file() else ""


def parse_configuration(folder: Path, text: str) -> Configuration:
    """Return what ``cosigraph.toml`` in ``folder`` would say if this were its text.

    Raises:
        ConfigurationError: the text is no TOML, or has an unknown or unusable entry.
    """
    return _Reader(folder / FILE_NAME, text).configuration()


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
        datasets = self._datasets(base)
        return Configuration(
            name=name,
            title=self._string(project, "title", name),
            version=self._string(project, "version", "0"),
            base=base,
            names=self._named("names", {"names": list(DEFAULT_NAMES)} | project, prefixes),
            prefixes=prefixes,
            graphs=(*self._graphs(base), *_added(datasets, base)),
            services=self._services(self._strings(project, "services", [])),
            token_hash=self._token_hash(),
            identifiers=self._identifiers(),
            released=self._released(),
            evidence=self._evidence(prefixes),
            formatted=self._formatted(),
            link_forms=self._link_forms(prefixes),
            datasets=datasets,
            notice=tuple(self._strings(project, "notice", [])),
            publication=self._publication(),
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

    def _publication(self) -> Publication:
        table = self._table("catalogue")
        self._check_keys(table, CATALOGUE_KEYS, "entry")
        told = {key: self._string(table, key, "") for key in CATALOGUE_KEYS if key in table}
        for key in ("publisher-iri", "contact", "data-licence", "software-licence", "source"):
            if key in told:
                self._iri(key, told[key])
        address = told.get("address")
        if address is not None and not (is_public_address(address) and address.endswith("/")):
            self._fail(
                "address",
                f"'address' is where anybody reaches the service, which '{address}' is not.",
                "Give a public https:// or http:// address that ends with '/', or leave it out.",
            )
        contact = told.get("contact")
        if contact is not None and not contact.startswith(("mailto:", "https://", "http://")):
            self._fail("contact", f"'contact' must be a mailto: or https: IRI, not '{contact}'.")
        return Publication(**{key.replace("-", "_"): value for key, value in told.items()})

    def _identifiers(self) -> str:
        return self._expression(self._check(), "identifiers", DEFAULT_IDENTIFIERS)

    def _expression(self, table: Mapping[str, Any], key: str, default: str) -> str:
        pattern = self._string(table, key, default)
        try:
            re.compile(pattern)
        except re.error as error:
            self._fail(key, f"'{pattern}' is no regular expression: {error}.")
        return pattern

    def _link_forms(self, prefixes: Prefixes) -> dict[str, str]:
        table = self._table("links", self._check())
        for prefix in table:
            if prefix not in prefixes.namespaces:
                advice = suggestion_sentence(prefix, prefixes.namespaces)
                self._fail(prefix, f"'{prefix}' is no prefix of [prefixes].", advice)
        return {prefix: self._expression(table, prefix, "") for prefix in sorted(table)}

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
        for value in values:
            self._check_open(
                ("services", value), "Allow it on the command line, with --allow-service."
            )
        return tuple(values)

    def _check_open(self, entry: tuple[str, str], advice: str) -> None:
        from cosigraph.endpoints import endpoint  # noqa: PLC0415 - few folders name any

        key, value = entry
        try:
            is_within = endpoint(value).is_within
        except UsageError as error:
            self._fail(key, error.detail, error.advice)
        if is_within:
            self._fail(key, f"'{value}' is not on the open network.", advice)

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

    def _datasets(self, base: str) -> tuple[DeclaredDataset, ...]:
        entries = self.content.get("dataset", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._fail(
                "dataset", "Datasets are written [[dataset]], with two brackets on each side."
            )
        datasets = [self._dataset(entry, base) for entry in entries]
        for number, dataset in enumerate(datasets):
            for other in datasets[:number]:
                if dataset.graph == other.graph:
                    self._fail("dataset", f"Two datasets have the graph <{dataset.graph}>.")
                if dataset.file == other.file:
                    self._fail("dataset", f"Two datasets have the file '{dataset.file}'.")
        return tuple(datasets)

    def _dataset(self, entry: Mapping[str, Any], base: str) -> DeclaredDataset:
        self._check_keys(entry, DATASET_KEYS, "entry")
        for key in ("graph", "source", "title", "licence"):
            if key not in entry:
                self._fail("dataset", f"A [[dataset]] has no '{key}'.")
        name = self._string(entry, "graph", "")
        graph = self._iri("graph", name if ":" in name else f"{base}graph/{name}")
        file = self._string(entry, "file", file_for(graph))
        if not file.endswith(".nt"):
            self._fail("file", f"'{file}' must be named .nt, as 'cosigraph add' writes N-Triples.")
        dataset = DeclaredDataset(
            graph=graph,
            source=self._string(entry, "source", ""),
            title=self._string(entry, "title", ""),
            licence=self._iri("licence", self._string(entry, "licence", "")),
            file=file,
            sha256=self._string(entry, "sha256", "").lower() if "sha256" in entry else None,
            format=self._string(entry, "format", "") if "format" in entry else None,
            mapping=self._string(entry, "mapping", "") if "mapping" in entry else None,
            constraints=tuple(self._strings(entry, "constraints", [])),
            allow_remote=self._flag(entry, "allow-remote"),
            own_identifiers=self._flag(entry, "own-identifiers"),
            name_blank_nodes=self._flag(entry, "name-blank-nodes"),
        )
        paths = [("file", file), *(("constraints", path) for path in dataset.constraints)]
        if dataset.is_remote and dataset.allow_remote:
            advice = "Allow it on the command line, with --allow-remote."
            self._check_open(("source", dataset.source), advice)
        elif not dataset.is_remote:
            paths.append(("source", dataset.source))
        if dataset.mapping is not None:
            paths.append(("mapping", dataset.mapping))
        for key, path in paths:
            self._check_within(key, path)
        if dataset.sha256 and not re.fullmatch("[0-9a-f]{64}", dataset.sha256):
            self._fail("sha256", "'sha256' must be 64 hexadecimal digits.")
        return dataset

    def _flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._fail(key, f"'{key}' must be true or false.")
        return value

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


def _added(datasets: tuple[DeclaredDataset, ...], base: str) -> Iterator[GraphSource]:
    """Yield the graphs of what was added, and of what the catalogue says about it."""
    catalogue = f"{base}graph/{CATALOGUE}"
    for dataset in datasets:
        yield GraphSource(dataset.graph, dataset.graph, (dataset.file,), is_added=True)
        yield GraphSource(CATALOGUE, catalogue, (dataset.about,), is_added=True)
