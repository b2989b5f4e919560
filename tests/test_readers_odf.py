"""Promises of the readers of OpenDocument texts, presentations and spreadsheets."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.files import RawFile
from index.readers.odf import read_odp, read_ods, read_odt


def result_of(data: bytes, reader=read_odt) -> Reading | Refusal:
    return reader(RawFile(Path("paper.odt"), data))


def read(data: bytes, reader=read_odt) -> ReadDocument:
    reading = result_of(data, reader)
    assert isinstance(reading, Reading)
    assert reading.remarks == ()
    return reading.documents[0]


def parts(document: ReadDocument) -> list[tuple[str, str]]:
    """Pair the kind of each block with its words."""
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def words(document: ReadDocument) -> list[str]:
    return [part for _, part in parts(document)]


def test_the_body_is_read_in_order(office) -> None:
    """Headings open sections, lists are items, tables are rows between the paragraphs."""
    row = "<table:table-row>{}</table:table-row>".format
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    document = read(
        office.odf(
            "text",
            '<text:p text:style-name="P1">The harbour report</text:p>'
            "<text:p>Before everything.</text:p>"
            '<text:h text:outline-level="1">Ships</text:h>'
            "<text:list><text:list-item><text:p>One</text:p><text:list><text:list-item>"
            "<text:p>Inside one</text:p></text:list-item></text:list></text:list-item></text:list>"
            "<table:table><table:table-header-rows>"
            + row(cell("Ship") + cell("Crew"))
            + "</table:table-header-rows>" + row(cell("Alba") + cell("12"))
            + "</table:table>"
            "<text:section><text:p>In a section.</text:p></text:section>"
            '<text:section text:display="none"><text:p>Hidden.</text:p></text:section>',
            styles='<style:style style:name="P1" style:family="paragraph" '
            'style:parent-style-name="Title"/>',
        )
    )  # fmt: skip
    assert parts(document) == [
        ("heading", "The harbour report"),
        ("paragraph", "Before everything."),
        ("heading", "Ships"),
        ("item", "One"),
        ("item", "Inside one"),
        ("cell", "Ship\tCrew"),
        ("cell", "Ship: Alba; Crew: 12"),
        ("paragraph", "In a section."),
        ("boilerplate", "Hidden."),
    ]
    assert [block.section for block in document.blocks][:4] == [
        "The harbour report", None, "Ships", "Ships",
    ]  # fmt: skip
    assert (document.title, document.source, document.published) == (
        "The harbour report", "Ada Mill", "2020-11-21",
    )  # fmt: skip


RUBY = (
    "<text:ruby><text:ruby-base>new </text:ruby-base><text:ruby-text>no</text:ruby-text>"
    "</text:ruby>"
)
NOTE = (
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Below.</text:p>"
    "</text:note-body></text:note>"
)
BOX = (
    "<draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box><svg:title>no</svg:title>"
    "</draw:frame>"
)
COMMENT = (
    "<office:annotation><dc:creator>no</dc:creator><text:p>Really?</text:p></office:annotation>"
)
SHAPE = "<draw:g><draw:custom-shape><text:p>Shaped.</text:p></draw:custom-shape></draw:g>"


@pytest.mark.parametrize(
    ("inside", "seen"),
    [
        ("<text:span>new </text:span>", ["Old new end."]),
        ("<text:a>new </text:a>", ["Old new end."]),
        ("new<text:s text:c='3'/>", ["Old new end."]),
        ("new<text:tab/>", ["Old new end."]),
        ("<text:change-start/>new <text:change-end/>", ["Old new end."]),
        ("<text:change/>", ["Old end."]),
        (COMMENT, ["Old end.", "Really?"]),
        ("<text:page-number>new </text:page-number>", ["Old new end."]),
        (RUBY, ["Old new end."]),
        (NOTE, ["Old end.", "Below."]),
        (BOX, ["Old end.", "Boxed."]),
        (SHAPE, ["Old end.", "Shaped."]),
        ("new\n   ", ["Old new end."]),
        ("<text:line-break/>The ", ["Old", "The end."]),
    ],
)
def test_every_kind_of_inline_text(office, inside: str, seen: list[str]) -> None:
    """What a person sees is there once; descriptions of pictures are not."""
    assert words(read(office.odf("text", f"<text:p>Old {inside}end.</text:p>"))) == seen


def test_deleted_text_is_not_read(office) -> None:
    """What was deleted while changes were tracked stands in a list of its own."""
    document = read(
        office.odf(
            "text",
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes><text:p>Here.</text:p>",
        )
    )
    assert words(document) == ["Here."]


def test_headers_and_contents_are_no_evidence(office) -> None:
    """Headers, footers and the table of contents are kept as boilerplate."""
    document = read(
        office.odf(
            "text",
            "<text:table-of-content><text:table-of-content-source><text:p>no</text:p>"
            "</text:table-of-content-source><text:index-body><text:p>Ships 3</text:p>"
            "</text:index-body></text:table-of-content><text:p>Words.</text:p>",
            pages="<style:master-page><style:header><text:p>Secret</text:p></style:header>"
            "<style:footer><text:p>Page 1</text:p></style:footer></style:master-page>",
        )
    )
    assert parts(document) == [
        ("boilerplate", "Secret"), ("boilerplate", "Ships 3"), ("paragraph", "Words."),
        ("boilerplate", "Page 1"),
    ]  # fmt: skip


def test_slides(office) -> None:
    """A slide is a page, its title a section, and its notes stand after it."""
    frame = "<draw:frame{}><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>".format
    document = read(
        office.odf(
            "presentation",
            "<draw:page>" + frame("", "Two ships.")
            + frame(' presentation:class="title"', "The harbour")
            + "<presentation:notes>" + frame("", "Say hello.") + "</presentation:notes>"
            + "</draw:page><draw:page>" + frame("", "More.") + "</draw:page>",
        ),
        read_odp,
    )  # fmt: skip
    found = [
        (document.text[block.start : block.end], block.page, block.section)
        for block in document.blocks
    ]
    assert found == [
        ("The harbour", 1, "The harbour"),
        ("Two ships.", 1, "The harbour"),
        ("Say hello.", 1, "The harbour (notes)"),
        ("More.", 2, None),
    ]
    assert document.title == "The harbour"


def test_sheets(office) -> None:
    """A sheet is a page; values are those shown; repetition has an end."""

    def row(*cells: str, attributes: str = "") -> str:
        return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"

    def cell(words: str, kind: str = "string", attributes: str = "") -> str:
        shown = f"<text:p>{words}</text:p>" if words else ""
        return (
            f'<table:table-cell office:value-type="{kind}" {attributes}>{shown}</table:table-cell>'
        )

    many = 'table:number-rows-repeated="1048576"'
    wide = 'table:number-columns-repeated="1000000"'
    document = read(
        office.odf(
            "spreadsheet",
            '<table:table table:name="Sales">'
            + row(cell("Region"), cell("Day"), cell("Share"))
            + row(cell("North"), cell("3 May", "date"), cell("12.5 %", "percentage"))
            + row(cell("South"), cell("4 May", "date"), cell("7 %", "percentage"))
            + row(cell("", attributes=wide), attributes=many)
            + '</table:table><table:table table:name="Other">'
            + row(cell("same", attributes=wide), attributes=many)
            + "</table:table>",
        ),
        read_ods,
    )
    assert words(document)[:3] == [
        "Region\tDay\tShare",
        "Region: North; Day: 3 May; Share: 12.5 %",
        "Region: South; Day: 4 May; Share: 7 %",
    ]
    assert [(block.page, block.section) for block in document.blocks] == [
        (1, "Sales, row 1"), (1, "Sales, row 2"), (1, "Sales, row 3"), (2, "Other, row 1"),
    ]  # fmt: skip
    assert len(document.text) < 2_000


def test_tables_in_repeated_cells_do_not_multiply(office) -> None:
    """A table in a cell that is repeated, in a table in such a cell …, is read once."""
    opened = '<table:table><table:table-row><table:table-cell table:number-columns-repeated="100">'
    closed = "</table:table-cell></table:table-row></table:table>"
    document = read(
        office.odf("text", opened * 12 + "<text:p>x</text:p>" + closed * 12 + "<text:p>y</text:p>")
    )
    assert words(document) == ["\t".join("x" * 100), "y"]


def test_a_protected_file_is_told(office) -> None:
    """The manifest says which parts are encrypted."""
    made = office.odf_parts("text", "<text:p>x</text:p>")
    made["META-INF/manifest.xml"] = (
        "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    )
    result = result_of(office.zipped(made))
    assert isinstance(result, Refusal)
    assert result.reason is RefusalReason.ENCRYPTED


@pytest.mark.parametrize("part", ["styles.xml", "meta.xml", "META-INF/manifest.xml"])
def test_parts_one_can_do_without(office, part: str) -> None:
    """Without styles or metadata the words are still there."""
    made = office.odf_parts("text", "<text:p>Words.</text:p>")
    del made[part]
    result = result_of(office.zipped(made))
    assert isinstance(result, Reading)
    assert words(result.documents[0]) == ["Words."]


def test_a_text_that_breaks_off(office) -> None:
    """What stands before the fault is read, and the remark says that something is missing."""
    made = office.odf_parts("text", "<text:p>Whole.</text:p><text:p>Hal</text:q>")
    result = result_of(office.zipped(made))
    assert isinstance(result, Reading)
    assert words(result.documents[0]) == ["Whole."]
    assert "breaks off" in result.remarks[0]


def test_without_a_body_it_is_damaged(office) -> None:
    """Another kind of content, or none, is damage."""
    for content in ("", "<x/>"):
        made = office.odf_parts("text", "") | {"content.xml": content}
        result = result_of(office.zipped(made))
        assert isinstance(result, Refusal)
        assert result.reason is RefusalReason.DAMAGED
