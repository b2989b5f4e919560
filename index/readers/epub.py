"""What does an EPUB book say, chapter by chapter?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from index.documents import Block, ReadDocument, Reading, Refusal
from index.readers.epub_contents import BookContents, read_contents
from index.readers.files import RawFile
from index.readers.html_chapter import html_page
from index.readers.package import Package, PartFault
from index.readers.refusals import Refused, no_text


def read_epub(file: RawFile) -> Reading | Refusal:
    """One document of all chapters in the order of reading; a chapter's title is its section."""
    try:
        package = Package(file)
        contents = read_contents(package)
        remarks = list(contents.remarks)
        text, blocks = _chapters(package, contents, remarks)
    except Refused as refused:
        return refused.refusal
    if not any(block.kind != "boilerplate" for block in blocks):
        return no_text(file.path.name)
    document = ReadDocument(
        text=text,
        blocks=blocks,
        title=contents.metadata.title or file.path.stem,
        source=contents.metadata.source,
        published=contents.metadata.published,
    )
    return Reading((document,), tuple(remarks))


def _chapters(
    package: Package, contents: BookContents, remarks: list[str]
) -> tuple[str, tuple[Block, ...]]:
    """Join the texts of the chapters; each keeps its own blocks, moved to where it now stands."""
    written: list[str] = []
    blocks: list[Block] = []
    place = 0
    for part in contents.chapters:
        try:
            page = html_page(package.read(part), part)
        except PartFault as fault:
            remarks.append(f"{fault} This chapter was not read.")
            continue
        if not page.blocks:
            continue
        place += 1 if written else 0
        title = contents.titles.get(part) or page.first_heading
        blocks.extend(_moved(page.blocks, place, title, navigation=part in contents.navigation))
        written.append(page.text)
        place += len(page.text)
    return "\n".join(written), tuple(blocks)


def _moved(
    blocks: tuple[Block, ...], place: int, title: str | None, *, navigation: bool
) -> Iterator[Block]:
    for block in blocks:
        yield replace(
            block,
            start=block.start + place,
            end=block.end + place,
            kind="boilerplate" if navigation else block.kind,
            section=block.section or title,
        )
