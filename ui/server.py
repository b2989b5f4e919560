"""How is the page served? By an own FastAPI application, behind :mod:`ui.security`.

Gradio is imported only inside functions: what it reads from the environment is set before.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from assistant import Assistant
from index import Library, Settings
from index.errors import LibraryUnreadable, UsageError
from ui.security import is_loopback, secured
from ui.wording import page_wording

if TYPE_CHECKING:
    from fastapi import FastAPI

TEMPORARY = "tmp"
"""Folder of uploads on their way, inside the library, readable by its owner alone."""


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


def create_app(folder: Path, settings: Settings) -> ASGIApp:
    """Build the application over the library in ``folder``: the page, the API and MCP.

    The middleware is part of it, so it may be served by any ASGI server that serves ``lifespan``.
    """
    served = Served.open(folder, settings)
    _prepare_environment(served.library.folder / TEMPORARY)
    return _application(served, _mounted_page(served))


def serve(
    folder: Path, settings: Settings, *, open_browser: bool, announce: Callable[[str], None]
) -> None:
    """Serve the page until interrupted; ``announce`` gets its address once the port is ours.

    :raises UsageError: the address cannot be served on, or not without a password.
    """
    if not is_loopback(settings.host) and settings.password is None:
        raise UsageError(page_wording()("server.password_needed", host=settings.host))
    served = Served.open(folder, settings)
    _prepare_environment(served.library.folder / TEMPORARY)
    with _bound_socket(settings.host, settings.port) as listener:
        address = _address(listener, settings.host)
        announce(address)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
        # What takes long to import is imported after the address is told.
        from ui.connections import run

        run(_application(served), listener)


def _application(served: Served, page: FastAPI | None = None) -> ASGIApp:
    from ui.rooms import Rooms

    return secured(
        Rooms(served.assistant, lambda: _mounted_page(served), page), settings=served.settings
    )


def _mounted_page(served: Served) -> FastAPI:
    import gradio as gr
    from fastapi import FastAPI

    from ui.page import build_page, page_look
    from ui.page_streams import PageStreams

    page = build_page(served.assistant, served.library, served.settings)
    page.queue(max_size=64, default_concurrency_limit=16, api_open=False)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(PageStreams)
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
