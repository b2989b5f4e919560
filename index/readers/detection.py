"""What kind of file is this? Its content decides, then its name."""

from __future__ import annotations

import json
import re

from index.documents import Refusal, RefusalReason
from index.readers.files import FileKind, RawFile
from index.readers.package_kinds import container_kind

SUPPORTED_SUFFIXES = (
    ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson",
    ".pdf", ".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", ".odt", ".odp", ".ods", ".epub",
    ".rtf", ".eml", ".csv", ".tsv",
)  # fmt: skip
"""The names of files that have a reader, for messages."""

_BY_SUFFIX = {
    ".md": FileKind.MARKDOWN,
    ".markdown": FileKind.MARKDOWN,
    ".html": FileKind.HTML,
    ".htm": FileKind.HTML,
    ".xhtml": FileKind.HTML,
    ".jsonl": FileKind.CORPUS,
    ".ndjson": FileKind.CORPUS,
    ".csv": FileKind.TABLE,
    ".tsv": FileKind.TABLE,
}
_OFFICE = {".docx": "a Word document", ".pptx": "a PowerPoint presentation",
           ".xlsx": "an Excel sheet", ".odt": "an OpenDocument text",
           ".epub": "an EPUB book"}  # fmt: skip
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF8", "a GIF image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (8, b"WEBP", "a WebP image"),
    (8, b"WAVE", "a sound file"),
    (8, b"AVI ", "a video"),
    (4, b"ftyp", "a video or image container"),
    (0, b"OggS", "a sound file"),
    (0, b"ID3", "a sound file"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"Rar!\x1a", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"SQLite format 3\0", "a SQLite database"),
    (0, b"%!PS", "a PostScript file"),
)
_NOT_WHAT_IT_SAYS = {**_OFFICE, ".doc": "a Word document", ".xls": "an Excel sheet",
                     ".ppt": "a PowerPoint presentation", ".pdf": "a PDF",
                     ".rtf": "a Rich Text file"}  # fmt: skip
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML_START = re.compile(rb"\s*<\?xml\b|\s*<(?:svg|rss|feed)\b", re.IGNORECASE)
_MAIL_FIELD = re.compile(rb"(?:from|to|subject|date|received|return-path|message-id|mime-version|"
                         rb"delivered-to|x-[\w-]+): ", re.IGNORECASE)  # fmt: skip


def detect(file: RawFile) -> FileKind | Refusal:
    """Choose the reader for ``file``, or refuse it with the name of what it is instead."""
    data, suffix = file.data, file.path.suffix.lower()
    held = _signed_kind(data) or container_kind(file) or _binary_refusal(data)
    if held is not None:
        return held
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if _HTML_START.match(head):
        return FileKind.HTML
    if suffix in _NOT_WHAT_IT_SAYS:
        return _misnamed(file.path.name, _NOT_WHAT_IT_SAYS[suffix])
    if suffix not in _BY_SUFFIX:
        if _XML_START.match(head):
            return unsupported("an XML file")
        if suffix == ".eml" or _is_mail(head):
            return FileKind.MAIL
    if suffix not in {".md", ".markdown"} and _is_corpus(data):
        return FileKind.CORPUS
    if suffix == ".json":
        return unsupported("a JSON file")
    return _BY_SUFFIX.get(suffix, FileKind.TEXT)


def _signed_kind(data: bytes) -> FileKind | None:
    if b"%PDF-" in data[:1024]:  # as readers of PDF do, which allow for rubbish before it
        return FileKind.PDF
    return FileKind.RTF if data.startswith(b"{\\rtf") else None


def unsupported(named: str) -> Refusal:
    """Refuse with a sentence that says what the file is and what this version reads."""
    return Refusal(
        RefusalReason.UNSUPPORTED,
        f"This is {named}, which is not read. Save it as PDF, Word, HTML or text and add that.",
    )


def _misnamed(name: str, named: str) -> Refusal:
    return Refusal(
        RefusalReason.DAMAGED,
        f"{name} is named like {named} but is not one, or not a whole one. Save the document "
        "again and add that.",
    )


def _binary_refusal(data: bytes) -> Refusal | None:
    for place, signature, named in _SIGNATURES:
        if data.startswith(signature, place):
            return unsupported(named)
    return None


def _is_mail(head: bytes) -> bool:
    lines = head.splitlines()[:4]
    fields = sum(bool(_MAIL_FIELD.match(line)) for line in lines)
    lower = b"\n" + head.lower()
    return fields >= 2 and (b"\nmessage-id:" in lower or b"\nmime-version:" in lower)


def _is_corpus(data: bytes) -> bool:
    """Whether the first line that is not blank is a JSON object with a text and an id."""
    start = len(data) - len(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    if not data.startswith(b"{", start):
        return False
    stop = data.find(b"\n", start)
    try:
        record = json.loads(data[start : stop if stop >= 0 else len(data)])
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and "text" in record and ("id" in record or "_id" in record)
