"""Is the page served as promised? The application without a browser, and its start."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import threading

import anyio
import httpx
import pytest
from pydantic import SecretStr

from index import Settings
from index.errors import UsageError
from ui.server import TEMPORARY, create_app, serve


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("empty") / "library"


@pytest.fixture(scope="module")
def app(folder):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GRADIO_TEMP_DIR", "GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE"):
            patch.setenv(name, os.environ.get(name, ""))

        async def build():
            return create_app(folder, Settings())

        # Without a running loop Gradio makes some of its own and leaves them open.
        yield anyio.run(build)


def get(app, path, **more):
    async def send():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
            return await browser.get(path, **more)

    return anyio.run(send)


def test_health_is_told(app):
    """Another program can ask whether the page is up, and how much it knows."""
    assert get(app, "/api/health").json() == {"status": "ok", "documents": 0}


def test_the_page_names_no_foreign_address_to_load_from(app):
    """Of the page's own scripts, styles and links none lies on another host."""
    page = get(app, "/").text
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"', page)
    assert loaded
    assert [address for address in loaded if re.match(r"(?:https?:)?//", address)] == []


def test_no_event_is_an_endpoint(app):
    """The page's events are private: no other program can call them by name."""
    described = get(app, "/gradio_api/info").json()
    assert described["named_endpoints"] == {}
    assert described["unnamed_endpoints"] == {}


def test_the_page_fits_the_promises_of_its_configuration(app):
    """Nothing is reported, recorded or linked to elsewhere."""
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", get(app, "/").text)
    assert found is not None
    config = json.loads(found[1])
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert config["title"] == "Askdocs"
    assert "fonts.googleapis" not in found[1]


def test_the_folder_of_uploads_is_private(app, folder):
    """What is uploaded lies inside the library, and only its owner can read it."""
    temporary = folder / TEMPORARY
    assert os.environ["GRADIO_TEMP_DIR"] == str(temporary)
    if os.name == "posix":
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o700


def test_the_middleware_stands_before_the_page(app):
    """A foreign host gets nothing of the page, and every response carries the policy."""
    assert get(app, "/", headers={"host": "evil.example"}).status_code == 421
    assert "content-security-policy" in get(app, "/").headers
    assert get(app, "/gradio_api/file=/etc/passwd").status_code == 404


def test_a_taken_port_is_named(folder):
    """When the port is taken, the message names it and says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"{port}.*--port"):
            serve(folder, Settings(port=port), open_browser=False, announce=print)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::"])
def test_other_computers_need_a_password(folder, host):
    """Without a password the page is served to this computer alone."""
    with pytest.raises(UsageError, match="ASKDOCS_PASSWORD"):
        serve(folder, Settings(host=host), open_browser=False, announce=print)


def test_an_address_that_is_not_ours_is_explained(folder):
    """An address that this machine does not have is refused with a reason."""
    settings = Settings(host="203.0.113.9", password=SecretStr("p"))
    with pytest.raises(UsageError, match=r"203\.0\.113\.9"):
        serve(folder, settings, open_browser=False, announce=print)


def test_the_address_is_announced_before_the_page_is_ready(folder, monkeypatch):
    """Whoever reads the address can connect at once, and is served when the page is there."""
    announced: list[str] = []
    connected = threading.Event()

    def announce(address):
        announced.append(address)
        port = int(address.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            connected.set()

    monkeypatch.setattr("ui.server._application", lambda _served: None)
    monkeypatch.setattr("ui.connections.run", lambda _app, _listener: None)
    serve(folder, Settings(port=0), open_browser=False, announce=announce)
    assert connected.is_set()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", announced[0])
