# SPDX-License-Identifier: Apache-2.0
"""A file from elsewhere, fetched in the one careful way in which other endpoints are asked.

No redirect is followed, no proxy used, a name is connected to at public addresses only, and no
more is taken than a file may have.
"""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from typing import BinaryIO, Final

from cosigraph import __version__
from cosigraph.endpoints import Endpoint, Exchange, Resolve, addresses_of
from cosigraph.errors import DatasetError, ServiceFailed
from cosigraph.files import largest_file

_PIECE: Final = 64 * 1024
_PATIENCE: Final = 60.0  # seconds for each step


class Download(Exchange):
    """One file to be fetched into ``output``; ``progress`` is called with the bytes so far."""

    def __init__(
        self,
        asked: Endpoint,
        output: BinaryIO,
        progress: Callable[[int], None],
        resolve: Resolve = addresses_of,
    ) -> None:
        super().__init__(asked, _PATIENCE, resolve)
        self._output = output
        self._progress = progress

    def media_type(self) -> str:
        """Fetch the file and return its media type.

        Raises:
            DatasetError: it cannot be had.
        """
        try:
            return self.answer(b"")[0]
        except ServiceFailed as error:
            told = error.detail.replace("The endpoint", "The source", 1)
            raise DatasetError(told, advice=error.advice) from error

    def _request(self, connection: HTTPConnection, _query: bytes, fields: dict[str, str]) -> None:
        kept = {name: fields[name] for name in ("Host", "Accept-Encoding", "Connection")}
        named = {"User-Agent": f"cosigraph/{__version__}", "Accept": "*/*"}
        connection.request("GET", self._endpoint.target, headers=kept | named)

    def _check_type(self, response: HTTPResponse) -> None:
        """Any type may come: what cannot be read is refused by whoever reads it."""

    def _read(self, response: HTTPResponse) -> bytes:
        most, size = largest_file(), 0
        while piece := response.read(_PIECE):
            size += len(piece)
            if size > most:
                raise self._failed(f"has more than {most:,} bytes")
            self._output.write(piece)
            self._progress(size)
        if response.length:
            raise self._failed("broke off before its end")
        return b""
