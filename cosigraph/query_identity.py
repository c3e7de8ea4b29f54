# SPDX-License-Identifier: Apache-2.0
"""When one answer will do for two queries: they ask the same, and the answer is always the same.

Both are told from the text alone and err on one side: two texts that are taken for one query are
one, and an answer that is taken for lasting lasts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cosigraph.sparql import mentions

_GAP = r"(?:[ \t\r\n]+|\#[^\r\n]*)"
_PART = re.compile(
    rf"""
      (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
    | (?P<whole>
          \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
        | "(?:[^"\\\r\n]|\\[^\r\n])*+" | '(?:[^'\\\r\n]|\\[^\r\n])*+'
        | \\.)
    | (?P<gap>{_GAP}+)
    """,
    re.VERBOSE | re.DOTALL,
)
_GAPS = re.compile(r"[\t\r\n#]|  ")  # without these there is nothing to be left out
_ABSOLUTE_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://[^<>\"{}|^`\x00-\x20]*>")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
# Functions whose value differs from one time to the next (SPARQL 1.1, section 17.4), and another
# endpoint's answer. Oxigraph needs no space before a keyword: ``trueSERVICE<…>``.
_VOLATILE = re.compile(
    rf"(?:now|rand|uuid|bnode){_GAP}*+\(|service(?:{_GAP}*+[<?$:]|{_GAP}++\w)|\\u", re.IGNORECASE
)
_VOLATILE_HINTS = ("now", "rand", "uuid", "bnode", "service", "\\u")


@lru_cache(maxsize=8)  # one query is looked at more than once
def is_volatile(text: str) -> bool:
    """Tell whether the query may have another answer the next time, from the same data.

    So does one with NOW, RAND, UUID, STRUUID, BNODE or SERVICE, or with an escape that may hide it.
    """
    return mentions(text, _VOLATILE_HINTS) and _VOLATILE.search(text) is not None


def normal_form(text: str) -> str:
    """Return ``text`` with one space in the place of each run of white space and comments.

    Texts with the same normal form ask the same. Whether ``<`` opens an IRI or compares, and so
    what is a string or a comment behind it, depends on the grammar; where that could matter, the
    text itself is returned. ``<http://…>`` is an IRI, as no SPARQL has two slashes elsewhere.
    """
    if _GAPS.search(_ABSOLUTE_IRI.sub("<>", text) if "#" in text else text) is None:
        return text.strip(" ")
    parts: list[str] = []
    end = 0
    for match in _PART.finditer(text):
        if match.lastgroup == "gap":
            parts += (text[end : match.start()], " ")
            end = match.end()
        elif match.lastgroup == "iri" and not _ABSOLUTE.match(match.group()):
            return text
    parts.append(text[end:])
    return "".join(parts).strip(" ")
