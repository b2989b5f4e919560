"""Promises of the reader of PowerPoint presentations."""

from __future__ import annotations

from pathlib import Path

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.files import RawFile
from index.readers.pptx import read_pptx


def result_of(data: bytes) -> Reading | Refusal:
    return read_pptx(RawFile(Path("talk.pptx"), data))


def read(data: bytes) -> ReadDocument:
    reading = result_of(data)
    assert isinstance(reading, Reading)
    assert reading.remarks == ()
    return reading.documents[0]


def parts(document: ReadDocument) -> list[tuple[str, int | None, str]]:
    """Kind, slide and words of each block."""
    return [(b.kind, b.page, document.text[b.start : b.end]) for b in document.blocks]


def test_a_slide_is_a_page_and_its_title_a_section(office) -> None:
    """Slides come in the order of the show, each with its title first, hidden ones too."""
    document = read(
        office.pptx(
            [
                office.slide(
                    office.shape("Two ships.", place="body")
                    + office.shape("The", "harbour", place="ctrTitle")
                ),
                office.slide(office.shape("Untitled words."), hidden=True),
                office.slide(office.shape("Masts", place="title") + office.shape("Tall.")),
            ]
        )
    )
    assert parts(document) == [
        ("heading", 1, "The harbour"),
        ("item", 1, "Two ships."),
        ("paragraph", 2, "Untitled words."),
        ("heading", 3, "Masts"),
        ("paragraph", 3, "Tall."),
    ]
    assert [block.section for block in document.blocks] == [
        "The harbour", "The harbour", None, "Masts", "Masts",
    ]  # fmt: skip
    assert document.title == "The harbour"


def test_groups_tables_and_lists(office) -> None:
    """Shapes inside groups, rows of tables and points of lists are read in their order."""
    plain = office.slide_paragraph("Plain.", "<a:pPr><a:buNone/></a:pPr>")
    point = office.slide_paragraph("Point", '<a:pPr><a:buChar char="-"/></a:pPr>')
    broken = "<a:p><a:r><a:t>We sailed to the</a:t></a:r><a:br/><a:r><a:t>north.</a:t></a:r></a:p>"
    document = read(
        office.pptx(
            [
                office.slide(
                    f"<p:grpSp><p:grpSpPr/><p:grpSp>{office.shape('Inside.')}</p:grpSp></p:grpSp>"
                    + office.slide_table(["Ship", "Crew"], ["Alba", "12"])
                    + office.slide_table(["Ship", "Crew"], ["Alba", "12"], header=True)
                    + office.shape(plain, "Listed", place="body")
                    + office.shape("Boxed.", point, broken)
                    + "<mc:AlternateContent><mc:Choice>" + office.shape("New.")
                    + "</mc:Choice><mc:Fallback>" + office.shape("New.")
                    + "</mc:Fallback></mc:AlternateContent>"
                )
            ]
        )
    )  # fmt: skip
    assert [(kind, words) for kind, _, words in parts(document)] == [
        ("paragraph", "Inside."),
        ("cell", "Ship\tCrew"),
        ("cell", "Alba\t12"),
        ("cell", "Ship\tCrew"),
        ("cell", "Ship: Alba; Crew: 12"),
        ("paragraph", "Plain."),
        ("item", "Listed"),
        ("paragraph", "Boxed."),
        ("item", "Point"),
        ("paragraph", "We sailed to the\nnorth."),
        ("paragraph", "New."),
    ]


def test_notes_and_charts(office) -> None:
    """Notes and comments stand after their slide; charts where they are shown."""
    notes = office.shape("Say hello.", place="body") + office.shape("7", place="sldNum")
    document = read(
        office.pptx(
            [office.slide(office.shape("Catch", place="title") + "<c:chart r:id='rId8'/>")],
            targets={
                0: {
                    "rId7": ("notesSlide", "../notesSlides/n.xml"),
                    "rId8": ("chart", "../charts/c.xml"),
                    "rId9": ("comments", "../comments/c.xml"),
                }
            },
            parts={
                "ppt/notesSlides/n.xml": office.slide(notes, tag="p:notes"),
                "ppt/comments/c.xml": f"<p:cmLst {office.SPACES}><p:cm><p:text>Really?</p:text>"
                "</p:cm></p:cmLst>",
                "ppt/charts/c.xml": office.chart("By month", "Tons", {"May": "3"}),
            },
        )
    )
    assert [(words, block.section) for (_, _, words), block in
            zip(parts(document), document.blocks, strict=True)] == [
        ("Catch", "Catch"), ("By month", "Catch"), ("May; Tons: 3", "Catch"),
        ("Say hello.", "Catch (notes)"), ("Really?", "Catch"),
    ]  # fmt: skip


def test_what_repeats_is_no_evidence(office) -> None:
    """Footers, dates and numbers of slides, marked as such or not, are boilerplate."""
    slides = [
        office.slide(
            office.shape(f"Fact {n}.")
            + office.shape("Harbour Board")
            + office.shape("Footer", place="ftr")
        )
        for n in range(4)
    ]
    kinds = {words: kind for kind, _, words in parts(read(office.pptx(slides)))}
    assert kinds["Fact 2."] == "paragraph"
    assert kinds["Harbour Board"] == kinds["Footer"] == "boilerplate"


def test_a_damaged_slide_is_told(office) -> None:
    """The others keep their numbers, and the remark says which one is missing."""
    made = office.pptx_parts([office.slide(office.shape(f"Fact {n}.")) for n in range(3)])
    del made["ppt/slides/slide2.xml"]
    result = result_of(office.zipped(made))
    assert isinstance(result, Reading)
    assert parts(result.documents[0]) == [("paragraph", 1, "Fact 0."), ("paragraph", 3, "Fact 2.")]
    assert "Slide 2 was not read." in result.remarks


def test_without_the_order_slides_come_by_name(office) -> None:
    """Where the list of slides is gone, their names give the order."""
    made = office.pptx_parts([office.slide(office.shape(f"Fact {n}.")) for n in range(11)])
    made["ppt/presentation.xml"] = "broken"
    result = result_of(office.zipped(made))
    assert isinstance(result, Reading)
    assert result.remarks
    assert parts(result.documents[0])[0][2] == "Fact 10."
    assert parts(result.documents[0])[10][2] == "Fact 0."


def test_pictures_alone_are_no_text(office) -> None:
    """A presentation without a word, and one without slides, are refused."""
    empty = result_of(office.pptx([office.slide("<p:pic/>")]))
    assert isinstance(empty, Refusal)
    assert empty.reason is RefusalReason.NO_TEXT
    none = result_of(office.pptx([]))
    assert isinstance(none, Refusal)
    assert none.reason is RefusalReason.DAMAGED
