"""Promise: an Office file or a book, however it was changed, is read or refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Reading, Refusal
from index.readers.dispatch import READERS
from index.readers.docx import read_docx
from index.readers.epub import read_epub
from index.readers.files import RawFile
from index.readers.odf import read_odp, read_ods, read_odt
from index.readers.package_kinds import container_kind
from index.readers.pptx import read_pptx
from index.readers.xlsx import read_xlsx

Parts = Mapping[str, str | bytes]
READER = {
    "docx": read_docx, "pptx": read_pptx, "odt": read_odt, "odp": read_odp, "ods": read_ods,
    "epub": read_epub, "xlsx": read_xlsx,
}  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")


@cache
def _samples(office: ModuleType) -> dict[str, Parts]:
    """One file of each format with as many kinds of text as it can hold."""
    refers = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    field = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    body = (
        office.paragraph("Title", "Titel")
        + office.paragraph("Ships", "berschrift1")
        + office.paragraph(office.run("Text") + refers + office.text_box("Box"))
        + office.paragraph(field("begin") + office.run("x") + field("separate") + field("end"))
        + office.table(["a", office.table(["b", "c"])], ["d", "e"], header=True)
        + "<w:sdt><w:sdtPr/><w:sdtContent>" + office.paragraph("Held", "Liste")
        + "</w:sdtContent></w:sdt>"
        + office.paragraph("<w:r><c:chart r:id='rId5'/></w:r>")
    )  # fmt: skip
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    row = f"<table:table-row>{cell('x')}{cell('y')}</table:table-row>"
    table = f'<table:table table:name="S">{row}{row}{row}</table:table>'
    text = (
        '<text:h>Ships</text:h><text:p text:style-name="P1">Text<text:note><text:note-body>'
        "<text:p>Note</text:p></text:note-body></text:note></text:p><text:list><text:list-item>"
        f"<text:p>Item</text:p></text:list-item></text:list>{table}"
    )
    frame = "<draw:frame><draw:text-box><text:p>Words</text:p></draw:text-box></draw:frame>"
    return {
        "docx": office.docx_parts(
            body,
            targets={"rId2": ("footnotes", "footnotes.xml"), "rId5": ("chart", "c.xml")},
            parts={
                "word/footnotes.xml": office.docx_notes("footnote", {2: "Below."}),
                "word/c.xml": office.chart("Catch", "Tons", {"May": "3"}),
            },
        ),
        "pptx": office.pptx_parts(
            [
                office.slide(office.shape("T", place="title") + office.shape("Words")),
                office.slide(office.slide_table(["a", "b"], ["c", "d"], header=True)),
            ],
            targets={0: {"rId7": ("notesSlide", "../n.xml")}},
            parts={"ppt/n.xml": office.slide(office.shape("Notes"), tag="p:notes")},
        ),
        "odt": office.odf_parts("text", text),
        "odp": office.odf_parts("presentation", f"<draw:page>{frame}</draw:page>"),
        "ods": office.odf_parts("spreadsheet", table),
        "epub": office.epub_parts({"a.xhtml": "<h1>One</h1><p>Words.</p>"}),
        "xlsx": office.unzipped(office.xlsx({"A": [["a", "b", "c"], [1, 2, 3], [4, 5, 6]]})),
    }


def check(result: Reading | Refusal) -> None:
    """Hold what is true of every result."""
    if isinstance(result, Refusal):
        assert result.message.endswith(".")
        return
    for document in result.documents:
        document.text.encode()
        assert document.title.strip()
        assert document.blocks
        for block in document.blocks:
            words = document.text[block.start : block.end]
            assert words
            assert words == words.strip()
            assert block.end <= len(document.text)
        assert all(one.end <= other.start for one, other in pairwise(document.blocks))


def _read(kind: str, data: bytes) -> Reading | Refusal:
    return READER[kind](RawFile(Path(f"file.{kind}"), data))


@pytest.mark.parametrize("kind", READER)
def test_the_samples_are_read(office, kind: str) -> None:
    """Unchanged, each sample is what its parts say and is read."""
    data = office.zipped(_samples(office)[kind])
    found = container_kind(RawFile(Path("file"), data))
    assert not isinstance(found, Refusal)
    assert found is not None
    assert READERS[found] is READER[kind]
    result = _read(kind, data)
    assert isinstance(result, Reading)
    check(result)


Change = Callable[[str, Callable[[int], int]], str]


def _cut(part: str, number: Callable[[int], int]) -> str:
    start = number(len(part))
    return part[:start] + part[start + number(60) :]


def _end(part: str, number: Callable[[int], int]) -> str:
    return part[: number(len(part))]


def _drop_tag(part: str, number: Callable[[int], int]) -> str:
    tags = list(_TAG.finditer(part))
    tag = tags[number(len(tags) - 1)] if tags else None
    return part[: tag.start()] + part[tag.end() :] if tag else part


def _swap_tags(part: str, number: Callable[[int], int]) -> str:
    tags = list(_TAG.finditer(part))
    if len(tags) < 2:
        return part
    place = number(len(tags) - 2)
    one, other = tags[place], tags[place + 1]
    between = part[one.end() : other.start()]
    return part[: one.start()] + other[0] + between + one[0] + part[other.end() :]


def _repeat(part: str, number: Callable[[int], int]) -> str:
    start = number(len(part))
    stretch = part[start : start + number(200)]
    return part[:start] + stretch * number(5) + part[start:]


def _put_in(part: str, number: Callable[[int], int]) -> str:
    odd = [
        "<", "&", "]]>", "\0", "\ud7ff", "&#0;", "&x;", "<!DOCTYPE x>", "9" * 20, "-1", "\u00a0",
        "<w:p>", "</w:p>", "<text:p>", "<a:t>", "<x/>", "\n", "<w:tbl>", "<mc:Choice>",
    ]  # fmt: skip
    start = number(len(part))
    return part[:start] + odd[number(len(odd) - 1)] + part[start:]


CHANGES: list[Change] = [_cut, _end, _drop_tag, _swap_tags, _repeat, _put_in]


@pytest.mark.parametrize("kind", READER)
@given(data=st.data())
@settings(max_examples=150)
def test_changed_parts(office, kind: str, data: st.DataObject) -> None:
    """Parts that were cut, mixed up or are missing give a reading or a refusal."""

    def number(most: int) -> int:
        return data.draw(st.integers(0, max(most, 0)))

    parts = {
        name: content if isinstance(content, str) else content.decode()
        for name, content in _samples(office)[kind].items()
    }
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(parts)))
        parts[name] = data.draw(st.sampled_from(CHANGES))(parts[name], number)
    if data.draw(st.booleans()):
        del parts[data.draw(st.sampled_from(sorted(parts)))]
    check(_read(kind, office.zipped(parts)))


@pytest.mark.parametrize("kind", READER)
@given(data=st.data())
@settings(max_examples=100)
def test_changed_bytes(office, kind: str, data: st.DataObject) -> None:
    """Packages whose bytes were changed or cut give a reading or a refusal."""
    package = bytearray(office.zipped(_samples(office)[kind]))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(package) - 1))
        package[place] = data.draw(st.integers(0, 255))
    cut = bytes(package[: data.draw(st.integers(0, len(package)))])
    for changed in (bytes(package), cut):
        container_kind(RawFile(Path(f"file.{kind}"), changed))
        check(_read(kind, changed))
