# SPDX-License-Identifier: Apache-2.0
"""Who asks: the client's address, as far as it can be believed.

``X-Forwarded-For`` is believed from the configured proxies only, and of its addresses the last
that is none of theirs: whatever stands before it may have been made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from starlette.types import Scope

from cosigraph.errors import UsageError

Network: TypeAlias = IPv4Network | IPv6Network
_FORWARDED = b"x-forwarded-for"
_MOST_READ = 16  # addresses; no request comes over more proxies
_HOME_BITS = 64  # of an IPv6 address: what one subscriber is given


def networks(proxies: Iterable[str]) -> tuple[Network, ...]:
    """The networks (``10.0.0.0/8``, or one address) that proxies are in; raises UsageError."""
    try:
        return tuple(ip_network(proxy, strict=False) for proxy in proxies)
    except ValueError as error:
        raise UsageError(
            f"{error}.", advice="Give an address or a network, for example 10.0.0.0/8."
        ) from error


def client_of(scope: Scope, proxies: tuple[Network, ...]) -> str:
    """The client's address, for IPv6 its network; empty where the server has none."""
    peer = scope.get("client")
    if peer is None:
        return ""
    address: str = peer[0]
    if not proxies:
        return address if ":" not in address else _home(address)
    if _is_in(address, proxies):
        for forwarded in _forwarded(scope):
            address = forwarded
            if not _is_in(address, proxies):
                break
    return _home(address)


def _forwarded(scope: Scope) -> list[str]:
    """The forwarded addresses, the nearest first; what is no address ends them."""
    values = [value for name, value in scope["headers"] if name == _FORWARDED]
    text = b",".join(values).decode("latin-1")
    addresses = []
    for word in reversed(text.rsplit(",", _MOST_READ)[-_MOST_READ:]):
        address = word.strip().removeprefix("[").partition("]")[0]
        try:
            ip_address(address)
        except ValueError:
            break
        addresses.append(address)
    return addresses


def _is_in(address: str, proxies: tuple[Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in proxies)


def _home(address: str) -> str:
    """The address itself, or the network that an IPv6 address shares with its neighbours."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, _HOME_BITS), strict=False))
