"""Is no event of the page lost between two streams?"""

import anyio
import pytest

from ui.page_streams import JOIN, SECONDS, STREAM, PageStreams


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        """Tell the time."""
        return self.now


def run(application, clock, path, *, body=b"", query=b""):
    """Send one request; return the seconds that its answer was held back."""
    slept = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        pass

    async def go():
        async def sleep(seconds):
            slept.append(seconds)

        anyio.sleep, real = sleep, anyio.sleep
        try:
            await application({"type": "http", "path": path, "query_string": query}, receive, send)
        finally:
            anyio.sleep = real

    anyio.run(go)
    return sum(slept)


async def gradio(scope, receive, send):
    """Read a join, or end a stream."""
    if scope["path"] == JOIN:
        await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    ends = scope["path"] == STREAM
    await send({"type": "http.response.body", "body": b'data: {"msg":"close_stream"}' * ends})


def join(page):
    return b'{"data":["' + b"x" * 5000 + b'"],"fn_index":3,"session_hash":"' + page + b'"}'


def test_a_join_waits_until_the_end_of_its_stream_is_known():
    """Just after a page's stream has ended, its next event is answered a moment later."""
    clock = Clock()
    streams = PageStreams(gradio, clock=clock)
    assert run(streams, clock, JOIN, body=join(b"one")) == 0
    run(streams, clock, STREAM, query=b"session_hash=one")
    assert run(streams, clock, JOIN, body=join(b"one")) == pytest.approx(SECONDS)
    clock.now += SECONDS / 2
    assert 0 < run(streams, clock, JOIN, body=join(b"one")) < SECONDS
    clock.now += SECONDS
    assert run(streams, clock, JOIN, body=join(b"one")) == 0


def test_other_pages_do_not_wait():
    """The end of one page's stream holds back nobody else, and no other request."""
    clock = Clock()
    streams = PageStreams(gradio, clock=clock)
    run(streams, clock, STREAM, query=b"session_hash=one")
    assert run(streams, clock, JOIN, body=join(b"other")) == 0
    assert run(streams, clock, JOIN, body=b"nonsense") == 0
    assert run(streams, clock, "/config") == 0
