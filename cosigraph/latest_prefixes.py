# SPDX-License-Identifier: Apache-2.0
"""Prefixes on their way to a process: most often they are the latest, and go as the same bytes."""

from __future__ import annotations

import marshal
from collections.abc import Mapping


class LatestPrefixes:
    """Encodes prefixes, and decodes them on the other side."""

    def __init__(self) -> None:
        self._prefixes: Mapping[str, str] = {}
        self._encoded = marshal.dumps({})

    def encoded(self, prefixes: Mapping[str, str]) -> bytes:
        """Return the prefixes as bytes; a mapping that has been given does not change."""
        if prefixes is not self._prefixes:
            self._prefixes, self._encoded = prefixes, marshal.dumps(dict(prefixes))
        return self._encoded

    def decoded(self, encoded: bytes) -> Mapping[str, str]:
        """Return the prefixes in those bytes, which another ``LatestPrefixes`` has made."""
        if encoded != self._encoded:
            self._prefixes, self._encoded = marshal.loads(encoded), encoded  # noqa: S302
        return self._prefixes
