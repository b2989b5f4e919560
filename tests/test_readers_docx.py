"""Promises of the reader of Word documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.docx import read_docx
from index.readers.files import RawFile


def result_of(data: bytes, name: str = "paper.docx") -> Reading | Refusal:
    return read_docx(RawFile(Path(name), data))


def read(data: bytes) -> ReadDocument:
    reading = result_of(data)
    assert isinstance(reading, Reading)
    assert reading.remarks == ()
    return reading.documents[0]


def parts(document: ReadDocument) -> list[tuple[str, str]]:
    """Pair the kind of each block with its words."""
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def words(document: ReadDocument) -> list[str]:
    return [part for _, part in parts(document)]


def test_the_body_is_read_in_order(office) -> None:
    """Headings open sections, lists are items, tables are rows between the paragraphs."""
    document = read(
        office.docx(
            office.paragraph("The harbour report", "Titel")
            + office.paragraph("Before everything.")
            + office.paragraph("Ships", "berschrift1")
            + office.paragraph("Two ships came.")
            + office.table(["Ship", "Crew"], ["Alba", "12"])
            + office.paragraph("Masts", "Kapitel")
            + office.paragraph("The first", "Liste")
            + office.paragraph("<w:pPr><w:outlineLvl w:val='2'/></w:pPr>" + office.run("Sails"))
            + office.paragraph("They are white.", "Round")
        )
    )
    assert parts(document) == [
        ("heading", "The harbour report"),
        ("paragraph", "Before everything."),
        ("heading", "Ships"),
        ("paragraph", "Two ships came."),
        ("cell", "Ship\tCrew"),
        ("cell", "Alba\t12"),
        ("heading", "Masts"),
        ("item", "The first"),
        ("heading", "Sails"),
        ("paragraph", "They are white."),
    ]
    assert [block.section for block in document.blocks] == [
        "The harbour report", None, "Ships", "Ships", "Ships", "Ships", "Masts", "Masts",
        "Sails", "Sails",
    ]  # fmt: skip
    assert document.title == "The harbour report"


@pytest.mark.parametrize(
    ("inside", "seen"),
    [
        ("<w:ins w:id='1'>{new}</w:ins>", "Old new end."),
        ("<w:moveTo w:id='1'>{new}</w:moveTo>", "Old new end."),
        ("<w:del><w:r><w:delText>new </w:delText></w:r></w:del>", "Old end."),
        ("<w:del>{new}</w:del>", "Old end."),
        ("<w:moveFrom w:id='1'>{new}</w:moveFrom>", "Old end."),
        ("<w:sdt><w:sdtPr/><w:sdtContent>{new}</w:sdtContent></w:sdt>", "Old new end."),
        ("<w:smartTag w:element='x'>{new}</w:smartTag>", "Old new end."),
        ("<w:customXml>{new}</w:customXml>", "Old new end."),
        ("<w:hyperlink r:id='rId9'>{new}</w:hyperlink>", "Old new end."),
        ("<w:fldSimple w:instr='AUTHOR'>{new}</w:fldSimple>", "Old new end."),
        ("<m:oMath><m:r><m:t>new </m:t></m:r></m:oMath>", "Old new end."),
        ("<w:ruby><w:rt>{no}</w:rt><w:rubyBase>{new}</w:rubyBase></w:ruby>", "Old new end."),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>", "Old end."),
        ("<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>new </w:t></w:r>", "Old new end."),
        ("<w:r><w:t>new</w:t><w:tab/></w:r>", "Old new end."),
        ("<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>new </w:t></w:r>", "Old well-new end."),
        ("<w:r><w:t>sh</w:t><w:softHyphen/><w:t>ip </w:t></w:r>", "Old ship end."),
        ("<w:r><w:sym w:font='Symbol' w:char='00B1'/></w:r>", "Old ±end."),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>", "Old end."),
        ("<w:r><w:sym w:char='D800'/><w:sym w:char='x'/><w:sym/></w:r>", "Old end."),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{no}</w:sdtContent></w:sdt>",
            "Old end.",
        ),
    ],
)
def test_every_kind_of_inline_text(office, inside: str, seen: str) -> None:
    """What a person sees is there once; deleted, hidden and placeholder text is not."""
    inside = inside.format(new=office.run("new "), no=office.run("no "))
    document = read(office.docx(office.paragraph(office.run("Old ") + inside + office.run("end."))))
    assert words(document) == [seen]


def test_controls_round_whole_paragraphs_are_read(office) -> None:
    """A content control may hold paragraphs, tables, rows and cells."""
    row = "<w:tr><w:sdt><w:sdtContent><w:tc>{}</w:tc></w:sdtContent></w:sdt><w:tc>{}</w:tc></w:tr>"
    row = row.format(office.paragraph("Alba"), office.paragraph("12"))
    document = read(
        office.docx(
            "<w:sdt><w:sdtContent>"
            + office.paragraph("Held.")
            + f"<w:tbl><w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt></w:tbl>"
            + "</w:sdtContent></w:sdt>"
            + "<w:customXml>" + office.paragraph("Marked.") + "</w:customXml>"
        )
    )  # fmt: skip
    assert words(document) == ["Held.", "Alba\t12", "Marked."]


def test_a_text_box_is_read_once(office) -> None:
    """Word writes a text box twice, for new and for old programs."""
    document = read(
        office.docx(office.paragraph(office.run("Beside.") + office.text_box("In the box.")))
    )
    assert words(document) == ["Beside.", "In the box."]


def test_of_two_forms_the_newer_is_read(office) -> None:
    """Where old programs are shown something else, what new ones show counts."""
    both = "<w:r><mc:AlternateContent><mc:Fallback><w:t>old</w:t></mc:Fallback>"
    both += "<mc:Choice><w:t>new</w:t></mc:Choice></mc:AlternateContent></w:r>"
    assert words(read(office.docx(office.paragraph(both)))) == ["new"]


def test_hints_of_empty_controls_are_not_read(office) -> None:
    """A control that nobody filled in shows a hint, which is no part of the document."""
    hint = office.paragraph("Click here to enter text.")
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    document = read(office.docx(control.format(hint) + office.paragraph("Filled.")))
    assert words(document) == ["Filled."]


def test_a_paragraph_can_be_taken_out_of_its_list(office) -> None:
    """The number 0 says that a paragraph in the style of a list is none of its items."""
    out = "<w:pPr><w:pStyle w:val='Liste'/><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr>"
    document = read(
        office.docx(office.paragraph("Item", "Liste") + office.paragraph(out + office.run("Plain")))
    )
    assert parts(document) == [("item", "Item"), ("paragraph", "Plain")]


def test_a_box_for_old_programs_is_read(office) -> None:
    """Where there is only the form for old programs, that is read."""
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{office.paragraph('Old box.')}"
    box += "</w:txbxContent></v:textbox></w:pict></w:r>"
    assert words(read(office.docx(office.paragraph(box)))) == ["Old box."]


def test_tables_inside_tables_have_rows_of_their_own(office) -> None:
    """The row comes first, then the rows of the table inside one of its cells."""
    inner = office.table(["e", "f"], ["g", "h"])
    document = read(office.docx(office.table(["a", office.paragraph("b") + inner], ["c", "d"])))
    assert words(document) == ["a\tb", "e\tf", "g\th", "c\td"]


def test_a_marked_header_names_the_values(office) -> None:
    """Where Word repeats a row as the header, each value stands behind its name."""
    document = read(
        office.docx(office.table(["Town", "People"], ["Mill", "300"], ["", "4"], header=True))
    )
    assert words(document) == ["Town\tPeople", "Town: Mill; People: 300", "People: 4"]


def test_two_rows_of_headers_name_nothing(office) -> None:
    """Which of them names a column cannot be known, so the values stand alone."""
    rows = office.table(["Place", ""], ["Town", "People"], ["Mill", "300"], header=True)
    rows = rows.replace("</w:tr><w:tr>", "</w:tr><w:tr><w:trPr><w:tblHeader/></w:trPr>", 1)
    assert words(read(office.docx(rows))) == ["Place", "Town\tPeople", "Mill\t300"]


@pytest.mark.parametrize("columns", ["2", "x", "-1", "0", "9" * 5_000, "²"])
def test_stretched_cells(office, columns: str) -> None:
    """A cell over several columns has no name of its own, whatever number the file gives it."""
    rows = office.table(["Town", "People"], ["Mill"], header=True)
    span = f'<w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr><w:p><w:r><w:t>Mill'
    rows = rows.replace('<w:tc><w:p><w:r><w:t xml:space="preserve">Mill', span)
    assert words(read(office.docx(rows))) == ["Town\tPeople", "Mill"]


def test_long_cells_side_by_side_are_no_row(office) -> None:
    """Columns of a newsletter are read one after the other."""
    columns = ["One long column. " * 60, "Another long column. " * 60]
    assert len(words(read(office.docx(office.table(columns))))) == 2


def test_a_table_that_is_layout_is_read_as_text(office) -> None:
    """One column, or many paragraphs side by side, are paragraphs and no row of values."""
    long = "".join(office.paragraph(f"Sentence number {n}.") for n in range(9))
    document = read(office.docx(office.table(["A box."]) + office.table([long, "Beside."])))
    assert {kind for kind, _ in parts(document)} == {"paragraph"}
    assert words(document)[-1] == "Beside."


def test_deleted_rows_are_not_read(office) -> None:
    """A row whose deletion is tracked is gone."""
    rows = office.table(["a", "b"], ["c", "d"])
    rows = rows.replace("<w:tr>", "<w:tr><w:trPr><w:del w:id='1'/></w:trPr>", 1)
    assert words(read(office.docx(rows))) == ["c\td"]


def test_a_deleted_end_of_paragraph_joins_two(office) -> None:
    """A paragraph whose end was deleted goes on in the next."""
    mark = "<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>"
    document = read(
        office.docx(office.paragraph(mark + office.run("One ")) + office.paragraph("sentence."))
    )
    assert words(document) == ["One sentence."]


def test_notes_stand_after_their_paragraph(office) -> None:
    """Footnotes and endnotes are read once, below the paragraph or row that refers to them."""
    refers = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="2"/></w:r>'
    document = read(
        office.docx(
            office.paragraph(office.run("Text") + refers + office.run(" goes on."))
            + office.paragraph(office.run("Again.") + refers)
            + office.table([office.paragraph(refers.replace("2", "3")), "x"]),
            targets={"rId2": ("footnotes", "footnotes.xml"), "rId3": ("endnotes", "/word/e.xml")},
            parts={
                "word/footnotes.xml": office.docx_notes("footnote", {2: "Below.", 3: "Cell."}),
                "word/e.xml": office.docx_notes("endnote", {2: "At the end."}),
            },
        )
    )
    assert words(document) == ["Text goes on.", "Below.", "At the end.", "Again.", "x", "Cell."]


def test_comments_are_no_evidence(office) -> None:
    """What others wrote beside the text is kept below its paragraph, as boilerplate."""
    document = read(
        office.docx(
            office.paragraph(office.run("Text.") + "<w:r><w:commentReference w:id='4'/></w:r>"),
            targets={"rId2": ("comments", "comments.xml")},
            parts={"word/comments.xml": office.docx_notes("comment", {4: "Really?"})},
        )
    )
    assert parts(document) == [("paragraph", "Text."), ("boilerplate", "Really?")]


def test_headers_and_footers_are_no_evidence(office) -> None:
    """What repeats on every page is kept, once, as boilerplate."""
    header = f"{office.HEAD}<w:hdr {office.SPACES}>{office.paragraph('Secret paper')}</w:hdr>"
    document = read(
        office.docx(
            office.paragraph("Words."),
            targets={
                "rId2": ("header", "header1.xml"), "rId3": ("header", "header2.xml"),
                "rId4": ("footer", "footer1.xml"),
            },
            parts={
                "word/header1.xml": header, "word/header2.xml": header,
                "word/footer1.xml": header.replace("Secret paper", "Page 1"),
            },
        )
    )  # fmt: skip
    assert parts(document) == [
        ("boilerplate", "Secret paper"), ("paragraph", "Words."), ("boilerplate", "Page 1"),
    ]  # fmt: skip


def test_codes_of_fields_are_not_shown(office) -> None:
    """Of a field its result is read; one that never ends hides nothing of the next paragraph."""
    turn = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    code = "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>" + office.run("code")
    document = read(
        office.docx(
            office.paragraph(
                turn("begin") + code + turn("separate") + office.run("Result") + turn("end")
                + office.run(" and more.")
            )
            + office.paragraph(turn("begin") + office.run("Lost"))
            + office.paragraph("Not lost.")
        )
    )  # fmt: skip
    assert words(document) == ["Result and more.", "Not lost."]


def test_the_table_of_contents_is_no_evidence(office) -> None:
    """Its lines repeat the headings."""
    document = read(
        office.docx(office.paragraph("Ships 3", "Verzeichnis1") + office.paragraph("Words."))
    )
    assert parts(document)[0] == ("boilerplate", "Ships 3")


def test_line_breaks_stay(office) -> None:
    """Lines of an address are blocks; a sentence that goes on in the next line is one block."""
    lines = "<w:r><w:t>Mill Road 3</w:t><w:br/><w:t>Tarwick</w:t></w:r>"
    goes_on = "<w:r><w:t>We sailed to the</w:t><w:br/><w:t>north of it.</w:t></w:r>"
    document = read(office.docx(office.paragraph(lines) + office.paragraph(goes_on)))
    assert words(document) == ["Mill Road 3", "Tarwick", "We sailed to the\nnorth of it."]


def test_pages_are_those_that_word_laid_out(office) -> None:
    """Each block has the page on which it begins; without Word's marks there are none."""
    turned = "<w:r><w:lastRenderedPageBreak/><w:t>Second page.</w:t></w:r>"
    across = "<w:r><w:t>Begins </w:t><w:lastRenderedPageBreak/><w:t>and ends.</w:t></w:r>"
    document = read(
        office.docx(
            office.paragraph("First page.")
            + office.paragraph(turned) + office.paragraph(across) + office.paragraph("Third.")
        )
    )  # fmt: skip
    assert [block.page for block in document.blocks] == [1, 2, 2, 3]
    plain = read(office.docx(office.paragraph("First page.")))
    assert plain.blocks[0].page is None


def test_charts_diagrams_and_inserted_pages_are_read(office) -> None:
    """Words in parts of their own stand where they are shown, each once."""
    shown = "<w:r><w:drawing><c:chart r:id='rId5'/></w:drawing></w:r>"
    diagram = "<w:r><w:drawing><dgm:relIds r:dm='rId6'/></w:drawing></w:r>"
    document = read(
        office.docx(
            office.paragraph(office.run("See.") + shown + shown + diagram)
            + "<w:altChunk r:id='rId7'/>",
            targets={
                "rId5": ("chart", "charts/chart1.xml"), "rId6": ("diagramData", "d.xml"),
                "rId7": ("aFChunk", "page.html"),
            },
            parts={
                "word/charts/chart1.xml": office.chart("Catch", "Tons", {"May": "3", "June": "4"}),
                "word/d.xml": f"{office.HEAD}<dgm:dataModel {office.SPACES}><dgm:t><a:p><a:r>"
                "<a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:dataModel>",
                "word/page.html": "<html><body><h2>Inserted</h2><p>Page.</p></body></html>",
            },
        )
    )  # fmt: skip
    assert words(document) == [
        "See.", "Catch", "May; Tons: 3", "June; Tons: 4", "Plan", "Inserted", "Page.",
    ]  # fmt: skip


def test_metadata_is_the_files_own(office) -> None:
    """Title and author are those of the file, the date is that of its last change."""
    document = read(
        office.docx(office.paragraph("Words."), title="Harbour &amp; ships", author="Ada Mill")
    )
    assert (document.title, document.source, document.published) == (
        "Harbour & ships", "Ada Mill", "2020-11-21",
    )  # fmt: skip


@pytest.mark.parametrize("title", ["", "Microsoft Word - a.doc", "Untitled 1", "paper.docx"])
def test_titles_made_up_by_programs_do_not_count(office, title: str) -> None:
    """Without a title of its own, the file has that of its first line if it is a heading."""
    body = office.paragraph("Ships", "berschrift1") + office.paragraph("Words.")
    assert read(office.docx(body, title=title, author="python-docx")).title == "Ships"
    assert read(office.docx(office.paragraph("Words."), title=title)).title == "paper"


def test_the_strict_dialect_is_read(office) -> None:
    """The ISO form of the format has other names for the same elements."""
    made = office.docx_parts(office.paragraph("Strict."))
    strict = {
        name: content.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in made.items()
    }
    assert words(read(office.zipped(strict))) == ["Strict."]


class TestDamage:
    """What is whole is read, and the remark says what is missing."""

    def test_a_document_that_breaks_off(self, office) -> None:
        """What stands before the fault is read."""
        made = office.docx_parts(office.paragraph("Whole.") + office.paragraph("Also."))
        made["word/document.xml"] = made["word/document.xml"].replace("Also.</w:t>", "Al</w:u>")
        reading = result_of(office.zipped(made))
        assert isinstance(reading, Reading)
        assert words(reading.documents[0]) == ["Whole."]
        assert "breaks off" in reading.remarks[0]

    @pytest.mark.parametrize("content", ["", "<w:document", "no markup", None])
    def test_nothing_is_whole(self, office, content: str | None) -> None:
        """Without a body the file is damaged."""
        made = office.docx_parts(office.paragraph("Words."))
        if content is None:
            del made["word/document.xml"]
        else:
            made["word/document.xml"] = content
        result = result_of(office.zipped(made))
        assert isinstance(result, Refusal)
        assert result.reason is RefusalReason.DAMAGED

    def test_notes_that_are_missing(self, office) -> None:
        """A part that is named but not there is told."""
        result = result_of(
            office.docx(office.paragraph("Words."), targets={"rId2": ("footnotes", "gone.xml")})
        )
        assert isinstance(result, Reading)
        assert "gone.xml is missing" in result.remarks[0]

    @pytest.mark.parametrize("part", ["word/styles.xml", "_rels/.rels", "[Content_Types].xml"])
    def test_parts_one_can_do_without(self, office, part: str) -> None:
        """Without styles or relationships the words are still there."""
        made = office.docx_parts(office.paragraph("Words.", "Heading1") + office.paragraph("More."))
        del made[part]
        result = result_of(office.zipped(made))
        assert isinstance(result, Reading)
        assert words(result.documents[0]) == ["Words.", "More."]

    def test_a_document_without_words(self, office) -> None:
        """Pictures alone are no text."""
        result = result_of(office.docx(office.paragraph("<w:r><w:drawing/></w:r>")))
        assert isinstance(result, Refusal)
        assert result.reason is RefusalReason.NO_TEXT
