# SPDX-License-Identifier: Apache-2.0
"""Which endpoints may be allowed, and at which addresses they are believed."""

from __future__ import annotations

import ipaddress

import pytest

from cosigraph import endpoints
from cosigraph.errors import ServiceFailed, UsageError
from tests.canary import Canary
from tests.cosigraph.federation.asking import Asker
from tests.endpoint import FarEndpoint

INTERNAL = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"]
INTERNAL += ["100.64.0.1", "224.0.0.1", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1"]
INTERNAL += ["fe80::1%1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"]


@pytest.mark.parametrize("address", INTERNAL)
def test_an_allowed_name_is_not_followed_to_an_internal_address(
    address: str, canary: Canary
) -> None:
    port = int(canary.iri.rsplit(":", 1)[1].rstrip("/"))
    asked = endpoints.endpoint(f"http://allowed.example:{port}/sparql")
    for found in ([address], ["93.184.216.34", address]):
        exchange = endpoints.Exchange(asked, 5, lambda *_, found=found: found)
        with pytest.raises(ServiceFailed, match="has an address that is not public"):
            exchange.answer(b"ASK {}")
    assert canary.count() == 0


@pytest.mark.parametrize(
    ("host", "address", "may"),
    [
        ("allowed.example", "93.184.216.34", True),
        ("allowed.example", "2606:2800:220:1:248:1893:25c8:1946", True),
        ("localhost", "127.0.0.1", True),
        ("localhost", "10.0.0.1", False),
        ("LOCALHOST", "::1", True),
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("[::1]", "::1", True),
        ("2130706433", "127.0.0.1", False),
        ("0x7f.1", "127.0.0.1", False),
        ("localhost.", "127.0.0.1", False),
    ],
)
def test_where_an_endpoint_may_be(host: str, address: str, may: bool) -> None:
    asked = endpoints.endpoint(f"http://{host}/sparql")
    assert asked.may_be_at(ipaddress.ip_address(address)) is may


@pytest.mark.parametrize(
    ("iri", "said"),
    [
        ("sparql", "no absolute IRI"),
        ("ftp://x.example/", "must begin with http or https"),
        ("file:///etc/passwd", "must begin with http or https"),
        ("http:///sparql", "no host"),
        ("http://user:word@x.example/", "no user name"),
        ("http://x.example/#a", "no fragment"),
        ("http://x.example:0/", "no host and port"),
        ("http://x.example:99999/", "no absolute IRI"),
        ("http://x%2eexample/", "no host"),
        ("http://müller.example/", "xn--"),
    ],
)
def test_what_cannot_be_an_endpoint_is_not_allowed(iri: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        endpoints.endpoint(iri)


def test_no_proxy_of_the_environment_is_asked(
    asker: Asker, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.iri)
    far = FarEndpoint()
    fresh = Asker(far, size=1)
    assert fresh.boolean("ASK { SERVICE <U> { ?s ?p ?o } }") is True
    assert (canary.count(), len(far.requests)) == (0, 1)
    fresh.pool.close()
    far.close()


def test_an_endpoint_that_cannot_show_who_it_is_is_not_believed(asker: Asker) -> None:
    asked = endpoints.endpoint(f"https://127.0.0.1:{asker.far.port}/sparql")
    with pytest.raises(ServiceFailed, match="cannot be trusted"):
        endpoints.Exchange(asked, 5).answer(b"ASK {}")
    assert asker.far.requests == []
