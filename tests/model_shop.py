"""A web server with one model in it, for whoever fetches models."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from voices.models import Model

#: The host that may be asked without encryption: this server's own.
LOOPBACK = frozenset({"127.0.0.1"})
NAME = "vosk-model-small-xx-0.1"


def archive(files: dict[str, bytes] | None = None) -> bytes:
    """A model's zip file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (
            files or {f"{NAME}/am/final.mdl": random.Random(1).randbytes(5000), f"{NAME}/graph/HCLr.fst": b"g"}
        ).items():
            file.writestr(name, content)
    return held.getvalue()


@dataclass
class Shop:
    """A web server with one file, which can be told to behave badly."""

    content: bytes
    ranges: bool = True
    #: Sends so much of its answer, and closes.
    sends: int | None = None
    leads_to: str = ""
    status: int = 200
    #: Says nothing before it is let go.
    holds: bool = False
    let_go: Event = field(default_factory=Event)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def model(self) -> Model:
        """What is in it, as a catalogue would list it."""
        return Model(
            name=NAME, language="xx", megabytes=1, licence="Apache 2.0", address=f"http://127.0.0.1:{self.port}/m.zip"
        )

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """One question for the file."""
        wanted = request.headers.get("Range", "")
        self.asked.append(wanted)
        if self.holds:
            self.let_go.wait(60)
        if self.leads_to:
            request.send_response(302)
            request.send_header("Location", self.leads_to)
            request.end_headers()
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        if start >= len(self.content):
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(self.content)}")
            request.end_headers()
            return
        part = self.content[start:]
        request.send_response(206 if start else self.status)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        request.send_header("Content-Length", str(len(part)))
        request.end_headers()
        request.wfile.write(part[: self.sends])


@contextmanager
def open_shop() -> Iterator[Shop]:
    """A server that runs meanwhile."""
    one = Shop(archive())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield one
    one.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()
