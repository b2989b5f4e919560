"""Can any file bring a reader down? A search guided by coverage, for as long as you like.

    pip install atheris
    python tests/fuzz_readers.py docx 600

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

sys.path.insert(0, str(Path(__file__).parent.parent))

with atheris.instrument_imports(include=["index", "openpyxl"]):
    from index.documents import Reading, Refusal
    from index.readers.dispatch import READERS
    from index.readers.files import FileKind, RawFile
    from index.readers.limits import ReadingLimits
    from index.readers.package_kinds import container_kind

KINDS = {
    "docx": FileKind.DOCX, "pptx": FileKind.PPTX, "xlsx": FileKind.XLSX, "odt": FileKind.ODT,
    "odp": FileKind.ODP, "ods": FileKind.ODS, "epub": FileKind.EPUB,
}  # fmt: skip
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


def main() -> None:
    """Fuzz the format and for the time named on the command line."""
    name, seconds = sys.argv[1], float(sys.argv[2])
    fuzz = Fuzz(name, seconds)
    with tempfile.TemporaryDirectory() as corpus:
        sample = office_files.zipped(office_files.samples()[name])
        Path(corpus, "sample").write_bytes(sample)
        options = [sys.argv[0], corpus, f"-max_len={LONGEST}", "-timeout=300", "-rss_limit_mb=3000"]
        atheris.Setup(options, fuzz.read, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
