# SPDX-License-Identifier: Apache-2.0
"""Other SPARQL endpoints that are allowed, and the one way in which they are asked.

An allowed name is no allowed machine: whoever answers for the name could send us on, or give it an
address of ours. So no redirect is followed, a name is resolved once and connected to only where its
addresses are public, and nothing is taken from the environment: no proxy, no password.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import quote, urlsplit

from pyoxigraph import NamedNode

from cosigraph import __version__
from cosigraph.errors import ServiceFailed, UsageError
from cosigraph.sparql import shown

RESULTS = ("application/sparql-results+json", "application/sparql-results+xml")
LARGEST_ANSWER = 64 * 1024 * 1024
"""How many bytes of another endpoint's answer are read; it is held in memory."""

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]+")
_PIECE = 64 * 1024
_WORDS = 1024  # bytes of an error that are read
_LONGEST_LINE = 300
# Addresses beyond which lies another: what is public about them says nothing of that one.
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
_NAME_OF_THIS_MACHINE = "localhost"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that may be asked; ``target`` is the path and query of its address."""

    iri: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> Address | None:
        """The address that stands in the IRI, if that is no name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def is_within(self) -> bool:
        """Whether it is known by its IRI alone to be on this machine or in a network of ours."""
        if self.literal is None:
            return self.host.lower() == _NAME_OF_THIS_MACHINE
        return not is_public(self.literal)

    def may_be_at(self, address: Address) -> bool:
        """Tell whether it may be connected to at ``address``."""
        if self.literal is not None:
            return address == self.literal
        if self.host.lower() == _NAME_OF_THIS_MACHINE:
            return address.is_loopback
        return is_public(address)


def endpoint(iri: str) -> Endpoint:
    """Return the endpoint at ``iri``; raises UsageError when nothing can be asked there."""
    try:
        parts = urlsplit(NamedNode(iri).value)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(f"'{shown(iri)}' is no absolute IRI of an endpoint.") from error
    if parts.scheme not in _PORTS:
        raise UsageError(f"'{shown(iri)}' is no endpoint: its IRI must begin with http or https.")
    if "@" in parts.netloc or parts.fragment:
        raise UsageError(f"The endpoint '{shown(iri)}' must have no user name and no fragment.")
    if not _HOST.fullmatch(host) or port == 0:
        raise UsageError(
            f"The endpoint '{shown(iri)}' has no host and port that can be asked.",
            advice="Write a name with other letters than those of ASCII as xn--….",
        )
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    quoted = quote(target, safe="/?:@!$&'()*+,;=-._~%")
    return Endpoint(iri, parts.scheme, host, port or _PORTS[parts.scheme], quoted)


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the open network, as far as it shows."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(mapped)
    is_translated = any(address in network for network in _TRANSLATED)
    return address.is_global and not address.is_multicast and not is_translated


def addresses_of(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a name; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Exchange:
    """One question to an endpoint; ``stop`` ends it from another thread.

    Args:
        asked: the endpoint.
        timeout: seconds that each step may take: the connection, and each wait for more.
        resolve: finds the addresses of a name.
    """

    def __init__(self, asked: Endpoint, timeout: float, resolve: Resolve = addresses_of) -> None:
        self._endpoint = asked
        self._timeout = timeout
        self._resolve = resolve
        self._socket: socket.socket | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """End the exchange: whoever waits for it gets ServiceFailed."""
        self._is_stopped = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def answer(self, query: bytes) -> tuple[str, bytes]:
        """Ask ``query`` and return the answer's media type and bytes; raises ServiceFailed."""
        try:
            self._socket = self._connected()
            with self._socket:
                return self._asked(query)
        except TimeoutError:
            raise self._failed("did not answer in time") from None
        except ssl.SSLError as error:
            raise self._failed(f"cannot be trusted: {error.reason or error}") from error
        except OSError as error:
            raise self._failed(f"cannot be reached: {error.strerror or error}") from error
        except HTTPException as error:
            raise self._failed(f"does not speak HTTP: {type(error).__name__}") from error

    def _failed(self, what: str) -> ServiceFailed:
        said = " ".join(what.split()).rstrip(".")
        line = said if len(said) <= _LONGEST_LINE else f"{said[:_LONGEST_LINE]}…"
        told = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
        return ServiceFailed(f"The endpoint <{shown(self._endpoint.iri)}> {told}.")

    def _connected(self) -> socket.socket:
        """Connect to the first of the endpoint's addresses that takes it, all of which must do."""
        asked = self._endpoint
        found = self._resolve(asked.host, asked.port)
        for address in found:
            if not asked.may_be_at(ipaddress.ip_address(address)):
                raise self._failed("has an address that is not public, and is not asked there")
        error = OSError("it has no address")
        for address in found:
            if self._is_stopped:
                raise self._failed("was not asked: the query has ended")
            try:
                return self._secured(socket.create_connection((address, asked.port), self._timeout))
            except ssl.SSLError:
                raise
            except OSError as failure:
                error = failure
        raise error

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self._endpoint.scheme == "http":
            return plain
        context = ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=self._endpoint.host)

    def _asked(self, query: bytes) -> tuple[str, bytes]:
        asked = self._endpoint
        connection = HTTPConnection(asked.host, asked.port)
        connection.auto_open = 0  # on no account one that has not been looked at
        connection.sock = self._socket
        if self._is_stopped:
            raise self._failed("was not asked: the query has ended")
        host = f"[{asked.host}]" if ":" in asked.host else asked.host
        fields = {
            "Host": host if asked.port == _PORTS[asked.scheme] else f"{host}:{asked.port}",
            "Accept": ", ".join(RESULTS),
            "Accept-Encoding": "identity",
            "Content-Type": "application/sparql-query",
            "User-Agent": f"cosigraph/{__version__}",
            "Connection": "close",
        }
        self._request(connection, query, fields)
        with connection.getresponse() as response:
            self._check(response)
            return response.headers.get_content_type(), self._read(response)

    def _request(self, connection: HTTPConnection, query: bytes, fields: dict[str, str]) -> None:
        connection.request("POST", self._endpoint.target, query, fields)

    def _check(self, response: HTTPResponse) -> None:
        """Raise ServiceFailed unless the response holds what was asked for, as it is."""
        if 300 <= response.status < 400:
            place = response.headers.get("Location", "")
            raise self._failed(f"redirects to <{place}>, which is not followed")
        if response.status != 200:
            words = response.read(_WORDS).decode(errors="replace").strip()
            said = f": {words}" if words else ""
            raise self._failed(f"answered {response.status}{said}")
        self._check_type(response)
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise self._failed("answered in a coding that it was not asked for")

    def _check_type(self, response: HTTPResponse) -> None:
        if response.headers.get_content_type() not in RESULTS:
            kind = response.headers.get_content_type()
            raise self._failed(f"answered in {kind}, which are no results")

    def _read(self, response: HTTPResponse) -> bytes:
        content = bytearray()
        while piece := response.read(_PIECE):
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise self._failed(f"answered with more than {LARGEST_ANSWER:,} bytes")
        if response.length:  # how much of what was announced did not come
            raise self._failed("broke off in the midst of its answer")
        return bytes(content)
