# SPDX-License-Identifier: Apache-2.0
"""``cosigraph token``: a token that may write, and its hash for the server."""

from __future__ import annotations

import typer

from cosigraph.tokens import hash_of, new_token


def token() -> None:
    """Make a token that lets a client write, and the hash that a server knows it by.

    The token is for the client and is shown only now; the hash is for the server: --token-hash,
    COSIGRAPH_TOKEN_HASH, or token-hash under [server] in cosigraph.toml.
    """
    made = new_token()
    typer.echo(f"token  {made}")
    typer.echo(f"hash   {hash_of(made)}")
