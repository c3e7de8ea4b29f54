# SPDX-License-Identifier: Apache-2.0
"""Reads ``cosigraph.toml``, table by table."""

from __future__ import annotations

from pathlib import Path

from cosigraph.configuration import checks
from cosigraph.configuration.catalogue import read_publication
from cosigraph.configuration.content import DEFAULT_BASE, DEFAULT_NAMES, FILE_NAME, Configuration
from cosigraph.configuration.datasets import read_datasets
from cosigraph.configuration.entries import Entries
from cosigraph.configuration.graphs import graphs_of, read_graphs
from cosigraph.errors import ConfigurationError, Position, ProjectError
from cosigraph.files import LARGEST_TEXT, read_file
from cosigraph.page_settings import KEYS as PAGES_KEYS
from cosigraph.page_settings import PageSettings
from cosigraph.terms import WELL_KNOWN_PREFIXES, Prefixes

TABLES = ("project", "prefixes", "graph", "dataset", "server", "check", "catalogue", "pages")
PROJECT_KEYS = ("name", "title", "version", "base", "names", "services", "notice")
SERVER_KEYS = ("token-hash",)


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
        return _configuration(Entries(path, _read_text(path)))
    if not any((folder / name).is_dir() for name in ("ontology", "data")):
        raise ProjectError(
            f"'{folder}' is no project folder:",
            advice=f"it has neither a {FILE_NAME} nor a folder ontology/ or data/.",
        )
    return _configuration(Entries(path, ""))


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
    return _configuration(Entries(folder / FILE_NAME, text))


def _read_text(path: Path) -> str:
    content = read_file(path, path.parent, LARGEST_TEXT)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigurationError(
            "The file is not UTF-8.", position=Position(str(path), line)
        ) from error


def _configuration(entries: Entries) -> Configuration:
    """Return what the file says, with defaults for what it leaves out."""
    entries.check_keys(entries.content, TABLES, "table")
    project = entries.table("project")
    entries.check_keys(project, PROJECT_KEYS, "entry")
    name = entries.string(project, "name", entries.path.parent.resolve().name)
    base = entries.iri("base", entries.string(project, "base", DEFAULT_BASE))
    if not base.endswith("/"):
        entries.fail("base", f"'base' must end with '/': '{base}/'.")
    prefixes = _prefixes(entries)
    datasets = read_datasets(entries, base)
    return Configuration(
        name=name,
        title=entries.string(project, "title", name),
        version=entries.string(project, "version", "0"),
        base=base,
        names=entries.named("names", {"names": list(DEFAULT_NAMES)} | project, prefixes),
        prefixes=prefixes,
        graphs=(*read_graphs(entries, base), *graphs_of(datasets, base)),
        services=_services(entries, entries.strings(project, "services", [])),
        token_hash=_token_hash(entries),
        identifiers=checks.identifiers(entries),
        released=checks.released(entries),
        evidence=checks.evidence(entries, prefixes),
        formatted=checks.formatted(entries),
        link_forms=checks.link_forms(entries, prefixes),
        datasets=datasets,
        notice=tuple(entries.strings(project, "notice", [])),
        publication=read_publication(entries),
        pages=_pages(entries),
    )


def _prefixes(entries: Entries) -> Prefixes:
    table = entries.table("prefixes")
    own = {prefix: entries.iri(prefix, entries.string(table, prefix, "")) for prefix in table}
    return Prefixes(WELL_KNOWN_PREFIXES | own)


def _services(entries: Entries, values: list[str]) -> tuple[str, ...]:
    """Check endpoints; a folder, which may be a stranger's, cannot name one within."""
    for value in values:
        entries.check_open(
            ("services", value), "Allow it on the command line, with --allow-service."
        )
    return tuple(values)


def _token_hash(entries: Entries) -> str | None:
    server = entries.table("server")
    entries.check_keys(server, SERVER_KEYS, "entry")
    return entries.string(server, "token-hash", "") if "token-hash" in server else None


def _pages(entries: Entries) -> PageSettings:
    table = entries.table("pages")
    entries.check_keys(table, PAGES_KEYS, "entry")
    return PageSettings(
        start=tuple(entries.strings(table, "start", [])),
        pictures=tuple(entries.strings(table, "pictures", [])),
        search=entries.string(table, "search", "") if "search" in table else "",
        compare=entries.string(table, "compare", "") if "compare" in table else "",
    )
