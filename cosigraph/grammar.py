# SPDX-License-Identifier: Apache-2.0
"""The grammar of SPARQL 1.1 queries (section 19.8, which is LL(1)) as data.

``cosigraph.syntax`` reads by it. Beyond SPARQL 1.1 it has ``VERSION`` and the functions of 1.2, and
``LATERAL``, which Oxigraph takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cosigraph.sparql import Token

# One rule a line, as in the specification; kinds of token in capitals, keywords and signs quoted.
# Where two rules of the specification differ only in whether paths are allowed, there is one here.
_GRAMMAR = """
Query = Prologue Form ValuesClause END
Prologue = ( 'BASE' IRIREF | 'PREFIX' PNAME IRIREF | 'VERSION' STRING )*
Form = Select | Construct | Describe | Ask
Select = SelectClause DatasetClause* WhereClause SolutionModifier
SubSelect = SelectClause WhereClause SolutionModifier ValuesClause
SelectClause = 'SELECT' ( 'DISTINCT' | 'REDUCED' )? ( Column+ | '*' )
Column = VAR | '(' Expression 'AS' VAR ')'
Construct = 'CONSTRUCT' ( '{' Triples? '}' DatasetClause* WhereClause SolutionModifier \
 | DatasetClause* 'WHERE' '{' Triples? '}' SolutionModifier )
Describe = 'DESCRIBE' ( VarOrIri+ | '*' ) DatasetClause* WhereClause? SolutionModifier
Ask = 'ASK' DatasetClause* WhereClause SolutionModifier
DatasetClause = 'FROM' 'NAMED'? Iri
WhereClause = 'WHERE'? Group
SolutionModifier = ( 'GROUP' 'BY' GroupCondition+ )? ( 'HAVING' Constraint+ )? \
 ( 'ORDER' 'BY' OrderCondition+ )? LimitOffset*
GroupCondition = BuiltInCall | Iri Arguments | '(' Expression ( 'AS' VAR )? ')' | VAR
OrderCondition = ( 'ASC' | 'DESC' ) Bracketed | Constraint | VAR
LimitOffset = 'LIMIT' INTEGER | 'OFFSET' INTEGER
ValuesClause = ( 'VALUES' DataBlock )?
Group = '{' ( SubSelect | GroupBody ) '}'
GroupBody = Triples? ( GroupPart '.'? Triples? )*
Triples = SameSubject ( '.' SameSubject? )*
GroupPart = Group ( 'UNION' Group )* | 'OPTIONAL' Group | 'MINUS' Group | 'LATERAL' Group \
 | 'GRAPH' VarOrIri Group | 'SERVICE' 'SILENT'? VarOrIri Group | 'FILTER' Constraint \
 | 'BIND' '(' Expression 'AS' VAR ')' | 'VALUES' DataBlock
DataBlock = VAR '{' DataValue* '}' | '(' VAR* ')' '{' ( '(' DataValue* ')' )* '}'
DataValue = Iri | Literal | 'UNDEF'
Constraint = Bracketed | BuiltInCall | Iri Arguments
Arguments = '(' ( 'DISTINCT'? Expression ( ',' Expression )* )? ')'
SameSubject = Term Properties | ( Collection | PropertyList ) Properties?
Properties = Verb Objects ( ';' ( Verb Objects )? )*
Verb = VAR | Path
Objects = Object ( ',' Object )*
Object = Term | Collection | PropertyList
Collection = '(' Object* ')'
PropertyList = '[' Properties? ']'
Path = Sequence ( '|' Sequence )*
Sequence = Step ( '/' Step )*
Step = '^'? Primary ( '?' | '*' | '+' )?
Primary = Iri | 'a' | '!' Negated | '(' Path ')'
Negated = OneProperty | '(' ( OneProperty ( '|' OneProperty )* )? ')'
OneProperty = '^'? ( Iri | 'a' )
Term = VAR | Iri | Literal | BLANK
VarOrIri = VAR | Iri
Iri = IRIREF | PNAME
Literal = STRING ( LANGTAG | '^^' Iri )? | Number | 'true' | 'false'
Number = ( '+' | '-' )? ( INTEGER | DECIMAL )
Expression = Conjunction ( '||' Conjunction )*
Conjunction = Relation ( '&&' Relation )*
Relation = Sum ( ( '=' | '!=' | '<' | '>' | '<=' | '>=' ) Sum | 'IN' List | 'NOT' 'IN' List )?
List = '(' ( Expression ( ',' Expression )* )? ')'
Sum = Product ( ( '+' | '-' ) Product )*
Product = Unary ( ( '*' | '/' ) Unary )*
Unary = ( '!' | '+' | '-' )? Value
Value = Bracketed | BuiltInCall | Iri Arguments? | Literal | VAR
Bracketed = '(' Expression ')'
BuiltInCall = FUNCTION List | AGGREGATE '(' 'DISTINCT'? ( '*' | Expression ) \
 ( ';' 'SEPARATOR' '=' STRING )? ')' | 'EXISTS' Group | 'NOT' 'EXISTS' Group
"""

_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_FUNCTIONS = set(
    re.findall(
        r"\w+",
        """
        STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN
        UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY
        HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE
        IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE
        TRIPLE SUBJECT PREDICATE OBJECT ISTRIPLE LANGDIR STRLANGDIR HASLANG HASLANGDIR ADJUST
        """,
    )
)
WORDS = {
    *re.findall(r"'([A-Za-z]+)'", _GRAMMAR),
    *_AGGREGATES,
    *_FUNCTIONS,
}

_KINDS = {
    "iri": "IRIREF",
    "name": "PNAME",
    "variable": "VAR",
    "string": "STRING",
    "language": "LANGTAG",
    "blank": "BLANK",
}


def terminal(token: Token) -> str:
    """Return the grammar's name for a token: its kind in capitals, or its text in quotes."""
    if token.kind == "number":
        return "INTEGER" if token.text.isdigit() else "DECIMAL"
    if token.kind == "word":
        word = token.text.upper()
        if token.text == "a":
            return "'a'"
        if word in _AGGREGATES:
            return "AGGREGATE"
        if word in _FUNCTIONS:
            return "FUNCTION"
        return f"'{word.lower()}'" if word in {"TRUE", "FALSE"} else f"'{word}'"
    return "END" if token.kind == "end" else _KINDS.get(token.kind, f"'{token.text}'")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule: a symbol, or parts that are a sequence, a choice or a repetition."""

    kind: str
    parts: tuple[Node, ...] = ()
    symbol: str = ""


@cache
def rules() -> dict[str, Node]:
    """Return the right side of every rule by its name."""
    read = {}
    for line in _GRAMMAR.strip().splitlines():
        name, _, right = line.partition(" = ")
        read[name] = _choice(iter(right.split()))
    return read


def _choice(words: Iterator[str]) -> Node:
    """Read alternatives up to the closing bracket or the end."""
    options: list[list[Node]] = [[]]
    for word in words:
        if word == "|":
            options.append([])
        elif word.startswith(")"):
            break
        elif word == "(":
            options[-1].append(_choice(words))
        else:
            options[-1].append(_symbol(word))
    sequences = tuple(Node("sequence", tuple(option)) for option in options)
    inner = Node("choice", sequences)
    closing = word[1:] if word.startswith(")") else ""
    return Node(closing, (inner,)) if closing else inner


def _symbol(word: str) -> Node:
    name = word if word[0] == "'" else word.rstrip("?*+")
    end = word.rpartition("'")[2] if word[0] == "'" else word[len(name) :]
    symbol = Node("symbol", symbol=name.removesuffix(end) if end else name)
    return Node(end, (symbol,)) if end else symbol


def is_optional(node: Node) -> bool:
    """Tell whether ``node`` can be nothing at all."""
    if node.kind == "symbol":
        rule = rules().get(node.symbol)
        return rule is not None and is_optional(rule)
    if node.kind == "sequence":
        return all(map(is_optional, node.parts))
    return node.kind in "?*" or any(map(is_optional, node.parts))


def leading(node: Node) -> Iterator[Node]:
    """Yield the parts of a sequence that can come first; of anything else, all parts."""
    for part in node.parts:
        yield part
        if node.kind == "sequence" and not is_optional(part):
            return


@cache
def first_terminals(node: Node) -> frozenset[str]:
    """Return the terminals that ``node`` can begin with."""
    if node.kind == "symbol":
        rule = rules().get(node.symbol)
        return frozenset({node.symbol}) if rule is None else first_terminals(rule)
    return frozenset().union(*map(first_terminals, leading(node)))
