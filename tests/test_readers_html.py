"""Promises of the HTML reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers import read_file
from index.readers.html import depth

PAGE = """<!doctype html><html><head><title>Harbour closed - Mill Post</title>
<meta property="og:title" content="Harbour closed">
<meta property="og:site_name" content="Mill Post">
<meta property="article:published_time" content="2020-11-21T10:00:00Z">
<style>p {color: red}</style><script>document.write("<p>script</p>")</script></head><body>
<nav><a href="/">Home page</a> <a>World</a></nav>
<h1>Harbour closed</h1>
<p>The <b>har</b>bour is
   closed.&nbsp;It&nbsp;is late.<script>bad()</script></p><p>Second.</p>
<h2>Costs</h2>
<ul><li>Milk</li><li>Eggs <i>and</i> ham</li></ul>
<table><tr><th>Town</th><th>People</th></tr><tr><td>Mill</td><td>300</td><td></td></tr></table>
<pre>one  two
Three</pre>
<div hidden>Secret words</div><div aria-hidden="true">More</div>
<p>One line<br>Another line</p>
<div role="navigation">Menu words</div>
<footer>The end &copy; Mill</footer>
<noscript>No script</noscript></body></html>"""


def read(path: Path, text: str) -> ReadDocument:
    """Write ``text`` to ``path`` and read it."""
    path.write_text(text, encoding="utf-8")
    reading = read_file(path, max_bytes=10_000_000)
    assert isinstance(reading, Reading)
    return reading.documents[0]


def parts(document: ReadDocument) -> list[tuple[str, str]]:
    """Pair the kind of each block with its words."""
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_the_text_is_what_a_person_sees(tmp_path: Path) -> None:
    """Blocks stand apart, inline elements do not; scripts and styles are gone."""
    assert parts(read(tmp_path / "page.html", PAGE)) == [
        ("boilerplate", "Home page World"),
        ("heading", "Harbour closed"),
        ("paragraph", "The harbour is closed.\u00a0It\u00a0is late."),
        ("paragraph", "Second."),
        ("heading", "Costs"),
        ("item", "Milk"),
        ("item", "Eggs and ham"),
        ("cell", "Town\tPeople"),
        ("cell", "Mill\t300"),
        ("paragraph", "one  two"),
        ("paragraph", "Three"),
        ("boilerplate", "Secret words"),
        ("boilerplate", "More"),
        ("paragraph", "One line"),
        ("paragraph", "Another line"),
        ("boilerplate", "Menu words"),
        ("boilerplate", "The end © Mill"),
    ]


def test_metadata_comes_from_the_page(tmp_path: Path) -> None:
    """Title, date and source are those that the page states."""
    document = read(tmp_path / "page.html", PAGE)
    assert document.title == "Harbour closed"
    assert (document.published, document.source) == ("2020-11-21", "Mill Post")


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="date" content="21 November 2020">',
        '<script type="application/ld+json">{"datePublished": "2020-11-21"}</script>',
        '</head><body><time datetime="2020-11-21">then</time>',
    ],
)
def test_dates_are_found_in_other_places(tmp_path: Path, head: str) -> None:
    """A meta field, JSON-LD or a time element gives the date."""
    page = f"<html><head>{head}<p>Words.</p></html>"
    assert read(tmp_path / "page.html", page).published == "2020-11-21"


def test_the_host_is_the_last_resort_for_the_source(tmp_path: Path) -> None:
    """Without a name the canonical address names the source."""
    page = '<html><link rel="canonical" href="https://www.mill.example/a"><p>Words.</p>'
    assert read(tmp_path / "page.html", page).source == "mill.example"


def test_sections_follow_headings(tmp_path: Path) -> None:
    """The title opens no section; later headings do."""
    document = read(tmp_path / "page.html", PAGE)
    sections = {document.text[block.start : block.end]: block.section for block in document.blocks}
    assert sections["Second."] is None
    assert sections["Milk"] == "Costs"


def test_layout_tables_are_read_as_pages(tmp_path: Path) -> None:
    """A table that lays out an article does not make it one cell."""
    page = (
        "<html><table><tr><td>Left</td><td><p>One.</p><h2>Two</h2><p>Three.</p></td></tr></table>"
    )
    assert [kind for kind, _ in parts(read(tmp_path / "a.html", page))] == [
        "paragraph", "paragraph", "heading", "paragraph",
    ]  # fmt: skip


def test_a_row_of_one_cell_is_a_paragraph(tmp_path: Path) -> None:
    """A table of one column is a frame round prose."""
    page = "<html><table><tr><td>Prose.</td></tr></table>"
    assert parts(read(tmp_path / "a.html", page)) == [("paragraph", "Prose.")]


def test_no_break_spaces_are_stored(tmp_path: Path) -> None:
    """A no-break space at the end of a paragraph stays in the text, outside the block."""
    document = read(tmp_path / "a.html", "<html><p>One.&nbsp;</p><p>Two.</p>")
    assert document.text == "One.\u00a0\nTwo."
    assert parts(document) == [("paragraph", "One."), ("paragraph", "Two.")]


def test_content_counts_before_the_name(tmp_path: Path) -> None:
    """A page saved under the name of a text is read as a page."""
    assert "<p>" not in read(tmp_path / "page.txt", PAGE).text


def test_declared_encodings_are_used(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are read as the page declares."""
    path = tmp_path / "page.html"
    path.write_bytes('<html><meta charset="iso-8859-5"><p>Привет, мир.</p>'.encode("iso8859-5"))
    reading = read_file(path, max_bytes=1000)
    assert isinstance(reading, Reading)
    assert reading.remarks == ()
    assert reading.documents[0].text == "Привет, мир."


@pytest.mark.parametrize("element", ["div", "b", "ul", "section", "x-y"])
def test_absurd_nesting_is_refused(tmp_path: Path, element: str) -> None:
    """A page nested 50,000 deep is refused before it is parsed."""
    path = tmp_path / "deep.html"
    path.write_text(f"<html>{f'<{element}>' * 50_000}x", encoding="utf-8")
    refusal = read_file(path, max_bytes=10_000_000)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is RefusalReason.HOSTILE


def test_crowded_tags_are_refused(tmp_path: Path) -> None:
    """A tag with 50,000 attributes is refused before it is parsed; a long address is not."""
    path = tmp_path / "page.html"
    crowd = " ".join(f"a{number}=1" for number in range(50_000))
    path.write_text(f"<html><p {crowd}>x", encoding="utf-8")
    refusal = read_file(path, max_bytes=10_000_000)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is RefusalReason.HOSTILE
    assert read(path, f"<html><p>x<img src='data:{'A' * 50_000}'>").text == "x"


def test_depth_knows_what_does_not_nest() -> None:
    """Unclosed paragraphs, empty elements, comments and scripts add no depth."""
    assert depth("<p>a" * 5000 + "<br>" * 5000) == 0
    assert depth("<!--" + "<div>" * 5000 + "--><script>" + "<div>" * 5000 + "</script>") == 0
    assert depth("<div><div></div></div><div>") == 2


def test_many_paragraphs_without_end_tags_are_read(tmp_path: Path) -> None:
    """Old pages that never close a paragraph are no attack."""
    page = "<html>" + "".join(f"<p>Point {number}." for number in range(3000))
    assert len(read(tmp_path / "old.html", page).blocks) == 3000
