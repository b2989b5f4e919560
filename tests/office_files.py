"""How do tests get Office files and books? They are written here, part by part, as bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "v": "urn:schemas-microsoft-com:vml",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    }.items()
)
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_MAIN_TYPES = {
    "word/document.xml": "wordprocessingml.document.main",
    "ppt/presentation.xml": "presentationml.presentation.main",
    "xl/workbook.xml": "spreadsheetml.sheet.main",
}


def zipped(parts: Mapping[str, str | bytes], *, first_stored: bool = False) -> bytes:
    """Pack ``parts``, in order; always the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for place, (name, content) in enumerate(parts.items()):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            stored = first_stored and place == 0
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return stream.getvalue()


def unzipped(data: bytes) -> dict[str, str | bytes]:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def links(targets: Mapping[str, tuple[str, str]]) -> str:
    """A part of relationships: ``{id: (kind, target)}``."""
    inside = "".join(
        f'<Relationship Id="{key}" Type="{kind if "://" in kind else _RELATED + kind}"'
        f' Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{space}">{inside}</Relationships>'


def office_parts(main: str, *, title: str = "", author: str = "") -> dict[str, str | bytes]:
    """What every Office package has beside its main part."""
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = f"application/vnd.openxmlformats-officedocument.{_MAIN_TYPES[main]}+xml"
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{space}"><Override PartName="/{main}" '
        f'ContentType="{kind}"/></Types>',
        "_rels/.rels": links(
            {"rId1": ("officeDocument", main), "rId2": (_CORE, "docProps/core.xml")}
        ),
        "docProps/core.xml": f"{HEAD}<cp:coreProperties {SPACES}><dc:title>{title}</dc:title>"
        f"<dc:creator>{author}</dc:creator><dcterms:created>2019-03-04T05:06:07Z"
        "</dcterms:created><dcterms:modified>2020-11-21T10:00:00Z</dcterms:modified>"
        "</cp:coreProperties>",
    }


# Word

_STYLES = f"""{HEAD}<w:styles {SPACES}>
<w:style w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Kapitel"><w:name w:val="Own chapter"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:styleId="Round"><w:name w:val="Round"/><w:basedOn w:val="Round"/></w:style>
<w:style w:styleId="Liste"><w:name w:val="List Paragraph"/>
  <w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
</w:styles>"""


def run(words: str) -> str:
    """A run of words."""
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(content: str, style: str = "") -> str:
    """A paragraph; words without a tag become a run."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{content if content.startswith('<') else run(content)}</w:p>"


def table(*rows: list[str], header: bool = False) -> str:
    """A table of cells; words without a tag become a paragraph."""
    written = ""
    for place, row in enumerate(rows):
        marked = "<w:trPr><w:tblHeader/></w:trPr>" if header and place == 0 else ""
        cells = "".join(
            f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row
        )
        written += f"<w:tr>{marked}{cells}</w:tr>"
    return f"<w:tbl>{written}</w:tbl>"


def text_box(words: str) -> str:
    """A text box as Word writes it: once for new programs, once for old ones."""
    content = f"<w:txbxContent>{paragraph(words)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><wps:wsp>"
        f"<wps:txbx>{content}</wps:txbx></wps:wsp></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def docx_parts(
    body: str,
    *,
    targets: Mapping[str, tuple[str, str]] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    title: str = "",
    author: str = "",
) -> dict[str, str | bytes]:
    """Parts of a Word document with this body; ``targets`` are relationships of the body."""
    return {
        **office_parts("word/document.xml", title=title, author=author),
        "word/_rels/document.xml.rels": links(
            {"rIdStyles": ("styles", "styles.xml"), **(targets or {})}
        ),
        "word/styles.xml": _STYLES,
        "word/document.xml": f"{HEAD}<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        **(parts or {}),
    }


def docx(body: str, **named) -> bytes:
    """A Word document with this body."""
    return zipped(docx_parts(body, **named))


def docx_notes(kind: str, notes: Mapping[int, str]) -> str:
    """The part with ``footnote`` or ``endnote``, by number."""
    inside = "".join(
        f'<w:{kind} w:id="{number}">{paragraph(words)}</w:{kind}>'
        for number, words in notes.items()
    )
    separator = f'<w:{kind} w:id="-1" w:type="separator">{paragraph("-----")}</w:{kind}>'
    return f"{HEAD}<w:{kind}s {SPACES}>{separator}{inside}</w:{kind}s>"


def chart(title: str, series: str, values: Mapping[str, str]) -> str:
    """The part of a chart with one series."""

    def points(words) -> str:
        return "".join(f'<c:pt idx="{n}"><c:v>{word}</c:v></c:pt>' for n, word in enumerate(words))

    return (
        f"{HEAD}<c:chartSpace {SPACES}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{title}"
        "</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser>"
        f'<c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>{series}</c:v></c:pt></c:strCache>'
        f"</c:strRef></c:tx><c:cat>{points(values)}</c:cat><c:val>{points(values.values())}"
        "</c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


# PowerPoint


def slide_paragraph(words: str, properties: str = "") -> str:
    """A paragraph of a shape."""
    return f"<a:p>{properties}<a:r><a:t>{words}</a:t></a:r></a:p>"


def shape(*paragraphs: str, place: str | None = None) -> str:
    """A shape; ``place`` is the kind of its placeholder, ``None`` for a box of its own."""
    inside = "".join(p if p.startswith("<") else slide_paragraph(p) for p in paragraphs)
    kind = f' type="{place}"' if place else ""
    marked = f"<p:ph{kind}/>" if place is not None else ""
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{marked}</p:nvPr></p:nvSpPr><p:spPr/>"
        f"<p:txBody><a:bodyPr/>{inside}</p:txBody></p:sp>"
    )


def slide_table(*rows: list[str], header: bool = False) -> str:
    """A table on a slide."""
    inside = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody>{slide_paragraph(c)}</a:txBody></a:tc>" for c in row)
        + "</a:tr>"
        for row in rows
    )
    marked = ' firstRow="1"' if header else ""
    return (
        "<p:graphicFrame><a:graphic><a:graphicData>"
        f"<a:tbl><a:tblPr{marked}/>{inside}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def slide(shapes: str, *, tag: str = "p:sld", hidden: bool = False) -> str:
    """The part of a slide, or of its notes."""
    shown = ' show="0"' if hidden else ""
    tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
    return f"{HEAD}<{tag} {SPACES}{shown}>{tree}</{tag}>"


def pptx_parts(
    slides: list[str],
    *,
    targets: Mapping[int, Mapping[str, tuple[str, str]]] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    title: str = "",
) -> dict[str, str | bytes]:
    """Parts of a presentation; the last file comes first, so that names do not give the order."""
    count = len(slides)
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(count))
    made = {
        **office_parts("ppt/presentation.xml", title=title),
        "ppt/presentation.xml": f"{HEAD}<p:presentation {SPACES}><p:sldIdLst>{ids}</p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": links(
            {f"rId{n}": ("slide", f"slides/slide{count - n}.xml") for n in range(count)}
        ),
    }
    for n, content in enumerate(slides):
        made[f"ppt/slides/slide{count - n}.xml"] = content
        made[f"ppt/slides/_rels/slide{count - n}.xml.rels"] = links((targets or {}).get(n, {}))
    return {**made, **(parts or {})}


def pptx(slides: list[str], **named) -> bytes:
    """A presentation of these slides."""
    return zipped(pptx_parts(slides, **named))


# OpenDocument

ODF_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "meta": "meta",
        "style": "style", "presentation": "presentation", "svg": "svg-compatible",
        "manifest": "manifest",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def odf_parts(
    kind: str, body: str, *, styles: str = "", title: str = "", pages: str = ""
) -> dict[str, str | bytes]:
    """Parts of an OpenDocument ``text``, ``presentation`` or ``spreadsheet``."""
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"{HEAD}<office:document-content {ODF_SPACES}><office:automatic-styles>"
        f"{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>",
        "styles.xml": f"{HEAD}<office:document-styles {ODF_SPACES}><office:master-styles>{pages}"
        "</office:master-styles></office:document-styles>",
        "meta.xml": f"{HEAD}<office:document-meta {ODF_SPACES}><office:meta><dc:title>{title}"
        "</dc:title><dc:creator>Ada Mill</dc:creator><dc:date>2020-11-21T10:00:00</dc:date>"
        "</office:meta></office:document-meta>",
        "META-INF/manifest.xml": f"{HEAD}<manifest:manifest {ODF_SPACES}/>",
    }


def odf(kind: str, body: str, **named) -> bytes:
    """An OpenDocument file with this body."""
    return zipped(odf_parts(kind, body, **named), first_stored=True)


# Excel


def xlsx(sheets: Mapping[str, list[list[object]]], *, formats: Mapping[str, str] | None = None,
         bold: bool = False, title: str = "") -> bytes:  # fmt: skip
    """A workbook; ``formats`` are number formats by the address of the cell on any sheet."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    book.properties.title = title
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in sheet[1] if bold else ():
            cell.font = Font(bold=True)
        for address, number_format in (formats or {}).items():
            sheet[address].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# EPUB

_BOOK = """{head}<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
<dc:title>The harbour</dc:title><dc:creator>Ada Mill</dc:creator><dc:creator>Bo Reed</dc:creator>
<dc:date opf:event="conversion">2021-01-01</dc:date>
<dc:date opf:event="publication">1999-05</dc:date></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>{items}</manifest>
<spine><itemref idref="nav"/>{order}</spine></package>"""


def epub_parts(
    chapters: Mapping[str, str], *, titles: Mapping[str, str] | None = None
) -> dict[str, str | bytes]:
    """Parts of a book: chapters in order by the name of their part, which ``titles`` call so."""
    items = "".join(
        f'<item id="c{n}" href="text/{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    points = "".join(
        f"<navPoint><navLabel><text>{label}</text></navLabel>"
        f'<content src="text/{name}"/></navPoint>'
        for name, label in (titles or {}).items()
    )
    page = (
        '{}<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'
    )
    space = "http://www.daisy.org/z3986/2005/ncx/"
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'{HEAD}<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        'container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": _BOOK.format(head=HEAD, items=items, order=order),
        "OPS/nav.xhtml": page.format(HEAD, "<p>Contents</p>"),
        "OPS/toc.ncx": f'{HEAD}<ncx xmlns="{space}"><navMap>{points}</navMap></ncx>',
        **{f"OPS/text/{name}": page.format(HEAD, body) for name, body in chapters.items()},
    }


def epub(chapters: Mapping[str, str], **named) -> bytes:
    """A book of these chapters."""
    return zipped(epub_parts(chapters, **named), first_stored=True)


# One of each


@cache
def samples() -> dict[str, dict[str, str | bytes]]:
    """One file of each format with as many kinds of text as it can hold."""
    refers = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    field = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    body = (
        paragraph("Title", "Titel")
        + paragraph("Ships", "berschrift1")
        + paragraph(run("Text") + refers + text_box("Box"))
        + paragraph(field("begin") + run("x") + field("separate") + field("end"))
        + table(["a", table(["b", "c"])], ["d", "e"], header=True)
        + "<w:sdt><w:sdtPr/><w:sdtContent>" + paragraph("Held", "Liste")
        + "</w:sdtContent></w:sdt>"
        + paragraph("<w:r><c:chart r:id='rId5'/></w:r>")
    )  # fmt: skip
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    row = f"<table:table-row>{cell('x')}{cell('y')}</table:table-row>"
    rows = f'<table:table table:name="S">{row}{row}{row}</table:table>'
    text = (
        '<text:h>Ships</text:h><text:p text:style-name="P1">Text<text:note><text:note-body>'
        "<text:p>Note</text:p></text:note-body></text:note></text:p><text:list><text:list-item>"
        f"<text:p>Item</text:p></text:list-item></text:list>{rows}"
    )
    frame = "<draw:frame><draw:text-box><text:p>Words</text:p></draw:text-box></draw:frame>"
    return {
        "docx": docx_parts(
            body,
            targets={"rId2": ("footnotes", "footnotes.xml"), "rId5": ("chart", "c.xml")},
            parts={
                "word/footnotes.xml": docx_notes("footnote", {2: "Below."}),
                "word/c.xml": chart("Catch", "Tons", {"May": "3"}),
            },
        ),
        "pptx": pptx_parts(
            [
                slide(shape("T", place="title") + shape("Words")),
                slide(slide_table(["a", "b"], ["c", "d"], header=True)),
            ],
            targets={0: {"rId7": ("notesSlide", "../n.xml")}},
            parts={"ppt/n.xml": slide(shape("Notes"), tag="p:notes")},
        ),
        "odt": odf_parts("text", text),
        "odp": odf_parts("presentation", f"<draw:page>{frame}</draw:page>"),
        "ods": odf_parts("spreadsheet", rows),
        "epub": epub_parts({"a.xhtml": "<h1>One</h1><p>Words.</p>"}),
        "xlsx": unzipped(xlsx({"A": [["a", "b", "c"], [1, 2, 3], [4, 5, 6]]})),
    }
