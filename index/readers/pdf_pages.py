"""Which lines stand on each page of a PDF, and where?

Only this file and ``pdf_picture.py`` know pypdfium2. PDFium is not thread-safe: it is used in the
process that reads, one file at a time.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from index.documents import RefusalReason
from index.readers.refusals import Refused

_SPACES = frozenset({9, 32, 160})
_GAP = 1.6
"""Times the font's size."""
_LARGEST_CHECKED = 50_000_000
"""Bytes up to which the page count is compared with what another parser finds."""
_MOST_OBJECTS = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on a page; its box in points, counted from the lower left corner."""

    words: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    """Of the font, in points."""

    @property
    def height(self) -> float:
        """Of its box, at least one point."""
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page."""

    number: int
    height: float
    lines: tuple[Line, ...]
    has_pictures: bool = False
    is_broken: bool = False
    """It could not be opened."""


@dataclass(frozen=True, slots=True)
class Details:
    """What the file says of itself, as it stands there."""

    title: str
    author: str
    created: str
    """``D:20240103093826+01'00'``"""


class PdfFile:
    """An open PDF."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        try:
            self._document = pypdfium2.PdfDocument(data)
            self.count = len(self._document)
        except pypdfium2.PdfiumError as error:
            raise _refused(str(error), name) from error

    def close(self) -> None:
        """Free what it holds."""
        self._document.close()

    def details(self) -> Details:
        """Return what the file says of itself."""
        with suppress(pypdfium2.PdfiumError):
            found = self._document.get_metadata_dict()
            return Details(
                found.get("Title", ""), found.get("Author", ""), found.get("CreationDate", "")
            )
        return Details("", "", "")

    def pages(self) -> Iterator[Page]:
        """Yield every page in order; one that cannot be opened is broken."""
        for at in range(self.count):
            try:
                page = self._document[at]
            except (pypdfium2.PdfiumError, IndexError):
                yield Page(at + 1, 0.0, (), is_broken=True)
                continue
            yield _read_page(page, at + 1)
            page.close()

    def stated_count(self) -> int:
        """Return how many pages another parser finds, 0 where it finds no sense in the file."""
        if len(self._data) > _LARGEST_CHECKED:
            return self.count
        import logging

        import pypdf

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        try:
            return len(pypdf.PdfReader(io.BytesIO(self._data), strict=False).pages)
        except Exception:  # noqa: BLE001 - a second opinion may fail in any way: there is none then
            return 0


def _refused(message: str, name: str) -> Refused:
    if "assword" in message or "ecurity" in message:
        return Refused(
            RefusalReason.ENCRYPTED,
            f"{name} is protected by a password. Save it without one and add that file.",
        )
    return Refused(
        RefusalReason.DAMAGED,
        f"{name} is damaged and cannot be opened as a PDF. Save or download it again.",
    )


def _read_page(page: pypdfium2.PdfPage, number: int) -> Page:
    height = page.get_height()
    try:
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return Page(number, height, (), is_broken=True)
    try:
        lines = tuple(_lines(text))
    finally:
        text.close()
    has_pictures = not lines and _has_pictures(page)
    return Page(number, height, lines, has_pictures)


def _lines(text: pypdfium2.PdfTextPage) -> Iterator[Line]:
    """Cut the page's characters at line ends, in the order of the page's own stream."""
    count = text.count_chars()
    if count <= 0:
        return
    characters = [raw.FPDFText_GetUnicode(text, at) for at in range(count)]
    start = 0
    for at in range(count + 1):
        if at < count and characters[at] not in {10, 13}:
            continue
        for first, last in _stretches(text, characters, start, at):
            line = _line(text, characters, first, last)
            if line:
                yield line
        start = at + 1


def _stretches(
    text: pypdfium2.PdfTextPage, characters: list[int], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """Cut a line where a gap is wider than any between words: there stand cells, or columns."""
    first = start
    for at in range(start + 1, end - 1):
        if characters[at] not in _SPACES or characters[at + 1] in _SPACES:
            continue
        before = next(
            (n for n in range(at - 1, first - 1, -1) if characters[n] not in _SPACES), None
        )
        if before is None:
            continue
        one, other = char_box(text, before), char_box(text, at + 1)
        if one and other and other[0] - one[2] > _GAP * max(_size(text, before), 1.0):
            yield first, at
            first = at + 1
    if end > first:
        yield first, end


def _line(text: pypdfium2.PdfTextPage, characters: list[int], start: int, end: int) -> Line | None:
    words = _decode(characters[start:end])
    shown = [at for at in range(start, end) if characters[at] > 32]
    if not words.strip() or not shown:
        return None
    first, last = char_box(text, shown[0]), char_box(text, shown[-1])
    middle = char_box(text, shown[len(shown) // 2])
    boxes = [box for box in (first, middle, last) if box]
    if not boxes:
        return None
    return Line(
        words,
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
        _size(text, shown[len(shown) // 2]),
    )


def _size(text: pypdfium2.PdfTextPage, at: int) -> float:
    """Return the size of a character's font as it is shown: the page may scale it."""
    size = float(raw.FPDFText_GetFontSize(text, at))
    matrix = raw.FS_MATRIX()
    if raw.FPDFText_GetMatrix(text, at, matrix):
        size *= math.hypot(matrix.b, matrix.d)
    return round(size, 1) if math.isfinite(size) else 0.0


def _decode(characters: list[int]) -> str:
    """Join UTF-16 units or code points; half a pair is dropped."""
    units = "".join(map(chr, characters))
    whole = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return whole.replace("\0", "")


def char_box(text: pypdfium2.PdfTextPage, at: int) -> tuple[float, float, float, float] | None:
    """Return (left, bottom, right, top) of a character in points, if it has a place."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(text, at, left, right, bottom, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _has_pictures(page: pypdfium2.PdfPage) -> bool:
    count = min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    kinds = {raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) for at in range(count)}
    return bool(kinds & {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM})
