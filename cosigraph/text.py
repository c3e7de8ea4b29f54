# SPDX-License-Identifier: Apache-2.0
"""When two texts of a document count as the same, and the writing of text as Markdown."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_RULE = re.compile(r"^[ \t]*(?:-[ \t]*){3,}$", re.MULTILINE)
_LEADING_MARK = re.compile(r"^[ \t]*(?:#{1,6}|[-+])(?:[ \t]+|$)", re.MULTILINE)
_ESCAPE_OR_ASTERISK = re.compile(rf"\\({_PUNCTUATION})|\*")
_MARKUP = re.compile(r"[\\`*_<&\[]")
_MARKUP_AT_LINE_START = re.compile(r"^([ \t]*)([#>+-])|^([ \t]*\d+)([.)])", re.MULTILINE)


def normalise(text: str) -> str:
    r"""Return what remains of a text when layout and Markdown marks are taken away.

    A document's source and its text rebuilt from the graph are the same text when this function
    gives the same for both. In this order:

    1. lines that are a horizontal rule (``---``) are dropped;
    2. at the start of a line, one heading mark (``#`` to ``######``) or list mark (``-``, ``+``)
       with the white space after it is dropped;
    3. asterisks (emphasis) are dropped, and a backslash before punctuation, which makes
       Markdown take the punctuation as it stands: ``\*`` becomes a literal asterisk;
    4. every run of white space, line breaks included, becomes one space; none is left at the ends;
    5. Unicode normalisation form C (UAX #15).

    Words, punctuation and footnote marks (``<sup>1</sup>``) stay as they are.
    """
    text = _RULE.sub("", text)
    text = _LEADING_MARK.sub("", text)
    text = _ESCAPE_OR_ASTERISK.sub(lambda match: match[1] or "", text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def digest(text: str) -> str:
    """Return the SHA-256 of the normalised text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def escape_markdown(text: str, *, begins_line: bool = True) -> str:
    """Return plain text as Markdown that shows it unchanged; `normalise` undoes the escapes.

    ``begins_line`` says whether the text stands at the start of a line, where more is a mark.
    """
    escaped = _MARKUP.sub(r"\\\g<0>", text)
    first, line_feed, rest = ("", "", escaped) if begins_line else escaped.partition("\n")
    return first + line_feed + _MARKUP_AT_LINE_START.sub(r"\1\3\\\2\4", rest)
