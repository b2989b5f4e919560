"""Is the page of a PDF drawn with a frame round the quotation, from the file that was read?"""

from __future__ import annotations

import io

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen import canvas

from assistant import Assistant
from index.readers.pdf_picture import draw_page, occurrence_before
from index.settings import Settings
from ui.api import create_api
from ui.desk import Desk
from ui.service import Service

FRAME = (214, 138, 0)
SENTENCE = "The mill stands at the river."


def make_pdf() -> bytes:
    buffer = io.BytesIO()
    drawn = canvas.Canvas(buffer, pagesize=(400, 400))
    for lines in (("A first page about nothing.",), (SENTENCE, "It burned.", SENTENCE)):
        for row, line in enumerate(lines):
            drawn.drawString(40, 350 - 100 * row, line)
        drawn.showPage()
    drawn.save()
    return buffer.getvalue()


def framed(png: bytes) -> tuple[int, int, int, int] | None:
    """Return the box of what is drawn in the colour of the frame, in shares of 400."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    scale = 400 / picture.width
    places = [
        (x, y)
        for x in range(picture.width)
        for y in range(0, picture.height, 1)
        if picture.getpixel((x, y)) == FRAME
    ]
    if not places:
        return None
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return tuple(round(v * scale) for v in (min(xs), min(ys), max(xs), max(ys)))


@pytest.fixture
def stored(library, write):
    """A library that holds the PDF, and its only document."""
    made = library()
    folder = write({"mill.pdf": make_pdf()})
    assert made.add([folder])[0].status == "added"
    return made, made.documents()[0], folder / "mill.pdf"


def test_the_quotation_is_framed_where_it_stands(stored):
    """The frame lies round the words, and round the second of two where the second was quoted."""
    made, document, path = stored
    text = made.text(document.info.id)
    sha256 = made.store.file_hash(str(path))
    first_page = made.store.page_start(document.info.id, 2)
    for occurrence, top in ((0, 50), (1, 250)):
        place = text.index(SENTENCE, text.index(SENTENCE) + occurrence)
        assert occurrence_before(text[first_page:], place - first_page, SENTENCE) == occurrence
        left, upper, right, lower = framed(draw_page(path, sha256, 2, SENTENCE, occurrence))
        assert 30 <= left <= 42
        assert 150 <= right <= 230
        assert upper <= top <= lower + 3
        assert lower - upper < 30


def test_only_the_file_that_was_read_is_drawn(stored):
    """A file that changed or is gone has no picture."""
    made, _, path = stored
    sha256 = made.store.file_hash(str(path))
    path.write_bytes(path.read_bytes() + b"\n")
    assert draw_page(path, sha256, 2, SENTENCE, 0) is None
    path.unlink()
    assert draw_page(path, sha256, 2, SENTENCE, 0) is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 rubbish", bytes(range(256)) * 30])
def test_what_cannot_be_drawn_has_no_picture(tmp_path, data):
    """A damaged file ends in no picture, never in an error."""
    import hashlib

    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    assert draw_page(path, hashlib.sha256(data).hexdigest(), 1, "words", 0) is None


@given(st.text("ab \n-\u00ad", max_size=30), st.text("ab", min_size=1, max_size=3))
def test_occurrences_are_counted_as_they_are_framed(text, words):
    """Counted over all earlier places: as many as a plain search finds."""
    bare = "".join(c for c in text if c in "ab")
    expected = sum(bare.startswith(words, at) for at in range(len(bare) - len(words) + 1))
    assert occurrence_before(text + words, len(text), words) >= expected


@pytest.mark.anyio
async def test_the_page_asks_for_its_picture(stored, tiny_encoder):
    """The address that the source pane names gives the picture, and words where there is none."""
    made, document, path = stored
    assistant = Assistant.open(made.folder, settings=Settings(judge=False), encoder=tiny_encoder)
    desk = Desk()
    api = create_api(Service(assistant), desk, desk)
    text = made.text(document.info.id)
    start = text.index(SENTENCE)
    place = {"number": 2, "start": start, "end": start + len(SENTENCE)}
    address = f"/api/documents/{document.info.id}/page"
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.get(address, params=place)
        assert answer.headers["content-type"] == "image/png"
        assert framed(answer.content) is not None
        path.unlink()
        gone = await client.get(address, params=place)
        assert gone.status_code == 404
        assert "no picture" in gone.json()["message"]
        for wrong in ({"number": 0}, {"start": -1}, {"end": "x"}):
            assert (await client.get(address, params=place | wrong)).status_code == 422
