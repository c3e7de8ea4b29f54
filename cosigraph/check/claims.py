# SPDX-License-Identifier: Apache-2.0
"""What an added dataset states about things that have identifiers of the project."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from cosigraph.check.findings import Finding
from cosigraph.check.positions import Part
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources
from cosigraph.check.statements import Statement
from cosigraph.check.syntax import ParsedFile
from cosigraph.declared_dataset import DeclaredDataset

_TOLD = 20
"""How many things of one file are told; the last says how many more."""


def check_claims(sources: Sources) -> Iterator[Finding]:
    """Yield each thing of the project of which a dataset says something without leave."""
    claimed = rule("identifiers/claimed")
    datasets = {sources.folder / each.file: each for each in sources.configuration.datasets}
    for file in sources.files:
        dataset = datasets.get(file.path)
        if dataset is None or dataset.own_identifiers:
            continue
        claims = _claims(file, sources.configuration.base, dataset)
        for count, (name, number) in enumerate(claims[:_TOLD], start=1):
            more = len(claims) - _TOLD if count == _TOLD else 0
            also = f", and about {more:,} more" if more > 0 else ""
            yield claimed.finding(
                f"The dataset states something about <{name}>{also}, which the project names.",
                sources.place(Statement(file, number), Part.SUBJECT),
                advice="Let it have identifiers of its own, or allow it with own-identifiers in "
                "its [[dataset]].",
            )


def _claims(file: ParsedFile, base: str, dataset: DeclaredDataset) -> list[tuple[str, int]]:
    """Return the things below ``base``, each with the number of the first statement about it."""
    first: dict[str, int] = {}
    for number, triple in enumerate(file.triples):
        subject = triple.subject
        if type(subject) is NamedNode and dataset.claims(subject.value, base):
            first.setdefault(subject.value, number)
    return list(first.items())
