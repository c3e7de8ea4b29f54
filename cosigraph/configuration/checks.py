# SPDX-License-Identifier: Apache-2.0
"""``[check]``: what the project's own rules hold it to."""

from __future__ import annotations

from typing import Any

from cosigraph.configuration.content import DEFAULT_IDENTIFIERS
from cosigraph.configuration.entries import Entries
from cosigraph.evidence import DEFAULT_TEXTS, EvidenceRules
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes

CHECK_KEYS = ("identifiers", "released", "formatted", "evidence", "links")
EVIDENCE_KEYS = ("text", "property", "classes")


def identifiers(entries: Entries) -> str:
    """Return the regular expression that identifiers must match.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    return entries.expression(_check(entries), "identifiers", DEFAULT_IDENTIFIERS)


def released(entries: Entries) -> str | None:
    """Return the file that lists the released identifiers, if it is named.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    check = _check(entries)
    if "released" not in check:
        return None
    name = entries.string(check, "released", "")
    entries.check_within("released", name)
    return name


def evidence(entries: Entries, prefixes: Prefixes) -> EvidenceRules:
    """Return what ``[check.evidence]`` holds quotations to.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    table = entries.table("evidence", _check(entries))
    entries.check_keys(table, EVIDENCE_KEYS, "entry")
    named = {key: entries.named(key, table, prefixes) for key in EVIDENCE_KEYS}
    if named["classes"] and not named["property"]:
        entries.fail("classes", "'classes' must have evidence, but no 'property' leads to it.")
    return EvidenceRules(named["text"] or DEFAULT_TEXTS, named["property"], named["classes"])


def formatted(entries: Entries) -> tuple[str, ...]:
    """Return the patterns of files that are to be in the house's form.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    patterns = entries.strings(_check(entries), "formatted", [])
    for pattern in patterns:
        entries.check_within("formatted", pattern)
    return tuple(patterns)


def link_forms(entries: Entries, prefixes: Prefixes) -> dict[str, str]:
    """Return the forms of identifiers in ``[check.links]``, by their prefixes.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    table = entries.table("links", _check(entries))
    for prefix in table:
        if prefix not in prefixes.namespaces:
            advice = suggestion_sentence(prefix, prefixes.namespaces)
            entries.fail(prefix, f"'{prefix}' is no prefix of [prefixes].", advice)
    return {prefix: entries.expression(table, prefix, "") for prefix in sorted(table)}


def _check(entries: Entries) -> dict[str, Any]:
    check = entries.table("check")
    entries.check_keys(check, CHECK_KEYS, "entry")
    return check
