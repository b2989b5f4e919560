"""Promises of :func:`index.readers.read_file` about any file at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers import SUPPORTED_SUFFIXES, read_file


def refusal_of(path: Path, max_bytes: int = 1_000_000) -> Refusal:
    """Read ``path``, which must be refused in a full sentence."""
    result = read_file(path, max_bytes=max_bytes)
    assert isinstance(result, Refusal)
    assert result.message.endswith(".")
    return result


def made(path: Path, data: bytes) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


class TestPlaces:
    """What is not a readable file."""

    def test_missing(self, tmp_path: Path) -> None:
        """A missing file is named."""
        refusal = refusal_of(tmp_path / "gone.txt")
        assert refusal.reason is RefusalReason.MISSING
        assert "gone.txt" in refusal.message

    def test_folder(self, tmp_path: Path) -> None:
        """A folder is no file."""
        assert refusal_of(tmp_path).reason is RefusalReason.UNREADABLE

    def test_pipe(self, tmp_path: Path) -> None:
        """A named pipe is refused without waiting for a writer."""
        os.mkfifo(tmp_path / "pipe.txt")
        assert refusal_of(tmp_path / "pipe.txt").reason is RefusalReason.UNREADABLE

    def test_device(self) -> None:
        """A device that never ends is refused."""
        assert refusal_of(Path("/dev/zero")).reason is RefusalReason.UNREADABLE

    def test_link_loop(self, tmp_path: Path) -> None:
        """A link that leads to itself is refused."""
        (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
        assert refusal_of(tmp_path / "loop.txt").reason is RefusalReason.UNREADABLE

    def test_name_with_zero(self) -> None:
        """A path that no file can have is refused."""
        assert refusal_of(Path("a\0b")).reason is RefusalReason.UNREADABLE

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
    def test_permission(self, tmp_path: Path) -> None:
        """A file that may not be read says so."""
        path = made(tmp_path / "a.txt", b"Words.")
        path.chmod(0)
        assert refusal_of(path).reason is RefusalReason.UNREADABLE

    def test_permission_error_is_translated(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The system's refusal becomes ours, for the superuser's tests too."""

        def denied(*_: object) -> int:
            raise PermissionError

        monkeypatch.setattr("index.readers.dispatch.os.open", denied)
        refusal = refusal_of(made(tmp_path / "a.txt", b"Words."))
        assert refusal.reason is RefusalReason.UNREADABLE
        assert "right to read" in refusal.message


class TestContent:
    """What is in the file."""

    @pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u00a0\n".encode()])
    @pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
    def test_empty(self, tmp_path: Path, data: bytes, suffix: str) -> None:
        """No visible character: empty."""
        assert refusal_of(made(tmp_path / f"a{suffix}", data)).reason is RefusalReason.EMPTY

    def test_size_is_counted(self, tmp_path: Path) -> None:
        """One byte too many is too large; the limit itself is not."""
        path = made(tmp_path / "a.txt", b"a" * 101)
        assert refusal_of(path, max_bytes=100).reason is RefusalReason.TOO_LARGE
        assert isinstance(read_file(path, max_bytes=101), Reading)

    @pytest.mark.parametrize(
        ("data", "named"),
        [
            (b"\x89PNG\r\n", "PNG"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"\x1f\x8b\x08", "gzip"),
            (b"<?xml version='1.0'?><a>b</a>", "XML"),
        ],
    )  # fmt: skip
    def test_other_formats_are_named(self, tmp_path: Path, data: bytes, named: str) -> None:
        """A known format under the name of a text is named, with what to do."""
        refusal = refusal_of(made(tmp_path / "a.txt", data))
        assert refusal.reason is RefusalReason.UNSUPPORTED
        assert named in refusal.message
        assert "Save it as PDF" in refusal.message

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (rb"{\rtf1 The mill stands.}", "The mill stands."),
            (b"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n\nThe mill.", "The mill."),
            (b"<!DOCTYPE html><p>The mill.</p>", "The mill."),
        ],
    )
    def test_the_content_decides_and_not_the_name(
        self, tmp_path: Path, data: bytes, words: str
    ) -> None:
        """A format under the name of a text is read as what it is."""
        reading = read_file(made(tmp_path / "a.txt", data))
        assert isinstance(reading, Reading)
        assert words in reading.documents[0].text

    def test_wrong_names_are_noticed(self, tmp_path: Path) -> None:
        """A text named like a Word document is damaged or misnamed."""
        refusal = refusal_of(made(tmp_path / "a.docx", b"Just words."))
        assert refusal.reason is RefusalReason.DAMAGED

    @pytest.mark.parametrize("data", [b"ab\0cd", bytes(range(256)) * 20, b"\x01\x02\x03abc"])
    def test_noise_is_not_text(self, tmp_path: Path, data: bytes) -> None:
        """Zero bytes and control characters are no text."""
        assert refusal_of(made(tmp_path / "a.txt", data)).reason is RefusalReason.NOT_TEXT

    @pytest.mark.parametrize(
        "encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
    )
    def test_unicode_is_read_in_all_its_forms(self, tmp_path: Path, encoding: str) -> None:
        """With a byte order mark, or without one in UTF-16, nothing is guessed."""
        path = made(tmp_path / "a.txt", "Straße und Öl für alle.".encode(encoding))
        reading = read_file(path, max_bytes=1000)
        assert isinstance(reading, Reading)
        assert reading.documents[0].text == "Straße und Öl für alle."
        assert reading.remarks == ()

    @pytest.mark.parametrize(
        "text",
        [
            "Le café était très agréable, l’été à Genève. Ça coûtait 5 €.",
            "El niño comió paella. La señora pagó 25,75 €.",
            "Le garçon mangea près du café à côté de l’hôtel.",
        ],
    )
    def test_a_guess_is_said(self, tmp_path: Path, text: str) -> None:
        """Western text in an old encoding is read, with a remark that it was guessed."""
        reading = read_file(made(tmp_path / "a.txt", text.encode("cp1252")), max_bytes=1000)
        assert isinstance(reading, Reading)
        assert reading.documents[0].text == text
        assert "guessed" in reading.remarks[0]

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [("Der Bär läuft früh.", "cp850"), ("Zażółć gęślą jaźń.", "cp1250")],
    )
    def test_not_all_old_text_is_western(self, tmp_path: Path, text: str, encoding: str) -> None:
        """Letters that would be signs inside words in one encoding belong to another."""
        reading = read_file(made(tmp_path / "a.txt", text.encode(encoding)), max_bytes=1000)
        assert isinstance(reading, Reading)
        assert reading.documents[0].text == text

    def test_unknown_names_are_read_as_text(self, tmp_path: Path) -> None:
        """A readable file without a known suffix is a text."""
        assert isinstance(read_file(made(tmp_path / "README", b"Words."), max_bytes=99), Reading)


def check(document: ReadDocument) -> None:
    """Hold what is true of every document."""
    place = 0
    for block in document.blocks:
        assert place <= block.start < block.end <= len(document.text)
        words = document.text[block.start : block.end]
        assert words == words.strip()
        assert words
        place = block.end
    assert document.blocks
    assert document.title.strip()
    document.text.encode()


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<pre>", "<br>", "<li>",
         "<b>", "</b>", "<nav>", "</nav>", "<h2>", "</h2>", "<!--", "-->", "<script>",
         "<div hidden>",
         "word ", "A word. ", "\n", "&nbsp;", "# ", "- ", "> ", "1. ", "```\n", "| a | b |\n",
         "|---|---|\n", "---\n", "title: x\n", "\u00a0", "\r\n", "\r", "=====\n", "    ", "😀",
         '{"id": 1, "text": "a"}\n', "{", "Read more", "21 November 2020\n", "\u2028", "\t", "\\"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(
    data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode),
                   MARKUP.map(str.encode)),
    suffix=st.sampled_from([*SUPPORTED_SUFFIXES, "", ".json", ".csv"]),
)  # fmt: skip
@settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_give_a_reading_or_a_refusal(tmp_path: Path, data: bytes, suffix: str) -> None:
    """No file raises; blocks are in order, apart, trimmed, not empty and inside the text."""
    result = read_file(made(tmp_path / f"file{suffix}", data), max_bytes=10_000)
    if isinstance(result, Refusal):
        assert result.message
        return
    for document in result.documents:
        check(document)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl"])
@pytest.mark.parametrize(
    "unit",
    ["a", "> ", "- ", "<b>", "[", "*a ", "|a", "\n", "a\n", "# a\n", "`", "<!--", "&", "1. "],
)
def test_half_a_megabyte_of_anything_finishes(tmp_path: Path, suffix: str, unit: str) -> None:
    """No repeated pattern makes reading quadratic."""
    data = (unit * (500_000 // len(unit))).encode()
    assert read_file(made(tmp_path / f"a{suffix}", data), max_bytes=1_000_000)


@pytest.mark.skipif("ASKDOCS_DATA" not in os.environ, reason="needs ASKDOCS_DATA")
def test_real_files_of_other_formats() -> None:
    """Every collected file, good, damaged or hostile, is read or refused, and blocks hold."""
    paths = [
        path
        for path in sorted((Path(os.environ["ASKDOCS_DATA"]) / "formats").rglob("*"))
        if path.is_file()
    ]
    assert paths
    for path in paths:
        result = read_file(path, max_bytes=50_000_000)
        for document in result.documents if isinstance(result, Reading) else ():
            check(document)
