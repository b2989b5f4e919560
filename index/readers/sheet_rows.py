"""How does a row of a spreadsheet become a line that a person understands?

``Region: North; Sales: 120`` where the first row clearly names the columns, else the values with
a tab between them. A header that is guessed wrongly would put false words into a quotation,
so a table has to prove its header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.readers.pieces import Piece

LONGEST_NAME = 60
"""Characters of the longest name of a column."""
FEWEST_ROWS = 2
"""Rows below a header without which it names nothing."""
FEWEST_COLUMNS = 3
"""Columns from which numbers below words prove a header that is not set in bold: with two, the
first row may as well be a name and its value, like those below it."""
ROWS_LOOKED_AT = 50
"""Rows below a possible header that are looked at."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as it is shown; ``is_value`` for numbers, dates and times."""

    words: str = ""
    is_value: bool = False
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number on the sheet, counted from 1."""

    number: int
    cells: Sequence[SheetCell]

    @property
    def filled(self) -> int:
        """How many of its cells show something."""
        return sum(bool(cell.words) for cell in self.cells)


def sheet_pieces(rows: Iterable[SheetRow], *, name: str, page: int) -> Iterator[Piece]:
    """One piece for each row that is not empty, whose section is the sheet's name and the row."""
    header: list[str] = []
    for table in _tables(rows):
        found = _header(table)
        if found or not _fits(table[0].cells, header):
            header = found
        for place, row in enumerate(table):
            names = [] if found and place == 0 else header
            section = f"{name}, row {row.number}" if name else f"Row {row.number}"
            yield Piece(_line(row.cells, names), "cell", page, section)


def _tables(rows: Iterable[SheetRow]) -> Iterator[list[SheetRow]]:
    """Runs of rows between empty ones; a line over a table is apart from it."""
    table: list[SheetRow] = []
    for row in rows:
        filled = row.filled
        if not filled:
            continue
        apart = table and row.number > table[-1].number + 1
        headline = len(table) == 1 and table[0].filled == 1 and filled > 1
        if apart or headline:
            yield table
            table = []
        table.append(row)
    if table:
        yield table


def _header(table: list[SheetRow]) -> list[str]:
    """Names of the columns, where the first row of ``table`` proves to hold them."""
    top = table[0].cells
    names = [cell.words for cell in top if cell.words]
    below = [row.cells for row in table[1 : 1 + ROWS_LOOKED_AT]]
    if len(names) < 2 or len(set(names)) < len(names) or len(below) < FEWEST_ROWS:
        return []
    if any(cell.is_value or len(cell.words) > LONGEST_NAME for cell in top):
        return []
    columns = [place for place, cell in enumerate(top) if cell.words]
    outside = sum(bool(c.words) for row in below for n, c in enumerate(row) if n not in columns)
    if outside > len(below) // 4:
        return []
    in_bold = all(top[n].is_bold for n in columns)
    if in_bold and not all(cell.is_bold for row in below for cell in row if cell.words):
        return [cell.words for cell in top]
    proven = any(_holds_values([row[n] for row in below if n < len(row)]) for n in columns)
    return [cell.words for cell in top] if proven and len(columns) >= FEWEST_COLUMNS else []


def _holds_values(column: list[SheetCell]) -> bool:
    filled = [cell for cell in column if cell.words]
    return len(filled) >= FEWEST_ROWS and all(cell.is_value for cell in filled)


def _fits(row: Sequence[SheetCell], header: list[str]) -> bool:
    """Whether a table goes on below an empty row: its columns are those of the header."""
    filled = [place for place, cell in enumerate(row) if cell.words]
    named = all(place < len(header) and header[place] for place in filled)
    return named and any(row[place].is_value for place in filled)


def _line(row: Sequence[SheetCell], names: list[str]) -> str:
    if not names:
        return "\t".join(cell.words for cell in row if cell.words)
    return "; ".join(
        f"{names[place].rstrip(': ')}: {cell.words}"
        if place < len(names) and names[place]
        else cell.words
        for place, cell in enumerate(row)
        if cell.words
    )
