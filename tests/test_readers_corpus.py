"""Promises of the reader of JSONL corpora."""

from __future__ import annotations

import json
from pathlib import Path

from index.documents import Reading, Refusal, RefusalReason
from index.readers import read_file


def read(path: Path, *lines: object) -> Reading | Refusal:
    """Write the lines to ``path`` and read them."""
    made = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    return read_file(path, max_bytes=1_000_000)


def test_each_line_is_a_document(tmp_path: Path) -> None:
    """Id, title, date and source are taken over; the text stays exactly as it is."""
    text = "  One.\r\nTwo\u2028three. \n"
    reading = read(
        tmp_path / "c.jsonl",
        {"id": "a b", "title": "T", "date": "Nov 21, 2020", "source": "Post", "text": text},
        {"_id": 7, "text": "Words."},
    )
    assert isinstance(reading, Reading)
    first, second = reading.documents
    assert first.text == text
    assert (first.corpus_id, first.title, first.source) == ("a b", "T", "Post")
    assert first.published == "2020-11-21"
    assert (second.corpus_id, second.title) == ("7", "7")


def test_bad_lines_are_named_and_good_ones_kept(tmp_path: Path) -> None:
    """Broken JSON, missing fields and empty texts cost their own line only."""
    reading = read(
        tmp_path / "c.jsonl",
        {"id": "a", "text": "Words."},
        "",
        "{broken",
        "[1]",
        {"text": "No id."},
        {"id": "b"},
        {"id": "c", "text": " \n "},
        '{"id": "d", "text": "half \\ud800"}',
        {"id": "e", "text": "More."},
    )
    assert isinstance(reading, Reading)
    assert [document.corpus_id for document in reading.documents] == ["a", "e"]
    assert [remark.split(" was")[0] for remark in reading.remarks] == [
        f"Line {number}" for number in (3, 4, 5, 6, 7, 8)
    ]


def test_the_last_of_equal_ids_wins(tmp_path: Path) -> None:
    """A repeated id replaces the earlier line, and that is said."""
    reading = read(
        tmp_path / "c.jsonl",
        {"id": 1, "text": "Old."},
        {"id": 2, "text": "Other."},
        {"id": "1", "text": "New."},
    )
    assert isinstance(reading, Reading)
    assert [document.text for document in reading.documents] == ["Other.", "New."]
    assert "Line 3" in reading.remarks[0]


def test_no_usable_line_is_a_refusal(tmp_path: Path) -> None:
    """A corpus without one good line is damaged."""
    refusal = read(tmp_path / "c.jsonl", "{broken", "[]")
    assert isinstance(refusal, Refusal)
    assert refusal.reason is RefusalReason.DAMAGED
    assert "Line 1" in refusal.message


def test_content_makes_a_corpus(tmp_path: Path) -> None:
    """A file whose first line is an object with text and id is a corpus under any name."""
    reading = read(tmp_path / "c.txt", {"id": "a", "text": "Words."})
    assert isinstance(reading, Reading)
    assert reading.documents[0].corpus_id == "a"


def test_a_repeated_title_is_boilerplate(tmp_path: Path) -> None:
    """The title's first place is a heading, the second adds nothing."""
    reading = read(tmp_path / "c.jsonl", {"id": "a", "title": "T x", "text": "T x\n\nT x\n\nEnd."})
    assert isinstance(reading, Reading)
    kinds = [block.kind for block in reading.documents[0].blocks]
    assert kinds == ["heading", "boilerplate", "paragraph"]


def test_many_faults_are_counted(tmp_path: Path) -> None:
    """A hundred bad lines do not make a hundred remarks."""
    reading = read(tmp_path / "c.jsonl", {"id": "a", "text": "Words."}, *["{"] * 100)
    assert isinstance(reading, Reading)
    assert len(reading.remarks) == 21
    assert reading.remarks[-1].startswith("80 more")
