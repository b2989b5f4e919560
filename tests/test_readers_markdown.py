"""Promises of the Markdown reader."""

from __future__ import annotations

from pathlib import Path

from index.documents import ReadDocument, Reading
from index.readers import read_file

ARTICLE = """---
title: "The harbour: a note"
date: 2020-11-21
source: Mill Post
account: nobody
---

# A heading

First line of prose
goes on here.

## Costs ##

- Milk
- Eggs from the
  farm
1. Butter

> A quoted sentence.
> Another one.

| Town | People |
|------|-------:|
| Mill | 300    |

```python
x = 1
y = 2
```

<!-- hidden -->
<div>
Words in a box.
</div>

Read more: elsewhere
"""


def read(path: Path, text: str) -> tuple[Reading, ReadDocument]:
    """Write ``text`` to ``path`` and read it."""
    path.write_text(text, encoding="utf-8")
    reading = read_file(path, max_bytes=1_000_000)
    assert isinstance(reading, Reading)
    return reading, reading.documents[0]


def parts(document: ReadDocument) -> list[tuple[str, str]]:
    """Pair the kind of each block with its words."""
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_front_matter_is_metadata_and_no_text(tmp_path: Path) -> None:
    """Title, date and source are read; the text begins with the first line after it."""
    _, document = read(tmp_path / "note.md", ARTICLE)
    assert document.title == "The harbour: a note"
    assert (document.published, document.source) == ("2020-11-21", "Mill Post")
    assert document.text == ARTICLE[ARTICLE.index("# A heading") :]


def test_blocks_leave_out_marks(tmp_path: Path) -> None:
    """Signs, list marks, quote marks, fences, ruling and tags belong to no block."""
    _, document = read(tmp_path / "note.md", ARTICLE)
    assert parts(document) == [
        ("heading", "A heading"),
        ("paragraph", "First line of prose\ngoes on here."),
        ("heading", "Costs"),
        ("item", "Milk"),
        ("item", "Eggs from the\n  farm"),
        ("item", "Butter"),
        ("paragraph", "A quoted sentence."),
        ("paragraph", "Another one."),
        ("cell", "Town | People"),
        ("cell", "Mill | 300"),
        ("paragraph", "x = 1"),
        ("paragraph", "y = 2"),
        ("paragraph", "Words in a box."),
        ("boilerplate", "Read more: elsewhere"),
    ]


def test_sections_are_the_nearest_heading(tmp_path: Path) -> None:
    """A block knows the heading above it."""
    _, document = read(tmp_path / "note.md", ARTICLE)
    sections = {document.text[block.start : block.end]: block.section for block in document.blocks}
    assert sections["Milk"] == "Costs"
    assert sections["Costs"] == "Costs"


def test_title_falls_back_to_heading_then_name(tmp_path: Path) -> None:
    """Without front matter the first heading is the title, without that the file's name."""
    assert read(tmp_path / "a.md", "# Harbour\n\nText.\n")[1].title == "Harbour"
    assert read(tmp_path / "b.md", "Text only.\n")[1].title == "b"


def test_emphasis_stays_in_the_text(tmp_path: Path) -> None:
    """Marks inside a line are stored and quoted as they stand."""
    _, document = read(tmp_path / "a.md", "It was **very** late, see [here](x).\n")
    assert parts(document) == [("paragraph", "It was **very** late, see [here](x).")]


def test_hard_breaks_are_meant(tmp_path: Path) -> None:
    """Two spaces at a line end separate; a plain line end does not."""
    _, document = read(tmp_path / "a.md", "Main Office  \nMill Street\nin Milltown\n")
    assert parts(document) == [
        ("paragraph", "Main Office"),
        ("paragraph", "Mill Street\nin Milltown"),
    ]


def test_broken_front_matter_is_said(tmp_path: Path) -> None:
    """Front matter that is not YAML is left out with a remark, and the text is read."""
    reading, document = read(tmp_path / "a.md", "---\ntitle: [x\n---\nText.\n")
    assert document.text == "Text.\n"
    assert "front matter" in reading.remarks[0]


def test_a_ruled_line_is_no_front_matter(tmp_path: Path) -> None:
    """A text between two ruled lines is kept."""
    _, document = read(tmp_path / "a.md", "---\nWords here\n---\nMore.\n")
    assert "Words here" in document.text


def test_line_ends_do_not_move_offsets(tmp_path: Path) -> None:
    """The blocks are the same with Windows line ends and wide characters before them."""
    path = tmp_path / "a.md"
    path.write_bytes("# Über 😀\r\n\r\nZwei 😀 Sätze.\r\n\r\n- Drei\r\n".encode())
    reading = read_file(path, max_bytes=1000)
    assert isinstance(reading, Reading)
    assert parts(reading.documents[0]) == [
        ("heading", "Über 😀"),
        ("paragraph", "Zwei 😀 Sätze."),
        ("item", "Drei"),
    ]


def test_a_row_ends_with_a_letter_whatever_space_follows(tmp_path):
    """No-break spaces at the edge of a table row belong to no block."""
    path = tmp_path / "a.md"
    path.write_text("| a | b |\n|---|---|\n|\u00a01 | \u00c12\u00a0|\n", encoding="utf-8")
    document = read_file(path).documents[0]
    words = [document.text[b.start : b.end] for b in document.blocks]
    assert words[-1] == "1 | \u00c12"


def test_a_heading_ends_with_a_letter_whatever_stands_before_its_closing_signs(tmp_path):
    """No-break spaces between a heading and its closing signs belong to no block."""
    path = tmp_path / "a.md"
    path.write_text("# The mill\u00a0\u00a0 #\n\nIt burned.\n", encoding="utf-8")
    document = read_file(path).documents[0]
    assert document.text[document.blocks[0].start : document.blocks[0].end] == "The mill"
