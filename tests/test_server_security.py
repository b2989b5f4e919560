"""Which requests are refused? The middleware alone, and as it stands before the page."""

from __future__ import annotations

import anyio
import httpx
import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse

from index import Settings
from ui.page_limits import BUCKET, MAX_PARTS, WRITE_COST, BodyLimit, RateLimit
from ui.security import is_loopback, secured

HOST = "127.0.0.1:7860"


async def echo(scope, receive, send):
    """Answers with the length of the body, read piece by piece."""
    if scope["type"] != "http":
        return
    length = 0
    async for piece in Request(scope, receive).stream():
        length += len(piece)
    await PlainTextResponse(str(length))(scope, receive, send)


def request(app, method="GET", path="/", host=HOST, client=("127.0.0.1", 1), **more):
    async def send():
        transport = httpx.ASGITransport(app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as browser:
            return await browser.request(method, path, **more)

    return anyio.run(send)


@pytest.fixture
def app():
    return secured(echo, Settings(max_file_mb=1))


async def pieces(count, size):
    for _ in range(count):
        yield b"x" * size


class TestHosts:
    @pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860"])
    def test_loopback_is_served(self, app, host):
        """The page answers under each name of this computer."""
        assert request(app, host=host).status_code == 200

    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7", "localhost.evil", "[::2"]
    )
    def test_a_foreign_host_is_refused(self, app, host):
        """A name that was rebound to this computer gets nothing."""
        response = request(app, headers={"host": host})
        assert response.status_code == 421

    def test_an_open_server_answers_to_its_addresses(self):
        """Served to others, any address of the machine will do, but no foreign name."""
        app = secured(echo, Settings(host="0.0.0.0", password=SecretStr("p")))
        headers = {"authorization": httpx.BasicAuth("", "p")._auth_header}
        assert request(app, host="192.168.0.7:7860", headers=headers).status_code == 200
        assert request(app, host="evil.example", headers=headers).status_code == 421


class TestOrigin:
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "GET"])
    @pytest.mark.parametrize(
        "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:7860"]
    )
    def test_a_foreign_origin_is_refused(self, app, method, origin):
        """No page of another site or port can send or read anything."""
        assert request(app, method, headers={"origin": origin}).status_code == 403

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_a_cross_site_post_is_refused(self, app, site):
        """A browser that says that another site sent it is believed."""
        assert request(app, "POST", headers={"sec-fetch-site": site}).status_code == 403

    def test_a_link_may_lead_here(self, app):
        """Following a link from another site opens the page."""
        assert request(app, headers={"sec-fetch-site": "cross-site"}).status_code == 200

    def test_our_own_page_and_programs_pass(self, app):
        """Our own page, and programs that send no such headers, are served."""
        own = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
        assert request(app, "POST", headers=own).status_code == 200
        assert request(app, "POST").status_code == 200


class TestBodies:
    def test_a_declared_length_over_the_limit_is_refused(self, app):
        """What says that it is too long is not read at all."""
        assert request(app, "POST", content=b"x" * 4_000_001).status_code == 413

    def test_a_body_without_length_is_counted(self, app):
        """What does not say how long it is is stopped where the limit is."""
        response = request(app, "POST", content=pieces(100, 100_000))
        assert response.status_code == 413

    def test_a_body_within_the_limit_arrives(self, app):
        """What is within the limit arrives whole."""
        assert request(app, "POST", content=pieces(10, 100_000)).text == "1000000"

    @pytest.mark.parametrize("path", ["/", "/gradio_api/upload", "/api/ask", "/mcp"])
    def test_a_body_that_drips_is_stopped(self, path):
        """A body that comes a byte at a time, for ever, is refused as too slow."""

        async def drip():
            while True:
                yield b"x"
                await anyio.sleep(0.01)

        limited = BodyLimit(echo, upload=10**6, other=10**6, seconds=0.2)
        assert request(limited, "POST", path, content=drip()).status_code == 408

    def test_a_body_that_stops_coming_is_given_up(self):
        """A body whose end never comes is refused as too slow."""

        async def halt():
            yield b"x"
            await anyio.sleep(30)

        limited = BodyLimit(echo, upload=10, other=10, seconds=0.2)
        assert request(limited, "POST", content=halt()).status_code == 408

    def test_nobody_hurries_the_end_of_a_connection(self):
        """What waits for its client to go, as a page does, may wait as long as it likes."""

        async def patient(scope, receive, send):
            while (await receive()).get("more_body"):
                pass
            with anyio.move_on_after(0.3):
                assert (await receive())["type"] == "http.disconnect"
            await PlainTextResponse("still there")(scope, receive, send)

        limited = BodyLimit(patient, upload=10, other=10, seconds=0.1)
        assert request(limited, "POST", content=b"x").text == "still there"

    def test_uploads_have_their_own_limit(self, app):
        """Five files of the largest size fit in one upload, and no more."""
        path = "/gradio_api/upload"
        assert request(app, "POST", path, content=pieces(49, 100_000)).text == "4900000"
        assert request(app, "POST", path, content=pieces(51, 100_000)).status_code == 413

    def test_a_negative_or_odd_length_is_refused(self):
        """A length that is no number is refused."""
        limited = BodyLimit(echo, upload=10, other=10)
        for length in ("-1", "x", "1e3"):
            headers = {"content-length": length}
            assert request(limited, "POST", headers=headers).status_code == 413

    def test_too_many_files_are_refused(self, app):
        """A thousand files in one upload are refused, however small they are."""
        files = [("files", (f"{n}.txt", b"x")) for n in range(1000)]
        assert request(app, "POST", "/gradio_api/upload", files=files).status_code == 413
        few = files[: MAX_PARTS - 10]
        assert request(app, "POST", "/gradio_api/upload", files=few).status_code == 200


class TestRate:
    def test_a_flood_is_refused_and_a_pause_helps(self):
        """Past the bucket a client gets 429, others do not, and waiting fills the bucket."""
        now = [0.0]
        limited = RateLimit(echo, clock=lambda: now[0])
        one, other = ("10.0.0.1", 1), ("10.0.0.2", 1)
        for _ in range(BUCKET // WRITE_COST):
            assert request(limited, "POST", client=one).status_code == 200
        assert request(limited, "POST", client=one).status_code == 429
        assert request(limited, "POST", client=other).status_code == 200
        now[0] = 1.0
        assert request(limited, "POST", client=one).status_code == 200


class TestPrograms:
    @pytest.mark.parametrize(
        ("more", "status", "kind"),
        [
            ({"headers": {"host": "evil.example"}}, 421, "foreign_host"),
            ({"headers": {"origin": "http://evil.example"}}, 403, "foreign_site"),
            ({"headers": {"sec-fetch-site": "cross-site"}}, 403, "foreign_site"),
            ({"content": b"x" * 5_000_000}, 413, "too_large"),
        ],
    )
    @pytest.mark.parametrize("path", ["/api/ask", "/mcp"])
    def test_they_get_refusals_as_objects(self, app, path, more, status, kind):
        """What the middleware refuses is told to programs in the form of every other failure."""
        response = request(app, "POST", path, **more)
        assert response.status_code == status
        assert response.json()["error"] == kind
        assert response.json()["message"]
        assert "access-control-allow-origin" not in response.headers

    def test_a_flood_of_questions_is_told_when_to_return(self):
        """Past the limit a program reads when to ask again."""
        limited = RateLimit(echo, clock=lambda: 0.0)
        for _ in range(BUCKET // WRITE_COST):
            request(limited, "POST", "/api/ask")
        refused = request(limited, "POST", "/api/ask")
        assert refused.json()["error"] == "too_many_requests"
        assert int(refused.headers["retry-after"]) > 0


class TestPassword:
    def test_it_is_asked_for(self):
        """Where a password is set, nothing is served without it."""
        app = secured(echo, Settings(password=SecretStr("pä:ss")))
        asked = request(app)
        assert asked.status_code == 401
        assert asked.headers["www-authenticate"].startswith("Basic ")
        assert request(app, auth=("me", "wrong")).status_code == 401
        assert request(app, headers={"authorization": "Basic %%%"}).status_code == 401
        assert request(app, auth=("anybody", "pä:ss")).status_code == 200


class TestDoors:
    @pytest.mark.parametrize(
        "path",
        [
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/file/etc/passwd",
            "/gradio_api/proxy=http://example.com",
            "/gradio_api/vibe-code",
            "/gradio_api/call/ask",
            "/gradio_api/run/predict",
            "/gradio_api/component_server",
            "/monitoring",
            "/gradio_api/",
        ],
    )
    def test_what_the_page_does_not_use_is_closed(self, app, path):
        """Gradio's endpoints for files, other hosts and direct calls are not there."""
        assert request(app, path=path).status_code == 404
        assert request(app, "POST", path).status_code == 404

    @pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/gradio_api/heartbeat/abc"])
    def test_what_the_page_uses_is_open(self, app, path):
        """The page itself, its queue and its heartbeat are served."""
        assert request(app, path=path).status_code == 200


class TestHeaders:
    @pytest.mark.parametrize("host", [HOST, "evil.example"])
    def test_every_response_carries_them(self, app, host):
        """Answers and refusals alike say what a browser is to enforce."""
        headers = request(app, headers={"host": host}).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"

    def test_a_stream_passes_as_it_comes(self, app):
        """The first piece of a response leaves before the second exists."""
        order = []

        async def stream():
            for piece in (b"one", b"two"):
                order.append(f"made {piece.decode()}")
                yield piece

        async def streaming(scope, receive, send):
            await StreamingResponse(stream())(scope, receive, send)

        async def send(message):
            if message["type"] == "http.response.body" and message["body"]:
                order.append(f"sent {message['body'].decode()}")

        async def receive():
            await anyio.sleep(10)
            return {"type": "http.disconnect"}

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "method": "GET",
            "path": "/",
            "headers": [(b"host", HOST.encode())],
            "client": ("127.0.0.1", 1),
        }
        anyio.run(secured(streaming, Settings()), scope, receive, send)
        assert order == ["made one", "sent one", "made two", "sent two"]


@pytest.mark.parametrize(
    ("host", "is_it"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_loopback_is_known(host, is_it):
    """Only addresses that reach this computer alone count as loopback."""
    assert is_loopback(host) is is_it
