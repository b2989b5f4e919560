"""Which kind of document is this zip package, or this container of older Office programs?"""

from __future__ import annotations

from index.documents import Refusal, RefusalReason
from index.readers.files import FileKind, RawFile
from index.readers.package import Package, PartFault
from index.readers.refusals import Refused

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MIMETYPES = {
    "application/vnd.oasis.opendocument.text": FileKind.ODT,
    "application/vnd.oasis.opendocument.text-template": FileKind.ODT,
    "application/vnd.oasis.opendocument.text-master": FileKind.ODT,
    "application/vnd.oasis.opendocument.presentation": FileKind.ODP,
    "application/vnd.oasis.opendocument.presentation-template": FileKind.ODP,
    "application/vnd.oasis.opendocument.spreadsheet": FileKind.ODS,
    "application/vnd.oasis.opendocument.spreadsheet-template": FileKind.ODS,
    "application/epub+zip": FileKind.EPUB,
}
_OFFICE_MAIN = (
    (b"wordprocessingml.document.main", FileKind.DOCX),
    (b"wordprocessingml.template.main", FileKind.DOCX),
    (b"ms-word.document.macroenabled.main", FileKind.DOCX),
    (b"ms-word.template.macroenabledtemplate.main", FileKind.DOCX),
    (b"presentationml.presentation.main", FileKind.PPTX),
    (b"presentationml.slideshow.main", FileKind.PPTX),
    (b"presentationml.template.main", FileKind.PPTX),
    (b"ms-powerpoint.presentation.macroenabled.main", FileKind.PPTX),
    (b"ms-powerpoint.slideshow.macroenabled.main", FileKind.PPTX),
    (b"spreadsheetml.sheet.main", FileKind.XLSX),
    (b"spreadsheetml.template.main", FileKind.XLSX),
    (b"ms-excel.sheet.macroenabled.main", FileKind.XLSX),
)
# Where the list of content types is gone, the usual place of the main part tells.
_USUAL_MAIN = (
    ("word/document.xml", FileKind.DOCX),
    ("ppt/presentation.xml", FileKind.PPTX),
    ("xl/workbook.xml", FileKind.XLSX),
    ("META-INF/container.xml", FileKind.EPUB),
)
# Names of the streams by which the older formats are known, as they stand in the file.
_OLE_STREAMS = (
    ("WordDocument", "an older Word document (.doc)", "Save it as .docx"),
    ("PowerPoint Document", "an older PowerPoint presentation (.ppt)", "Save it as .pptx"),
    ("Workbook", "an older Excel sheet (.xls)", "Save it as .xlsx"),
    ("__properties_version1.0", "an Outlook message (.msg)", "Save it as .eml or as text"),
)
_NAMES = {
    FileKind.DOCX: ("a Word document", ".docx"),
    FileKind.PPTX: ("a PowerPoint presentation", ".pptx"),
    FileKind.XLSX: ("an Excel sheet", ".xlsx"),
    FileKind.ODT: ("an OpenDocument text", ".odt"),
    FileKind.ODP: ("an OpenDocument presentation", ".odp"),
    FileKind.ODS: ("an OpenDocument spreadsheet", ".ods"),
    FileKind.EPUB: ("an EPUB book", ".epub"),
}
_TEXT_SUFFIXES = frozenset(
    """.txt .text .md .markdown .html .htm .xhtml .jsonl .ndjson .json .csv .tsv .eml .rtf
    .xml""".split()
)


def container_kind(file: RawFile) -> FileKind | Refusal | None:
    """Say what a zip package or an older container holds; ``None`` for any other file."""
    if file.data.startswith(_ZIP_STARTS):
        return package_kind(file)
    return ole_refusal(file) if file.data.startswith(_OLE_START) else None


def package_kind(file: RawFile) -> FileKind | Refusal:
    """Say what the parts of a zip package make it, whatever its name is."""
    try:
        package = Package(file)
        kind = _kind(package)
    except Refused as refused:
        return refused.refusal
    if kind is None:
        return Refusal(
            RefusalReason.UNSUPPORTED,
            f"{file.path.name} is a zip archive. Unpack it and add the files in it.",
        )
    named, suffix = _NAMES[kind]
    if file.path.suffix.lower() in _TEXT_SUFFIXES:
        return Refusal(
            RefusalReason.DAMAGED,
            f"{file.path.name} is named like a text but is {named}. Give it the ending {suffix} "
            "and add it again.",
        )
    return kind


def ole_refusal(file: RawFile) -> Refusal:
    """Say what a container of the older kind holds, none of which is read."""
    name = file.path.name
    if _has_stream(file, "EncryptedPackage") or _has_stream(file, "EncryptionInfo"):
        return Refusal(
            RefusalReason.ENCRYPTED,
            f"{name} is protected by a password. Save it without one and add that file.",
        )
    for stream, named, advice in _OLE_STREAMS:
        if _has_stream(file, stream):
            return Refusal(
                RefusalReason.UNSUPPORTED,
                f"{name} is {named}, which is not read. {advice} and add that file.",
            )
    return Refusal(
        RefusalReason.UNSUPPORTED,
        f"{name} is a file of an older Office program, which is not read. Save it in a newer "
        "format, such as .docx, and add that file.",
    )


def _kind(package: Package) -> FileKind | None:
    mimetype = _part(package, "mimetype")[:200].decode("ascii", "replace").strip()
    if mimetype in _MIMETYPES:
        return _MIMETYPES[mimetype]
    types = _part(package, "[Content_Types].xml").lower()
    for content_type, kind in _OFFICE_MAIN:
        if content_type in types:
            return kind
    return next((kind for part, kind in _USUAL_MAIN if part in package), None)


def _part(package: Package, name: str) -> bytes:
    try:
        return package.read(name)
    except PartFault:
        return b""


def _has_stream(file: RawFile, stream: str) -> bool:
    return stream.encode("utf-16-le") in file.data
