# SPDX-License-Identifier: Apache-2.0
"""Chains of operators and of groups, which the engine follows by recursion as it does brackets.

Of one that is too long its stack overflows, which ends its process. On Linux, with the 8 MiB that
a stack has there, that begins at 1,700 groups (MINUS, BIND) and at 7,000 operators.
"""

from __future__ import annotations

import re

from cosigraph.errors import QuerySyntaxError
from cosigraph.sparql import position_at, tokens

MOST_OPERATORS = 4096
MOST_GROUPS = 1024
_GROUPS = ("UNION", "OPTIONAL", "MINUS", "BIND")
_OPERATORS = frozenset({"!", "&&", "||", "|", "/", "*", "^", "+", "-"})
_NUMBER = re.compile(r"(?<=[\s({\[,])[+-](?=[.0-9])")  # the sign of one, not an operator


def refuse_long_chains(text: str) -> None:
    """Refuse a query with more operators or groups than the engine can follow.

    Raises:
        QuerySyntaxError: the position is that of the first that is too many.
    """
    if len(text) <= MOST_OPERATORS:
        return
    numbers = {match.start() for match in _NUMBER.finditer(text)}
    operators = groups = 0
    for token in tokens(text):
        if token.kind == "sign":
            operators += token.text in _OPERATORS and token.start not in numbers
        elif token.kind == "word":
            groups += token.is_word(*_GROUPS)
        if operators > MOST_OPERATORS or groups > MOST_GROUPS:
            what = "operators" if operators > MOST_OPERATORS else "UNION, OPTIONAL, MINUS and BIND"
            most = MOST_OPERATORS if operators > MOST_OPERATORS else MOST_GROUPS
            raise QuerySyntaxError(
                f"The query has more than {most:,} {what}.",
                position=position_at(text, token.start),
                advice="Use VALUES or IN where many values are compared, or ask in parts.",
            )
