# SPDX-License-Identifier: Apache-2.0
"""An endpoint on the loopback interface that answers as a test wants, and notes what it is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

JSON = "application/sparql-results+json"
ROWS = (
    b'{"head":{"vars":["s","o"]},"results":{"bindings":[{"s":{"type":"uri","value":"a:a"},'
    b'"o":{"type":"literal","value":"far"}}]}}'
)


@dataclass(frozen=True)
class Request:
    """What came: the path, the fields by lower-case name, the body."""

    path: str
    fields: Mapping[str, str]
    body: str


@dataclass
class Reply:
    """What goes back; ``length`` where another is told than that of the content."""

    content: bytes = ROWS
    status: int = 200
    fields: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})
    length: int | None = None


class FarEndpoint:
    """Answers each request by ``reply``, which is given it."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.reply: Callable[[Request], Reply] = lambda _: Reply()
        far = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                fields = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.path, fields, body)
                far.requests.append(request)
                reply = far.reply(request)
                self.send_response_only(reply.status)
                for name, value in reply.fields.items():
                    self.send_header(name, value)
                length = len(reply.content) if reply.length is None else reply.length
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(reply.content)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = int(self._server.server_address[1])
        self.iri = f"http://127.0.0.1:{self.port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
