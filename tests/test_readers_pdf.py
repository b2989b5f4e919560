"""What does a PDF say, page by page? The files are made here."""

from __future__ import annotations

import io

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from index.documents import Reading, Refusal, RefusalReason
from index.readers import ReadingLimits
from index.readers.files import RawFile
from index.readers.pdf import read_pdf
from index.words import terms

PROSE = (
    "The mill stands at the river and has been turning since the spring of",
    "1821, when the first wheel was set into the water by its owner and two",
    "of his sons. It burned in 1870.",
)


def make_pdf(*pages, **details) -> bytes:
    """Draw pages: each a list of (x, y, size, words), counted from the lower left corner."""
    buffer = io.BytesIO()
    drawn = canvas.Canvas(buffer, pagesize=A4, **details.pop("options", {}))
    for name, value in details.items():
        getattr(drawn, f"set{name.capitalize()}")(value)
    for page in pages:
        for x, y, size, words in page:
            drawn.setFont("Helvetica", size)
            drawn.drawString(x, y, words)
        drawn.showPage()
    drawn.save()
    return buffer.getvalue()


def paragraph(x, y, lines, size=10):
    return [(x, y - 12 * row, size, line) for row, line in enumerate(lines)]


@pytest.fixture
def read(tmp_path):
    """Read bytes as a PDF."""
    return lambda data, **limits: read_pdf(
        RawFile(tmp_path / "mill.pdf", data, ReadingLimits(**limits))
    )


def blocks_of(reading):
    document = reading.documents[0]
    return [(b.kind, b.page, document.text[b.start : b.end]) for b in document.blocks]


def test_lines_become_paragraphs_headings_and_pages(read):
    """Lines of a paragraph are joined, larger letters head it, and every block has its page."""
    first = [(72, 780, 20, "The Old Mill"), *paragraph(72, 740, PROSE)]
    second = [(72, 780, 14, "Later"), *paragraph(72, 750, ["It was built again in 1872."])]
    reading = read(make_pdf(first, second))
    assert blocks_of(reading) == [
        ("heading", 1, "The Old Mill"),
        ("paragraph", 1, " ".join(PROSE)),
        ("heading", 2, "Later"),
        ("paragraph", 2, "It was built again in 1872."),
    ]
    assert reading.documents[0].title == "The Old Mill"
    assert reading.documents[0].blocks[3].section == "Later"


def test_two_columns_are_read_one_after_the_other(read):
    """Columns whose lines were drawn in turn are read as a person reads them."""
    left = [f"the left column goes on here {n} and" for n in range(6)]
    right = [f"the right column goes on there {n} and" for n in range(6)]
    drawn = [
        line
        for pair in zip(paragraph(60, 740, left), paragraph(320, 740, right), strict=True)
        for line in pair
    ]
    text = read(make_pdf(drawn)).documents[0].text
    assert text.index(left[5]) < text.index(right[0])


def test_the_cells_of_a_row_stay_together(read):
    """Short texts at one height are a row, its cells told apart."""
    row = [(72, 700, 10, "Northern region"), (250, 700, 10, "4,200"), (400, 700, 10, "12 %")]
    assert ("cell", 1, "Northern region\t4,200\t12 %") in blocks_of(read(make_pdf(row)))


def test_headers_footers_and_page_numbers_are_no_evidence(read):
    """What stands at the edge of every page is boilerplate; the text between is not."""
    pages = [
        [
            (72, 810, 8, "Annual report of the mill"),
            *paragraph(72, 700, [f"In year {n} the wheel turned on {n}0 days without a pause."]),
            (300, 30, 8, str(n)),
        ]
        for n in range(1, 6)
    ]
    found = blocks_of(read(make_pdf(*pages)))
    assert {words for kind, _, words in found if kind != "boilerplate"} == {
        f"In year {n} the wheel turned on {n}0 days without a pause." for n in range(1, 6)
    }


def test_a_word_cut_at_the_end_of_a_line_is_found(read):
    """A hyphen at a line's end is kept as a soft one, and the word is found whole."""
    lines = ["The council asked for a new investi-", "gation of the fire at the mill."]
    text = read(make_pdf(paragraph(72, 700, lines))).documents[0].text
    assert "investi\N{SOFT HYPHEN}gation" in text
    assert terms("investigation")[0] in terms(text)


def test_what_the_file_says_of_itself_is_used(read):
    """Title and author come from the file, unless they are a file's name or nothing."""
    page = paragraph(72, 700, PROSE)
    named = read(make_pdf(page, title="A Mill", author="Office of Mills")).documents[0]
    assert (named.title, named.source) == ("A Mill", "Office of Mills")
    assert named.published is not None
    assert read(make_pdf(page, title="Microsoft Word - mill.doc")).documents[0].title == "mill"


def test_pages_of_pictures_are_named(read):
    """A page that is only a picture is told as missing, and the others are read."""
    buffer = io.BytesIO()
    drawn = canvas.Canvas(buffer)
    drawn.drawString(72, 700, PROSE[0])
    drawn.showPage()
    _draw_picture(drawn)
    drawn.showPage()
    drawn.save()
    reading = read(buffer.getvalue())
    assert PROSE[0] in reading.documents[0].text
    assert reading.remarks == (
        "Page 2 could not be read: there are only pictures, no text (a scan?).",
    )


def _draw_picture(drawn) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    drawn.drawImage(ImageReader(Image.new("RGB", (40, 40), "grey")), 100, 400, 200, 200)


def test_a_scan_is_refused(read):
    """A PDF of pictures alone is refused as one without text."""
    buffer = io.BytesIO()
    drawn = canvas.Canvas(buffer)
    _draw_picture(drawn)
    drawn.showPage()
    drawn.save()
    refusal = read(buffer.getvalue())
    assert refusal.reason is RefusalReason.NO_TEXT
    assert "scan" in refusal.message


def test_a_password_is_told(read):
    """A PDF that opens with a password alone is refused as encrypted."""
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(make_pdf(paragraph(72, 700, PROSE))))
    writer.encrypt("secret")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert read(buffer.getvalue()).reason is RefusalReason.ENCRYPTED


def test_too_many_pages_are_refused(read):
    """A document of more pages than are read names the setting."""
    refusal = read(make_pdf(*[[(72, 700, 10, "Words.")]] * 4), max_pages=3)
    assert refusal.reason is RefusalReason.TOO_LARGE
    assert "ASKDOCS_MAX_PAGES" in refusal.message


def test_rubbish_is_refused(read):
    """Bytes that only begin like a PDF are refused as damaged."""
    assert read(b"%PDF-1.7\n" + bytes(range(256)) * 20).reason is RefusalReason.DAMAGED


WHOLE = make_pdf(paragraph(72, 700, PROSE), [(72, 700, 12, "Another page.")])


@settings(max_examples=60)
@given(
    st.integers(0, len(WHOLE) - 1),
    st.binary(min_size=0, max_size=12),
    st.integers(0, 30),
)
def test_any_change_ends_in_a_reading_or_a_refusal(tmp_path_factory, place, inserted, removed):
    """Whatever byte of a PDF is changed, it is read or refused, and places hold."""
    data = WHOLE[:place] + inserted + WHOLE[place + removed :]
    result = read_pdf(RawFile(tmp_path_factory.getbasetemp() / "a.pdf", data))
    assert isinstance(result, Reading | Refusal)
    for document in result.documents if isinstance(result, Reading) else ():
        assert all(0 <= b.start < b.end <= len(document.text) for b in document.blocks)


def test_letters_of_no_size_cost_no_page(read):
    """A font of size nothing, which damaged files have, is no reason to lose the others."""
    page = [*paragraph(72, 700, PROSE), (72, 500, 0, "Nothing to be seen.")]
    assert PROSE[0] in read(make_pdf(page)).documents[0].text


def test_lines_without_a_size_can_be_laid_out():
    """The layout takes any line, however small."""
    from index.readers.pdf_layout import page_pieces
    from index.readers.pdf_pages import Line, Page

    line = Line("The mill stands.", 10.0, 10.0, 10.0, 10.0, 0.0)
    [piece] = page_pieces(Page(1, 800.0, (line,)), usual=10.0, repeated=frozenset())
    assert piece.words == "The mill stands."


def test_lines_without_a_size_are_no_title():
    """A first page with letters of no size alone shows no title, and is none the worse."""
    from index.readers.pdf_layout import shown_title
    from index.readers.pdf_pages import Line, Page

    line = Line("The mill stands.", 10.0, 10.0, 10.0, 10.0, 0.0)
    assert shown_title(Page(1, 800.0, (line,)), usual=0.0) is None
