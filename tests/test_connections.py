"""Are slow clients kept from keeping others out? A real server, with little patience."""

from __future__ import annotations

import socket
import threading

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from ui.connections import ImpatientProtocol, QuietServer

LARGE = "x" * 20_000_000
MOST = 20


class VeryImpatientProtocol(ImpatientProtocol):
    seconds_for_a_head = 0.3
    seconds_to_read = 0.3


async def app(scope, receive, send):
    text = LARGE if scope["path"] == "/large" else "here"
    await PlainTextResponse(text)(scope, receive, send)


@pytest.fixture(scope="module")
def address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app,
            http=VeryImpatientProtocol,
            lifespan="off",
            log_level="critical",
            limit_concurrency=MOST,
            timeout_graceful_shutdown=1,
        )
        server = QuietServer(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()
        server.should_exit = True
        thread.join(30)


def rest(connection):
    """What comes until the server closes; fails when it does not."""
    connection.settimeout(30)
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def answer(address):
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        return rest(connection)


@pytest.mark.parametrize("sent", [b"", b"GET", b"GET / HTTP/1.1\r\nhost: x\r\nx-a: "])
def test_a_head_that_does_not_come_is_given_up(address, sent):
    """A client that never ends its request is told so, and its connection closed."""
    with socket.create_connection(address) as connection:
        connection.sendall(sent)
        received = rest(connection)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"too slowly" in received


def test_the_second_request_of_a_connection_is_not_waited_for_either(address):
    """A client that was served once has no more time for its next request."""
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /")
        assert b" 408 " in rest(connection)


def test_a_client_that_does_not_read_is_given_up(address):
    """A response that nobody reads does not stay in memory."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(address)
        connection.sendall(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        threading.Event().wait(1.5)
        assert len(rest(connection)) < len(LARGE)


def test_others_are_served_beside_slow_clients(address):
    """While slow clients hold their connections, and after, everybody else is answered."""
    slow = [socket.create_connection(address) for _ in range(MOST // 2)]
    for connection in slow:
        connection.sendall(b"GET / HTTP/1.1\r\nx-a: ")
    assert answer(address).endswith(b"here")
    for connection in slow:
        rest(connection)
        connection.close()
    assert answer(address).endswith(b"here")


def test_past_the_most_connections_one_is_refused(address):
    """More connections than the machine bears are refused, and room comes back."""
    held = [socket.create_connection(address) for _ in range(MOST + 5)]
    assert answer(address).startswith(b"HTTP/1.1 503 ")
    for connection in held:
        rest(connection)
        connection.close()
    assert answer(address).startswith(b"HTTP/1.1 200 ")
