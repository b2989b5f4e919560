"""How much may one client send? A count of what really comes, and a token bucket."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD_PATH = "/gradio_api/upload"
READ_COST, WRITE_COST = 1, 10
BUCKET, REFILL = 3000, 300.0
"""Tokens, and tokens a second: 300 writes at once and 30 a second; one visit reads some 100 files."""
CLIENTS = 1024
"""Clients remembered; the one longest unseen is forgotten first."""
MAX_PARTS = 500
"""Files in one upload."""


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    reason: str,
    headers: dict[str, str] | None = None,
) -> None:
    """Answers a request, or closes a socket, with a reason."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    await PlainTextResponse(f"{reason}\n", status, headers)(scope, receive, send)


class BodyLimit:
    """Stops a body that is longer than allowed, or has more parts, as it comes.

    ``upload`` and ``other`` are bytes.
    """

    def __init__(self, app: ASGIApp, *, upload: int, other: int) -> None:
        self._app = app
        self._upload = upload
        self._other = other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        limit = self._upload if scope["path"].startswith(UPLOAD_PATH) else self._other
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            return await refuse(scope, receive, send, 413, "The request is too large.")
        parts = _PartCounter(headers.get("content-type", ""))
        seen = 0
        started = refused = False

        async def counted() -> Message:
            nonlocal seen, refused
            message = await receive()
            if message["type"] == "http.request":
                body = message.get("body", b"")
                seen += len(body)
                if seen > limit or parts.count(body) > MAX_PARTS:
                    refused = True
                    return {"type": "http.disconnect"}
            return message

        async def answered(message: Message) -> None:
            nonlocal started
            if not refused:
                started = True
                await send(message)

        try:
            await self._app(scope, counted, answered)
        except Exception:
            # An application told that its client has gone may raise; the refusal below answers.
            if not refused:
                raise
        if refused and not started:
            await refuse(scope, receive, send, 413, "The request is too large.")


class RateLimit:
    """A token bucket per client address."""

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            client = scope["client"][0] if scope.get("client") else ""
            cost = READ_COST if scope["method"] in {"GET", "HEAD"} else WRITE_COST
            if not self._take(client, cost):
                wait = {"retry-after": "1"}
                return await refuse(scope, receive, send, 429, "Too many requests.", wait)
        await self._app(scope, receive, send)

    def _take(self, client: str, cost: float) -> bool:
        now = self._clock()
        tokens, seen = self._buckets.pop(client, (float(BUCKET), now))
        tokens = min(float(BUCKET), tokens + (now - seen) * REFILL)
        enough = tokens >= cost
        self._buckets[client] = (tokens - cost if enough else tokens, now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return enough


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
            keep = len(self._boundary) - 1
            # A boundary wholly inside what is kept would be counted twice: it cannot fit.
            self._tail = joined[-keep:]
        return self._parts
