# SPDX-License-Identifier: Apache-2.0
"""The SPARQL of a canned query's file, held against what its front matter says."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from typing import cast

import pyoxigraph

from cosigraph.chains import refuse_long_chains
from cosigraph.errors import Position, QueryError, QueryFileError, QueryRefused
from cosigraph.formats import ResultFormat
from cosigraph.parameters import (
    VARIABLE_PREFIX,
    Parameter,
    ValuesBlock,
    is_parameter_variable,
    values_blocks,
)
from cosigraph.sparql import Form, position_at, query_form, refuse_egress, tokens
from cosigraph.store import EmbeddedStore, Query, Snapshot
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Term


def without_services(text: str) -> str:
    """Return a query that asks graphs in the place of other endpoints, to be read and not run.

    The grammar has GRAPH in the same places, and every token stays where it is.
    """
    pieces, end, follows_service = [], 0, False
    for token in tokens(text):
        if token.is_word("SERVICE"):
            pieces += [text[end : token.start], "GRAPH  "]
            end = token.end
        elif follows_service and token.is_word("SILENT"):
            pieces += [text[end : token.start], "      "]
            end = token.end
        follows_service = token.is_word("SERVICE")
    return "".join([*pieces, text[end:]])


class QueryText:
    """A canned query's text: a SELECT that an engine can read.

    Args:
        text: the whole file.
        source: the file's path as errors shall name it.
        services: the endpoints that it may ask; None for a query that is not federated.

    Attributes:
        services: those that it asks, by their IRIs.

    Raises:
        QueryFileError: it is not well-formed, no SELECT, or would ask another host.
    """

    def __init__(self, text: str, source: str, services: Collection[str] | None = None) -> None:
        self._text = text
        self._source = source
        self._allowed = services
        self.services: tuple[str, ...] = ()
        self._tokens = list(tokens(text))
        self._check_well_formed()
        self._select = next(
            index for index, token in enumerate(self._tokens) if token.is_word("SELECT")
        )

    def _check_well_formed(self) -> None:
        try:
            form = query_form(self._text)
            if form is not Form.SELECT:
                raise QueryFileError(
                    f"A canned query is a SELECT, not {form}.",
                    position=Position(self._source, 1),
                    advice="Its answer is a table, whose columns the front matter describes.",
                )
            self._refuse_dataset()
            self._find_services()
            refuse_long_chains(self._text)
            # The engine lends no parser; an empty store reads the query and answers at once.
            empty = EmbeddedStore(Snapshot(b"", {None: ()}))
            deque(empty.execute(Query(without_services(self._text), ResultFormat.JSON)), 0)
        except QueryError as error:
            where = error.position or Position()
            raise QueryFileError(
                error.detail,
                position=Position(self._source, where.line, where.column),
                advice=error.advice,
            ) from None

    def _find_services(self) -> None:
        try:
            clause = refuse_egress(self._text, services=self._allowed or ())
        except QueryRefused as error:
            if self._allowed is None:
                error.advice = (
                    "Add '#+ federated: true', and the endpoint to 'services' of the project."
                )
            elif not self._allowed:
                error.advice = "Add the endpoint to 'services' under [project] in cosigraph.toml."
            raise
        self.services = tuple(dict.fromkeys(call.iri for call in clause.services))

    def _refuse_dataset(self) -> None:
        for token in self._tokens:
            if token.is_word("FROM"):
                raise QueryFileError(
                    "A canned query names no dataset.",
                    position=self._at(token.start),
                    advice="Leave FROM out, or ask one graph with GRAPH.",
                )

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the query declares."""
        prologue = self._tokens[: self._select]
        return {
            name.text.removesuffix(":"): iri.text[1:-1]
            for keyword, name, iri in zip(prologue, prologue[1:], prologue[2:], strict=False)
            if keyword.is_word("PREFIX")
        }

    def projection(self) -> dict[str, Position]:
        """The selected variables in order, and where each stands.

        Raises:
            QueryFileError: the query says ``SELECT *``, which leaves their order open.
        """
        projected: dict[str, Position] = {}
        depth, previous = 0, self._tokens[self._select]
        for token in self._tokens[self._select + 1 :]:
            if depth == 0 and (token.text == "{" or token.is_word("WHERE", "FROM")):
                break
            if depth == 0 and token.text == "*":
                raise QueryFileError(
                    "A canned query names its columns.",
                    position=self._at(token.start),
                    advice="Write the variables instead of '*'.",
                )
            if token.kind == "variable" and (depth == 0 or (depth == 1 and previous.is_word("AS"))):
                projected[token.text[1:]] = self._at(token.start)
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            previous = token
        return projected

    def check_parameters(
        self, parameters: Mapping[str, Parameter], positions: Mapping[str, Position]
    ) -> None:
        """Check that parameters and blocks match, and blocks hold the defaults.

        Args:
            parameters: those that the front matter declares, by name.
            positions: where it declares each.

        Raises:
            QueryFileError: one lacks the other, or a block holds something else.
        """
        variables = {parameter.variable: parameter for parameter in parameters.values()}
        for token in self._tokens:
            if is_parameter_variable(token) and token.text[1:] not in variables:
                raise QueryFileError(
                    f"The front matter declares no parameter for {token.text}.",
                    position=self._at(token.start),
                    advice=suggestion_sentence(token.text[1:], variables)
                    or f"Variables beginning with ?{VARIABLE_PREFIX} are parameters.",
                )
        blocks = list(values_blocks(self._text))
        for name, parameter in parameters.items():
            own = [block for block in blocks if block.variable == parameter.variable]
            if not own:
                raise QueryFileError(
                    f"The query has no block for the parameter '{name}'.",
                    position=positions[name],
                    advice=f"Write 'VALUES ?{parameter.variable} {{ UNDEF }}' in it.",
                )
            for block in own:
                self._check_block(parameter, block)

    def _check_block(self, parameter: Parameter, block: ValuesBlock) -> None:
        held = self._terms(self._text[block.start : block.end])
        expected = " ".join(map(str, parameter.default)) or "UNDEF"
        if held != self._terms(expected):
            raise QueryFileError(
                f"The block of the parameter '{parameter.name}' does not hold "
                + ("its default." if parameter.default else "UNDEF, though it has no default."),
                position=self._at(block.start),
                advice=f"Write 'VALUES ?{parameter.variable} {{ {expected} }}', "
                "or change the default.",
            )

    def _terms(self, content: str) -> set[Term | None]:
        """The terms of a block as the engine reads them, None for UNDEF."""
        prologue = self._text[: self._tokens[self._select].start]
        rows = pyoxigraph.Store().query(
            f"{prologue} SELECT ?value {{ VALUES ?value {{ {content}\n}} }}"
        )
        return {row[0] for row in cast("pyoxigraph.QuerySolutions", rows)}

    def _at(self, offset: int) -> Position:
        return position_at(self._text, offset, self._source)
