"""What does a CSV file say, row by row?"""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Reading, Refusal, RefusalReason
from index.readers import ReadingLimits
from index.readers.files import RawFile
from index.readers.tables import read_table

MILLS = 'Name,River,Built\nOld Mill,Aller,1821\n\n"Mill, New","Leine\nand Oker",1902\n'


@pytest.fixture
def read(tmp_path):
    """Read text or bytes as a table."""

    def read_one(data, name="mills.csv", **limits):
        raw = data if isinstance(data, bytes) else data.encode()
        return read_table(RawFile(tmp_path / name, raw, ReadingLimits(**limits)))

    return read_one


def rows(reading):
    document = reading.documents[0]
    return [(document.text[b.start : b.end], b.section) for b in document.blocks]


def test_a_row_is_a_block_just_as_it_stands(read):
    """Rows are stretches of the file itself, line ends inside quotes included."""
    assert rows(read(MILLS)) == [
        ("Name,River,Built", "Name · River · Built"),
        ("Old Mill,Aller,1821", "Row 2: Name · River · Built"),
        ('"Mill, New","Leine\nand Oker",1902', "Row 3: Name · River · Built"),
    ]
    assert read(MILLS).documents[0].text == MILLS


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_understood(read, sign):
    """Columns may be told apart by a comma, a semicolon, a tab or an upright stroke."""
    table = f"Name{sign}River\nOld Mill{sign}Aller\nNew Mill{sign}Leine\n"
    assert [section for _, section in rows(read(table))] == [
        "Name · River",
        "Row 2: Name · River",
        "Row 3: Name · River",
    ]


def test_a_table_of_figures_has_no_header(read):
    """A first row with figures is a row like others."""
    assert rows(read("1,2\n3,4\n"))[0] == ("1,2", "Row 1")


def test_too_many_cells_are_refused(read):
    """A table beyond the limit names the setting."""
    refusal = read("a,b\n" * 100, max_cells=100)
    assert refusal.reason is RefusalReason.TOO_LARGE
    assert "ASKDOCS_MAX_CELLS" in refusal.message


def test_an_empty_table_is_refused(read):
    """Commas alone are no text."""
    assert read(",,,\n,,\n").reason is RefusalReason.EMPTY


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.just("\n"), max_size=8
)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=8))
def test_every_row_that_was_written_is_found(tmp_path_factory, table):
    """A block holds just the row that the csv module wrote there."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    path = tmp_path_factory.getbasetemp() / "a.csv"
    result = read_table(RawFile(path, buffer.getvalue().encode()))
    wanted = [row for row in table if any(map(str.isalnum, "".join(row)))]
    if isinstance(result, Refusal):
        assert not wanted
        return
    text = result.documents[0].text
    found = [
        next(csv.reader(io.StringIO(text[b.start : b.end]))) for b in result.documents[0].blocks
    ]
    assert found == wanted


@given(st.binary(max_size=120) | st.text('",;\n\r ab1\t|', max_size=60).map(str.encode))
def test_any_bytes_end_in_a_reading_or_a_refusal(tmp_path_factory, data):
    """Whatever stands in a table, it is read or refused, and places hold."""
    result = read_table(RawFile(tmp_path_factory.getbasetemp() / "a.csv", data))
    assert isinstance(result, Reading | Refusal)
    for document in result.documents if isinstance(result, Reading) else ():
        for block in document.blocks:
            assert document.text[block.start : block.end].strip()
