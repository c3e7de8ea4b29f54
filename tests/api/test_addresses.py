# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from cosigraph.errors import UsageError
from cosigraph_api.addresses import client_of, networks
from tests.api.asking import http_scope

PROXIES = networks(["127.0.0.1", "10.0.0.0/8", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # no proxy of ours: not believed
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the first may be made up
        ("127.0.0.1", "198.51.100.7, 10.1.2.3", "198.51.100.7"),
        ("127.0.0.1", "nonsense, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("fd00::1", "[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", None, "2001:db8:1:2::/64"),
        ("127.0.0.1", "198.51.100.7" + ", 10.0.0.1" * 100, "10.0.0.1"),
    ],
)
def test_an_address_is_believed_from_our_proxies_only(
    peer: str, forwarded: str | None, client: str
) -> None:
    scope = {**http_scope("GET", "/"), "client": (peer, 1)}
    if forwarded is not None:
        scope["headers"] = [(b"x-forwarded-for", forwarded.encode())]
    assert client_of(scope, PROXIES) == client


def test_without_proxies_nothing_is_believed() -> None:
    scope = http_scope("GET", "/", x_forwarded_for="198.51.100.7")
    assert client_of(scope, ()) == "127.0.0.1"
    assert client_of({**scope, "client": ("2001:db8:1:2::9", 1)}, ()) == "2001:db8:1:2::/64"
    assert client_of({**scope, "client": None}, ()) == ""


def test_two_fields_are_read_as_one() -> None:
    scope = http_scope("GET", "/")
    scope["headers"] = [
        (b"x-forwarded-for", b"203.0.113.9"),
        (b"x-forwarded-for", b"198.51.100.7"),
    ]
    assert client_of(scope, PROXIES) == "198.51.100.7"


@pytest.mark.parametrize("proxy", ["localhost", "10.0.0.0/33", ""])
def test_what_is_no_network_is_one_clear_line(proxy: str) -> None:
    with pytest.raises(UsageError, match=r"10\.0\.0\.0/8"):
        networks([proxy])
