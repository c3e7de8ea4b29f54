# SPDX-License-Identifier: Apache-2.0
"""The form of a query, told from its first tokens."""

from __future__ import annotations

import re
from enum import StrEnum

from cosigraph.errors import QueryRefused, QuerySyntaxError
from cosigraph.sparql.token import Token, describe, position_at, tokens


class Form(StrEnum):
    """The four forms of a query (SPARQL 1.1, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


# A prologue and a form without any ado, as most queries have them; others are read by tokens.
_PLAIN = re.compile(
    rf"""\s*(?:PREFIX\s+\w*:\s*<[^<>"{{}}|^`\\\s]*>\s*)*(?P<form>{"|".join(Form)})(?=[\s{{?$*(])""",
    re.IGNORECASE | re.ASCII,
)
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")


def query_form(text: str) -> Form:
    """Return the form of the query ``text``, read after its prologue.

    Raises:
        QueryRefused: it is an update.
        QuerySyntaxError: it is neither; the position is that of the first wrong token.
    """
    plain = _PLAIN.match(text)
    if plain is not None:
        return Form(plain["form"].upper())
    stream = tokens(text)
    for token in stream:
        if token.is_word("PREFIX"):
            next(stream, None)
            next(stream, None)
        elif token.is_word("BASE", "VERSION"):
            next(stream, None)
        elif token.is_word(*Form):
            return Form(token.text.upper())
        elif token.is_word(*_UPDATES):
            raise QueryRefused(
                f"{token.text.upper()} is an update; this dataset is read.",
                position=position_at(text, token.start),
            )
        else:
            break
    else:
        token = Token("sign", "", len(text), len(text))
    raise QuerySyntaxError(
        f"{describe(token)} stands where SELECT, ASK, CONSTRUCT or DESCRIBE was expected.",
        position=position_at(text, token.start),
    )
