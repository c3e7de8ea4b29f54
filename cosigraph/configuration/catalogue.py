# SPDX-License-Identifier: Apache-2.0
"""``[catalogue]``: who publishes the data, where, and on what terms."""

from __future__ import annotations

from cosigraph.configuration.entries import Entries
from cosigraph.publication import Publication, is_public_address

CATALOGUE_KEYS = (
    "publisher",
    "publisher-iri",
    "contact",
    "address",
    "data-licence",
    "software-licence",
    "source",
    "source-rights",
)


def read_publication(entries: Entries) -> Publication:
    """Return what ``[catalogue]`` says.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    table = entries.table("catalogue")
    entries.check_keys(table, CATALOGUE_KEYS, "entry")
    told = {key: entries.string(table, key, "") for key in CATALOGUE_KEYS if key in table}
    for key in ("publisher-iri", "contact", "data-licence", "software-licence", "source"):
        if key in told:
            entries.iri(key, told[key])
    address = told.get("address")
    if address is not None and not (is_public_address(address) and address.endswith("/")):
        entries.fail(
            "address",
            f"'address' is where anybody reaches the service, which '{address}' is not.",
            "Give a public https:// or http:// address that ends with '/', or leave it out.",
        )
    contact = told.get("contact")
    if contact is not None and not contact.startswith(("mailto:", "https://", "http://")):
        entries.fail("contact", f"'contact' must be a mailto: or https: IRI, not '{contact}'.")
    return Publication(**{key.replace("-", "_"): value for key, value in told.items()})
