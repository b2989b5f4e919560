"""Which parts does a zip package hold, and what are their bytes?

Nothing is unpacked to disk, so no name of an entry can lead anywhere. What the package says of
its sizes is not believed: bytes are counted as they come.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import unquote

from index.documents import RefusalReason
from index.readers.files import RawFile
from index.readers.limits import MEGABYTE
from index.readers.refusals import Refused

LARGEST_PART = 64 * MEGABYTE
"""Bytes of one part: the text of a long novel is 1 MB, and its XML ten times as much."""

_CHUNK = 65_536
_ENTRY = b"PK\x01\x02"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What zipfile raises for entries that are not what the directory says.
_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    OSError, ValueError, OverflowError, LookupError,
)  # fmt: skip


class PartFault(Exception):
    """A part that is missing or cannot be unpacked; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of one part to another: where it leads and what for."""

    target: str
    kind: str
    """The last word of the relationship's type: ``footnotes``, ``slide``, ``hyperlink``."""


class Package:
    """The parts of a zip file by their names, which count in small letters as in large ones."""

    def __init__(self, file: RawFile) -> None:
        self.name = file.path.name
        self._limits = file.limits
        if file.data.count(_ENTRY) > self._limits.max_entries:
            raise Refused(
                RefusalReason.HOSTILE,
                f"{self.name} holds more than {self._limits.max_entries:,} parts, which hardly any "
                "document does. Save it again, or raise the limit (ASKDOCS_MAX_ENTRIES).",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(file.data))
        except _ZIP_FAULTS as error:
            raise damaged(self.name) from error
        self._entries = {_key(entry.filename): entry for entry in self._zip.infolist()}
        self.unpacked = 0
        """Bytes that came out of the package so far."""

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._entries

    def names(self) -> list[str]:
        """Names of all entries, in small letters, in the order of the directory."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """Unpack the part called ``name``.

        :raises PartFault: the part is missing or damaged
        :raises Refused: it unpacks to more than any real part would
        """
        entry = self._entries.get(_key(name))
        if entry is None:
            raise PartFault(f"The part {name} is missing.")
        if entry.flag_bits & 0x1:
            raise Refused(
                RefusalReason.ENCRYPTED,
                f"{self.name} is protected by a password. Save it without one and add that file.",
            )
        if entry.compress_type not in _METHODS:
            raise PartFault(f"The part {name} is packed in a way that is not read.")
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    pieces.append(chunk)
                    size += len(chunk)
                    self._count(len(chunk), size, entry.compress_size)
        except _ZIP_FAULTS as error:
            raise PartFault(f"The part {name} is damaged.") from error
        return b"".join(pieces)

    def _count(self, more: int, size: int, packed: int) -> None:
        self.unpacked += more
        ratio = self._limits.max_ratio
        if size > MEGABYTE and size > ratio * max(packed, 1):
            raise Refused(
                RefusalReason.HOSTILE,
                f"{self.name} unpacks to more than {ratio} times its size, which no real document "
                "does. Save it again, or raise the limit (ASKDOCS_MAX_UNPACKED_RATIO).",
            )
        if size > LARGEST_PART:
            raise Refused(
                RefusalReason.TOO_LARGE,
                f"{self.name} holds a part that unpacks to more than {LARGEST_PART // MEGABYTE} MB "
                "of text. Split the document into smaller ones and add these.",
            )
        if self.unpacked > self._limits.max_unpacked_bytes:
            raise Refused(
                RefusalReason.TOO_LARGE,
                f"{self.name} unpacks to more than {self._limits.max_unpacked_bytes // MEGABYTE} "
                "MB. Split it, or raise the limit (ASKDOCS_MAX_UNPACKED_MB).",
            )


def damaged(name: str, detail: str = "") -> Refused:
    """Refuse a package of which nothing can be read."""
    detail = f" {detail}" if detail else ""
    return Refused(
        RefusalReason.DAMAGED,
        f"{name} is damaged or not complete.{detail} Get the file again, or open it in the "
        "program that made it and save it anew.",
    )


def resolve(part: str, target: str) -> str:
    """Name of the part that ``target``, as it stands in ``part``, leads to."""
    target = unquote(target.partition("#")[0])
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target)).lstrip("/")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
