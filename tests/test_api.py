"""Does the HTTP API keep its promises? The application alone, without a server around it."""

from __future__ import annotations

import json
import threading
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Assistant
from index import Settings
from index.errors import LibraryDamaged, QuoteMismatch
from ui.api import create_api
from ui.api_models import ReadRequest
from ui.command_line import main
from ui.commands import DONE
from ui.desk import Desk
from ui.service import Service

FILES = {
    "offer.txt": "We offer to repair the roof of the mill for 4,200 euros. "
    "The work would begin on 4 May 2026.",
    "folder/reply.txt": "Straße 😀 <b>$x$</b>\u00a0#1. We accept the offer for the roof. "
    "Please begin on 11 May 2026.",
}
QUESTION = "When would the work begin?"


class Client:
    """Calls an ASGI application as a program would, one call at a time."""

    def __init__(self, app):
        self.app = app

    def __call__(self, method, path, **more):
        """Call once, in an event loop of its own."""
        return anyio.run(self.call, method, path, more)

    async def call(self, method, path, more):
        """Call within a loop."""
        async with browser(self.app) as client:
            return await client.request(method, path, **more)

    def post(self, path, **more):
        """Send something."""
        return self("POST", path, **more)

    def get(self, path, **more):
        """Ask for something."""
        return self("GET", path, **more)


@asynccontextmanager
async def browser(app):
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def assistant(library, tiny_encoder):
    settings = Settings(judge=False)
    return Assistant.open(library(FILES).folder, settings=settings, encoder=tiny_encoder)


@pytest.fixture
def api(assistant):
    return create_api(Service(assistant), Desk(), Desk())


@pytest.fixture
def client(api):
    return Client(api)


def failure(response, status, kind):
    """What a refusal says, after a look at its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    told = response.json()
    assert told.keys() == {"error", "message"}
    assert told["error"] == kind
    assert "Traceback" not in told["message"]
    return told["message"]


class TestAsking:
    def test_every_quotation_is_the_stored_text(self, client):
        """What is quoted over HTTP is what the document's text says at that place."""
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
        quotes = [*answer["quotes"], *answer["nearest"]]
        assert quotes
        for quote in quotes:
            place = {"start": quote["start"], "end": quote["end"]}
            path = f"/api/documents/{quote['document']['id']}/text"
            assert client.get(path, params=place).json()["text"] == quote["text"]

    @pytest.mark.model
    def test_the_bytes_are_those_of_the_command_line(self, sample_library, capsys):
        """A question, a search, a list and a check give over HTTP what they print with --json."""
        assistant = Assistant.open(sample_library.folder)
        client = Client(create_api(Service(assistant), Desk(), Desk()))
        question = "Who is Mohammed al-Kani?"

        def printed(*arguments):
            assert main([*arguments, "--json", "--library", str(sample_library.folder)]) == DONE
            return capsys.readouterr().out.encode()

        answer = client.post("/api/ask", json={"question": question}).content
        assert answer + b"\n" == printed("ask", question)
        again = {"question": "And when was he sanctioned?", "history": [question]}
        asked = printed("ask", again["question"], "--history", question)
        assert client.post("/api/ask", json=again).content + b"\n" == asked
        query = {"query": "mass graves", "k": 3}
        found = printed("search", query["query"], "-k", "3")
        assert client.post("/api/search", json=query).content + b"\n" == found
        assert client.get("/api/documents").content + b"\n" == printed("list")
        saved = sample_library.folder.parent / "saved.json"
        saved.write_bytes(answer)
        assert client.post("/api/verify", content=answer).content + b"\n" == printed(
            "verify", str(saved)
        )

    def test_a_conversation_is_followed(self, client):
        """Earlier questions, bare or as turns, complete a question that leans on them."""
        history = [QUESTION, {"role": "assistant", "text": "One document says so."}]
        asked = {"question": "And the roof?", "history": history}
        searched = client.post("/api/ask", json=asked).json()["searched"]
        assert searched != asked["question"]

    def test_documents_limit_the_search(self, client):
        """Only the named documents are searched."""
        asked = {"question": QUESTION, "documents": ["folder/reply.txt"]}
        answer = client.post("/api/ask", json=asked).json()
        quotes = [*answer["quotes"], *answer["nearest"]]
        assert {quote["document"]["name"] for quote in quotes} == {"folder/reply.txt"}

    @pytest.mark.parametrize("path", ["/api/ask", "/api/search"])
    def test_an_unknown_document_is_an_error(self, client, path):
        """A name that stands for no document is told, never passed over."""
        asked = {"question": "x", "query": "x", "documents": ["none.txt"]}
        del asked["query" if path == "/api/ask" else "question"]
        assert "none.txt" in failure(client.post(path, json=asked), 404, "unknown_document")


class TestReading:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
    @given(start=st.integers(0, 200), end=st.none() | st.integers(0, 200))
    def test_any_stretch_is_that_of_the_text(self, client, start, end):
        """Whatever stretch is asked for, the text is that of the document, in code points."""
        params = {"start": start} if end is None else {"start": start, "end": end}
        for document in client.get("/api/documents").json()["documents"]:
            whole = FILES[document["name"]]
            response = client.get(f"/api/documents/{document['id']}/text", params=params)
            if end is not None and end < start:
                failure(response, 422, "unusable")
                continue
            read = response.json()
            assert read["text"] == whole[start:end]
            assert read["text"] == whole[read["start"] : read["end"]]
            assert read["characters"] == len(whole)

    def test_a_long_document_is_read_in_pieces(self, assistant):
        """One response is bounded; what it says of its end leads to the rest."""
        service, text = Service(assistant), ""
        whole = FILES["offer.txt"]
        while len(text) < len(whole):
            request = ReadRequest(document="offer.txt", start=len(text))
            piece = service.read(request, most=10)
            assert piece.characters == len(whole)
            assert piece.end - piece.start == len(piece.text) <= 10
            text += piece.text
        assert text == whole

    @pytest.mark.parametrize(
        "name",
        [
            "..%2F..%2Fetc%2Fpasswd",
            "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "..%5C..%5Cwindows%5Cwin.ini",
            "%5C%5Chost%5Cshare%5Cfile",
            "%2F%2Fhost%2Fshare",
            "library.sqlite",
            "offer.txt%00.md",
            "%00",
            "....%2F%2F....%2F%2Fetc",
            "file%3A%2F%2F%2Fetc%2Fpasswd",
            "%ff%fe",
            "a" * 5000,
        ],
    )
    def test_no_path_leads_to_a_file(self, client, name):
        """A document is looked up among those of the library, whatever its id looks like."""
        response = client.get(f"/api/documents/{name}/text")
        assert response.status_code == 404
        assert response.json()["error"] in {"unknown_document", "not_found"}
        assert "root:" not in response.text

    def test_a_link_out_of_the_library_is_no_document(self, client, assistant, tmp_path):
        """A symbolic link beside the library's files is not followed."""
        folder = assistant.retriever.store.database.path.parent
        (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
        (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
        for name in ("link.txt", str(folder / "link.txt").replace("/", "%2F")):
            response = client.get(f"/api/documents/{name}/text")
            assert response.status_code == 404
            assert "secret\n" not in response.text


class TestVerifying:
    @pytest.fixture
    def answer(self, client):
        """An answer as it was exported."""
        return client.post("/api/ask", json={"question": QUESTION}).json()

    def test_an_answer_and_a_conversation_pass(self, client, answer):
        """What was exported is found exact, quotation by quotation."""
        quotes = len(answer["quotes"]) + len(answer["nearest"])
        for saved in (answer, {"library": answer["version"]["library"], "turns": [answer] * 2}):
            verified = client.post("/api/verify", json=saved).json()
            assert verified["quotes"] == verified["exact"] == len(verified["checked"])
            assert verified["quotes"] == quotes * (2 if "turns" in saved else 1)

    def test_the_markdown_form_passes(self, client, answer):
        """A conversation saved as Markdown is checked as well."""
        from assistant import Answer
        from assistant.saved_answers import to_markdown

        saved = to_markdown([Answer.model_validate(answer)], "x").encode()
        headers = {"content-type": "text/markdown"}
        verified = client.post("/api/verify", content=saved, headers=headers).json()
        assert verified["exact"] == verified["quotes"] > 0

    def test_one_changed_character_is_found(self, client, answer):
        """A quotation that was altered afterwards is told, with the reason."""
        quote = (answer["quotes"] or answer["nearest"])[0]
        quote["text"] = quote["text"].replace("e", "a", 1)
        verified = client.post("/api/verify", json=answer).json()
        assert verified["exact"] == verified["quotes"] - 1
        [wrong] = [checked for checked in verified["checked"] if not checked["exact"]]
        assert wrong["reason"]

    @pytest.mark.parametrize(
        "content", [b"", b"[]", b"null", b"{}", b'{"turns":1}', b"\xff", b"[" * 100_000, b"hello"]
    )
    def test_what_is_no_saved_answer_is_refused(self, client, content):
        """Anything else is refused in words."""
        failure(client.post("/api/verify", content=content), 422, "unusable")

    def test_quotations_without_an_end_take_no_time(self, client):
        """A file made to keep a reader busy is refused at once."""
        bomb = b"# Conversation\n" + b"```quote {}\n" * 300_000
        failure(client.post("/api/verify", content=bomb), 422, "unusable")


class TestBounds:
    def test_a_question_of_a_megabyte_is_refused(self, client):
        """A question far too long is refused in words, at once."""
        asked = {"question": "why " * 250_000}
        assert "4000" in failure(client.post("/api/ask", json=asked), 422, "unusable")
        query = {"query": "why " * 250_000}
        assert "4,000" in failure(client.post("/api/search", json=query), 422, "unusable")

    def test_a_billion_hits_are_those_there_are(self, client):
        """Asked for more passages than there are, a search gives all of them."""
        for k in (10**9, 10**300):
            hits = client.post("/api/search", json={"query": "roof", "k": k}).json()["hits"]
            assert 0 < len(hits) <= 1000

    @pytest.mark.parametrize(
        "question",
        ["(" * 4000, "a " * 2000, "?" * 4000, "who and what " * 300, "((a+)+)+$" * 400, "é́" * 1900],
    )
    def test_a_question_made_to_take_long_is_answered(self, client, question):
        """Patterns meet nothing that makes them run away."""
        response = client.post("/api/ask", json={"question": question[:4000]})
        assert response.status_code in {200, 422}

    def test_a_history_without_end_is_refused(self, client):
        """More earlier turns than any conversation has are refused."""
        asked = {"question": "And then?", "history": ["x"] * 1000}
        assert "history" in failure(client.post("/api/ask", json=asked), 422, "unusable")
        asked = {"question": "And then?", "history": ["x" * 100_000]}
        assert "history" in failure(client.post("/api/ask", json=asked), 422, "unusable")

    @pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b'{"question": 1' + b"0" * 9000])
    def test_a_broken_body_is_refused(self, client, content):
        """What is no JSON, or none that can be read, is refused in words."""
        headers = {"content-type": "application/json"}
        response = client.post("/api/ask", content=content, headers=headers)
        failure(response, 400, "not_json")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "question"),
            ({"question": ""}, "question"),
            ({"question": None}, "question"),
            ({"question": "x", "history": "y"}, "history"),
            ({"question": "x", "history": [{"role": "system", "text": "y"}]}, "history"),
            ({"question": "x", "temperature": 1}, "temperature"),
            ([], "JSON object"),
        ],
    )
    def test_a_wrong_field_is_named(self, client, body, field):
        """The refusal says which field cannot be used."""
        assert field in failure(client.post("/api/ask", json=body), 422, "unusable")

    @pytest.mark.parametrize("question", [" ", "?!", "\u0000"])
    def test_what_is_no_question_is_refused(self, client, question):
        """Nothing asked is an error to a program, as it is on the command line."""
        failure(client.post("/api/ask", json={"question": question}), 422, "unusable")
        failure(client.post("/api/search", json={"query": question}), 422, "unusable")


class TestFailures:
    @pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/ask/", "/api/documents/x"])
    def test_an_unknown_address_is_told(self, client, path):
        """Where there is nothing, that is said in the same form as every failure."""
        failure(client.get(path), 404, "not_found")

    def test_a_wrong_method_is_told(self, client):
        """The refusal says what the address is used with."""
        response = client("PUT", "/api/ask")
        failure(response, 405, "wrong_method")
        assert response.headers["allow"] == "POST"

    def test_a_damaged_library_is_told(self, client, assistant, monkeypatch):
        """When the library cannot be used, its own words say so."""
        error = LibraryDamaged("The stored text of x has been damaged.")
        monkeypatch.setattr(assistant, "ask", raising(error))
        told = failure(client.post("/api/ask", json={"question": "x"}), 503, "library")
        assert told == str(error)

    def test_a_withheld_answer_is_told(self, client, assistant, monkeypatch):
        """An answer whose quotations fail their check does not leave."""
        monkeypatch.setattr(assistant, "ask", raising(QuoteMismatch("withheld")))
        failure(client.post("/api/ask", json={"question": "x"}), 500, "failed")

    def test_a_fault_of_ours_shows_nothing(self, client, assistant, monkeypatch):
        """An error that nobody foresaw leaves as a sentence, without its inside."""
        monkeypatch.setattr(assistant, "ask", raising(RuntimeError("/home/secret")))
        told = failure(client.post("/api/ask", json={"question": "x"}), 500, "failed")
        assert "secret" not in told


def raising(error):
    def ask(*_arguments):
        raise error

    return ask


class TestManyAtOnce:
    def test_a_full_queue_says_so_and_reading_goes_on(self, assistant, monkeypatch):
        """Past what may wait a question is refused with a time to return; reading still works."""
        going, release = threading.Event(), threading.Event()
        real = assistant.ask

        def slow(*arguments):
            going.set()
            release.wait(30)
            return real(*arguments)

        monkeypatch.setattr(assistant, "ask", slow)
        api = create_api(Service(assistant), Desk(workers=1, waiting=2), Desk())
        statuses = []

        async def ask(client):
            response = await client.post("/api/ask", json={"question": QUESTION})
            statuses.append(response.status_code)

        async def run():
            async with browser(api) as client, anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(ask, client)
                await anyio.to_thread.run_sync(going.wait, 30)
                await anyio.wait_all_tasks_blocked()
                refused = await client.post("/api/ask", json={"question": QUESTION})
                assert (await client.get("/api/health")).status_code == 200
                assert (await client.get("/api/documents")).status_code == 200
                release.set()
            return refused

        refused = anyio.run(run)
        assert "waiting" in failure(refused, 503, "busy")
        assert int(refused.headers["retry-after"]) > 0
        assert statuses == [200, 200, 200]

    def test_answers_come_while_documents_are_added(
        self, library, tiny_encoder, write, small_files
    ):
        """In one process, as on the page: adding many files never stops an answer."""
        made = library(FILES)
        settings = Settings(judge=False)
        assistant = Assistant.open(made.folder, settings=settings, encoder=tiny_encoder)
        client = Client(create_api(Service(assistant), Desk(), Desk()))
        folder = write(small_files(120), "more")
        adding = threading.Thread(target=made.add, args=[[folder]])
        adding.start()
        answered = 0
        while adding.is_alive():
            assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
            answered += 1
        assert answered > 1
        assert client.get("/api/health").json()["documents"] == 122

    def test_nobody_gets_what_another_asked(self, client, api):
        """Fifty questions at once: each gets the answer to its own."""
        questions = [f"When would work number {n} begin?" for n in range(50)]
        got = {}

        async def ask(browser_, question):
            response = await browser_.post("/api/ask", json={"question": question})
            got[question] = response.json()["question"]

        async def run():
            async with browser(api) as shared, anyio.create_task_group() as group:
                for question in questions:
                    group.start_soon(ask, shared, question)

        anyio.run(run)
        assert got == {question: question for question in questions}


class TestDescription:
    def test_the_page_loads_nothing(self, client):
        """The description for people holds no script and loads nothing from anywhere."""
        response = client.get("/api/docs")
        assert response.headers["content-type"].startswith("text/html")
        page = response.text
        assert "<script" not in page
        assert "<link" not in page
        assert "http://" not in page
        assert "https://" not in page
        assert "src=" not in page

    def test_every_operation_and_field_stands_there(self, client):
        """People read of every operation and every field that programs read of."""
        page = client.get("/api/docs").text
        described = client.get("/api/openapi.json").json()
        assert set(described["paths"]) == {
            "/api/ask",
            "/api/search",
            "/api/documents",
            "/api/documents/{id}/text",
            "/api/verify",
            "/api/health",
        }
        for path in described["paths"]:
            assert path in page
        for name, schema in described["components"]["schemas"].items():
            assert f'id="{name}"' in page
            for field in schema["properties"]:
                assert f"<code>{field}</code>" in page

    def test_references_lead_somewhere(self, client):
        """Every object that the description names is described."""
        described = client.get("/api/openapi.json").json()
        text = json.dumps(described)
        for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
            assert name in described["components"]["schemas"]
