# SPDX-License-Identifier: Apache-2.0
"""What is answered by a request's method alone, before anything else of it is read."""

from __future__ import annotations

from typing import Final

from starlette.types import Receive, Scope, Send

from .headers import preflight
from .problems import ProblemError, method_not_allowed

READING_METHODS: Final = ["GET", "HEAD"]
"""The methods of a route that only reads."""


async def answered_by_method(
    scope: Scope, receive: Receive, send: Send, methods: str, *, is_writable: bool = False
) -> bool:
    """Answer OPTIONS, and return whether that was asked; ``methods`` is the ``Allow`` field.

    Raises:
        ProblemError: 405, ``methods`` does not have the method
    """
    method = scope["method"]
    if method == "OPTIONS":
        await preflight(methods, is_writable=is_writable)(scope, receive, send)
        return True
    if method not in methods.split(", "):
        raise ProblemError(method_not_allowed(method, methods))
    return False
