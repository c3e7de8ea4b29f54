# SPDX-License-Identifier: Apache-2.0
"""Writing into the text of an update, above all the dataset that the protocol gives it.

SPARQL 1.1 Protocol, section 2.2.3: ``using-graph-uri`` and ``using-named-graph-uri`` count as if
each operation with a WHERE had them in ``USING`` and ``USING NAMED``; a text that says ``USING`` or
``WITH`` itself cannot have both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from cosigraph.errors import QueryError
from cosigraph.sparql import Token, position_at, tokens


def end_of_prologue(text: str) -> int:
    """Return where in ``text`` the first operation begins."""
    stream = tokens(text)
    for token in stream:
        if token.is_word("PREFIX"):
            next(stream, None)
        elif not token.is_word("BASE", "VERSION"):
            return token.start
        next(stream, None)
    return len(text)


class _Insertion(NamedTuple):
    offset: int
    text: str


def with_dataset(text: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """Return the update ``text`` with the protocol's dataset for each of its operations.

    Raises:
        QueryError: the text has a dataset of its own, or a graph's IRI is none.
    """
    if not default_graphs and not named_graphs:
        return text
    clauses = [f"USING {_iri(iri)}" for iri in default_graphs]
    clauses += [f"USING NAMED {_iri(iri)}" for iri in named_graphs]
    parts, written = [], 0
    for offset, inserted in _insertions(text, " ".join(clauses)):
        parts += [text[written:offset], f" {inserted} "]
        written = offset
    return "".join([*parts, text[written:]])


def _iri(iri: str) -> str:
    try:
        return str(NamedNode(iri))
    except ValueError as error:
        raise QueryError(f"'{iri}' is no absolute IRI of a graph.") from error


def _insertions(text: str, clauses: str) -> Iterator[_Insertion]:
    """Yield what is to be written where, in the order of the text."""
    all_tokens = list(tokens(text))
    previous: Token | None = None
    depth = 0
    for index, token in enumerate(all_tokens):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and token.is_word("USING", "WITH"):
            raise QueryError(
                f"The update names its dataset by {token.text.upper()}, and the request does too.",
                position=position_at(text, token.start),
                advice="Leave out using-graph-uri and using-named-graph-uri.",
            )
        if depth == 0 and token.is_word("WHERE"):
            if previous is not None and previous.is_word("DELETE"):
                # DELETE WHERE has no place for USING; its pattern is its template as well.
                yield _Insertion(token.start, _block(text, all_tokens[index + 1 :]))
            yield _Insertion(token.start, clauses)
        previous = token


def _block(text: str, following: Sequence[Token]) -> str:
    """Return the text of the braces that begin here."""
    depth = 0
    for token in following:
        depth += (token.text == "{") - (token.text == "}")
        if depth <= 0:
            return text[following[0].start : token.end]
    return ""
