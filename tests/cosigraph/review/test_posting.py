# SPDX-License-Identifier: Apache-2.0
"""One comment is kept up to date, on either platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph.errors import OutputError, UsageError
from cosigraph.review.posting import Place, place_of, post
from tests.comments import Comments, comments

MARKER = "<!-- cosigraph review: orchard -->"


@pytest.fixture
def kept() -> Iterator[Comments]:
    with comments() as kept:
        yield kept


def github(kept: Comments, tmp_path: Path, event: object) -> dict[str, str]:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    return {
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_API_URL": kept.address,
        "GITHUB_REPOSITORY": "owner/name",
        "GITHUB_TOKEN": "secret",
    }


def gitlab(kept: Comments) -> dict[str, str]:
    return {
        "CI_MERGE_REQUEST_IID": "7",
        "CI_API_V4_URL": kept.address,
        "CI_PROJECT_ID": "12",
        "COSIGRAPH_GITLAB_TOKEN": "secret",
    }


@pytest.fixture(params=["github", "gitlab"])
def place(request: pytest.FixtureRequest, kept: Comments, tmp_path: Path) -> Place:
    if request.param == "github":
        environment = github(kept, tmp_path, {"pull_request": {"number": 7}})
    else:
        environment = gitlab(kept)
    found = place_of(request.param, environment)
    assert found is not None
    return found


def test_it_is_made_once_and_edited_then(place: Place, kept: Comments) -> None:
    kept.bodies = dict.fromkeys(range(1, 251), "what people say")
    assert post(place, MARKER, f"{MARKER}\nfirst")
    assert post(place, MARKER, f"{MARKER}\nsecond")
    assert kept.bodies[251] == f"{MARKER}\nsecond"
    assert len(kept.bodies) == 251
    assert [method for method, _ in kept.changes()] == ["POST", place.method]
    assert kept.tokens in ({"Bearer secret"}, {"secret"})


def test_one_that_says_the_same_is_left(place: Place, kept: Comments) -> None:
    post(place, MARKER, f"{MARKER}\nfirst")
    post(place, MARKER, f"{MARKER}\nfirst")
    assert len(kept.changes()) == 1


def test_one_that_quotes_it_is_another(place: Place, kept: Comments) -> None:
    kept.bodies = {1: f"> {MARKER}"}
    post(place, MARKER, MARKER)
    assert kept.bodies[1] == f"> {MARKER}"


def test_where_there_is_nothing_to_tell_none_is_made_but_one_is_edited(
    place: Place, kept: Comments
) -> None:
    assert not post(place, MARKER, f"{MARKER}\nnothing", makes=False)
    assert kept.bodies == {}
    post(place, MARKER, f"{MARKER}\nsomething")
    assert post(place, MARKER, f"{MARKER}\nnothing", makes=False)
    assert kept.bodies == {1: f"{MARKER}\nnothing"}


def test_the_addresses_are_those_of_the_platforms(kept: Comments, tmp_path: Path) -> None:
    environment = github(kept, tmp_path, {"pull_request": {"number": 7}})
    for platform, values in (("github", environment), ("gitlab", gitlab(kept))):
        found = place_of(platform, values)
        assert found is not None
        post(found, MARKER, MARKER)
        post(found, MARKER, MARKER + "x")
        kept.bodies = {}
    assert kept.changes() == [
        ("POST", "/repos/owner/name/issues/7/comments"),
        ("PATCH", "/repos/owner/name/issues/comments/1"),
        ("POST", "/projects/12/merge_requests/7/notes"),
        ("PUT", "/projects/12/merge_requests/7/notes/1"),
    ]


@pytest.mark.parametrize("status", [401, 403, 404, 500, 302])
def test_a_refusal_is_told_without_the_token(place: Place, kept: Comments, status: int) -> None:
    kept.status = status
    with comments() as elsewhere:
        kept.location = f"{elsewhere.address}/?per_page=1&page=1" if status == 302 else ""
        with pytest.raises(OutputError, match=f"answered with {status}") as raised:
            post(place, MARKER, MARKER)
        assert "secret" not in str(raised.value)
        assert elsewhere.asked == []  # the token goes nowhere else


def test_a_platform_that_cannot_be_reached_is_told(place: Place) -> None:
    closed = Place("http://127.0.0.1:9/x", "http://127.0.0.1:9/x", "PUT", {})
    with pytest.raises(OutputError, match="cannot be posted"):
        post(closed, MARKER, MARKER)
    with pytest.raises(OutputError, match="no address of the web"):
        post(Place("file:///etc/passwd", "", "PUT", {}), MARKER, MARKER)


def test_a_job_for_no_change_has_no_place(kept: Comments, tmp_path: Path) -> None:
    assert place_of("github", github(kept, tmp_path, {"push": {}})) is None
    assert place_of("gitlab", {}) is None


@pytest.mark.parametrize("missing", ["GITHUB_EVENT_PATH", "GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_what_the_environment_lacks_is_told(kept: Comments, tmp_path: Path, missing: str) -> None:
    environment = github(kept, tmp_path, {"pull_request": {"number": 7}})
    with pytest.raises(UsageError, match=missing):
        place_of("github", {**environment, missing: ""})
