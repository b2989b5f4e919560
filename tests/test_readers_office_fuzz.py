"""Promise: an Office file or a book, however it was changed, is read or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

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

READER = {
    "docx": read_docx, "pptx": read_pptx, "odt": read_odt, "odp": read_odp, "ods": read_ods,
    "epub": read_epub, "xlsx": read_xlsx,
}  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")


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
    data = office.zipped(office.samples()[kind])
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
        for name, content in office.samples()[kind].items()
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
    package = bytearray(office.zipped(office.samples()[kind]))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(package) - 1))
        package[place] = data.draw(st.integers(0, 255))
    cut = bytes(package[: data.draw(st.integers(0, len(package)))])
    for changed in (bytes(package), cut):
        container_kind(RawFile(Path(f"file.{kind}"), changed))
        check(_read(kind, changed))
