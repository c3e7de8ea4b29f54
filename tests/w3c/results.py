# SPDX-License-Identifier: Apache-2.0
"""Answers, and when two are the same.

Rows are the same as a bag, or as a list where the query orders them; blank nodes may be called
differently, one to one; numbers and booleans are the same when their datatype and value are, and
in CSV, which has no datatypes, numbers when their value is.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from cosigraph.terms import RDF, XSD, Term

Row: TypeAlias = tuple[Term | None, ...]
_Mapping: TypeAlias = dict[BlankNode, BlankNode]

BINDINGS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
_GRAPHS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML}
_RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: the columns' names in their order, and the rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """The answer to a CONSTRUCT or DESCRIBE: a graph."""

    triples: frozenset[Triple]


Result: TypeAlias = Table | Statements | bool


def expected_result(path: Path, base: str) -> Result:
    """Read the answer that a suite expects, in whichever format it is kept."""
    content = path.read_bytes()
    if path.suffix in _GRAPHS:
        triples = [quad.triple for quad in parse(content, _GRAPHS[path.suffix], base_iri=base)]
        described = _described(triples)
        return Statements(frozenset(triples)) if described is None else described
    return read_result(content, path.suffix)


def read_result(content: bytes, suffix: str) -> Result:
    """Read an answer from the format whose files end in ``suffix``."""
    if suffix in _GRAPHS:
        return Statements(frozenset(quad.triple for quad in parse(content, _GRAPHS[suffix])))
    if suffix == ".csv":
        header, *lines = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
        return Table(tuple(header), tuple(tuple(map(_of_csv, line)) for line in lines))
    results = parse_query_results(content, BINDINGS[suffix])
    if isinstance(results, QueryBoolean):
        return bool(results)
    columns = tuple(variable.value for variable in results.variables)
    return Table(columns, tuple(tuple(solution) for solution in results))


def _of_csv(cell: str) -> Term:
    """A cell of CSV, which tells blank nodes but not IRIs from literals."""
    if cell.startswith("_:"):
        return BlankNode(cell[2:])
    try:
        return Literal(f"{Decimal(cell).normalize():f}")
    except ArithmeticError:
        return Literal(cell)


def _described(triples: Sequence[Triple]) -> Table | bool | None:
    """Read an answer that is kept as a graph of the DAWG's vocabulary for results, if it is one."""
    nodes: dict[Term, dict[str, list[Term]]] = {}
    for subject, predicate, object_ in triples:
        nodes.setdefault(subject, {}).setdefault(predicate.value, []).append(object_)
    root = next((node for node in nodes.values() if _is_result_set(node)), None)
    if root is None:
        return None
    if f"{_RESULT_SET}boolean" in root:
        return root[f"{_RESULT_SET}boolean"][0] == Literal(True)
    columns = tuple(sorted(map(_text, root.get(f"{_RESULT_SET}resultVariable", ()))))
    rows = []
    for solution in root.get(f"{_RESULT_SET}solution", ()):
        bound = {}
        for binding in nodes[solution].get(f"{_RESULT_SET}binding", ()):
            (name,) = nodes[binding][f"{_RESULT_SET}variable"]
            (bound[_text(name)],) = nodes[binding][f"{_RESULT_SET}value"]
        rows.append(tuple(bound.get(column) for column in columns))
    return Table(columns, tuple(rows))


def _is_result_set(node: Mapping[str, Iterable[Term]]) -> bool:
    return NamedNode(f"{_RESULT_SET}ResultSet") in node.get(f"{RDF}type", ())


def _text(term: Term) -> str:
    assert isinstance(term, Literal)
    return term.value


def difference(expected: Result, found: Result, *, is_ordered: bool = False) -> str | None:
    """Return in what way ``found`` is not what was expected, or None.

    Args:
        expected: what the suite wants.
        found: what the query gave.
        is_ordered: whether the order of the rows counts.
    """
    if isinstance(expected, Statements) and isinstance(found, Statements):
        return _rows_differ(list(expected.triples), list(found.triples), is_ordered=False)
    if isinstance(expected, Table) and isinstance(found, Table):
        if sorted(expected.columns) != sorted(found.columns):
            return f"columns {found.columns}, expected {expected.columns}"
        order = [found.columns.index(column) for column in expected.columns]
        rows = [tuple(row[place] for place in order) for row in found.rows]
        return _rows_differ(expected.rows, rows, is_ordered=is_ordered)
    return None if expected == found else f"found {found}, expected {expected}"


def _rows_differ(
    expected: Sequence[Row | Triple], found: Sequence[Row | Triple], *, is_ordered: bool
) -> str | None:
    wanted = [tuple(map(_normal, row)) for row in expected]
    given = [tuple(map(_normal, row)) for row in found]
    if _same(wanted, given, is_ordered=is_ordered):
        return None
    missing, surplus = Counter(wanted) - Counter(given), Counter(given) - Counter(wanted)
    return f"missing {_shown(missing)}; surplus {_shown(surplus)}"


def _shown(rows: Counter[Row]) -> str:
    return ", ".join(sorted(" ".join(map(str, row)) for row in rows.elements()))[:300]


def _same(wanted: list[Row], given: list[Row], *, is_ordered: bool) -> bool:
    if len(wanted) != len(given):
        return False
    if is_ordered:
        mapping: _Mapping | None = {}
        for row, other in zip(wanted, given, strict=True):
            mapping = mapping if mapping is None else _unified(row, other, mapping)
        return mapping is not None
    ground = Counter(row for row in wanted if not _has_blank(row))
    if ground != Counter(row for row in given if not _has_blank(row)):
        return False
    return _matches(
        [row for row in wanted if _has_blank(row)], [row for row in given if _has_blank(row)], {}
    )


def _matches(wanted: list[Row], given: list[Row], mapping: _Mapping) -> bool:
    """Whether the rows are the same under some one-to-one mapping that extends ``mapping``."""
    if not wanted:
        return True
    # The row with the fewest candidates first: a row without any ends the search at once.
    fitting = {row: [each for each in set(given) if _unified(row, each, mapping)] for row in wanted}
    row = min(wanted, key=lambda each: len(fitting[each]))
    rest = [*wanted]
    rest.remove(row)
    for candidate in fitting[row]:
        extended = _unified(row, candidate, mapping)
        others = [*given]
        others.remove(candidate)
        if extended is not None and _matches(rest, others, extended):
            return True
    return False


def _unified(row: Row, other: Row, mapping: _Mapping) -> _Mapping | None:
    """Return the mapping extended so that ``row`` becomes ``other``, or None."""
    extended = dict(mapping)
    for term, counterpart in zip(row, other, strict=True):
        if isinstance(term, BlankNode) and isinstance(counterpart, BlankNode):
            if term not in extended and counterpart in extended.values():
                return None
            if extended.setdefault(term, counterpart) != counterpart:
                return None
        elif isinstance(term, Triple) and isinstance(counterpart, Triple):
            within = _unified(tuple(term), tuple(counterpart), extended)
            if within is None:
                return None
            extended = within
        elif term != counterpart:
            return None
    return extended


def _has_blank(row: Row) -> bool:
    return any(
        isinstance(term, BlankNode) or (isinstance(term, Triple) and _has_blank(tuple(term)))
        for term in row
    )


def _normal(term: Term | None) -> Term | None:
    """Return the term with a number written in one way."""
    if isinstance(term, Triple):
        subject, predicate, object_ = map(_normal, term)
        return Triple(subject, predicate, object_)  # type: ignore[arg-type]
    if not isinstance(term, Literal) or not term.datatype.value.startswith(XSD):
        return term
    try:
        match term.datatype.value.removeprefix(XSD):
            case "integer":
                return Literal(str(int(term.value)), datatype=term.datatype)
            case "decimal":
                return Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
            case "boolean":
                return Literal(term.value in {"true", "1"})
            case "double" | "float":
                return Literal(repr(float(term.value)), datatype=term.datatype)
    except (ValueError, ArithmeticError):
        pass
    return term
