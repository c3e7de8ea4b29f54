# SPDX-License-Identifier: Apache-2.0
"""The keyword SERVICE, which the engine's own parser has to find in no text that it is to run."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import chain

import pyoxigraph
from pyoxigraph import Literal, Variable

from cosigraph import sparql
from cosigraph.errors import QueryRefused
from cosigraph.store.query import Query, syntax_error

SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
# Letters of no hexadecimal digit and no escape; no keyword of SPARQL has a Q.
_LETTERS = "ghjkmpqvwxyz"


def refuse_service(
    text: str, query: Query, default_graphs: Mapping[str | None, tuple[str, ...]]
) -> None:
    """Refuse ``text`` if the engine would find the keyword SERVICE in it.

    The engine alone knows how it reads a text, so its own parser decides: a text that it can
    read only as long as the word "service" is in it has the keyword. What it is given here
    has another word everywhere, and is not run; ``text`` itself would dial out at once.

    Calls of the query's own gateway may be there. The grammar has GRAPH in the same places, so
    they are read as that; and that the engine finds the keyword there, not the inside of a
    string or a comment, is seen from its dislike of another word.

    Raises:
        QueryRefused: there is the keyword, or what may be one.
        QuerySyntaxError: the text is no SPARQL.
    """
    written = "\n".join((text, *query.prefixes))
    if SERVICE.search(written) is None:
        return
    word = absent_word(written)
    calls = [] if query.gateway is None else _gateway_calls(text, query.gateway)
    harmless = _with_calls(text, calls, ["GRAPH"] * len(calls))
    error = _parse_error(harmless, query, word)
    if error is not None:
        graphs = set(chain.from_iterable(default_graphs.values()))
        sparql.refuse_egress(harmless, graphs, query.prefixes)
        wrong = syntax_error(query, error.msg or "")
        if wrong.position is not None:
            raise wrong from None
        raise QueryRefused(
            "The query cannot be read, or it holds SERVICE, which is not allowed.",
            advice="A query is answered from this dataset alone.",
        ) from None
    for number in range(len(calls)):
        words = [word if each == number else "GRAPH" for each in range(len(calls))]
        if _parse_error(_with_calls(text, calls, words), query, word) is None:
            raise QueryRefused(
                "It cannot be told for certain where SERVICE is a keyword in this query.",
                advice="Put spaces around each '<' that compares.",
            )


def _gateway_calls(text: str, gateway: str) -> list[re.Match[str]]:
    """Find the calls of a gateway, as ``cosigraph.gateway`` writes them."""
    return list(re.finditer(rf"SERVICE(?: SILENT)? (?=<{re.escape(gateway)}[0-9]+>)", text))


def _with_calls(text: str, calls: list[re.Match[str]], words: list[str]) -> str:
    """Put a word in the place of each SERVICE, or SERVICE SILENT, of ``calls``."""
    parts, end = [], 0
    for call, word in zip(calls, words, strict=True):
        parts += [text[end : call.start()], word, " "]
        end = call.end()
    return "".join([*parts, text[end:]])


def _parse_error(text: str, query: Query, word: str) -> SyntaxError | None:
    """Let the engine read ``text`` with ``word`` for each "service", and run nothing."""
    prefixes = {renamed(prefix, word): iri for prefix, iri in query.prefixes.items()}
    # A value for what is not there stops the engine after it has read the query.
    unused = Variable(absent_word("\n".join((text, word, *prefixes))))
    try:
        pyoxigraph.Store().query(
            renamed(text, word),
            base_iri=query.base_iri,
            prefixes=prefixes,
            substitutions={unused: Literal("")},
        )
    except SyntaxError as error:
        return error
    except RuntimeError:
        return None
    return None


def absent_word(text: str) -> str:
    """Return a word of seven letters that is not in ``text``, in no case."""
    lowered = text.lower()
    while True:
        inner = "".join(_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(5))
        word = f"q{inner}q"
        if word not in lowered:
            return word


def renamed(text: str, word: str, keyword: re.Pattern[str] = SERVICE) -> str:
    """Put ``word`` for each ``keyword``, with capitals where that has some: two names stay two."""

    def as_written(match: re.Match[str]) -> str:
        pairs = zip(match.group(), word, strict=False)
        begun = "".join(new.upper() if old.isupper() else new for old, new in pairs)
        return begun + word[len(begun) :]

    return keyword.sub(as_written, text)
