# SPDX-License-Identifier: Apache-2.0
"""Whether every canned query can be read: its SPARQL, its front matter, its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cosigraph.answers import Surroundings, prepare
from cosigraph.canned import FOLDER, CannedQuery, canned_queries, read_canned_query, read_text
from cosigraph.check.findings import Finding, finding_of
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources
from cosigraph.check.syntax import finding_of_file
from cosigraph.configuration import Configuration
from cosigraph.errors import Position, ProjectError, QueryError, QueryFileError
from cosigraph.files import matching
from cosigraph.front_matter import Entry, read_front_matter
from cosigraph.query_text import without_services
from cosigraph.sparql import tokens
from cosigraph.store import EmbeddedStore, Snapshot
from cosigraph.syntax import undeclared_prefixes

_SYNTAX = "syntax/query"


def check_queries(
    folder: Path, configuration: Configuration
) -> tuple[int, list[CannedQuery], list[Finding]]:
    """Read the canned queries; return their number, those that can be run, and the findings."""
    queries: list[CannedQuery] = []
    findings: list[Finding] = []
    paths = matching(
        folder, f"{FOLDER}/*.rq", lambda error: findings.append(finding_of_file(error))
    )
    for path in paths:
        try:
            query = read_canned_query(path, configuration.prefixes, configuration.services)
            _try(query, configuration)
        except (QueryFileError, QueryError) as error:
            findings += _explained(path, error)
        else:
            queries.append(query)
    if not findings:
        try:
            canned_queries(folder, configuration.prefixes, configuration.services)
        except QueryFileError as error:
            findings.append(finding_of(error, _SYNTAX))
    return len(paths), queries, findings


def _try(query: CannedQuery, configuration: Configuration) -> None:
    """Run the query on no data at all; raises QueryError where it cannot be run."""
    surroundings = Surroundings(
        graphs=[graph.iri for graph in configuration.graphs],
        prefixes=configuration.prefixes.namespaces,
        base_iri=configuration.base,
    )
    prepared = prepare(without_services(query.text), surroundings)
    for _ in EmbeddedStore(Snapshot(b"", {None: ()})).execute(prepared):
        pass


def _explained(path: Path, error: QueryFileError | QueryError) -> Iterator[Finding]:
    """Yield the error, and the undeclared prefixes, which it may be about or may hide."""
    if isinstance(error.__cause__, ProjectError):
        yield finding_of_file(error.__cause__)
        return
    found = finding_of(error, _SYNTAX)
    where = found.position
    found = replace(found, position=Position(str(path), where.line or 1, where.column or 1))
    prefixes = list(_undeclared_prefixes(path))
    if found.position not in [one.position for one in prefixes]:
        yield found
    yield from prefixes


def _undeclared_prefixes(path: Path) -> Iterator[Finding]:
    try:
        text = read_text(path)
    except QueryFileError:
        return
    for error in undeclared_prefixes(text, {}):
        where = error.position or Position()
        found = finding_of(error, "queries/undeclared-prefix")
        yield replace(found, position=Position(str(path), where.line, where.column))


def check_parameters(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each parameter that changes nothing, where it is declared."""
    unused = rule("queries/unused-parameter")
    for query in sources.queries:
        used = set(_variables_in_patterns(query.text))
        for name, entry in _declared(query).items():
            variable = query.parameters[name].variable
            if variable not in used:
                yield unused.finding(
                    f"The parameter '{name}' changes nothing: ?{variable} stands in its own VALUES "
                    "alone.",
                    entry.key_position,
                    advice=f"Use ?{variable} in a pattern or a FILTER, or remove the parameter and "
                    "its VALUES.",
                )


def _declared(query: CannedQuery) -> dict[str, Entry]:
    front_matter = read_front_matter(query.text, str(query.path)).mapping()
    return front_matter["params"].mapping() if query.parameters else {}


def _variables_in_patterns(text: str) -> Iterator[str]:
    """Yield the variables within braces, but for those that VALUES only gives a value to."""
    depth = 0
    in_values = False
    for token in tokens(text):
        if token.is_word("VALUES"):
            in_values = True
        elif token.text == "{" and token.kind == "sign":
            in_values = False
            depth += 1
        elif token.text == "}" and token.kind == "sign":
            depth -= 1
        elif token.kind == "variable" and depth and not in_values:
            yield token.text[1:]
