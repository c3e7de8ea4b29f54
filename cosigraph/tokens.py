# SPDX-License-Identifier: Apache-2.0
"""The bearer token that lets a client write, and the hash that the server knows it by.

A token is 32 random bytes, so that nobody can guess it from its hash however fast hashes are made:
a slow hash (scrypt), which protects words that people choose, would only slow the server.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from cosigraph.errors import UsageError

_PREFIX = "sha256:"
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_BYTES = 32


def new_token() -> str:
    """Return a token that nobody has had."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """Return what the server is told of ``token``."""
    return _PREFIX + hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def check_hash(text: str) -> str:
    """Return ``text`` if it is a hash of a token; raises UsageError, which does not repeat it."""
    if _HASH.fullmatch(text) is None:
        raise UsageError(
            "The token's hash is not of the form sha256:<64 hexadecimal digits>.",
            advice="Make a token and its hash with: cosigraph token",
        )
    return text


def fits(token: str, known_hash: str) -> bool:
    """Tell whether ``token`` has this hash, in a time that tells nothing of either."""
    return hmac.compare_digest(hash_of(token).encode(), known_hash.encode())
