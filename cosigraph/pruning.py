# SPDX-License-Identifier: Apache-2.0
"""Which versions of a store are kept: the newest ones, those of the last days, and the current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cosigraph.errors import StoreError, UsageError
from cosigraph.store_version import Version
from cosigraph.versioned_store import VersionedStore


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept: so many ``newest``, and all of the last ``days``; None says nothing."""

    newest: int | None = None
    days: int | None = None


def outdated(store: VersionedStore, rule: Rule, now: datetime | None = None) -> list[Version]:
    """Return the versions that a rule does not keep and that still have data, the newest first.

    The current version, and the one that the project's files hold, are always kept.

    Raises:
        UsageError: the rule says nothing.
        StoreError: a file is damaged.
    """
    if rule.newest is None and rule.days is None:
        raise UsageError(
            "It is not said what to keep.", advice="Give --keep or --keep-days, or both."
        )
    since = None
    if rule.days is not None:
        since = (now or datetime.now(UTC)) - timedelta(days=rule.days)
    always = {store.current().number, store.pulled().number}
    return [
        version
        for place, version in enumerate(store.published())
        if version.number not in always
        and (rule.newest is None or place >= rule.newest)
        and (since is None or _made(store, version) < since)
        and not store.is_pruned(version)
    ]


def _made(store: VersionedStore, version: Version) -> datetime:
    try:
        return datetime.fromisoformat(version.created)
    except ValueError as error:
        raise StoreError(
            f"Version {version.number} of '{store.folder}' was made at no time that can be read."
        ) from error
