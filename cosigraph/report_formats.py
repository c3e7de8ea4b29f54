# SPDX-License-Identifier: Apache-2.0
"""The forms in which a report can be had, by the names that ``--format`` has for them."""

from __future__ import annotations

from typing import Final

MEDIA_TYPES: Final[dict[str, str]] = {
    "text": "text/plain",
    "json": "application/json",
    "sarif": "application/sarif+json",
    "junit": "application/xml",
    "github": "text/x-github-workflow-commands",
    "gitlab": "application/vnd.gitlab.code-quality+json",
    "markdown": "text/markdown",
    "turtle": "text/turtle",
}
"""The media type of each."""
