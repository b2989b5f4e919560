"""What does an Excel workbook say, sheet by sheet and row by row?

Values are read, not formulas, and never more rows and columns than a limit: a sheet of five
kilobytes may claim a million rows.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from itertools import compress, count, repeat
from operator import is_not
from typing import TYPE_CHECKING

from index.documents import Reading, Refusal, RefusalReason
from index.readers.cell_words import cell_words
from index.readers.files import RawFile
from index.readers.office_metadata import read_office_metadata
from index.readers.office_reading import OfficeText, reading_of
from index.readers.package import Package, PartFault, damaged
from index.readers.pieces import Piece
from index.readers.refusals import Refused
from index.readers.sheet_rows import SheetCell, SheetRow, sheet_pieces

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 100_000
"""Rows of a sheet that are read."""
MOST_COLUMNS = 500

_UNCALCULATED = re.compile(rb"</f>\s*+(?:<v\s*+/>|<v>\s*+</v>)?\s*+</c>|<f[^<>]*/>\s*+</c>")
_ROW = re.compile(rb'<row\s[^<>]{0,200}?\br="(\d{1,9})"')


def read_xlsx(file: RawFile) -> Reading | Refusal:
    """One document; a sheet is a page, and each row a section. Hidden sheets are read too."""
    try:
        package = Package(file)
        remarks = _checked_parts(package)
        metadata = read_office_metadata(package)
        pieces = _pieces(file, remarks)
        return reading_of(file, OfficeText(pieces, remarks=tuple(remarks)), metadata)
    except Refused as refused:
        return refused.refusal


def _checked_parts(package: Package) -> list[str]:
    """Unpack every part once, under the limits of a package, before openpyxl does without any."""
    uncalculated = last_row = 0
    for name in package.names():
        if not name.endswith((".xml", ".rels")):
            continue
        try:
            part = package.read(name)
        except PartFault:
            continue
        if b"<!ENTITY" in part[:65_536]:
            raise damaged(package.name, "It defines abbreviations that could grow without end.")
        if name.startswith("xl/worksheets/"):
            uncalculated += sum(1 for _ in _UNCALCULATED.finditer(part))
            row = _ROW.match(part, max(part.rfind(b"<row "), 0))
            last_row = max(last_row, int(row[1]) if row else 0)
    remarks: list[str] = []
    if uncalculated:
        remarks.append(
            f"Formulas whose results are not in the file: {uncalculated:,}. Open it in a "
            "spreadsheet program, save it, and add it again to have them read."
        )
    if last_row > MOST_ROWS:
        remarks.append(
            f"Rows below row {MOST_ROWS:,} of a sheet were left out. Divide it into smaller files "
            "to have them read."
        )
    return remarks


def _pieces(file: RawFile, remarks: list[str]) -> list[Piece]:
    # Loading openpyxl takes half a second, which nobody who asks a question should wait for.
    from openpyxl import load_workbook

    pieces: list[Piece] = []
    with warnings.catch_warnings():
        # openpyxl warns of every feature of a sheet that it does not keep.
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(
                io.BytesIO(file.data), read_only=True, data_only=True, keep_links=False
            )
        except Refused:
            raise
        except Exception as error:  # openpyxl raises nearly anything for a damaged file
            raise damaged(file.path.name) from error
        sheets = _Sheets(book, file.limits.max_cells)
        pieces.extend(sheets.pieces())
    if not pieces and sheets.remarks:
        raise damaged(file.path.name, sheets.remarks[-1])
    if not pieces and remarks:
        raise Refused(RefusalReason.NO_TEXT, f"{file.path.name} shows no values. {remarks[0]}")
    remarks.extend(sheets.remarks)
    return pieces


class _Sheets:
    """Reads the sheets of a workbook; knows where it is and what it left out."""

    def __init__(self, book: Workbook, max_cells: int) -> None:
        self.name = ""
        self.row = 0
        self.remarks: list[str] = []
        self._book = book
        self._cells = 0
        self._max_cells = max_cells

    def pieces(self) -> Iterator[Piece]:
        """Rows of all sheets as pieces."""
        for page, sheet in enumerate(self._book.worksheets, start=1):
            self.name = str(sheet.title)
            yield from sheet_pieces(self._rows(sheet), name=self.name, page=page)

    def _rows(self, sheet: Worksheet) -> Iterator[SheetRow]:
        self.row = 0
        try:
            yield from self._bounded_rows(sheet)
        except Exception:  # noqa: BLE001  as above; what was read before is whole
            self.remarks.append(
                f"The sheet {self.name!r} is damaged: what stands after row {self.row} of it was "
                "not read."
            )

    def _bounded_rows(self, sheet: Worksheet) -> Iterator[SheetRow]:
        from openpyxl.cell.read_only import EMPTY_CELL

        gap: object = None
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        for self.row, row in enumerate(rows, start=1):
            if row is gap:
                continue  # openpyxl gives the same object for every row that is not in the file
            # Each row is filled up to the last column, and this is the quick way to its last cell.
            is_filled = map(is_not, reversed(row), repeat(EMPTY_CELL))
            blank = next(compress(count(), is_filled), len(row))
            gap = row if blank == len(row) else None
            cells = _cells(row[: len(row) - blank])
            self._cells += len(cells)
            if self._cells > self._max_cells:
                self.remarks.append(
                    f"The workbook has more cells than are read ({self._max_cells:,}): what stands "
                    f"from row {self.row:,} of the sheet {self.name!r} on was left out. Divide it "
                    "into smaller files, or raise the limit (ASKDOCS_MAX_CELLS)."
                )
                return
            yield SheetRow(self.row, cells)


def _cells(row: Sequence[Cell | MergedCell]) -> list[SheetCell]:
    # Finding out whether a cell is bold is slow, and only rows of words can be headers.
    only_words = all(cell.value is None or isinstance(cell.value, str) for cell in row)
    cells: list[SheetCell] = []
    for cell in row:
        value = cell.value
        if value is None:
            cells.append(SheetCell())  # an empty cell has no format either
            continue
        words = cell_words(value, str(cell.number_format))
        is_bold = only_words and bool(cell.font.b)
        cells.append(SheetCell(words, not isinstance(value, str), is_bold))
    return cells
