"""What does a CSV file say, row by row?

The stored text is the file's own; a block is a row, quoted line ends inside it included.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Block, ReadDocument, Reading, Refusal, RefusalReason
from index.readers.decoding import decode
from index.readers.files import RawFile
from index.readers.refusals import empty

_DELIMITERS = ",;\t|"
_SAMPLE = 20_000
_LARGEST_FIELD = 1_000_000
_MOST_NAMES = 12
"""Names of columns that stand in a citation."""


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    cells: tuple[str, ...]


def read_table(file: RawFile) -> Reading | Refusal:
    """One document; the section of a row is its number and the names of the columns."""
    decoded = decode(file.data)
    if isinstance(decoded, Refusal):
        return decoded
    text = decoded.text
    try:
        rows = _rows_within(file, text)
    except csv.Error:
        return Refusal(
            RefusalReason.DAMAGED,
            f"{file.path.name} cannot be read as a table: a quotation mark is never closed, or a "
            "cell is far too long. Save it again as CSV.",
        )
    if isinstance(rows, Refusal):
        return rows
    if not rows:
        return empty(file.path.name)
    names = _header(rows)
    blocks = tuple(_block(number, row, names) for number, row in enumerate(rows, start=1))
    document = ReadDocument(text=text, blocks=blocks, title=file.path.stem)
    return Reading((document,), (decoded.remark,) if decoded.remark else ())


def _rows_within(file: RawFile, text: str) -> list[_Row] | Refusal:
    rows: list[_Row] = []
    cells = 0
    for row in _rows(text, _delimiter(text, file.path.suffix.lower())):
        cells += len(row.cells)
        if cells > file.limits.max_cells:
            return Refusal(
                RefusalReason.TOO_LARGE,
                f"{file.path.name} has more than {file.limits.max_cells:,} cells. Split it, or "
                "raise the limit (ASKDOCS_MAX_CELLS).",
            )
        rows.append(row)
    return rows


def _delimiter(text: str, suffix: str) -> str:
    try:
        return str(csv.Sniffer().sniff(text[:_SAMPLE], _DELIMITERS).delimiter)
    except csv.Error:
        return "\t" if suffix == ".tsv" else ","


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """Yield the rows that hold anything, with their places.

    Lines end where the csv module ends them; what it takes for one row may be several lines.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    first = 0
    for cells in reader:
        start, end = starts[first], min(starts[reader.line_num] - 1, len(text))
        first = reader.line_num
        words = text[start:end]
        if any(cell.strip() for cell in cells) and any(map(str.isalnum, words)):
            begin = start + len(words) - len(words.lstrip())
            yield _Row(begin, start + len(words.rstrip()), tuple(cells))


def _header(rows: Sequence[_Row]) -> tuple[str, ...]:
    """Return the names of the columns, if the first row can be nothing else."""
    first = [cell.strip() for cell in rows[0].cells]
    is_header = (
        len(rows) > 1
        and len(first) > 1
        and all(first)
        and len(set(first)) == len(first)
        and not any(any(map(str.isdigit, cell)) for cell in first)
    )
    return tuple(first) if is_header else ()


def _block(number: int, row: _Row, names: Sequence[str]) -> Block:
    if names and number == 1:
        return Block(row.start, row.end, "heading", " · ".join(names[:_MOST_NAMES]))
    columns = f": {' · '.join(names[:_MOST_NAMES])}" if names else ""
    return Block(row.start, row.end, "cell", f"Row {number}{columns}")
