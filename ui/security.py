"""Which requests may come in, and what may the page do? Pure ASGI middleware, outermost first:

    SafeHeaders      adds Content-Security-Policy, nosniff and no-referrer to whatever follows
    AllowedHosts     refuses a Host header that is not ours: DNS rebinding
    Password         asks for the password, where one is set
    BodyLimit        counts the bytes and parts that really come, whatever the headers say
    SameOrigin       refuses pages of other sites, by Origin and Sec-Fetch-Site
    RateLimit        holds a token bucket per client
    OpenDoors        serves of Gradio's many endpoints only those that the page uses

None of them gathers a body or a response, so streams pass as they come.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.settings import Settings
from ui.page_limits import BodyLimit, RateLimit, refusal

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self';"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""The two unsafe words are Gradio's need: escaping is the defence against script, the policy
against leaking."""

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
GRADIO_API = "/gradio_api/"
CLOSED_PAGES = ("/gradio_api", "/monitoring", "/svelte", "/login", "/logout", "/runs")
DOORS = (
    "app_id", "cancel", "heartbeat/", "info", "queue/data", "queue/join", "reset",
    "startup-events", "theme.css", "upload", "upload_progress",
)  # fmt: skip
UPLOADS_AT_ONCE = 5
"""Files of the largest size that one upload may bring; smaller files may be more."""
OTHER_BODIES = 4_000_000
"""Bytes of any other request: a question, or an exported conversation to verify."""


def secured(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Return ``app`` behind all of it."""
    app = RateLimit(OpenDoors(app))
    app = BodyLimit(
        SameOrigin(app),
        upload=UPLOADS_AT_ONCE * settings.max_file_mb * 1_000_000,
        other=OTHER_BODIES,
    )
    if settings.password is not None:
        app = Password(app, password=settings.password.get_secret_value())
    return SafeHeaders(AllowedHosts(app, host=settings.host))


def is_loopback(host: str) -> bool:
    """Tell whether an address to serve on is reached by this computer alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class AllowedHosts:
    """Refuses a Host header that does not name this server."""

    def __init__(self, app: ASGIApp, *, host: str) -> None:
        self._app = app
        self._names = LOOPBACK_NAMES | {host.lower().strip("[]")}
        self._open = not is_loopback(host)
        if self._open:
            self._names |= {socket.gethostname().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for this server."""
        app = self._app
        if scope["type"] in {"http", "websocket"}:
            name = _split(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
            if name not in self._names and not (self._open and _is_address(name)):
                app = refusal(421, "This host is not served here.")
        await app(scope, receive, send)


class Password:
    """Asks for the password, with any user name."""

    def __init__(self, app: ASGIApp, *, password: str) -> None:
        self._app = app
        self._password = password.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what brings the password."""
        app = self._app
        if scope["type"] in {"http", "websocket"} and not self._knows(Headers(scope=scope)):
            challenge = 'Basic realm="Askdocs", charset="UTF-8"'
            app = refusal(401, "The password of Askdocs is needed.", www_authenticate=challenge)
        await app(scope, receive, send)

    def _knows(self, headers: Headers) -> bool:
        scheme, _, encoded = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            given = base64.b64decode(encoded, validate=True).partition(b":")[2]
        except ValueError:
            return False
        return hmac.compare_digest(given, self._password)


class SameOrigin:
    """Refuses what a page of another site sends; programs that send no such headers pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what our own page, a person or a program sends."""
        app = self._app
        if scope["type"] in {"http", "websocket"} and self._is_foreign(scope):
            app = refusal(403, "Requests of other sites are refused.")
        await app(scope, receive, send)

    @staticmethod
    def _is_foreign(scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None and _split(origin).netloc.lower() != headers.get("host", "").lower():
            return True
        # A link on another site may lead here: that is a GET without Origin.
        reading = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        site = headers.get("sec-fetch-site", "same-origin")
        return not reading and site not in {"same-origin", "none"}


class OpenDoors:
    """Serves of Gradio's endpoints those that the page uses, and hides the others.

    The others read files, fetch from other hosts, edit code or call functions past the queue.
    """

    def __init__(self, app: ASGIApp, *, doors: Iterable[str] = DOORS) -> None:
        self._app = app
        self._doors = tuple(doors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what goes to an open door, or is none of Gradio's."""
        is_open = scope["type"] != "http" or self._is_open(scope["path"])
        await (self._app if is_open else refusal(404, "Not found."))(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        if path.startswith(GRADIO_API):
            name = path.removeprefix(GRADIO_API)
            return any(
                name.startswith(door) if door.endswith("/") else name.rstrip("/") == door
                for door in self._doors
            )
        return not path.startswith(CLOSED_PAGES)


class SafeHeaders:
    """Adds to every response what a browser is to enforce."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with headers on the way back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = CONTENT_SECURITY_POLICY
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
