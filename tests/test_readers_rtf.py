"""What does a Rich Text file say?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Reading, Refusal, RefusalReason
from index.readers.files import RawFile
from index.readers.rtf import read_rtf

INFO = r"{\info{\title The Old Mill}{\author Office of Mills}{\creatim\yr2021\mo3\dy4}}"
MILL = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}"
    + INFO
    + r"\f0 The mill stands at the \b river\b0 .\par It burned in 1870; die M\'fchle brannte.\par "
    + r"\u1084?\u1077? \{braces\}\par}"
)


@pytest.fixture
def read(tmp_path):
    """Read text as Rich Text."""
    return lambda source: read_rtf(RawFile(tmp_path / "mill.rtf", source.encode("latin-1")))


def test_words_are_read_without_their_control_words(read):
    """Paragraphs, code page letters, Unicode letters and escaped braces come through."""
    document = read(MILL).documents[0]
    assert "The mill stands at the river." in document.text
    assert "die Mühle brannte" in document.text
    assert "ме" in document.text
    assert "{braces}" in document.text
    assert "fonttbl" not in document.text


def test_what_the_file_says_of_itself_is_used(read):
    """Title, author and date come from the file."""
    document = read(MILL).documents[0]
    assert (document.title, document.source, document.published) == (
        "The Old Mill",
        "Office of Mills",
        "2021-03-04",
    )


def test_the_cells_of_a_row_stand_in_one_line(read):
    """A table is read row by row."""
    row = r"{\rtf1\trowd\cellx100\cellx200 Aller\cell 1821\cell\row\pard Words after it.\par}"
    assert "Aller|1821\n" in read(row).documents[0].text


def test_a_file_without_words_is_refused(read):
    """Control words alone are no text."""
    assert read(r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}}").reason is RefusalReason.NO_TEXT


@given(
    st.tuples(
        st.integers(0, len(MILL)), st.text(r"\{}'u19ab- ;", max_size=10), st.integers(0, 15)
    ).map(lambda cut: MILL[: cut[0]] + cut[1] + MILL[cut[0] + cut[2] :])
    | st.text(r"\{}'u19ab- ;" + "\n", max_size=80)
)
def test_any_change_ends_in_a_reading_or_a_refusal(tmp_path_factory, source):
    """Whatever stands in it, the file is read or refused, and its text can be stored."""
    path = tmp_path_factory.getbasetemp() / "a.rtf"
    result = read_rtf(RawFile(path, source.encode("latin-1")))
    assert isinstance(result, Reading | Refusal)
    for document in result.documents if isinstance(result, Reading) else ():
        document.text.encode()
