# SPDX-License-Identifier: Apache-2.0
"""The comments of GitHub and GitLab, on the loopback interface."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Comments:
    """What is there, and what was asked, each as method and path."""

    address: str = ""
    bodies: dict[int, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    status: int = 200
    location: str = ""

    def changes(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.asked if method != "GET"]


@contextmanager
def comments() -> Iterator[Comments]:
    """Serve comments under any path, as either platform does."""
    kept = Comments()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(kept.status)
            if kept.location:
                self.send_header("Location", kept.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def note(self) -> Any:
            address = urlsplit(self.path)
            kept.asked.append((self.command, address.path))
            kept.tokens.add(self.headers.get("Authorization") or self.headers["PRIVATE-TOKEN"])
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            return json.loads(content) if content else None

        def do_GET(self) -> None:
            self.note()
            asked = parse_qs(urlsplit(self.path).query)
            size, page = int(asked["per_page"][0]), int(asked["page"][0])
            everything = [{"id": n, "body": body} for n, body in kept.bodies.items()]
            self.answer(everything[size * (page - 1) : size * page])

        def do_POST(self) -> None:
            kept.bodies[max(kept.bodies, default=0) + 1] = self.note()["body"]
            self.answer({})

        def do_PATCH(self) -> None:
            number = int(self.path.rpartition("/")[2])
            kept.bodies[number] = self.note()["body"]
            self.answer({})

        do_PUT = do_PATCH  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
