# SPDX-License-Identifier: Apache-2.0
"""Other datasets, added beside a project's own data.

``bring → unpack → map → refuse claims → check → let in``. A dataset is let in whole, by the one
step in which ``cosigraph.toml`` gets its ``[[dataset]]``; when anything fails, the folder is as it
was. What is let in is two files, which are the truth from then on.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from cosigraph.adding.describing import UsedFile, description
from cosigraph.adding.gate import FindingsError, pass_check, pass_constraints, project_of
from cosigraph.adding.source import TABLES, Progress, Source, bring, suffix_of
from cosigraph.adding.statements import Statements, from_rdf, from_table
from cosigraph.check.findings import Finding
from cosigraph.configuration import (
    FILE_NAME,
    Configuration,
    configuration_text,
    parse_configuration,
)
from cosigraph.declared_dataset import DeclaredDataset
from cosigraph.endpoints import Resolve, addresses_of
from cosigraph.errors import DatasetError, OutputError

__all__ = ["Added", "FindingsError", "Origin", "add_dataset", "missing_datasets", "renew_dataset"]

_STAGING: Final = ".adding-"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the files are that a dataset is made from, as they lie on this machine.

    ``source`` is None where it is to be fetched. Where the folder itself names them, it may be a
    stranger's: then they must lie ``within`` it, and be no links that lead out.
    """

    source: Path | None
    mapping: Path | None = None
    constraints: tuple[Path, ...] = ()
    within: Path | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A dataset that was let in.

    ``unused`` are the lines of its table of which the mapping made nothing, ``findings`` what the
    check says of it that is no violation.
    """

    dataset: DeclaredDataset
    number: int
    rows: int | None
    unused: tuple[int, ...]
    findings: tuple[Finding, ...]


def add_dataset(  # noqa: PLR0913 - all but three have a default and are named by the caller
    folder: Path,
    dataset: DeclaredDataset,
    origin: Origin,
    *,
    progress: Progress = lambda _: None,
    now: datetime | None = None,
    resolve: Resolve = addresses_of,
) -> Added:
    """Add a dataset to a project folder, and its ``[[dataset]]`` to ``cosigraph.toml``.

    That it may be fetched is not written there: whoever wants that says so themselves.

    Raises:
        ConfigurationError: it cannot be declared so.
        DatasetError: it is refused, cannot be had or cannot be read.
        ProjectError: a file cannot be read.
        OutputError: the folder cannot be written to.
    """
    text = configuration_text(folder)
    earlier = parse_configuration(folder, text)
    _refuse_known(dataset, earlier, folder)
    # What is allowed here is allowed once; and what cannot be declared is told at once.
    kept = replace(dataset, allow_remote=False)
    parse_configuration(folder, _with_table(text, kept))
    with _staging(folder) as staging:
        made, source = _made(folder, dataset, origin, earlier, staging, progress, resolve)
        dataset = replace(kept, sha256=source.sha256)
        new_text = _with_table(text, dataset)
        candidate = parse_configuration(folder, new_text)
        _describe(dataset, origin, made, source, staging, now)
        with _in_place(folder, dataset, staging):
            pass_constraints(folder, dataset, candidate, origin.constraints, progress)
            findings = pass_check(folder, dataset, candidate, earlier, progress)
            _replace_text(folder / FILE_NAME, new_text, staging)
    return Added(dataset, made.number, made.rows, made.unused, findings)


def renew_dataset(
    folder: Path,
    dataset: DeclaredDataset,
    *,
    progress: Progress = lambda _: None,
    now: datetime | None = None,
    resolve: Resolve = addresses_of,
) -> Added:
    """Make the files of a dataset that ``cosigraph.toml`` declares, anew if they are there.

    Raises: as ``add_dataset``.
    """
    candidate = parse_configuration(folder, configuration_text(folder))
    absent = {each.graph for each in missing_datasets(folder, candidate)} | {dataset.graph}
    earlier = _without(candidate, absent)
    candidate = _without(candidate, absent - {dataset.graph})
    origin = Origin(
        None if dataset.is_remote else folder / dataset.source,
        None if dataset.mapping is None else folder / dataset.mapping,
        tuple(folder / path for path in dataset.constraints),
        within=folder,
    )
    with _staging(folder) as staging:
        made, source = _made(folder, dataset, origin, earlier, staging, progress, resolve)
        _describe(dataset, origin, made, source, staging, now)
        with _in_place(folder, dataset, staging):
            pass_constraints(
                folder, dataset, candidate, origin.constraints, progress, origin.within
            )
            findings = pass_check(folder, dataset, candidate, earlier, progress)
    return Added(dataset, made.number, made.rows, made.unused, findings)


def missing_datasets(folder: Path, configuration: Configuration) -> tuple[DeclaredDataset, ...]:
    """Return the datasets that are declared and have not been made."""
    return tuple(
        dataset
        for dataset in configuration.datasets
        if not (folder / dataset.file).exists() or not (folder / dataset.about).exists()
    )


def _without(configuration: Configuration, graphs: set[str]) -> Configuration:
    """Return a configuration without the datasets of these graphs."""
    gone = [dataset for dataset in configuration.datasets if dataset.graph in graphs]
    files = {path for dataset in gone for path in (dataset.file, dataset.about)}
    return replace(
        configuration,
        datasets=tuple(each for each in configuration.datasets if each not in gone),
        graphs=tuple(
            graph
            for graph in configuration.graphs
            if not (graph.is_added and graph.patterns[0] in files)
        ),
    )


def _with_table(text: str, dataset: DeclaredDataset) -> str:
    before = text if not text or text.endswith("\n") else text + "\n"
    return f"{before}\n{dataset.to_toml()}" if before else dataset.to_toml()


def _refuse_known(dataset: DeclaredDataset, configuration: Configuration, folder: Path) -> None:
    if any(graph.iri == dataset.graph for graph in configuration.graphs):
        raise DatasetError(
            f"The project has a graph <{dataset.graph}> already.",
            advice="Choose another with --graph; to load a declared dataset again, give no source.",
        )
    for path in (dataset.file, dataset.about):
        if (folder / path).exists():
            raise DatasetError(
                f"There is a file '{path}' already.", advice="Choose another --graph, or remove it."
            )


def _made(  # noqa: PLR0913, PLR0917 - what a dataset is made from, with, and where
    folder: Path,
    dataset: DeclaredDataset,
    origin: Origin,
    earlier: Configuration,
    staging: Path,
    progress: Progress,
    resolve: Resolve,
) -> tuple[Statements, Source]:
    """Bring the source and write its statements to ``staging``."""
    if dataset.claims(dataset.graph, earlier.base) and not dataset.own_identifiers:
        raise DatasetError(
            f"The graph <{dataset.graph}> has an identifier that is the project's own.",
            advice=f"Choose another with --graph: below {earlier.base}graph/, or your own.",
        )
    if not dataset.is_remote:
        _refuse_mismatch(suffix_of(dataset), dataset)
    source = bring(dataset, origin.source, staging, progress, resolve, origin.within)
    _refuse_mismatch(source.suffix, dataset)
    output = staging / "statements.nt"
    if origin.mapping is None:
        made = from_rdf(source.path, dataset, earlier.base, output, progress)
    else:
        usable = _without(earlier, {each.graph for each in missing_datasets(folder, earlier)})
        project = project_of(folder, usable)
        made = from_table(
            source.path, dataset, origin.mapping, origin.within, project, output, progress
        )
    return made, source


def _refuse_mismatch(suffix: str, dataset: DeclaredDataset) -> None:
    if suffix in TABLES and dataset.mapping is None:
        raise DatasetError(
            f"'{dataset.source}' is a table, and no mapping says what its rows mean.",
            advice="Give one with --mapping: docs/linking.md says how it is written.",
        )
    if suffix not in TABLES and dataset.mapping is not None:
        raise DatasetError(
            f"'{dataset.source}' is RDF, which no mapping is needed for.",
            advice="Leave --mapping out.",
        )


def _describe(  # noqa: PLR0913, PLR0917 - what is told of a dataset
    dataset: DeclaredDataset,
    origin: Origin,
    made: Statements,
    source: Source,
    staging: Path,
    now: datetime | None,
) -> None:
    address = dataset.source if dataset.is_remote else None
    used = [UsedFile(_file_name(dataset.source), source.sha256, address)]
    if origin.mapping is not None:
        digest = hashlib.sha256(origin.mapping.read_bytes()).hexdigest()
        used.append(UsedFile(origin.mapping.name, digest))
    text = description(dataset, tuple(used), made.number, now or datetime.now(UTC))
    (staging / "about.ttl").write_text(text, encoding="utf-8")


def _file_name(source: str) -> str:
    return PurePosixPath(source.partition("?")[0].rstrip("/")).name


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Give a folder within the project's, so that what is made in it can be moved in one step."""
    try:
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=folder) as staging:
            yield Path(staging)
    except OSError as error:
        raise OutputError(
            f"The project folder '{folder}' cannot be written to: {error.strerror or error}.",
            advice="Copy it to where you may write, and give the copy with --project.",
        ) from error


@contextmanager
def _in_place(folder: Path, dataset: DeclaredDataset, staging: Path) -> Iterator[None]:
    """Put the two files where they belong; when anything fails, put back what was there."""
    parent = (folder / dataset.file).parent
    made = [each for each in (parent, *parent.parents) if not each.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    moves: Sequence[tuple[Path, Path]] = (
        (staging / "statements.nt", folder / dataset.file),
        (staging / "about.ttl", folder / dataset.about),
    )
    kept = {target: staging / f"kept-{number}" for number, (_, target) in enumerate(moves)}
    try:
        for made_file, target in moves:
            if target.exists():
                target.replace(kept[target])
            made_file.replace(target)
        yield
    except BaseException:
        for _, target in moves:
            target.unlink(missing_ok=True)
            if kept[target].exists():
                kept[target].replace(target)
        for each in made:
            with suppress(OSError):
                each.rmdir()
        raise


def _replace_text(path: Path, text: str, staging: Path) -> None:
    draft = staging / FILE_NAME
    draft.write_text(text, encoding="utf-8", newline="")
    draft.replace(path)
