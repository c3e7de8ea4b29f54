# SPDX-License-Identifier: Apache-2.0
"""Writing into the text of an update, above all the dataset that the protocol gives it.

SPARQL 1.1 Protocol, section 2.2.3: ``using-graph-uri`` and ``using-named-graph-uri`` count as if
each operation with a WHERE had them in ``USING`` and ``USING NAMED``; a text that says ``USING`` or
``WITH`` itself cannot have both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from cosigraph.errors import QueryError
from cosigraph.sparql import Token, position_at, tokens

_BLANKED = re.compile(r"[^\r\n]")


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


def hoisted(text: str, prefixes: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the text without the ``PREFIX`` that stands after a ``;``, and all known prefixes.

    The grammar allows a prologue there (SPARQL 1.1 Update, section 3.3) and Oxigraph does not, so
    these declarations go where it takes them: beside the text. A prefix that is declared anew gets
    another name from there on. What does not move stays where it is in the text.
    """
    known, moved = dict(prefixes), dict(prefixes)
    stream = tokens(text)
    parts, written, renamed = [], 0, dict[str, str]()
    begin = end_of_prologue(text)
    for token in stream:
        if token.is_word("PREFIX"):
            name, iri = next(stream, token), next(stream, token)
            label, namespace = name.text[:-1], iri.text[1:-1]
            if token.start < begin:
                known[label] = namespace  # the text says so itself, and goes before
                continue
            if name.kind != "name" or iri.kind != "iri" or not _is_iri(namespace):
                break
            new = _label(label, namespace, known)
            renamed[label], known[new], moved[new] = new, namespace, namespace
            parts += [text[written : token.start], _BLANKED.sub(" ", text[token.start : iri.end])]
            written = iri.end
        elif token.kind == "name":
            label = token.text.partition(":")[0]
            parts += [text[written : token.start], renamed.get(label, label)]
            written = token.start + len(label)
    return "".join([*parts, text[written:]]), moved


def _label(label: str, namespace: str, known: Mapping[str, str]) -> str:
    """Return a name for the prefix that stands for nothing else."""
    new, number = label, 1
    while known.get(new, namespace) != namespace:
        number += 1
        new = f"{label or 'p'}{number}"
    return new


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


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
