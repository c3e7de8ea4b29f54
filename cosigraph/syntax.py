# SPDX-License-Identifier: Apache-2.0
"""Where a text ceases to be SPARQL, and what was expected there.

Oxigraph tells that a query is wrong but hardly where: its position is the farthest that any of its
attempts got, and what it expected is a random few of them. So a query that it rejects is read once
more, by the grammar of the specification, to say it as a person would. Only the message depends on
this reading, never whether a query runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode

from cosigraph.errors import QuerySyntaxError
from cosigraph.grammar import (
    WORDS,
    Node,
    first_terminals,
    is_optional,
    leading,
    rules,
    terminal,
)
from cosigraph.sparql import Token, describe, position_at, shown, tokens
from cosigraph.suggestions import did_you_mean

_NAMES = {
    "Form": ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"),
    "Path": ("a property",),
    "Verb": ("a property",),
    "Object": ("an object",),
    "Objects": ("an object",),
    **dict.fromkeys(
        ("Expression", "Conjunction", "Relation", "Sum", "Product", "Unary", "Value"),
        ("an expression",),
    ),
    "Constraint": ("an expression in brackets",),
    "Iri": ("an IRI",),
    "Literal": ("a literal",),
    "Triples": ("a triple",),
    "GroupPart": ("a graph pattern",),
    "IRIREF": ("an IRI in angle brackets",),
    "PNAME": ("a prefix that ends with ':'",),
    "VAR": ("a variable",),
    "STRING": ("a string",),
    "INTEGER": ("a whole number",),
    "DECIMAL": ("a number",),
    "BLANK": ("a blank node",),
    "LANGTAG": ("a language tag",),
    "FUNCTION": ("a function",),
    "AGGREGATE": ("an aggregate",),
    "OPERATOR": ("an operator",),
    "END": ("the end of the query",),
}
_OPERATORS = {f"'{sign}'" for sign in ("=", "!=", "<", ">", "<=", ">=", "&&", "||", "IN", "NOT")}
_OPERATORS |= {f"'{sign}'" for sign in "+-*/|?"}


def explain(
    text: str, prefixes: Mapping[str, str], base_iri: str | None, message: str
) -> QuerySyntaxError:
    """Return the error to raise for ``text``, which the engine rejected with ``message``.

    ``prefixes`` are known without ``PREFIX``; ``base_iri`` resolves relative IRIs.
    """
    found = first_error(text) or wrong_name(text, prefixes, base_iri)
    if found is not None:
        return found
    told = reason(message)
    if told is not None:
        return QuerySyntaxError(f"The query cannot be run: {told}.")
    return QuerySyntaxError(
        "The query cannot be run, though no single word of it is wrong.",
        advice="Look for a variable that is set twice (BIND, AS), a blank node in two groups, or a "
        "row of VALUES with too few or too many values.",
    )


def wrong_name(
    text: str, prefixes: Mapping[str, str], base_iri: str | None
) -> QuerySyntaxError | None:
    """Return the error at the first undeclared prefix, or at an IRI that is none; or None."""
    return next(undeclared_prefixes(text, prefixes), None) or _wrong_iri(text, base_iri)


def first_error(text: str) -> QuerySyntaxError | None:
    """Return the error at the first token that no SPARQL 1.1 query can have there, or None."""
    reader = Reader(text)
    try:
        if reader.reads(Node("symbol", symbol="Query")):
            return None
    except RecursionError:  # nested deeper than this reading goes; the engine's word must do
        return None
    token = reader.token
    position = position_at(text, token.start)
    if token.text in {'"', "'"}:
        return QuerySyntaxError("A string is opened here and not closed.", position=position)
    if token.text == "<" and (iri := re.compile("<[^>\\r\\n]*>").match(text, token.start)):
        return QuerySyntaxError(
            f"{shown(iri.group())} is no IRI: it holds a character that an IRI cannot have.",
            position=position,
        )
    near = did_you_mean(token.text.upper(), WORDS) if token.kind == "word" else None
    return QuerySyntaxError(
        f"{describe(token)} stands where {_listed(reader.expected)} was expected.",
        position=position,
        advice=f"Did you mean '{near}'?" if near and near != token.text.upper() else None,
    )


def _listed(expected: Iterable[str]) -> str:
    """Return the names of what was expected, the general ones first: ``a, b or c``."""
    symbols = set(expected)
    if len(symbols & _OPERATORS) > 2:
        symbols = symbols - _OPERATORS | {"OPERATOR"}
    names = sorted(
        {name for symbol in symbols for name in _NAMES.get(symbol, (_quoted(symbol),))},
        key=lambda name: (name[:2] not in {"a ", "an"}, name.lower()),
    )
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _quoted(symbol: str) -> str:
    inner = symbol.strip("'")
    return inner if inner.isalpha() and inner.isupper() else symbol


def _expected(node: Node) -> set[str]:
    """Return the symbols to name in a message where ``node`` could begin."""
    if node.kind == "symbol":
        rule = rules().get(node.symbol)
        return {node.symbol} if rule is None or node.symbol in _NAMES else _expected(rule)
    return set().union(*map(_expected, leading(node)))


class Reader:
    """Reads terminals by the grammar, one token ahead, up to the first that does not fit.

    Whoever wants to know what was read where overrides ``reads_rule`` and ``step``.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*tokens(text), self._end()]
        self._index = 0
        self.expected: set[str] = set()

    def _end(self) -> Token:
        return Token("end", "", len(self._text), len(self._text))

    @property
    def token(self) -> Token:
        """The token that is to be read next; at last the one that does not fit."""
        return self._tokens[self._index]

    def reads(self, node: Node) -> bool:
        """Read ``node``; tell whether the tokens fit."""
        if not self._can_begin(node):
            self.expected |= _expected(node)
            return is_optional(node)
        if node.kind == "symbol":
            rule = rules().get(node.symbol)
            return self.step() if rule is None else self.reads_rule(node.symbol, rule)
        if node.kind == "sequence":
            return all(self.reads(part) for part in node.parts)
        if node.kind == "choice":
            return self.reads(next(part for part in node.parts if self._can_begin(part)))
        fits = self.reads(node.parts[0])
        while fits and node.kind != "?" and self._can_begin(node.parts[0]):
            fits = self.reads(node.parts[0])
        if fits and node.kind != "?":
            self.expected |= _expected(node.parts[0])
        return fits

    def _can_begin(self, node: Node) -> bool:
        first = first_terminals(node)
        if self.token.kind == "iri" and "'<'" in first and "IRIREF" not in first:
            # No IRI can follow an operand of an expression: this "<" compares.
            start = self.token.start
            less = Token("sign", "<", start, start + 1)
            self._tokens[self._index :] = [less, *tokens(self._text, start + 1), self._end()]
        return terminal(self.token) in first

    def reads_rule(self, _name: str, rule: Node) -> bool:
        """Read what the rule of that name says; tell whether the tokens fit."""
        return self.reads(rule)

    def step(self) -> bool:
        """Go on to the next token."""
        self._index += 1
        self.expected.clear()
        return True


def undeclared_prefixes(text: str, prefixes: Mapping[str, str]) -> Iterator[QuerySyntaxError]:
    """Yield an error for each prefix that stands for nothing, where it is first used."""
    known = set(prefixes)
    previous: Token | None = None
    for token in tokens(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if previous is not None and previous.is_word("PREFIX"):
                known.add(prefix)
            elif prefix not in known:
                near = did_you_mean(prefix, known)
                yield QuerySyntaxError(
                    f"The prefix '{shown(prefix)}:' is not declared.",
                    position=position_at(text, token.start),
                    advice=f"Did you mean '{near}:'?"
                    if near
                    else f"Write PREFIX {shown(prefix)}: <…> before the query.",
                )
                known.add(prefix)
        previous = token


def _wrong_iri(text: str, base_iri: str | None) -> QuerySyntaxError | None:
    """Return the error at the first IRI that is none, or that is relative to nothing."""
    has_base = base_iri is not None
    for token in tokens(text):
        has_base = has_base or token.is_word("BASE")
        if token.kind != "iri" or (has_base and ":" not in token.text):
            continue
        try:
            NamedNode(re.sub(r"\\u.{4}|\\U.{8}", "x", token.text[1:-1]))
        except ValueError as error:
            return QuerySyntaxError(
                f"{shown(token.text)} is no IRI: {str(error).rstrip('.')}.",
                position=position_at(text, token.start),
            )
    return None


def reason(message: str) -> str | None:
    """Return the one reason in words that Oxigraph gives among what it expected, if any."""
    reasons = re.findall(
        r"(?:expected (?:one of )?|, )((?:\w|SELECT \*)[\w*' ]+ [\w*' ]+)", message
    )
    spoken = [reason for reason in reasons if len(reason.split()) > 3]
    return spoken[0] if spoken else None
