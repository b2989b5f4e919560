"""Promises of the reader of Excel workbooks, and of how rows and values become words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.cell_words import cell_words
from index.readers.files import RawFile
from index.readers.limits import ReadingLimits
from index.readers.sheet_rows import SheetCell, SheetRow, sheet_pieces
from index.readers.xlsx import read_xlsx


def result_of(data: bytes, **limits: int) -> Reading | Refusal:
    return read_xlsx(RawFile(Path("book.xlsx"), data, ReadingLimits(**limits)))


def read(data: bytes) -> ReadDocument:
    reading = result_of(data)
    assert isinstance(reading, Reading)
    assert reading.remarks == ()
    return reading.documents[0]


def words(document: ReadDocument) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def test_a_sheet_is_a_page_and_each_row_a_line(office) -> None:
    """Where the first row proves to name the columns, each value stands behind its name."""
    document = read(
        office.xlsx(
            {
                "Sales": [
                    ["Sales by region"],
                    ["Region", "Day", "Sales"],
                    ["North", date(2020, 5, 3), 120.0],
                    ["South", date(2020, 5, 4), None],
                    [],
                    ["West", date(2020, 5, 5), 7],
                ],
                "Notes": [["Call the harbour.", None, True]],
            },
            title="Year",
        )
    )
    assert words(document) == [
        "Sales by region",
        "Region\tDay\tSales",
        "Region: North; Day: 2020-05-03; Sales: 120",
        "Region: South; Day: 2020-05-04",
        "Region: West; Day: 2020-05-05; Sales: 7",
        "Call the harbour.\tTRUE",
    ]
    assert [(block.page, block.section) for block in document.blocks] == [
        *((1, f"Sales, row {row}") for row in (1, 2, 3, 4, 6)), (2, "Notes, row 1"),
    ]  # fmt: skip
    assert {block.kind for block in document.blocks} == {"cell"}
    assert document.title == "Year"


def rows_of(*rows: list[object], bold: bool = False) -> list[str]:
    cells = [
        SheetRow(n, [SheetCell(str(v or ""), not isinstance(v, str), bold and n == 1) for v in row])
        for n, row in enumerate(rows, start=1)
    ]
    return [piece.words for piece in sheet_pieces(cells, name="Sheet", page=1)]


def test_a_header_has_to_prove_itself() -> None:
    """A wrong guess would put false words into a quotation, so in doubt there is no header."""
    pairs = rows_of(["Name", "Alice"], ["Phone", 123], ["Fax", 456], ["Zip", 789])
    assert pairs == ["Name\tAlice", "Phone\t123", "Fax\t456", "Zip\t789"]
    one = rows_of(["Region", "Day", "Sales"], ["North", "May", 4])
    assert one == ["Region\tDay\tSales", "North\tMay\t4"]
    texts = [["Name", "Town", "Task"], ["Ada", "Mill", "Sails"], ["Bo", "Reed", "Ropes"]]
    assert rows_of(*texts)[1] == "Ada\tMill\tSails"
    assert rows_of(*texts, bold=True)[1] == "Name: Ada; Town: Mill; Task: Sails"
    twice = rows_of(["A", "A", "B"], [1, 2, 3], [4, 5, 6])
    assert twice[1] == "1\t2\t3"
    numbers = rows_of([2019, 2020, 2021], [1, 2, 3], [4, 5, 6])
    assert numbers[0] == "2019\t2020\t2021"


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (None, "General", ""),
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891, "General", "1234567.891"),
        (1e300, "General", "1e+300"),
        (0.125, "0%", "12%"),
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, "0.##", "1234.5"),
        (1200, '"$"#,##0', "$1,200"),
        (-1200, '"$"#,##0', "$-1,200"),
        (-0.001, "0", "0"),
        (9.5, "[$€-407] 0.00", "€ 9.50"),
        (9.5, '0.0" kg"', "9.5 kg"),
        (1.5, "[Red]0.0;[Blue]-0.0", "1.5"),
        (1500000, '0.0,,"M"', "1.5M"),
        (0.5, "# ?/?", "0.5"),
        (12345.0, "0.00E+00", "12345"),
        (True, "General", "TRUE"),
        ("two\nlines ", "@", "two lines"),
        (date(2020, 5, 3), "d mmm", "2020-05-03"),
        (datetime(2020, 5, 3), "d mmm", "2020-05-03"),  # noqa: DTZ001  sheets know no time zone
        (datetime(2020, 5, 3, 14, 30), "", "2020-05-03 14:30"),  # noqa: DTZ001
        (time(14, 30, 5), "", "14:30:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05:00"),
        (float("nan"), "0.0", "nan"),
    ],
)
def test_values_are_words(value: object, number_format: str, shown: str) -> None:
    """Values are shown as a person sees them, dates in their ISO form."""
    assert cell_words(value, number_format) == shown


def test_formulas_without_results_are_told(office) -> None:
    """Values are read and not formulas; where no result is stored, the remark says so."""
    result = result_of(office.xlsx({"A": [["Sum", 3, "=1+2"], ["Half", "=1/2"]]}))
    assert isinstance(result, Reading)
    assert words(result.documents[0]) == ["Sum\t3", "Half"]
    assert "not in the file: 2." in result.remarks[0]
    alone = result_of(office.xlsx({"A": [["=1+2"]]}))
    assert isinstance(alone, Refusal)
    assert alone.reason is RefusalReason.NO_TEXT
    assert "Formulas" in alone.message


def sheet_xml(office, rows: str) -> bytes:
    """A workbook whose only sheet is written by hand."""
    made = office.office_parts("xl/workbook.xml")
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    made["xl/workbook.xml"] = (
        f'<workbook {space} {office.SPACES}><sheets><sheet name="A" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    )
    made["xl/_rels/workbook.xml.rels"] = office.links({"rId1": ("worksheet", "worksheets/a.xml")})
    rows = f"<sheetData>{rows}</sheetData>"
    made["xl/worksheets/a.xml"] = f'<worksheet {space}><dimension ref="A1:C9"/>{rows}</worksheet>'
    made["[Content_Types].xml"] = made["[Content_Types].xml"].replace(
        "</Types>",
        '<Override PartName="/xl/worksheets/a.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.worksheet+xml"/></Types>',
    )
    return office.zipped(made)


def test_a_sparse_sheet_is_quick(office) -> None:
    """A sheet of a few bytes that claims its last row and column does not take a million steps."""
    near = '<row r="1"><c r="A1"><v>7</v></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    result = result_of(sheet_xml(office, near + far))
    assert isinstance(result, Reading)
    assert words(result.documents[0]) == ["7"]
    assert "Rows below row 100,000" in result.remarks[0]


def test_cells_have_a_limit(office) -> None:
    """What stands beyond the limit is left out, and the remark says from which row on."""
    data = office.xlsx({"A": [[n, n, n] for n in range(1, 11)]})
    result = result_of(data, max_cells=9)
    assert isinstance(result, Reading)
    assert len(result.documents[0].blocks) == 3
    assert "from row 4 of" in result.remarks[0]


def test_a_broken_sheet_is_told(office) -> None:
    """Rows before the fault are read."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 3_001))
    result = result_of(sheet_xml(office, rows + "<row></oops>"))
    assert isinstance(result, Reading)
    assert len(words(result.documents[0])) > 2_000
    assert "damaged" in result.remarks[0]


def test_without_a_workbook_it_is_damaged(office) -> None:
    """Missing parts and entities are refused."""
    made = office.office_parts("xl/workbook.xml")
    for content in (None, "<x", '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'):
        if content:
            made["xl/workbook.xml"] = content
        result = result_of(office.zipped(made))
        assert isinstance(result, Refusal)
        assert result.reason is RefusalReason.DAMAGED


def test_an_empty_workbook_is_no_text(office) -> None:
    """Sheets without a value hold nothing to ask about."""
    result = result_of(office.xlsx({"A": []}))
    assert isinstance(result, Refusal)
    assert result.reason is RefusalReason.NO_TEXT
