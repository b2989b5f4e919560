"""How are connections kept? As long as they say something, and as many as the machine bears.

uvicorn waits without end for the head of a request, and for a client that does not read: a few
hundred such clients would keep everybody else out.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from ui.wording import page_wording

SECONDS_FOR_A_HEAD = 15
"""From the first byte of a request, or from connecting, to the end of its head."""
SECONDS_TO_READ = 60
"""That a client may leave a response unread."""
MOST_CONNECTIONS = 800
"""A page holds some six; most systems let a program hold 1,024 files."""
SECONDS_TO_CLOSE = 1
"""Pages keep a connection open for as long as they are; at the end they are not waited for."""

_log = logging.getLogger(__name__)


def run(app: ASGIApp, listener: socket.socket) -> None:
    """Serve ``app`` on ``listener`` until interrupted."""
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    try:
        QuietServer(config).run(sockets=[listener])
    except KeyboardInterrupt:
        _log.debug("Interrupted: the page is closed.")


class QuietServer(uvicorn.Server):
    """A server that ends without a stack trace for every page that is still open."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is open."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


class ImpatientProtocol(H11Protocol):
    """HTTP that closes connections of clients which keep it waiting."""

    seconds_for_a_head: float = SECONDS_FOR_A_HEAD
    seconds_to_read: float = SECONDS_TO_READ

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_due: asyncio.TimerHandle | None = None
        self._reading_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take in what came; begin to wait with the first byte of a request."""
        if self.conn.their_state is h11.IDLE and self._head_due is None:
            self._wait_for_head()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()

    def pause_writing(self) -> None:
        """Stop writing: the client does not read."""
        super().pause_writing()
        if self._reading_due is None:
            self._reading_due = self.loop.call_later(self.seconds_to_read, self.transport.abort)

    def resume_writing(self) -> None:
        """Write on: the client reads."""
        super().resume_writing()
        if self._reading_due is not None:
            self._reading_due.cancel()
            self._reading_due = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._head_due = self.loop.call_later(self.seconds_for_a_head, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _give_up(self) -> None:
        self._head_due = None
        if not self.transport.is_closing():
            reason = f"{page_wording()('server.too_slow')}\n".encode()
            self.transport.write(
                b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n"
                b"content-type: text/plain; charset=utf-8\r\n"
                b"content-length: %d\r\n\r\n%s" % (len(reason), reason)
            )
            self.transport.close()
