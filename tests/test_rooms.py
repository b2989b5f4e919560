"""Who answers while the page is still being built, and when it cannot be?"""

from __future__ import annotations

import threading

import anyio
import anyio.to_thread
import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from ui.rooms import Rooms


@pytest.fixture(scope="module")
def assistant(tmp_path_factory, make_tiny_library):
    return make_tiny_library(tmp_path_factory.mktemp("rooms"), {"a.txt": "The roof is red."})


def page():
    app = FastAPI()
    app.add_api_route("/", lambda: PlainTextResponse("the page"))
    return app


def run(rooms, work):
    """Do ``work`` with a client, between the server's beginning and its end."""

    async def within():
        async with rooms._router.lifespan_context(rooms):
            transport = httpx.ASGITransport(rooms)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
                return await work(client)

    return anyio.run(within)


def test_programs_do_not_wait_for_the_page(assistant):
    """The API answers at once, and a browser that is early gets the page when it is there."""
    release = threading.Event()

    def build():
        release.wait(30)
        return page()

    async def work(client):
        early = []

        async def visit():
            early.append((await client.get("/")).text)

        async with anyio.create_task_group() as group:
            group.start_soon(visit)
            health = await client.get("/api/health")
            assert early == []
            release.set()
        return health.json(), early

    assert run(Rooms(assistant, build), work) == ({"status": "ok", "documents": 1}, ["the page"])


def test_programs_are_served_without_the_page(assistant, caplog):
    """When the page cannot be built, that is said, and the API and MCP answer all the same."""

    def build():
        raise RuntimeError("no page today")

    async def work(client):
        answer = await client.post("/api/ask", json={"question": "What is red?"})
        return (await client.get("/")), answer

    visited, answer = run(Rooms(assistant, build), work)
    assert visited.status_code == 503
    assert "no page today" not in visited.text
    assert "no page today" in caplog.text
    assert answer.json()["question"] == "What is red?"


def test_the_server_ends_while_the_page_is_built(assistant):
    """Whoever stops the server does not wait for the page."""
    release = threading.Event()

    def build():
        release.wait(30)
        return page()

    async def work(client):
        return await client.get("/api/health")

    try:
        assert run(Rooms(assistant, build), work).status_code == 200
        assert not release.is_set()
    finally:
        release.set()


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_the_tools_are_found_with_a_slash_and_without(assistant, path):
    """Programs are configured with either address."""

    async def work(client):
        headers = {"accept": "application/json, text/event-stream"}
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        return await client.post(path, json=ping, headers=headers)

    assert run(Rooms(assistant, page), work).json() == {"jsonrpc": "2.0", "id": 1, "result": {}}
