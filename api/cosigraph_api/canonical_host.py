# SPDX-License-Identifier: Apache-2.0
"""Requests that name the host of the project's base: they are about what is below the base.

With the base ``https://w3id.org/cosigraph/``, ``/cosigraph/id/x`` of the host ``w3id.org`` is
``/id/x`` of this server. So it is treated as mounted there, and the links of its pages, which are
relative, stay below the base. A proxy that takes the base's path away is understood as well.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import Scope

from .protocol import headers_of


def below_base(scope: Scope, base: str) -> Scope:
    """The request as one to a server that is mounted at the base's path, if it names its host."""
    if scope["type"] != "http" or scope.get("root_path"):
        return scope
    canonical = urlsplit(base)
    prefix = canonical.path.rstrip("/")
    if not prefix or not scope["path"].startswith(f"{prefix}/"):
        return scope
    if headers_of(scope).get("host", "").casefold() != canonical.netloc.casefold():
        return scope
    return {**scope, "root_path": prefix}
