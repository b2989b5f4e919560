"""Can any file bring a reader down? A search guided by coverage, for as long as you like.

    pip install atheris
    python tests/fuzz_readers.py docx 600    or pdf, rtf, eml, csv, txt, html, md, jsonl …

It needs atheris, which is no part of the development tools. The second argument is a number of
seconds of processor time. Packages are changed part by part, because a changed byte of packed data
mostly ends at its checksum. What brings a reader down is written to a file named ``crash-…``.
"""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import atheris
import office_files
from reportlab.pdfgen import canvas

sys.path.insert(0, str(Path(__file__).parent.parent))

with atheris.instrument_imports(include=["index", "openpyxl", "striprtf"]):
    from index.documents import Reading, Refusal
    from index.readers.dispatch import READERS
    from index.readers.files import FileKind, RawFile
    from index.readers.limits import ReadingLimits
    from index.readers.package_kinds import container_kind

KINDS = {
    "docx": FileKind.DOCX, "pptx": FileKind.PPTX, "xlsx": FileKind.XLSX, "odt": FileKind.ODT,
    "odp": FileKind.ODP, "ods": FileKind.ODS, "epub": FileKind.EPUB, "pdf": FileKind.PDF,
    "rtf": FileKind.RTF, "eml": FileKind.MAIL, "csv": FileKind.TABLE, "txt": FileKind.TEXT,
    "html": FileKind.HTML, "md": FileKind.MARKDOWN, "jsonl": FileKind.CORPUS,
}  # fmt: skip
SAMPLES = {
    "rtf": rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title The mill}{\author Miller}"
    rb"{\creatim\yr1998\mo3\dy5}}\f0\b The mill\b0\par It burned in 1870.\u8212?\'e9\par"
    rb"\trowd\cellx99 Wheel\cell 1821\cell\row\pard{\*\generator x;}{\field{\*\fldinst{HYPERLINK "
    rb'"http://example.com"}}{\fldrslt here}}\par}',
    "eml": b"From: =?utf-8?q?Mill=C3=A9r?= <m@example.com>\r\nSubject: The mill\r\nMIME-Version: "
    b"1.0\r\n"
    b"Date: Thu, 5 Mar 1998 10:00:00 +0100\r\nContent-Type: multipart/mixed; "
    b"boundary=a\r\n\r\n--a\r\n"
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; "
    b"charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nIt "
    b"b=FCrned=\r\n.\r\n--b\r\n"
    b"Content-Type: text/html\r\n\r\n<p>It burned.</p>\r\n--b--\r\n--a\r\nContent-Type: "
    b"message/rfc822"
    b"\r\n\r\nSubject: Inner\r\n\r\nThe wheel.\r\n--a\r\nContent-Type: text/plain; name=x.txt\r\n"
    b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: "
    b"base64\r\n\r\nVGhl\r\n--a--\r\n",
    "csv": b'Name;Built;Note\r\nMill;1821;"It ""burned""\r\nin 1870; twice"\r\n\r\nBarn;1830;\r\n',
    "txt": b"The mill\n5 March 1998\nSource: The Gazette\n\nIt burned in 1870.\n\n1. Wheel\n- "
    b"Stone\n",
    "html": b"<!doctype html><html><head><title>The mill</title><meta charset=utf-8><meta "
    b"name=author "
    b"content=Miller></head><body><nav>Home</nav><h1>The mill</h1><p>It &eacute; "
    b"<b>burned</b>.<ul><li>"
    b"Wheel</ul><table><tr><th>A<td>B</table><pre>x</pre><script>1</script></body></html>",
    "md": b"---\ntitle: The mill\ndate: 1998-03-05\n---\n# The mill\n\nIt *burned*.\n\n- Wheel\n "
    b" - Stone\n\n"
    b"| A | B |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n> said\n\n<p>y</p>\n\n[a]: "
    b"http://example.com\n",
    "jsonl": b'{"_id": "1", "title": "The mill", "text": "It burned.", "metadata": {"source": '
    b'"x"}}\n'
    b'{"id": 2, "text": "The wheel \\ud83d\\ude00", "published": "1998-03-05"}\n',
}
"""One small file of each kind that is no package, to start from; a PDF is drawn."""
LIMITS = ReadingLimits(max_unpacked_bytes=20_000_000, max_cells=20_000)
LONGEST = 200_000


class Fuzz:
    """Reads what it is given with one reader until its time is over."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._reader = READERS[KINDS[name]]
        self._seconds = seconds
        self._runs = self._readings = 0
        self._slowest = 0.0

    def read(self, data: bytes) -> None:
        """Read one file; anything but a whole reading or a refusal is a fault."""
        started = time.process_time()
        file = RawFile(Path(f"file.{self._name}"), data, LIMITS)
        container_kind(file)
        result = self._reader(file)
        check(result)
        self._runs += 1
        self._readings += isinstance(result, Reading)
        now = time.process_time()
        self._slowest = max(self._slowest, now - started)
        if now > self._seconds:
            sys.stdout.write(
                f"{self._name}: {self._runs:,} runs in {now:.0f} s of processor time, "
                f"{self._readings:,} of them read, the slowest in {self._slowest:.2f} s; no fault\n"
            )
            sys.stdout.flush()
            os._exit(0)


def check(result: Reading | Refusal) -> None:
    """Hold what is true of every result."""
    if isinstance(result, Refusal):
        assert result.message.endswith(".")
        return
    assert isinstance(result, Reading)
    for document in result.documents:
        document.text.encode()
        assert document.title.strip()
        for block in document.blocks:
            words = document.text[block.start : block.end]
            assert words == words.strip()
            assert words
        assert all(one.end <= other.start for one, other in pairwise(document.blocks))


def change(data: bytes, most: int, seed: int) -> bytes:
    """Change one part of a package; now and then the bytes of the package themselves."""
    chance = random.Random(seed)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except Exception:  # noqa: BLE001  no package any more
        parts = {}
    if not parts or chance.random() < 0.05:
        return atheris.Mutate(data, most)
    name = chance.choice(sorted(parts))
    if chance.random() < 0.03:
        del parts[name]
    else:
        parts[name] = atheris.Mutate(parts[name], min(2 * len(parts[name]) + 64, LONGEST))
    return office_files.zipped(parts)


def sample(name: str) -> bytes:
    """Return a small whole file to start from."""
    if name in SAMPLES:
        return SAMPLES[name]
    if name != "pdf":
        return office_files.zipped(office_files.samples()[name])
    written = io.BytesIO()
    drawn = canvas.Canvas(written, pageCompression=0)
    drawn.setTitle("The mill")
    for line in ("The mill stands at the river and has been turn-", "ing. It burned in 1870."):
        drawn.drawString(72, 700, line)
        drawn.drawString(320, 700, line)
        drawn.showPage()
    drawn.save()
    return written.getvalue()


def main() -> None:
    """Fuzz the format and for the time named on the command line."""
    name, seconds = sys.argv[1], float(sys.argv[2])
    fuzz = Fuzz(name, seconds)
    with tempfile.TemporaryDirectory() as corpus:
        Path(corpus, "sample").write_bytes(sample(name))
        options = [sys.argv[0], corpus, f"-max_len={LONGEST}", "-timeout=300", "-rss_limit_mb=3000"]
        is_package = name != "pdf" and name not in SAMPLES
        mutator = {"custom_mutator": change} if is_package else {}
        atheris.Setup(options, fuzz.read, **mutator)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
