# SPDX-License-Identifier: Apache-2.0
"""``cosigraph add``: other datasets, beside the project's own data."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosigraph.command_line.options import ProjectOption
from cosigraph.command_line.progress import progress
from cosigraph.errors import UsageError
from cosigraph.project import open_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cosigraph.adding import Added
    from cosigraph.check.findings import Finding
    from cosigraph.declared_dataset import DeclaredDataset

_SHOWN = 20


def add(  # noqa: PLR0913, PLR0917 - the command's options
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="A file, or an address where it is; without it, what cosigraph.toml declares.",
        ),
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option(
            metavar="IRI",
            help="The graph to make: an IRI, or a name, which is put behind the project's base.",
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the dataset is, in a line.")] = None,
    licence: Annotated[
        str | None, typer.Option(metavar="IRI", help="The licence under which it may be used.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A CONSTRUCT that makes RDF of the rows of a table."),
    ] = None,
    constraint: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="An ASK that must be false; may be repeated."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            help="The format, where the name does not tell: turtle, ntriples, rdfxml, jsonld, "
            "trig, nquads, csv or tsv."
        ),
    ] = None,
    sha256: Annotated[
        str | None,
        typer.Option(
            metavar="HEX", help="The digest that the source must have; for an address, a must."
        ),
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let the source be fetched from its address.")
    ] = False,
    own_identifiers: Annotated[
        bool,
        typer.Option(
            "--own-identifiers", help="Let it state things about what the project itself names."
        ),
    ] = False,
    name_blank_nodes: Annotated[
        bool, typer.Option("--name-blank-nodes", help="Give its blank nodes IRIs.")
    ] = False,
    renew: Annotated[
        bool, typer.Option("--renew", help="Make again what is declared, even if it is there.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Add a dataset beside the project's own data, as a graph of its own.

    RDF in any format that the project reads, or a table (CSV, TSV) with a mapping; plain, .gz or
    .zst. It is checked together with the project; what brings a violation is refused, and the
    folder is as it was. What is let in is data/added/NAME.nt, what the catalogue says of it, and a
    [[dataset]] in cosigraph.toml. Without SOURCE, the datasets that are declared there and not yet
    made are made.

    \b
    cosigraph add figures.ttl.gz --graph https://example.org/graph/figures --title "Figures"
        --licence https://creativecommons.org/licenses/by/4.0/ --project my-folder
    cosigraph add --project my-folder
    """  # noqa: D301 - click reads \b as a character
    if project is None:
        raise UsageError(
            "The folder that ships is not added to.", advice="Name one of your own with --project."
        )
    if source is None:
        given = (graph, title, licence, mapping, constraint, format, sha256)
        if any(value is not None for value in given) or own_identifiers or name_blank_nodes:
            raise UsageError(
                "The source is missing.",
                advice="Without one, only --renew, --allow-remote and --project may be given.",
            )
        _make_declared(project, renew=renew, allow_remote=allow_remote)
        return
    if renew:
        raise UsageError("With --renew, no source is given.")
    wanted = {"--graph": graph, "--title": title, "--licence": licence}
    missing = [option for option, value in wanted.items() if value is None]
    if missing:
        raise UsageError(f"{' and '.join(missing)} must be given for what is added.")
    opened = open_project(project)
    from cosigraph.declared_dataset import DeclaredDataset, file_for  # noqa: PLC0415

    name = graph or ""
    iri = name if ":" in name else f"{opened.configuration.base}graph/{name}"
    dataset = DeclaredDataset(
        graph=iri,
        source=source,
        title=title or "",
        licence=licence or "",
        file=file_for(iri),
        sha256=None if sha256 is None else sha256.lower(),
        format=format,
        allow_remote=allow_remote,
        own_identifiers=own_identifiers,
        name_blank_nodes=name_blank_nodes,
    )
    _add(opened.folder, dataset, mapping, tuple(constraint or ()))


def _add(
    folder: Path, dataset: DeclaredDataset, mapping: Path | None, constraints: tuple[Path, ...]
) -> None:
    from cosigraph.adding import Origin, add_dataset  # noqa: PLC0415 - loads pySHACL

    origin = Origin(None if dataset.is_remote else Path(dataset.source), mapping, constraints)
    dataset = replace(
        dataset,
        source=dataset.source if dataset.is_remote else _kept(Path(dataset.source), folder),
        mapping=None if mapping is None else _kept(mapping, folder),
        constraints=tuple(_kept(path, folder) for path in constraints),
    )
    with progress() as show:
        added = _told_refusal(lambda: add_dataset(folder, dataset, origin, progress=show))
    _tell(added)


def _make_declared(folder: Path, *, renew: bool, allow_remote: bool) -> None:
    from cosigraph.adding import missing_datasets, renew_dataset  # noqa: PLC0415 - loads pySHACL

    opened = open_project(folder)
    configuration = opened.configuration
    datasets = configuration.datasets if renew else missing_datasets(opened.folder, configuration)
    if not datasets:
        typer.echo("There is no [[dataset]] that is to be made.", err=True)
    for dataset in datasets:
        if allow_remote:
            dataset = replace(dataset, allow_remote=True)  # noqa: PLW2901 - for this once
        with progress() as show:
            make = partial(renew_dataset, opened.folder, dataset, progress=show)
            added = _told_refusal(make)
        _tell(added)


def _told_refusal(work: Callable[[], Added]) -> Added:
    from cosigraph.adding import FindingsError  # noqa: PLC0415 - as above

    try:
        return work()  # here, where Ctrl-C lets it put the folder in order
    except FindingsError as error:
        _tell_findings(error.findings)
        raise


def _kept(path: Path, folder: Path) -> str:
    """Return what cosigraph.toml keeps of a path: within the folder all of it, else the name."""
    resolved, root = path.resolve(), folder.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else path.name


def _tell(added: Added) -> None:
    _tell_findings(added.findings)
    of_rows = "" if added.rows is None else f" of {added.rows:,} rows"
    typer.echo(f"{added.number:,} statements{of_rows} are in {added.dataset.file}.")
    if added.unused:
        lines = ", ".join(map(str, added.unused[:_SHOWN]))
        more = " …" if len(added.unused) > _SHOWN else ""
        number = f"{len(added.unused):,} line{'s' if len(added.unused) > 1 else ''}"
        typer.echo(
            f"{number} of the table gave rows of which the mapping makes nothing: {lines}{more}",
            err=True,
        )


def _tell_findings(findings: Iterable[Finding]) -> None:
    told = list(findings)
    for finding in told[:_SHOWN]:
        about = f" ({finding.focus_node})" if finding.focus_node else ""
        typer.echo(
            f"{finding.position}: {finding.severity}: {finding.message}{about} [{finding.rule}]",
            err=True,
        )
    if len(told) > _SHOWN:
        typer.echo(f"… and {len(told) - _SHOWN:,} more findings.", err=True)
