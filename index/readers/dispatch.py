"""How does a path become a :class:`Reading`, or a reason why not?"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from index.documents import Reading, Refusal, RefusalReason
from index.readers.corpus import read_corpus
from index.readers.detection import detect
from index.readers.docx import read_docx
from index.readers.epub import read_epub
from index.readers.files import FileKind, RawFile
from index.readers.html import read_html
from index.readers.limits import ReadingLimits
from index.readers.mail import read_mail
from index.readers.markdown import read_markdown
from index.readers.odf import read_odp, read_ods, read_odt
from index.readers.pdf import read_pdf
from index.readers.pptx import read_pptx
from index.readers.refusals import empty
from index.readers.rtf import read_rtf
from index.readers.tables import read_table
from index.readers.text import read_text
from index.readers.xlsx import read_xlsx

READERS: Mapping[FileKind, Callable[[RawFile], Reading | Refusal]] = {
    FileKind.TEXT: read_text,
    FileKind.MARKDOWN: read_markdown,
    FileKind.HTML: read_html,
    FileKind.CORPUS: read_corpus,
    FileKind.PDF: read_pdf,
    FileKind.RTF: read_rtf,
    FileKind.MAIL: read_mail,
    FileKind.TABLE: read_table,
    FileKind.DOCX: read_docx,
    FileKind.PPTX: read_pptx,
    FileKind.ODT: read_odt,
    FileKind.ODP: read_odp,
    FileKind.ODS: read_ods,
    FileKind.EPUB: read_epub,
    FileKind.XLSX: read_xlsx,
}
"""One reader for each kind. A new format is a line here and one in :mod:`.detection`."""
_PLAIN = frozenset({FileKind.TEXT, FileKind.MARKDOWN, FileKind.CORPUS, FileKind.TABLE})
_HEAD = 65_536
"""Bytes of a file that tell whether it is plain."""


def read_file(
    path: Path, *, limits: ReadingLimits | None = None, max_bytes: int | None = None
) -> Reading | Refusal:
    """Read the file at ``path`` within ``limits``, in this process.

    Whatever is wrong with the file comes back as a refusal; nothing is raised for it. ``max_bytes``
    stands for limits that differ from the usual ones in the size of the file alone.
    """
    limits = limits or ReadingLimits()
    if max_bytes is not None:
        limits = replace(limits, max_bytes=max_bytes)
    try:
        data = _bytes(path, limits.max_bytes)
    except FileNotFoundError:
        return Refusal(
            RefusalReason.MISSING, f"There is no file at {path}. Check the name and add it again."
        )
    except PermissionError:
        return Refusal(
            RefusalReason.UNREADABLE,
            f"{path} may not be read. Give your account the right to read it, then add it again.",
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Refusal(
            RefusalReason.UNREADABLE,
            f"{path!s} cannot be opened ({reason}). Copy the file to another folder and add that.",
        )
    if isinstance(data, Refusal):
        return data
    file = RawFile(path, data, limits)
    kind = detect(file)
    return kind if isinstance(kind, Refusal) else _within(limits, path, READERS[kind](file))


def is_plain(path: Path) -> bool:
    """Whether a file is text whose reader needs no foreign parser and is safe in this process."""
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as stream:  # noqa: PTH123
            head = stream.read(_HEAD)
    except (OSError, ValueError):
        return True  # reading it in this process says what is wrong
    return detect(RawFile(path, head)) in _PLAIN


def _within(limits: ReadingLimits, path: Path, reading: Reading | Refusal) -> Reading | Refusal:
    if isinstance(reading, Refusal):
        return reading
    longest = max(len(document.text) for document in reading.documents)
    if longest > limits.max_characters:
        return Refusal(
            RefusalReason.TOO_LARGE,
            f"{path.name} holds a text of {longest:,} characters, and {limits.max_characters:,} "
            "are read at most. Split it, or raise the limit (ASKDOCS_MAX_CHARACTERS).",
        )
    return reading


def _bytes(path: Path, max_bytes: int) -> bytes | Refusal:
    # O_NONBLOCK: opening a named pipe must not wait for somebody to write into it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            return _not_a_file(path, mode)
        with open(descriptor, "rb", closefd=False) as stream:
            data = stream.read(max_bytes + 1)
    finally:
        os.close(descriptor)
    if len(data) > max_bytes:
        return Refusal(
            RefusalReason.TOO_LARGE,
            f"{path.name} is larger than {_size(max_bytes)}. Split it, or raise the limit "
            "(ASKDOCS_MAX_FILE_MB).",
        )
    return data if data.strip() else empty(path.name)


def _not_a_file(path: Path, mode: int) -> Refusal:
    if stat.S_ISDIR(mode):
        message = f"{path} is a folder. Add the folder itself to read the files in it."
    else:
        message = f"{path} is a device or a pipe, not a file. Copy its content into a file."
    return Refusal(RefusalReason.UNREADABLE, message)


def _size(count: int) -> str:
    return f"{count / 1_000_000:g} MB" if count >= 1_000_000 else f"{count:,} bytes"
