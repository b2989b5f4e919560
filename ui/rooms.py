"""Who answers a request? The API, MCP, or the page, which may still be building when it comes.

The page's library takes seconds to load. It is loaded behind an open door: programs are answered
at once, and a browser that is early waits for the page rather than being turned away.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
from fastapi import FastAPI
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import Assistant
from index.errors import AskdocsError
from ui.api import PREFIX, create_api
from ui.desk import Desk
from ui.mcp_tools import PATH, McpOverHttp
from ui.page_limits import refusal
from ui.service import Service
from ui.wording import page_wording

_log = logging.getLogger(__name__)


class Rooms:
    """The API and MCP over one assistant, and the page: built already, or yet to be built."""

    def __init__(
        self,
        assistant: Assistant,
        build_page: Callable[[], FastAPI],
        page: FastAPI | None = None,
    ) -> None:
        service, answering = Service(assistant), Desk()
        self._assistant = assistant
        self._api = create_api(service, answering, reading=Desk())
        self._mcp = McpOverHttp(service, answering)
        self._build_page = build_page
        self._page = page
        self._is_settled = anyio.Event()
        self._router = Router(default=self._lead, lifespan=self._opened)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or the server's own beginning and end."""
        await self._router(scope, receive, send)

    async def _lead(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(f"{PREFIX}/"):
            app: ASGIApp = self._api
        elif path.rstrip("/") == PATH:
            app = self._mcp
        else:
            if self._page is None:
                await self._is_settled.wait()
            app = self._page or refusal(503, page_wording()("server.no_page"))
        await app(scope, receive, send)

    @asynccontextmanager
    async def _opened(self, _app: object) -> AsyncIterator[None]:
        async with self._mcp.running(), anyio.create_task_group() as group:
            closing = anyio.Event()
            group.start_soon(self._keep_page, closing)
            yield
            closing.set()
            if not self._is_settled.is_set():
                group.cancel_scope.cancel()

    async def _keep_page(self, closing: anyio.Event) -> None:
        """Build the page, keep it until the server closes, and load the model behind it."""
        try:
            page = self._page or await self._built()
        except Exception:  # noqa: BLE001 - whatever it is, programs are served all the same
            _log.exception("The page could not be built.")
            self._is_settled.set()
            return
        async with page.router.lifespan_context(page):
            self._page = page
            self._is_settled.set()
            await anyio.to_thread.run_sync(self._warm, abandon_on_cancel=True)
            await closing.wait()

    async def _built(self) -> FastAPI:
        async def build() -> FastAPI:
            return self._build_page()

        # Without a running loop Gradio makes some of its own and leaves them open.
        return await anyio.to_thread.run_sync(anyio.run, build, abandon_on_cancel=True)

    def _warm(self) -> None:
        try:
            self._assistant.warm()
        except AskdocsError:
            _log.exception("The model could not be loaded; the first question will say why.")
