# SPDX-License-Identifier: Apache-2.0
"""Identifiers of a wrong form, and those released earlier of which nothing is said any more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import NamedNode

from cosigraph.check.findings import Finding, finding_of
from cosigraph.check.positions import Part
from cosigraph.check.rule import rule
from cosigraph.check.sources import SHAPES, Sources
from cosigraph.check.standard_terms import namespace_of
from cosigraph.check.statements import Statement
from cosigraph.errors import Position, ProjectError
from cosigraph.released import list_of, released_identifiers

_TOLD = 20
"""How many wrong identifiers of one namespace in one file are told; the last says how many more."""


def check_identifiers(sources: Sources) -> Iterator[Finding]:
    """Yield each identifier that has not the form which the project demands, where it is first."""
    wrong_form = rule("identifiers/wrong-form")
    base = sources.configuration.base
    form = re.compile(sources.configuration.identifiers)
    wrong: defaultdict[tuple[Path, str], list[Statement]] = defaultdict(list)
    for name, statement in _first_statements(sources):
        if name.startswith(base) and not form.fullmatch(name, len(base)):
            wrong[statement.file.path, namespace_of(name)].append(statement)
    for statements in wrong.values():
        for number, statement in enumerate(statements[:_TOLD], start=1):
            name = str(getattr(statement.triple.subject, "value", ""))
            more = len(statements) - _TOLD if number == _TOLD else 0
            also = f", nor have {more} more beside it" if more > 0 else ""
            yield wrong_form.finding(
                f"<{name}> has not the form of the project's identifiers{also}.",
                sources.place(statement, Part.SUBJECT),
                advice=_renaming(name, base, form),
            )


def _first_statements(sources: Sources) -> Iterator[tuple[str, Statement]]:
    """Yield each thing of data and vocabularies with the first statement about it."""
    # A namespace of terms has names of another kind, and its own IRI is that of an ontology.
    namespaces = {namespace_of(term) for term in sources.terms.kinds} - {sources.configuration.base}
    seen: set[str] = set()
    for file in sources.files:
        if sources.room(file) == SHAPES:
            continue
        for number, triple in enumerate(file.triples):
            subject = triple.subject
            if type(subject) is NamedNode and subject.value not in seen:
                name = subject.value
                seen.add(name)
                if name not in sources.terms.kinds and namespace_of(name) not in namespaces:
                    yield name, Statement(file, number)


def _renaming(name: str, base: str, form: re.Pattern[str]) -> str:
    """Return what to call the thing instead, where plain words would do."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", unquote(name[len(base) :]))
    parts = [re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in words.split("/")]
    plain = "/".join(parts) if all(parts) else ""
    allow = "allow its form with [check] identifiers in cosigraph.toml."
    if plain and form.fullmatch(plain):
        return f"Name it <{base}{plain}>, or {allow}"
    return f"Rename it, or {allow}"


def check_released(sources: Sources) -> Iterator[Finding]:
    """Yield each released identifier that is gone, at its line in the list."""
    gone = rule("identifiers/gone")
    path = list_of(sources.folder, sources.configuration)
    if not path.exists() and sources.configuration.released is None:
        return
    present = _subjects(sources)
    try:
        for line, iri in released_identifiers(path):
            if iri not in present:
                yield gone.finding(
                    f"<{iri}> was released, and no file says anything of it any more.",
                    Position(str(path), line, 1),
                    advice="Bring it back, or keep it with owl:deprecated true and "
                    "dcterms:isReplacedBy.",
                )
    except ProjectError as error:
        yield finding_of(error, gone.identifier)


def _subjects(sources: Sources) -> set[str]:
    return {
        triple.subject.value
        for file in sources.files
        for triple in file.triples
        if type(triple.subject) is NamedNode
    }
