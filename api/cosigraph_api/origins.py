# SPDX-License-Identifier: Apache-2.0
"""Who writes, and why: what a request says of it, kept with the version that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cosigraph.store_version import LONGEST_TEXT, Origin

from .problems import bad_request

WHO: Final = "from"
"""The field that says who: an address of electronic mail, or a name (RFC 9110, section 10.1.2)."""
WHY: Final = "cosigraph-reason"
"""The field that says why."""
_DIGITS = 12


def origin_of(headers: Mapping[str, str], token_hash: str) -> Origin:
    """Return who writes and why; who says nothing is called by the token that he has.

    Nobody but the holder of the token vouches for it.

    Raises:
        ProblemError: 400, it is too long, no UTF-8, or has signs that cannot be printed
    """
    token = token_hash.rpartition(":")[2][:_DIGITS]
    return Origin(
        _text(headers, WHO, "From") or f"token {token}", _text(headers, WHY, "Cosigraph-Reason")
    )


def _text(headers: Mapping[str, str], name: str, told: str) -> str:
    try:
        text = headers.get(name, "").encode("latin-1").decode().strip()
    except UnicodeDecodeError as error:
        raise bad_request(f"The field {told} is no UTF-8.", "Send UTF-8.") from error
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise bad_request(
            f"The field {told} is no line of at most {LONGEST_TEXT} characters.", "Shorten it."
        )
    return text
