"""How does a page of a PDF look, with a frame round a quotation?

    python -m index.readers.pdf_picture

A process of its own, like the one that reads: it takes one request on standard input as JSON and
writes a PNG. It draws only the very file that was read, and frames only words that stand there.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from index.readers.limits import ReadingLimits
from index.readers.pdf_pages import char_box
from index.readers.worker import limit_for_good, limit_time

_SECONDS = 20
_WIDTH = 1_000
"""Of the picture, in pixels."""
_TALLEST = 2_000
_FRAME = (214, 138, 0)
_NOT_COUNTED = frozenset("\N{SOFT HYPHEN}\x02\ufffe\0-‐")
"""Beside white space: what stands at a line's end on the page and otherwise in the text."""

Box = tuple[float, float, float, float]


def draw_page(path: Path, sha256: str, page: int, words: str, occurrence: int) -> bytes | None:
    """Draw page ``page``, from 1, of the file at ``path`` as PNG, in a limited process.

    The quotation ``words`` is framed where it stands for the ``occurrence``-th time, from 0.
    ``None`` when the file is not the one that was read, or cannot be drawn in time.
    """
    request = {"path": os.fsencode(path).hex(), "sha256": sha256, "page": page}
    request |= {"words": words, "occurrence": occurrence}
    root = str(Path(__file__).parent.parent.parent)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "index.readers.pdf_picture"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env=os.environ | {"PYTHONPATH": root},
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    is_picture = done.returncode == 0 and done.stdout.startswith(b"\x89PNG\r\n")
    return done.stdout if is_picture else None


def main() -> int:
    """Answer the one request."""
    limit_for_good(ReadingLimits().memory_bytes)
    limit_time(_SECONDS)
    request = json.loads(sys.stdin.buffer.read())
    data = Path(os.fsdecode(bytes.fromhex(request["path"]))).read_bytes()
    if hashlib.sha256(data).hexdigest() != request["sha256"]:
        return 1
    drawn = _draw(data, request["page"], request["words"], request["occurrence"])
    sys.stdout.buffer.write(drawn)
    return 0


def _draw(data: bytes, number: int, words: str, occurrence: int) -> bytes:
    from PIL import ImageDraw

    page = pypdfium2.PdfDocument(data)[number - 1]
    width, height = page.get_size()
    scale = min(_WIDTH / width, _TALLEST / height)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    pencil = ImageDraw.Draw(picture)
    for left, bottom, right, top in _boxes(page, words, occurrence):
        corners = [_on_picture(page, x, y, picture.size) for x, y in ((left, top), (right, bottom))]
        xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        pencil.rectangle((xs[0] - 3, ys[0] - 3, xs[1] + 3, ys[1] + 3), outline=_FRAME, width=3)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _on_picture(
    page: pypdfium2.PdfPage, x: float, y: float, size: tuple[int, int]
) -> tuple[int, int]:
    import ctypes

    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, device_x, device_y)
    return device_x.value, device_y.value


def _boxes(page: pypdfium2.PdfPage, words: str, occurrence: int) -> list[Box]:
    """Return a box for each line of the quotation; none where it does not stand there."""
    text = page.get_textpage()
    shown = [
        (at, chr(code))
        for at in range(text.count_chars())
        if _counts(chr(code := raw.FPDFText_GetUnicode(text, at) or 32))
    ]
    wanted = "".join(filter(_counts, words))
    whole = "".join(character for _, character in shown)
    place = -1
    for _ in range(occurrence + 1):
        place = whole.find(wanted, place + 1)
        if place < 0:
            return []
    found = [char_box(text, at) for at, _ in shown[place : place + len(wanted)]]
    return _by_line([box for box in found if box])


def _by_line(boxes: Sequence[Box]) -> list[Box]:
    lines: list[Box] = []
    for left, bottom, right, top in boxes:
        if lines and min(top, lines[-1][3]) > max(bottom, lines[-1][1]) and left >= lines[-1][0]:
            last = lines[-1]
            lines[-1] = (
                min(last[0], left), min(last[1], bottom), max(last[2], right), max(last[3], top),
            )  # fmt: skip
        else:
            lines.append((left, bottom, right, top))
    return lines


def _counts(character: str) -> bool:
    return not character.isspace() and character not in _NOT_COUNTED


def occurrence_before(text: str, start: int, words: str) -> int:
    """Count how often ``words`` stand in ``text`` before the place ``start``, as framing counts."""
    wanted = "".join(filter(_counts, words))
    before = "".join(filter(_counts, text[:start]))
    # What begins before the place and reaches beyond it stands earlier too.
    whole = before + wanted
    count, place = 0, whole.find(wanted)
    while 0 <= place < len(before):
        count, place = count + 1, whole.find(wanted, place + 1)
    return count


if __name__ == "__main__":
    sys.exit(main())
