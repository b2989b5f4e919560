"""What does an OpenDocument spreadsheet say, sheet by sheet?"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from index.readers.odf_text import repeats, table_rows
from index.readers.pieces import Piece
from index.readers.sheet_rows import SheetCell, SheetRow, sheet_pieces

_VALUES = frozenset({"float", "percentage", "currency", "date", "time"})


def read_sheets(body: Element) -> list[Piece]:
    """Pieces of all sheets; cells say what they show, as it is stored beside their value."""
    tables = [table for table in body if table.tag == "table:table"]
    return [
        piece
        for page, table in enumerate(tables, start=1)
        for piece in sheet_pieces(_rows(table), name=table.get("table:name", ""), page=page)
    ]


def _rows(table: Element) -> Iterator[SheetRow]:
    number = 1
    for row, _ in table_rows(table):
        yield SheetRow(number, _cells(row))
        repeated = row.get("table:number-rows-repeated", "1")
        # A million rows are the most that a sheet has.
        number += min(int(repeated[:7]), 1_048_576) if repeated.isdecimal() else 1


def _cells(row: Element) -> list[SheetCell]:
    cells: list[SheetCell] = []
    for cell in row:
        if cell.tag in {"table:table-cell", "table:covered-table-cell"}:
            lines = ("".join(line.itertext()) for line in cell if line.tag == "text:p")
            words = " ".join(" ".join(lines).split())
            found = SheetCell(words, cell.get("office:value-type") in _VALUES)
            cells.extend([found] * repeats(cell, len(words)))
    return cells
