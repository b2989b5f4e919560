"""Promises of the reader of EPUB books."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.epub import read_epub
from index.readers.files import RawFile

CHAPTERS = {
    "b.xhtml": "<h1>The ships</h1><p>Two ships came.</p><h2>Masts</h2><p>They were tall.</p>",
    "a.xhtml": "<p>Fog everywhere.<br/>It was late.</p><ul><li>Click here</li></ul>",
}


def result_of(data: bytes) -> Reading | Refusal:
    return read_epub(RawFile(Path("book.epub"), data))


def read(data: bytes) -> ReadDocument:
    reading = result_of(data)
    assert isinstance(reading, Reading)
    assert reading.remarks == ()
    return reading.documents[0]


def parts(document: ReadDocument) -> list[tuple[str, str | None, str]]:
    """Kind, section and words of each block."""
    return [(b.kind, b.section, document.text[b.start : b.end]) for b in document.blocks]


def test_chapters_come_in_the_order_of_reading(office) -> None:
    """A chapter's title is its section, headings inside it open others, contents are no evidence.

    An element that ends itself, such as the title of these pages, does not swallow the chapter,
    and lines that mean nothing on a website are text in a book.
    """
    document = read(office.epub(CHAPTERS, titles={"b.xhtml": "Ships", "a.xhtml": "Fog"}))
    assert parts(document) == [
        ("boilerplate", None, "Contents"),
        ("heading", "The ships", "The ships"),
        ("paragraph", "Ships", "Two ships came."),
        ("heading", "Masts", "Masts"),
        ("paragraph", "Masts", "They were tall."),
        ("paragraph", "Fog", "Fog everywhere."),
        ("paragraph", "Fog", "It was late."),
        ("item", "Fog", "Click here"),
    ]


def test_titles_come_from_the_page_of_contents(office) -> None:
    """Newer books list their chapters on a page; without any list the first heading counts."""
    made = office.epub_parts(CHAPTERS)
    assert parts(read(office.zipped(made)))[2][1] == "The ships"
    made["OPS/nav.xhtml"] = (
        '<html><body><nav><a href="text/b.xhtml#x">Vessels</a></nav></body></html>'
    )
    assert parts(read(office.zipped(made)))[2][1] == "Vessels"


def test_notes_in_a_book_are_text(office) -> None:
    """What is a side column on a website holds the notes of a book."""
    document = read(office.epub({"a.xhtml": "<p>Text.</p><aside><p>A note.</p></aside>"}))
    assert parts(document)[-1] == ("paragraph", None, "A note.")


def test_metadata_is_the_books_own(office) -> None:
    """Title, authors and the date of publication."""
    document = read(office.epub(CHAPTERS))
    assert (document.title, document.source, document.published) == (
        "The harbour", "Ada Mill, Bo Reed", "1999-05",
    )  # fmt: skip


def test_a_chapter_named_twice_is_read_once(office) -> None:
    """A list of chapters cannot make a book grow."""
    made = office.epub_parts(CHAPTERS)
    made["OPS/book.opf"] = made["OPS/book.opf"].replace(
        "</spine>", '<itemref idref="c0"/>' * 9 + "</spine>"
    )
    assert read(office.zipped(made)).text.count("Two ships came.") == 1


@pytest.mark.parametrize(
    ("part", "content", "remark"),
    [
        ("OPS/text/b.xhtml", None, "b.xhtml is missing"),
        ("OPS/text/b.xhtml", b"\0\1\2\3" * 99, "b.xhtml is no text"),
        ("OPS/text/b.xhtml", b"<b>" * 5_000, "nests deeper"),
        ("OPS/book.opf", b"<broken", "in the order of their names"),
        ("OPS/book.opf", None, "in the order of their names"),
    ],
)
def test_damage_is_told(office, part: str, content: bytes | None, remark: str) -> None:
    """What is whole is read, and the remark says what is missing."""
    made = office.epub_parts(CHAPTERS)
    if content is None:
        del made[part]
    else:
        made[part] = content
    result = result_of(office.zipped(made))
    assert isinstance(result, Reading)
    assert "Fog everywhere." in result.documents[0].text
    assert remark in result.remarks[0]


def test_a_lost_container_is_searched_for(office) -> None:
    """The package document is found by its ending."""
    made = office.epub_parts(CHAPTERS)
    del made["META-INF/container.xml"]
    assert read(office.zipped(made)).title == "The harbour"


def test_protected_books_are_told(office) -> None:
    """Encrypted chapters are refused; scrambled fonts hide no text."""
    encryption = (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
        '<enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>'
    )
    made = office.epub_parts(CHAPTERS)
    made["META-INF/encryption.xml"] = encryption.format("http://www.idpf.org/2008/embedding")
    assert read(office.zipped(made))
    made["META-INF/encryption.xml"] = encryption.format(
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    )
    result = result_of(office.zipped(made))
    assert isinstance(result, Refusal)
    assert result.reason is RefusalReason.ENCRYPTED


def test_a_book_of_pictures_is_no_text(office) -> None:
    """A book without a word, and one without pages, are refused."""
    pictures = result_of(office.epub({"a.xhtml": "<img src='a.png'/>"}))
    assert isinstance(pictures, Refusal)
    assert pictures.reason is RefusalReason.NO_TEXT
    none = result_of(office.zipped({"mimetype": "application/epub+zip"}))
    assert isinstance(none, Refusal)
    assert none.reason is RefusalReason.DAMAGED
