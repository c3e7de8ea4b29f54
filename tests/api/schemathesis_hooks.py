# SPDX-License-Identifier: Apache-2.0
"""What schemathesis needs to know to ask this server."""

from __future__ import annotations

import schemathesis


@schemathesis.serializer("application/sparql-query")
def query_as_the_body(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """A query is its own body; of what is none, its text."""
    return str(value).encode()
