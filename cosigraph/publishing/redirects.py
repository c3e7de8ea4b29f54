# SPDX-License-Identifier: Apache-2.0
"""The rules by which w3id.org, or another Apache, leads from a project's base to its server.

They stand in an ``.htaccess`` (Apache HTTP Server 2.4, mod_rewrite) in the folder that is the
base. The server itself negotiates, so that one rule is enough: every path goes with 303 to the same
path there, encoded as it came, with its query string.
"""

from __future__ import annotations

from typing import Final

from cosigraph.configuration import Configuration
from cosigraph.errors import UsageError

_RULES: Final = """\
# {title}
# Base: {base}
# Contact: {contact}
# Made by: cosigraph w3id

Options -MultiViews
RewriteEngine on

# THE_REQUEST has the path as the client wrote it: what it had encoded stays so.
RewriteCond %{{THE_REQUEST}} "^[A-Z]+ {path}([^? ]*)"
RewriteRule ^ {address}%1 [R=303,L,NE]
"""
_SPECIAL: Final = frozenset(r"\.^$*+?()[]{}|")


def redirect_rules(configuration: Configuration) -> str:
    """Return the ``.htaccess``.

    Raises:
        UsageError: no public address is configured to lead to
    """
    publication = configuration.publication
    if publication.address is None:
        raise UsageError(
            "There is no public address that the base could lead to.",
            advice="Give it in cosigraph.toml: address under [catalogue].",
        )
    path = "/" + configuration.base.split("/", 3)[3]
    return _RULES.format(
        title=" ".join(configuration.title.split()),
        base=configuration.base,
        contact=publication.contact or "not given",
        path="".join(f"\\{each}" if each in _SPECIAL else each for each in path),
        address=_literal(publication.address),
    )


def _literal(address: str) -> str:
    """The address as a substitution, in which ``%``, ``$`` and a backslash have a meaning."""
    return "".join(f"\\{each}" if each in "\\$%" else each for each in address)
