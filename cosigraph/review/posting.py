# SPDX-License-Identifier: Apache-2.0
"""Keeping one comment up to date on the change under review, on GitHub or GitLab.

All that is needed stands in the environment of a job there. The comment is found again by its
first line; so it is edited, not added to.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from cosigraph.errors import OutputError, UsageError

_PAGE: Final = 100
_MOST_PAGES: Final = 50
_PATIENCE: Final = 30.0  # seconds
_LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where the comments of a change are.

    Attributes:
        comments: the address that lists them, and takes new ones.
        edited: the address of one, without its number.
        method: how one is edited.
        headers: those of each request.
    """

    comments: str
    edited: str
    method: str
    headers: Mapping[str, str]


def place_of(platform: str, environment: Mapping[str, str]) -> Place | None:
    """Return where the comments of the change are that this job is for; None: it is for none.

    Raises:
        UsageError: the environment is not that of a job, or has no token.
    """
    return _on_github(environment) if platform == "github" else _on_gitlab(environment)


def post(place: Place, marker: str, comment: str, *, makes: bool = True) -> bool:
    """Edit the comment that begins with the marker, or make it; return whether there is one now.

    Args:
        place: where the comments are.
        marker: the first line of the one.
        comment: its text.
        makes: whether it is made where there is none.

    Raises:
        OutputError: the platform cannot be asked, or refuses.
    """
    for known in _comments(place):
        if str(known.get("body", "")).startswith(marker):
            if known["body"] != comment:
                _ask(place, place.method, f"{place.edited}/{known['id']}", {"body": comment})
            return True
    if makes:
        _ask(place, "POST", place.comments, {"body": comment})
    return makes


def _comments(place: Place) -> Iterator[dict[str, Any]]:
    for page in range(1, _MOST_PAGES + 1):
        found = _ask(place, "GET", f"{place.comments}?per_page={_PAGE}&page={page}")
        yield from found
        if len(found) < _PAGE:
            return


def _on_github(environment: Mapping[str, str]) -> Place | None:
    event = Path(_needed(environment, "GITHUB_EVENT_PATH"))
    try:
        content = json.loads(event.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"GITHUB_EVENT_PATH cannot be read: {error}.") from error
    number = content.get("pull_request", {}).get("number")
    if number is None:
        return None
    api = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
    issues = f"{api}/repos/{_needed(environment, 'GITHUB_REPOSITORY')}/issues"
    headers = {
        "Authorization": f"Bearer {_needed(environment, 'GITHUB_TOKEN')}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return Place(f"{issues}/{int(number)}/comments", f"{issues}/comments", "PATCH", headers)


def _on_gitlab(environment: Mapping[str, str]) -> Place | None:
    number = environment.get("CI_MERGE_REQUEST_IID")
    if not number:
        return None
    api = _needed(environment, "CI_API_V4_URL").rstrip("/")
    project = quote(_needed(environment, "CI_PROJECT_ID"), safe="")
    notes = f"{api}/projects/{project}/merge_requests/{int(number)}/notes"
    token = _needed(environment, "COSIGRAPH_GITLAB_TOKEN")
    return Place(notes, notes, "PUT", {"PRIVATE-TOKEN": token})


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise UsageError(
            f"The environment has no {name}.",
            advice="A comment is posted by a job of GitHub or GitLab: see docs/checking.md.",
        )
    return value


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token goes nowhere else."""

    def redirect_request(self, *_arguments: Any, **_options: Any) -> None:
        """Follow none."""


def _ask(place: Place, method: str, address: str, content: object = None) -> Any:
    body = None if content is None else json.dumps(content).encode()
    headers = {**place.headers, "Content-Type": "application/json", "User-Agent": "cosigraph"}
    if not address.startswith(("https:", "http:")):
        raise OutputError(f"The comment cannot be posted: {address} is no address of the web.")
    request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 - as above
    try:
        opener = urllib.request.build_opener(_NoRedirects)
        with opener.open(request, timeout=_PATIENCE) as response:
            return json.loads(response.read(_LARGEST))
    except urllib.error.HTTPError as error:
        with error:
            raise OutputError(
                f"The comment cannot be posted: {method} {address} was answered with {error.code}.",
                advice="The token must be allowed to write comments on changes.",
            ) from error
    except (OSError, ValueError) as error:
        raise OutputError(f"The comment cannot be posted: {method} {address}: {error}.") from error
