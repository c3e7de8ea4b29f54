# SPDX-License-Identifier: Apache-2.0
"""pyshifty, the fast engine, held to the reference by what it is not given.

It passes over what it cannot use: with a pattern that its library of regular expressions does not
know, every value fails. So shapes with such a pattern are refused here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import Any

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple
from shifty._shifty import PreparedValidator

from cosigraph.check.engines.engine import Result
from cosigraph.check.engines.preparing import prepared
from cosigraph.check.engines.report import results_of
from cosigraph.check.engines.splitting import (
    has_blank_nodes,
    split,
    with_names,
    without_names,
)
from cosigraph.errors import UnsupportedShapesError
from cosigraph.vocabulary import SH

_N_TRIPLES = "nt"
_OF_THE_DATA = "data"
_PATH = NamedNode(f"{SH}path")
_TOGETHER = 300_000
"""The most triples that are validated twice at the same time."""


class PyshiftyEngine:
    """Validates with pyshifty's compiled engine."""

    name = "pyshifty"

    def __init__(self) -> None:
        self._prepared: dict[str, tuple[Sequence[Triple], PreparedValidator]] = {}

    @cached_property
    def version(self) -> str:
        """The version of the package."""
        return version("pyshifty")

    def validate(self, data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
        """Return every result; the same shapes are prepared once for data after data."""
        parts = split(shapes) if has_blank_nodes(data) else None
        if parts is None:
            return self._validate("whole", data, shapes, shapes)
        without_queries, queries = parts
        # The engine lets other threads run. Of much data, one after the other needs less memory.
        with ThreadPoolExecutor(1) as beside:
            found = beside.submit(self._validate, "queries", with_names(data), shapes, queries)
            if len(data) > _TOGETHER:
                wait([found])
            results = self._validate("without queries", data, shapes, without_queries)
        return [*results, *map(without_names, found.result())]

    def _validate(
        self, part: str, data: Iterable[Triple], whole: Sequence[Triple], shapes: Sequence[Triple]
    ) -> list[Result]:
        validator = self._prepare(part, whole, shapes)
        try:
            answer = validator.validate_w3c(
                _n_triples(data),
                data_format=_N_TRIPLES,
                graph_mode=_OF_THE_DATA,
                run_infer=False,
                minimum_severity="Info",
                sort_results=False,
                on_unsupported="error",
            )
        except (ValueError, RuntimeError) as error:
            raise UnsupportedShapesError(str(error)) from error
        if answer.diagnostics:
            raise UnsupportedShapesError("; ".join(answer.diagnostics))
        if answer.conforms:
            return []
        report = answer._report_ntriples  # noqa: SLF001 - the report's public text is Turtle
        quads = pyoxigraph.parse(report, format=RdfFormat.N_TRIPLES)
        paths = {triple.subject: triple.object for triple in whole if triple.predicate == _PATH}
        results = results_of(quad.triple for quad in quads)
        return [_with_path(result, paths) for result in results]

    def _prepare(
        self, part: str, whole: Sequence[Triple], shapes: Sequence[Triple]
    ) -> PreparedValidator:
        """Return the validator for a part of shapes, which is kept for the same shapes."""
        of_shapes, validator = self._prepared.get(part, ((), None))
        if validator is not None and of_shapes is whole:
            return validator
        _refuse_unknown_patterns(shapes)
        try:
            validator = PreparedValidator(_n_triples(prepared(shapes)), shapes_format=_N_TRIPLES)
        except (ValueError, RuntimeError) as error:
            raise UnsupportedShapesError(str(error)) from error
        if validator.diagnostics:
            raise UnsupportedShapesError("; ".join(validator.diagnostics))
        self._prepared[part] = whole, validator
        return validator


def _with_path(result: Result, paths: Mapping[Any, Any]) -> Result:
    """Return the result with the blank node that begins the path in the shapes."""
    if isinstance(result.path, BlankNode):
        return replace(result, path=paths.get(result.shape))
    return result


def _n_triples(triples: Iterable[Triple]) -> bytes:
    """Return the triples as bytes; triple terms (RDF 1.2) are left out, as by the reference."""
    plain = (triple for triple in triples if not isinstance(triple.object, Triple))
    return pyoxigraph.serialize(plain, format=RdfFormat.N_TRIPLES) or b""


def _refuse_unknown_patterns(shapes: Iterable[Triple]) -> None:
    """Refuse patterns that the engine cannot use; Oxigraph has the same library for them."""
    patterns: dict[object, dict[str, Literal]] = {}
    for subject, predicate, value in shapes:
        if predicate.value in (f"{SH}pattern", f"{SH}flags") and isinstance(value, Literal):
            patterns.setdefault(subject, {})[predicate.value.removeprefix(SH)] = value
    store = Store()
    for each in {tuple(sorted(found.items())) for found in patterns.values() if "pattern" in found}:
        pattern, flags = dict(each)["pattern"], dict(each).get("flags", Literal(""))
        known = f"ASK {{ BIND(REGEX('', {pattern}, {flags}) AS ?known) FILTER(BOUND(?known)) }}"
        if not store.query(known):
            raise UnsupportedShapesError(f"{pattern} is no regular expression that it knows")
