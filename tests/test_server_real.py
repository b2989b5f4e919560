"""Does the server as a person starts it keep its promises, with every way out of it blocked?"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import httpx
import pytest
from mcp.client import Client

ROOT = Path(__file__).parent.parent
GUARDED = """
import sys
reached = open(sys.argv.pop(1), "a", buffering=1)
LOCAL = ("127.", "::1", "localhost", "0.0.0.0")
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = str(arguments[0])
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
    else:
        return
    if not host.startswith(LOCAL):
        reached.write(f"{event} {host}\\n")
        raise OSError(f"{event} to {host} is blocked")
sys.addaudithook(watch)
from ui.command_line import main
sys.exit(main(sys.argv[1:]))
"""
"""The command line, which may speak with this computer alone and writes down every try."""
QUESTIONS = (
    "How many bodies were dug up in October 2020?",
    "Who is Mohammed al-Kani?",
    "Which documents mention Tarhuna?",
    "Who is the mayor of Tarhuna?",
    "Who backs the GNA, and when was Tarhuna recaptured?",
)

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def folder(sample_library, tmp_path_factory):
    copy = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(sample_library.folder, copy)
    return copy


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    """A server of its own; yields its address, and the file with what it reached for."""
    reached = tmp_path_factory.mktemp("reached") / "reached.txt"
    reached.touch()
    command = [sys.executable, "-c", GUARDED, reached, "serve", "--port", "0", "--library", folder]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=-1, text=True
    ) as process:
        try:
            yield process.stdout.readline().strip(), reached
        finally:
            process.terminate()


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server[0], timeout=60, trust_env=False) as client:
        yield client


def test_everything_works_with_the_network_blocked(client, server):
    """Page, API and MCP answer, and neither a name is looked up nor another machine reached."""
    address, reached = server
    page = client.get("/")
    assert page.status_code == 200
    for source in re.findall(r'<(?:script|link)[^>]*(?:src|href)="(\.?/[^"]*)"', page.text):
        assert client.get(source.removeprefix(".")).status_code == 200
    assert client.get("/api/docs").status_code == 200
    answer = client.post("/api/ask", json={"question": QUESTIONS[0]})
    assert answer.json()["status"] == "answered"

    async def over_mcp():
        async with Client(f"{address}/mcp") as program:
            names = {tool.name for tool in (await program.list_tools()).tools}
            result = await program.call_tool("ask", {"question": QUESTIONS[0]})
            return names, result.content[0].text

    names, text = anyio.run(over_mcp)
    assert names == {"ask", "search", "list_documents", "read_document", "verify_quote"}
    assert text.encode() == answer.content
    assert reached.read_text(encoding="utf-8") == ""


def test_every_quotation_is_the_stored_text(client):
    """Whatever is asked, each quotation is what the document's text says at its place."""
    quotes = []
    for question in QUESTIONS:
        answer = client.post("/api/ask", json={"question": question}).json()
        quotes += [*answer["quotes"], *answer["nearest"]]
    assert len(quotes) > len(QUESTIONS)
    for quote in quotes:
        path = f"/api/documents/{quote['document']['id']}/text"
        whole = client.get(path).json()
        assert whole["text"][quote["start"] : quote["end"]] == quote["text"]
        place = {"start": quote["start"], "end": quote["end"]}
        assert client.get(path, params=place).json()["text"] == quote["text"]


def test_the_same_question_gives_the_same_bytes(client):
    """Asked again, alone or among others, a question is answered with the same bytes."""
    first = {q: client.post("/api/ask", json={"question": q}).content for q in QUESTIONS}
    again: list[tuple[str, bytes]] = []

    async def ask(browser, question):
        response = await browser.post("/api/ask", json={"question": question})
        again.append((question, response.content))

    async def run():
        async with (
            httpx.AsyncClient(base_url=client.base_url, timeout=60, trust_env=False) as browser,
            anyio.create_task_group() as group,
        ):
            for question in QUESTIONS * 3:
                group.start_soon(ask, browser, question)

    anyio.run(run)
    assert len(again) == 3 * len(QUESTIONS)
    assert all(content == first[question] for question, content in again)


def test_answers_come_while_documents_are_added(client, folder, write):
    """While many files are added, questions are answered, and at the end about these files too."""
    files = {
        f"note-{n}.txt": f"Captain Nemo {n} sailed on day {n} of the voyage." for n in range(80)
    }
    added = subprocess.Popen(
        [sys.executable, "-m", "ui", "add", str(write(files)), "--json", "--library", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    before = client.post("/api/ask", json={"question": QUESTIONS[0]})
    assert before.json()["status"] == "answered"
    meanwhile = 0
    while added.poll() is None:
        answer = client.post("/api/ask", json={"question": QUESTIONS[0]})
        assert answer.status_code == 200
        assert answer.json()["status"] == "answered"
        meanwhile += 1
    lines = [json.loads(line) for line in added.communicate()[0].splitlines()]
    assert [line["status"] for line in lines] == ["added"] * len(files)
    assert meanwhile > 0
    answer = client.post("/api/ask", json={"question": "When did Captain Nemo 7 sail?"}).json()
    assert answer["quotes"][0]["text"] == files["note-7.txt"]


def raw(address, request):
    """Send bytes that no client would; return what comes back."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


@pytest.mark.parametrize(
    "path",
    [
        "/api/documents/../../../../etc/passwd/text",
        "/api/documents/..%2f..%2f..%2fetc%2fpasswd/text",
        "/api/../../../../../etc/passwd",
        "/mcp/../../../etc/passwd",
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/../../../../../../etc/passwd",
        "/static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2fetc%2fpasswd",
        "/static/%5c%5chost%5cshare%5cfile",
        "/static/..%5c..%5c..%5cetc%5cpasswd",
        "/assets/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%00",
        "/static/fonts/%00.woff2",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=..%2f..%2fetc%2fpasswd",
        "/gradio_api//file=/etc/passwd",
        "/gradio_api/upload_progress/../file=/etc/passwd",
        "/gradio_api/heartbeat/..%2f..%2ffile=%2fetc%2fpasswd",
        "//etc/passwd",
        "/file=/etc/passwd",
    ],
)
def test_no_path_leads_out(server, path):
    """Whatever a path looks like, no file of the machine is served."""
    head = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
    received = raw(server[0], head.encode())
    assert b"root:" not in received
    assert b"Traceback" not in received


@pytest.mark.parametrize(
    "head",
    [
        "host: evil.example",
        "host: 127.0.0.1.evil.example",
        "host: 127.0.0.1\r\norigin: http://evil.example",
        "host: 127.0.0.1\r\norigin: null",
        "host: 127.0.0.1\r\nsec-fetch-site: cross-site",
    ],
)
@pytest.mark.parametrize(
    "path", ["/api/ask", "/mcp", "/gradio_api/upload", "/gradio_api/queue/join"]
)
def test_other_sites_reach_nothing(server, path, head):
    """A page of another site, even under a name that was rebound to here, is refused."""
    body = b'{"question": "x"}'
    request = (
        f"POST {path} HTTP/1.1\r\n{head}\r\nconnection: close\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    received = raw(server[0], request.encode() + body)
    assert received.split()[1] in (b"403", b"421")
    assert b"access-control-allow" not in received.lower()


def test_a_body_without_a_length_is_bounded(client):
    """A body that does not say how long it is is stopped where the limit is."""
    pieces = (b" " * 1_000_000 for _ in range(100))
    try:
        response = client.post(
            "/api/ask", content=pieces, headers={"content-type": "application/json"}
        )
    except httpx.WriteError:
        return  # the server had answered and closed before all was sent
    assert response.status_code == 413


@pytest.mark.parametrize("preflight", ["/api/ask", "/mcp"])
def test_no_other_site_is_let_in(client, preflight):
    """There is no CORS: the question of a browser whether it may ask is not answered with yes."""
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    response = client.options(preflight, headers=asked)
    assert response.status_code >= 400
    assert not [name for name in response.headers if name.startswith("access-control")]
