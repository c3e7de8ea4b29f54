# SPDX-License-Identifier: Apache-2.0
"""Every way to read a text, as the engine may read it otherwise than by its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cosigraph.errors import QuerySyntaxError
from cosigraph.sparql.token import TOKEN, Token, position_at, token_of

_GOOD_ESCAPES = re.compile(
    r"""(?:[^\\]|\\[tbnrf"'\\]
      |\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}
      |\\U(?!0000[Dd][89A-Fa-f])(?:0010|000[0-9A-Fa-f])[0-9A-Fa-f]{4})*+""",
    re.VERBOSE,
)
DEEPEST = 256
_CLOSING = frozenset({")", "}", ">"})
_LEADING = frozenset({"GRAPH", "PREFIX", "FROM", "NAMED", "DESCRIBE"})


def _has_bad_escape(token: Token) -> bool:
    """Tell whether this is a long string that the engine may not take for one."""
    is_long = token.kind == "string" and token.text.startswith(("'''", '"""'))
    return is_long and _GOOD_ESCAPES.fullmatch(token.text) is None


def possible_tokens(text: str) -> Iterator[tuple[Token | None, Token, str]]:
    """Yield the tokens of every way to read ``text``, each with the one before and open brackets.

    The ways differ where ``<`` may open an IRI or compare: after an operand within parentheses.
    They also differ at a long string with an escape that there is not: Oxigraph may read its
    opening as an empty string and go on behind that.

    Raises:
        QuerySyntaxError: brackets are nested too deeply, or there are too many ways.
    """
    pending: list[tuple[int, str, Token | None]] = [(0, "", None)]
    seen: set[tuple[int, str, bool, str]] = set()
    while pending:
        offset, brackets, previous = pending.pop()
        while (match := TOKEN.match(text, offset)) is not None:
            offset = match.end()
            if match.lastgroup == "space":
                continue
            token = token_of(match)
            # An operand also ends with the "}" of EXISTS {} or the ">" of a triple term.
            after_operand = previous is not None and (
                previous.kind != "sign" or previous.text in _CLOSING
            )
            word = previous.text.upper() if previous is not None else ""
            # What comes before matters to whoever looks at the token, so it is part of the state.
            state = (token.start, brackets, after_operand, word if word in _LEADING else "")
            # Two slashes are no SPARQL, so "http://…" is an IRI however it is looked at.
            is_impossible = token.text == "/" and previous is not None and previous.text == "/"
            if state in seen or is_impossible:
                break
            seen.add(state)
            if len(seen) > 4 * len(text) + DEEPEST or len(brackets) > DEEPEST:
                raise QuerySyntaxError(
                    "The query is nested too deeply.", position=position_at(text, token.start)
                )
            if token.kind == "iri" and after_operand and brackets.endswith("("):
                less = Token("sign", "<", token.start, token.start + 1)
                pending.append((less.end, brackets, less))
            if _has_bad_escape(token):
                empty = Token("string", token.text[:2], token.start, token.start + 2)
                pending.append((empty.end, brackets, empty))
            yield previous, token, brackets
            if token.text in {"(", "{", "["}:
                brackets += token.text
            elif token.text in {")", "}", "]"}:
                brackets = brackets[:-1]
            previous = token
