"""How much may one client send? A count of what really comes, and a token bucket."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable

import anyio
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOR_PROGRAMS = ("/api/", "/mcp")
"""Paths at which programs ask, not people."""
UPLOAD_PATH = "/gradio_api/upload"
READ_COST, WRITE_COST = 1, 10
BUCKET, REFILL = 3000, 300.0
"""Tokens, and tokens a second: 300 writes at once, 30 a second; a visit reads some 100 files."""
CLIENTS = 1024
"""Clients remembered; the one longest unseen is forgotten first."""
MAX_PARTS = 500
"""Files in one upload."""
SECONDS_FOR_A_BODY, SLOWEST = 20.0, 2000
"""A body may keep the server waiting so long, and a second more for so many bytes of it."""


_KINDS = {
    401: "password_needed",
    403: "foreign_site",
    404: "not_found",
    405: "wrong_method",
    408: "too_slow",
    413: "too_large",
    421: "foreign_host",
    429: "too_many_requests",
    503: "busy",
}
"""What a program reads of a refusal."""


def refusal(status: int, reason: str, **headers: str) -> ASGIApp:
    """Return the application that answers a request, or closes a socket, with a reason.

    Programs get it as an object, as they get every failure of the API.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": reason})
        elif scope["path"].startswith(FOR_PROGRAMS):
            told = JSONResponse({"error": _KINDS[status], "message": reason}, status, named)
            await told(scope, receive, send)
        else:
            await PlainTextResponse(f"{reason}\n", status, named)(scope, receive, send)

    return answer


class BodyLimit:
    """Stops a body that is longer than allowed, has more parts, or comes too slowly, as it comes.

    ``upload`` and ``other`` are bytes, ``seconds`` how long a body may keep the server waiting.
    """

    def __init__(
        self, app: ASGIApp, *, upload: int, other: int, seconds: float = SECONDS_FOR_A_BODY
    ) -> None:
        self._app = app
        self._upload = upload
        self._other = other
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as far as the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._upload if scope["path"].startswith(UPLOAD_PATH) else self._other
        declared = headers.get("content-length", "0")
        too_large = refusal(413, "The request is too large.")
        if not declared.isdecimal() or int(declared) > limit:
            await too_large(scope, receive, send)
            return
        parts = _PartCounter(headers.get("content-type", ""))
        body = _CountedBody(receive, send, limit, parts, self._seconds)
        try:
            await self._app(scope, body.receive, body.send)
        except Exception:
            # An application told that its client has gone may raise; the refusal answers instead.
            if not body.is_refused:
                raise
        if body.is_refused and not body.answered:
            too_slow = refusal(408, "The request came too slowly. Send it again.")
            await (too_slow if body.slow else too_large)(scope, receive, send)


class RateLimit:
    """Holds a token bucket per client address."""

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if the client has tokens left."""
        app = self._app
        if scope["type"] == "http":
            client = scope["client"][0] if scope.get("client") else ""
            cost = READ_COST if scope["method"] in {"GET", "HEAD"} else WRITE_COST
            if not self._take(client, cost):
                app = refusal(429, "Too many requests. Try again in a moment.", retry_after="1")
        await app(scope, receive, send)

    def _take(self, client: str, cost: float) -> bool:
        now = self._clock()
        tokens, seen = self._buckets.pop(client, (float(BUCKET), now))
        tokens = min(float(BUCKET), tokens + (now - seen) * REFILL)
        enough = tokens >= cost
        self._buckets[client] = (tokens - cost if enough else tokens, now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return enough


class _CountedBody:
    """A request's two channels, counting what comes in and closing them once it is too much."""

    def __init__(
        self, receive: Receive, send: Send, limit: int, parts: _PartCounter, seconds: float
    ) -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        self._parts = parts
        self._patience = seconds
        self._bytes = 0
        self._whole = False
        self.over = False
        self.slow = False
        self.answered = False

    @property
    def is_refused(self) -> bool:
        """Whether the body was stopped."""
        return self.over or self.slow

    async def receive(self) -> Message:
        if self._whole:  # what comes now is the end of the connection, which nobody hurries
            return await self._receive()
        message = await self._received_in_time()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            self._whole = not message.get("more_body", False)
            self._bytes += len(body)
            self._patience += len(body) / SLOWEST
            self.over = self._bytes > self._limit or self._parts.count(body) > MAX_PARTS
        return {"type": "http.disconnect"} if self.is_refused else message

    async def _received_in_time(self) -> Message:
        begun = anyio.current_time()
        with anyio.move_on_after(self._patience):
            message = await self._receive()
            # Only the time in which the server waited counts.
            self._patience -= anyio.current_time() - begun
            return message
        self.slow = True
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if not self.is_refused:
            self.answered = True
            await self._send(message)


class _PartCounter:
    """Counts the parts of a multipart body without parsing it, across pieces of any size."""

    def __init__(self, content_type: str) -> None:
        found = re.search(r'boundary="?([^";,]+)', content_type)
        self._boundary = b"--" + found[1].strip().encode() if found else b""
        self._tail = b""
        self._parts = 0

    def count(self, body: bytes) -> int:
        """Parts begun so far, ``body`` included."""
        if self._boundary:
            joined = self._tail + body
            self._parts += joined.count(self._boundary)
            # One byte less than a boundary is kept, so none is counted twice.
            self._tail = joined[-(len(self._boundary) - 1) :]
        return self._parts
