"""Promises about zip packages: their kinds, their limits, and what is built to do harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from index.documents import Reading, Refusal, RefusalReason
from index.readers import read_file
from index.readers.docx import read_docx
from index.readers.files import FileKind, RawFile
from index.readers.limits import ReadingLimits
from index.readers.package import Package, PartFault, resolve
from index.readers.package_kinds import container_kind
from index.readers.refusals import Refused
from index.readers.xml_parts import DEEPEST, parse_xml

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(data: bytes, name: str = "file.bin") -> FileKind | Refusal | None:
    return container_kind(RawFile(Path(name), data))


def refused(data: bytes, name: str = "file.docx") -> Refusal:
    result = kind_of(data, name)
    assert isinstance(result, Refusal)
    assert result.message.startswith(name)
    assert result.message.endswith(".")
    return result


class TestKinds:
    """Content decides what a file is."""

    @pytest.mark.parametrize("name", ["a.docx", "a.doc", "a.zip", "a"])
    def test_the_name_does_not_matter(self, office, name: str) -> None:
        """A Word document under another name is one."""
        assert kind_of(office.docx(office.paragraph("Words.")), name) is FileKind.DOCX

    def test_a_document_named_like_a_text(self, office, tmp_path: Path) -> None:
        """Bytes of a document are not taken for a text; the right ending is told."""
        path = tmp_path / "note.txt"
        path.write_bytes(office.docx(office.paragraph("Words.")))
        result = read_file(path, max_bytes=100_000)
        assert isinstance(result, Refusal)
        assert result.reason is RefusalReason.DAMAGED
        assert ".docx" in result.message

    def test_an_archive(self, office) -> None:
        """Any other zip file is an archive, which is not read."""
        assert refused(office.zipped({"a.txt": "Words."})).reason is RefusalReason.UNSUPPORTED

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_a_truncated_package(self, office, share: float) -> None:
        """Half a package is damaged."""
        data = office.docx(office.paragraph("Words."))
        assert refused(data[: int(len(data) * share)]).reason is RefusalReason.DAMAGED

    @pytest.mark.parametrize(
        ("stream", "reason", "named"),
        [
            ("EncryptedPackage", RefusalReason.ENCRYPTED, "password"),
            ("WordDocument", RefusalReason.UNSUPPORTED, ".docx"),
            ("PowerPoint Document", RefusalReason.UNSUPPORTED, ".pptx"),
            ("Workbook", RefusalReason.UNSUPPORTED, ".xlsx"),
            ("__properties_version1.0", RefusalReason.UNSUPPORTED, "Outlook"),
            ("Other", RefusalReason.UNSUPPORTED, "older"),
        ],
    )
    def test_older_containers(self, stream: str, reason: RefusalReason, named: str) -> None:
        """Protected and older files are told apart, with what to do."""
        refusal = refused(OLE + b"\0" * 504 + stream.encode("utf-16-le"))
        assert refusal.reason is reason
        assert named in refusal.message


class TestHostile:
    """Packages that are built to do harm."""

    def test_a_bomb(self, office) -> None:
        """A part that unpacks to a thousand times its size is not unpacked to its end."""
        bomb = office.docx_parts("")
        bomb["word/document.xml"] = b" " * 30_000_000
        package = Package(RawFile(Path("a.docx"), office.zipped(bomb)))
        with pytest.raises(Refused) as caught:
            package.read("word/document.xml")
        assert caught.value.refusal.reason is RefusalReason.HOSTILE
        assert package.unpacked < 8_000_000

    @pytest.mark.parametrize(
        ("limits", "reason", "setting"),
        [
            (ReadingLimits(max_unpacked_bytes=1_000), RefusalReason.TOO_LARGE, "UNPACKED_MB"),
            (ReadingLimits(max_entries=2), RefusalReason.HOSTILE, "MAX_ENTRIES"),
        ],
    )
    def test_limits_are_settings(
        self, office, limits: ReadingLimits, reason: RefusalReason, setting: str
    ) -> None:
        """The refusal names the setting that would let the file in."""
        data = office.docx(office.paragraph("Words."))
        result = (
            read_docx(RawFile(Path("a.docx"), data, limits))
            if limits.max_entries > 2
            else (container_kind(RawFile(Path("a.docx"), data, limits)))
        )
        assert isinstance(result, Refusal)
        assert result.reason is reason
        assert setting in result.message

    def test_many_entries(self) -> None:
        """A package of more entries than any document has is refused before they are listed."""
        data = b"PK\x03\x04" + b"PK\x01\x02" * (ReadingLimits().max_entries + 1)
        assert refused(data).reason is RefusalReason.HOSTILE

    def test_sizes_that_lie(self, office) -> None:
        """What the package says of a part's size is not believed."""
        data = bytearray(office.zipped({"mimetype": b"0123456789" * 10}))
        central = data.index(b"PK\x01\x02")

        def lied(size: int) -> Package:
            data[central + 24 : central + 28] = size.to_bytes(4, "little")
            return Package(RawFile(Path("a.docx"), bytes(data)))

        assert lied(2**31).read("mimetype") == b"0123456789" * 10
        with pytest.raises(PartFault):
            lied(5).read("mimetype")

    def test_names_lead_nowhere(self, office, tmp_path: Path) -> None:
        """Nothing is unpacked to disk, whatever the entries are called."""
        made = office.docx_parts(office.paragraph("Words."))
        made |= {"../../outside.txt": "x", "/etc/outside.txt": "x", "..\\outside.txt": "x"}
        path = tmp_path / "inner" / "a.docx"
        path.parent.mkdir()
        path.write_bytes(office.zipped(made))
        assert isinstance(read_file(path, max_bytes=100_000), Reading)
        assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]

    def test_links_stay_inside(self) -> None:
        """A relationship that climbs out of the package leads to no part."""
        assert resolve("word/document.xml", "media/a.png") == "word/media/a.png"
        assert resolve("word/document.xml", "/xl/a.xml#x") == "xl/a.xml"
        package_names = {"word/document.xml"}
        assert resolve("word/document.xml", "../../../etc/passwd") not in package_names

    @pytest.mark.parametrize(
        "declared",
        [
            '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">',
            '<!ENTITY a SYSTEM "file:///etc/passwd">',
            '<!ENTITY % a SYSTEM "http://127.0.0.1/a.dtd"> %a;',
        ],
    )
    def test_entities_are_never_expanded(self, declared: str) -> None:
        """A part that declares entities is refused; nothing is fetched."""
        with pytest.raises(Refused) as caught:
            parse_xml(f"<!DOCTYPE x [{declared}]><x>&b;</x>".encode(), "a.docx", "x.xml")
        assert caught.value.refusal.reason is RefusalReason.HOSTILE

    def test_depth(self) -> None:
        """Elements nested deeper than any document's are refused; as deep as allowed is read."""
        assert parse_xml(b"<a>" * DEEPEST + b"</a>" * DEEPEST, "a.docx", "x.xml").broken is False
        with pytest.raises(Refused):
            parse_xml(b"<a>" * (DEEPEST + 1), "a.docx", "x.xml")

    def test_encrypted_entries(self, office) -> None:
        """A zip file with a password is protected."""
        data = bytearray(office.docx(office.paragraph("Words.")))
        for start in (b"PK\x01\x02", b"PK\x03\x04"):
            place = -1
            while (place := data.find(start, place + 1)) >= 0:
                data[place + (8 if start == b"PK\x01\x02" else 6)] |= 1
        assert refused(bytes(data)).reason is RefusalReason.ENCRYPTED

    def test_rare_ways_of_packing(self) -> None:
        """Only the two ways of packing that documents use are read."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as package:
            package.writestr("word/document.xml", "<x/>")
        with pytest.raises(PartFault):
            Package(RawFile(Path("a.docx"), stream.getvalue())).read("word/document.xml")
