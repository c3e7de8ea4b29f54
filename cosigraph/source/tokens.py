# SPDX-License-Identifier: Apache-2.0
"""The tokens of Turtle, TriG, N-Triples and N-Quads, as one regular expression over bytes.

RDF 1.2 Turtle (https://www.w3.org/TR/rdf12-turtle/#sec-grammar-grammar), section 7, and TriG. What
one term is, is one token: a literal with its language or datatype, ``[]`` and ``()``. Whatever is
between two tokens is white space.
"""

from __future__ import annotations

import re
from typing import Final

TERM: Final = 1
STRING: Final = 2
SUFFIXED_STRING: Final = 3
EMPTY_BRACKETS: Final = 4
PUNCTUATION: Final = 5
"""The group of ``TOKEN`` that is the last to match; none does in a comment."""

DIRECTIVES: Final = {
    b"prefix": 2,
    b"@prefix": 2,
    b"base": 1,
    b"@base": 1,
    b"version": 1,
    b"@version": 1,
}
"""The words that begin a directive, with the number of terms that follow; in lower case."""

COMMENT: Final = r"#[^\r\n]*+"
_SPACE = rf"(?:[ \t\r\n]|{COMMENT})*+"

_IRI = r"<(?!<)[^>]*+>"
_NAME = r"[\w\-\x80-\xff]"
_PREFIX = rf"[A-Za-z\x80-\xff]{_NAME}*+(?:\.++{_NAME}++)*+"
_LOCAL_BEGIN = r"(?:[\w:%\x80-\xff]|\\.)"
_LOCAL = rf"(?:{_LOCAL_BEGIN}(?:[\w:%\-\x80-\xff]|\\.)*+(?:\.++(?:[\w:%\-\x80-\xff]|\\.)++)*+)?+"
_PREFIXED_NAME = rf"(?:{_PREFIX})?+:{_LOCAL}"
_NAME_OR_KEYWORD = rf"{_PREFIX}(?::{_LOCAL})?+|:{_LOCAL}"
# Two dots in a row end a label: there pyoxigraph is stricter than the grammar.
_BLANK_NODE = rf"_:[\w\x80-\xff]{_NAME}*+(?:\.{_NAME}++)*+"
_NUMBER = r"[+-]?+(?:[0-9]*+(?:\.[0-9]*+)?+[eE][+-]?+[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)"
_LANGUAGE = r"@[A-Za-z]++(?:--?[A-Za-z0-9]++)*+"
_STRING = (
    r'(?:"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""'
    r"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''"
    r'|"[^"\\]*+(?:\\.[^"\\]*+)*+"'
    r"|'[^'\\]*+(?:\\.[^'\\]*+)*+')"
)
# Behind VERSION "1.2" a directive may follow, which is no language then.
_DIRECTIVE = r"@(?:prefix|base|version)(?![A-Za-z0-9\-])"
_SUFFIX = (
    rf"(?:{_LANGUAGE}|{_SPACE}(?!{_DIRECTIVE})"
    rf"(?:{_LANGUAGE}|\^\^{_SPACE}(?:{_IRI}|{_PREFIXED_NAME})))"
)
_EMPTY_BRACKETS = rf"\[{_SPACE}\]|\({_SPACE}\)"
# A directive, @prefix and the like, is matched as a language.
_TERM = "|".join((_NAME_OR_KEYWORD, _IRI, _BLANK_NODE, _NUMBER, _LANGUAGE))
_PUNCTUATION = r"<<\(?+|>>|\)>>|\{\||\|\}|[.;,\[\](){}~]"

TOKEN: Final = re.compile(
    rf"({_TERM})|({_STRING})({_SUFFIX})?+|({_EMPTY_BRACKETS})|({_PUNCTUATION})|{COMMENT}".encode(),
    re.DOTALL,
)
"""Matches the next token, or a comment, wherever it begins; white space is passed over."""
