"""How is the page served? By an own FastAPI application, behind :mod:`ui.security`.

Gradio is imported only inside functions: what it reads from the environment is set before.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import Assistant
from index import Library, Settings
from index.errors import AskdocsError, LibraryUnreadable, UsageError
from ui.api import PREFIX as API
from ui.api import create_api
from ui.desk import Desk
from ui.mcp_tools import PATH as MCP
from ui.mcp_tools import McpOverHttp
from ui.security import is_loopback, secured
from ui.service import Service
from ui.wording import page_wording

TEMPORARY = "tmp"
"""Folder of uploads on their way, inside the library, readable by its owner alone."""
SECONDS_TO_CLOSE = 1
"""Pages keep a connection open for as long as they are; at the end they are not waited for."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """What the server answers from."""

    library: Library
    assistant: Assistant
    settings: Settings

    @classmethod
    def open(cls, folder: Path, settings: Settings) -> Served:
        """Open the library in ``folder`` and the assistant over it."""
        library = Library.open(folder, settings=settings)
        return cls(library, Assistant.open(folder, settings=settings), settings)


def create_app(folder: Path, settings: Settings) -> FastAPI:
    """Build the application over the library in ``folder``: the page, the API and MCP.

    The middleware is part of it, so it may be served by any ASGI server.
    """
    return _application(Served.open(folder, settings))


def serve(
    folder: Path, settings: Settings, *, open_browser: bool, announce: Callable[[str], None]
) -> None:
    """Serve the page until interrupted; ``announce`` gets its address once the port is ours.

    :raises UsageError: the address cannot be served on, or not without a password.
    """
    if not is_loopback(settings.host) and settings.password is None:
        raise UsageError(page_wording()("server.password_needed", host=settings.host))
    served = Served.open(folder, settings)
    with _bound_socket(settings.host, settings.port) as listener:
        address = _address(listener, settings.host)
        announce(address)
        app = _application(served)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
        _run(app, listener)


def _application(served: Served) -> FastAPI:
    _prepare_environment(served.library.folder / TEMPORARY)
    import gradio as gr

    from ui.page import build_page, page_look

    service, answering = Service(served.assistant), Desk()
    mcp = McpOverHttp(service, answering)

    @asynccontextmanager
    async def started(_app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_warm, args=[served.assistant], daemon=True).start()
        async with mcp.running():
            yield

    app = FastAPI(lifespan=started, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_ForPrograms, api=create_api(service, answering, Desk()), mcp=mcp)
    app.add_middleware(_Secured, settings=served.settings)
    page = build_page(served.assistant, served.library, served.settings)
    page.queue(max_size=64, default_concurrency_limit=16, api_open=False)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        allowed_paths=[],
        max_file_size=served.settings.max_file_mb * 1_000_000,
        show_error=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        **page_look(),
    )
    return app


class _ForPrograms:
    """Leads programs to the API and to MCP; everything else is the page's."""

    def __init__(self, app: ASGIApp, *, api: ASGIApp, mcp: ASGIApp) -> None:
        self._page = app
        self._api = api
        self._mcp = mcp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to where it belongs."""
        app, path = self._page, scope.get("path", "")
        if scope["type"] == "http" and path.startswith(f"{API}/"):
            app = self._api
        elif scope["type"] == "http" and path == MCP:
            app = self._mcp
        await app(scope, receive, send)


class _Secured:
    """:func:`ui.security.secured` in the form that ``add_middleware`` takes."""

    def __new__(cls, app: ASGIApp, settings: Settings) -> ASGIApp:  # type: ignore[misc]
        return secured(app, settings)


class _Server(uvicorn.Server):
    """A server that ends without a stack trace for every page that is still open."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is open."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _prepare_environment(temporary: Path) -> None:
    """Tell Gradio and its parts to contact nobody, before they are imported."""
    try:
        temporary.mkdir(mode=0o700, exist_ok=True)
        temporary.chmod(0o700)
    except OSError as error:
        raise LibraryUnreadable(
            f"The folder {temporary} for uploads cannot be made ({error.strerror}). Check the "
            "permissions of the library's folder."
        ) from error
    os.environ |= {
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_SHARE": "False",
        "GRADIO_TEMP_DIR": str(temporary),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
    }


def _bound_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Elsewhere this option would let two servers share a port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        wording = page_wording()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(wording("server.port_taken", port=port, host=host)) from error
        reason = error.strerror or str(error)
        raise UsageError(wording("server.bad_address", host=host, reason=reason)) from error
    return listener


def _address(listener: socket.socket, host: str) -> str:
    name = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def _run(app: FastAPI, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    try:
        _Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        _log.debug("Interrupted: the page is closed.")


def _warm(assistant: Assistant) -> None:
    try:
        assistant.warm()
    except AskdocsError:
        _log.exception("The model could not be loaded; the first question will say why.")
