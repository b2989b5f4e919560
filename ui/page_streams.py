"""How does no event of the page get lost? A join is answered only after its stream's end is known.

Gradio sends a page the results of all its events over one stream, and ends the stream when nothing
is pending. An event that joins while that end is on its way is lost: the page still takes the
stream for open, opens no other, and waits for ever. (Gradio 6.31; of two citations that were
opened in quick succession one in three did not open.) So the answer to a join is held back for a
moment where the stream of that page has just been ended: by then the page knows, and opens another.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import parse_qs

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM, JOIN = "/gradio_api/queue/data", "/gradio_api/queue/join"
SECONDS = 0.3
"""From the end of a stream until its page has surely read it."""
PAGES = 4096
"""Pages whose last end is remembered."""

_END = b'"close_stream"'
_PAGE = re.compile(rb'"session_hash"\s*:\s*"(\w{1,64})"')
_TAIL = 512
"""Bytes at the end of a join in which its page is named."""


class PageStreams:
    """Holds back the answer to a join whose page is just being told that its stream has ended."""

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._clock = clock
        self._ended: OrderedDict[str, float] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, watching streams and joins."""
        if scope["type"] == "http" and scope["path"] == STREAM:
            await self._app(scope, receive, self._watched(scope, send))
        elif scope["type"] == "http" and scope["path"] == JOIN:
            join = _Join(receive)
            await self._app(scope, join.receive, self._held_back(join, send))
        else:
            await self._app(scope, receive, send)

    def _watched(self, scope: Scope, send: Send) -> Send:
        page = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]

        async def watch(message: Message) -> None:
            if _END in message.get("body", b""):
                self._ended[page] = self._clock()
                self._ended.move_to_end(page)
                if len(self._ended) > PAGES:
                    self._ended.popitem(last=False)
            await send(message)

        return watch

    def _held_back(self, join: _Join, send: Send) -> Send:
        async def hold_back(message: Message) -> None:
            if message["type"] == "http.response.start":
                ended = self._ended.get(join.page(), -SECONDS)
                await anyio.sleep(max(0.0, ended + SECONDS - self._clock()))
            await send(message)

        return hold_back


class _Join:
    """A join on its way in: which page sends it stands near the end of its body."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._tail = b""

    async def receive(self) -> Message:
        message = await self._receive()
        self._tail = (self._tail + message.get("body", b""))[-_TAIL:]
        return message

    def page(self) -> str:
        found = _PAGE.search(self._tail)
        return found[1].decode() if found else ""
