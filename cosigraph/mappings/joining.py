# SPDX-License-Identifier: Apache-2.0
"""Several mapping sets as one, for whoever wants a single file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cosigraph.errors import UsageError
from cosigraph.mappings.mapping import MappingSet

_SHARED = ("license", "mapping_set_version", "creator_id")


def joined(sets: Sequence[MappingSet]) -> MappingSet:
    """Return one set with the mappings of all, in their order; a single one is itself.

    The set has the identifier of the folder in which those of the files lie, and of what headers
    say the parts on which all agree.

    Raises:
        UsageError: there is no set, or a prefix or slot means different things in two of them.
    """
    if not sets:
        raise UsageError("No mapping is left to write.", advice="Ask for less: leave a filter out.")
    if len(sets) == 1:
        return sets[0]
    first = sets[0]
    common = first.identifier.rpartition("/")[0]
    header: dict[str, Any] = {"curie_map": {}, "mapping_set_id": common}
    extensions: dict[str, Any] = {}
    for each in sets:
        _add(header["curie_map"], each.header.get("curie_map", {}), "prefix")
        definitions = each.header.get("extension_definitions", [])
        assert isinstance(definitions, list)  # noqa: S101 - the reader has made sure
        _add(extensions, {one["slot_name"]: one for one in definitions}, "slot")
    header["curie_map"] = dict(sorted(header["curie_map"].items()))
    for key in _SHARED:
        values = [each.header.get(key) for each in sets]
        if values[0] is not None and all(value == values[0] for value in values):
            header[key] = values[0]
    if "license" not in header:
        raise UsageError("The sets have different licences.", advice="Write one vocabulary only.")
    if extensions:
        header["extension_definitions"] = list(extensions.values())
    columns = list(dict.fromkeys(column for each in sets for column in each.columns))
    return MappingSet(
        first.path,
        header,
        tuple(mapping for each in sets for mapping in each.mappings),
        tuple(columns),
        tuple(dict.fromkeys(extension for each in sets for extension in each.extensions)),
    )


def _add(known: dict[str, Any], more: Any, what: str) -> None:
    for name, meaning in more.items():
        if known.setdefault(name, meaning) != meaning:
            raise UsageError(f"The {what} '{name}' means different things in two files.")
