"""What does a PDF say, page by page?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.documents import Reading, Refusal, RefusalReason
from index.readers.files import RawFile
from index.readers.metadata import Metadata
from index.readers.office_reading import OfficeText, reading_of
from index.readers.pdf_layout import page_pieces, repeated_lines, shown_title, usual_size
from index.readers.pdf_pages import Details, Page, PdfFile
from index.readers.pieces import Piece
from index.readers.refusals import Refused

_CREATED = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)")
_FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|pptx?|xlsx?|indd|tex|dvi|qxd|rtf|odt|pages)\b", re.IGNORECASE
)
_NO_TITLE = frozenset(
    {"", "untitled", "(anonymous)", "anonymous", "document", "unspecified", "none"}
)
_GARBLED = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_MOST_GARBLED = 0.3
"""Share of characters without meaning from which a page counts as unreadable."""
_NAMED_PAGES = 12


def read_pdf(file: RawFile) -> Reading | Refusal:
    """One document; each block knows its page."""
    name = file.path.name
    try:
        pdf = PdfFile(file.data, name)
    except Refused as refused:
        return refused.refusal
    try:
        if pdf.count > file.limits.max_pages:
            return Refusal(
                RefusalReason.TOO_LARGE,
                f"{name} has {pdf.count:,} pages, and {file.limits.max_pages:,} are read at most. "
                "Split it, or raise the limit (ASKDOCS_MAX_PAGES).",
            )
        pages = list(pdf.pages())
        return _reading(file, pages, pdf.details(), pdf.stated_count())
    finally:
        pdf.close()


def _reading(
    file: RawFile, pages: Sequence[Page], details: Details, stated: int
) -> Reading | Refusal:
    garbled = [page.number for page in pages if _is_garbled(page)]
    whole = [page for page in pages if page.number not in garbled]
    usual, repeated = usual_size(whole), repeated_lines(whole)
    by_page = [page_pieces(page, usual=usual, repeated=repeated) for page in whole]
    pieces: list[Piece] = [piece for found in by_page for piece in found]
    if not any(re.search(r"\w", piece.words) for piece in pieces):
        return _without_text(file.path.name, pages, garbled)
    broken = [page.number for page in pages if page.is_broken]
    pictures = [page.number for page in pages if page.has_pictures]
    remarks = (
        *_remark(broken, "{pages} could not be read: the file is damaged there."),
        *_remark(garbled, "{pages} could not be read: the letters have no meaning."),
        *_remark(
            pictures, "{pages} could not be read: there are only pictures, no text (a scan?)."
        ),
        *_missing(len(pages), stated),
    )
    title = _title(details.title)
    found = OfficeText(pieces, title or (shown_title(whole[0], usual) if whole else None), remarks)
    return reading_of(file, found, Metadata(title, _author(details.author), _date(details.created)))


def _without_text(name: str, pages: Sequence[Page], garbled: Sequence[int]) -> Refusal:
    if garbled:
        return Refusal(
            RefusalReason.DAMAGED,
            f"{name} holds letters without a meaning: its fonts do not say which they are. Print "
            "it to a new PDF, or add the document that it was made from.",
        )
    if pages and all(page.is_broken for page in pages):
        return Refusal(
            RefusalReason.DAMAGED,
            f"None of the pages of {name} can be opened: the file is damaged. Download it again.",
        )
    return Refusal(
        RefusalReason.NO_TEXT,
        f"{name} holds no text, only pictures (a scan?). Run it through text recognition (OCR) "
        "first, and add what comes out.",
    )


def _is_garbled(page: Page) -> bool:
    text = "".join(line.words for line in page.lines)
    shown = len(text) - sum(map(str.isspace, text))
    return shown > 0 and len(_GARBLED.findall(text)) > _MOST_GARBLED * shown


def _remark(numbers: Sequence[int], sentence: str) -> tuple[str, ...]:
    if not numbers:
        return ()
    named = [str(number) for number in numbers[:_NAMED_PAGES]]
    if len(numbers) > _NAMED_PAGES:
        pages = f"{len(numbers)} pages, from {named[0]} on,"
    elif len(named) == 1:
        pages = f"Page {named[0]}"
    else:
        pages = f"Pages {', '.join(named[:-1])} and {named[-1]}"
    return (sentence.format(pages=pages),)


def _missing(read: int, stated: int) -> tuple[str, ...]:
    if stated <= read:
        return ()
    return (f"The file names {stated} pages, but only {read} could be found: it may be damaged.",)


def _title(stated: str) -> str | None:
    title = " ".join(stated.split())
    is_one = re.search(r"\w{2}", title) and not _FILE_NAME.search(title)
    return title if is_one and title.lower() not in _NO_TITLE and len(title) < 300 else None


def _author(stated: str) -> str | None:
    author = " ".join(stated.split())
    return author if author.lower() not in _NO_TITLE and len(author) < 200 else None


def _date(stated: str) -> str | None:
    match = _CREATED.match(stated)
    if not match:
        return None
    year, month, day = match.groups()
    if not ("1900" <= year <= "2100" and "01" <= month <= "12" and "01" <= day <= "31"):
        return None
    return f"{year}-{month}-{day}"
