"""What if more people use the page at once than it bears? It says so, and serves the others."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field

import anyio
import httpx
import pytest

from index import Library, Settings
from ui.server import create_app

PEOPLE = 120


@pytest.fixture
def held(monkeypatch):
    """Everything that looks at the documents waits until this is set."""
    release = threading.Event()
    real = Library.documents

    def documents(self):
        release.wait(60)
        return real(self)

    monkeypatch.setattr(Library, "documents", documents)
    yield release
    release.set()


def opening(config):
    """The event with which a visit begins: it takes nothing and shows the documents."""
    return next(
        event["id"]
        for event in config["dependencies"]
        if event["inputs"] == [] and any(name == "load" for _, name in event["targets"])
    )


@dataclass
class Tally:
    """What became of all who came."""

    refused: list[httpx.Response] = field(default_factory=list)
    let_in: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)


async def visit(client, number, event, tally):
    """Ask the page for its documents, as a browser does when it opens it."""
    session = f"person{number}"
    body = {"data": [], "fn_index": event, "session_hash": session}
    joined = await client.post("/gradio_api/queue/join", json=body)
    if joined.status_code == 200:
        tally.let_in.append(session)
    else:
        tally.refused.append(joined)


async def wait_for(client, session, tally):
    """Read what is told to a session until it has what it came for."""
    params = {"session_hash": session}
    async with client.stream("GET", "/gradio_api/queue/data", params=params) as stream:
        lines = [line async for line in stream.aiter_lines() if line.startswith("data:")]
    messages = [json.loads(line.removeprefix("data:")) for line in lines]
    if any(message["msg"] == "process_completed" and message["success"] for message in messages):
        tally.served.append(session)


async def open_for_all(folder, held):
    """Have everybody come at once, while nobody is served yet; then serve them."""
    tally, app = Tally(), create_app(folder, Settings())
    rooms = app
    while hasattr(rooms, "_app"):
        rooms = rooms._app
    transport = httpx.ASGITransport(app)
    async with (
        rooms._router.lifespan_context(rooms),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client,
    ):
        event = opening((await client.get("/config")).json())
        for number in range(PEOPLE):
            await visit(client, number, event, tally)
        assert (await client.get("/api/health")).status_code == 200
        held.set()
        for session in tally.let_in:
            await wait_for(client, session, tally)
    return tally


def test_a_full_queue_says_so(tmp_path, monkeypatch, held):
    """Past what may wait the page refuses in words; who was let in is served, each their own."""
    for name in ("GRADIO_TEMP_DIR", "GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE"):
        monkeypatch.setenv(name, "")  # what the server sets in this process goes with the test
    tally = anyio.run(open_for_all, tmp_path / "library", held)
    assert tally.refused
    assert len(tally.refused) + len(tally.let_in) == PEOPLE
    for refused in tally.refused:
        assert refused.status_code == 503
        assert "full" in refused.text
    assert tally.served == tally.let_in
