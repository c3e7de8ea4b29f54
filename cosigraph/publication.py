# SPDX-License-Identifier: Apache-2.0
"""Who publishes a project, where, and on what terms: the table ``[catalogue]``.

Nothing of it is assumed. What is not configured is not in a record, and ``missing`` says so.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

_WITHIN = ("localhost", "local", "internal", "home.arpa")  # RFC 6761, 6762, 8375


@dataclass(frozen=True, slots=True)
class Publication:
    """What the table says.

    Attributes:
        publisher: the name of who publishes the data
        publisher_iri: its identifier
        contact: how to reach it, a ``mailto:`` or ``https:`` IRI
        address: the address at which anybody reaches the service, ending with ``/``
        data_licence: the licence of what the project itself has made of its source
        software_licence: the licence of the project's code
        source: the IRI of the text or data that the project encodes
        source_rights: what is to be known of the rights in that, which no licence here touches
    """

    publisher: str | None = None
    publisher_iri: str | None = None
    contact: str | None = None
    address: str | None = None
    data_licence: str | None = None
    software_licence: str | None = None
    source: str | None = None
    source_rights: str | None = None

    def missing(self) -> Iterator[str]:
        """Yield a sentence for each entry without which a record is less than a harvester needs."""
        for key, without in (
            ("publisher", "the record names no publisher, which DCAT-AP demands"),
            ("contact", "nobody who reads the record knows whom to ask"),
            ("address", "the record gives addresses below the project's base"),
            ("data-licence", "whoever finds the data does not know how they may be used"),
        ):
            if getattr(self, key.replace("-", "_")) is None:
                yield f"[catalogue] has no {key}: {without}."


def is_public_address(address: str) -> bool:
    """Return whether an HTTP address can be anybody's to open, as far as its name tells."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.rstrip(".").lower().endswith(_WITHIN)
