"""What does an e-mail say?

Its header fields, the text of its parts in order, and the messages attached to it. Of a part that
comes in several forms the plain one is read. Attachments are named, not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from index.documents import Reading, Refusal, RefusalReason
from index.readers.decoding import decode
from index.readers.files import RawFile
from index.readers.html_chapter import html_pieces
from index.readers.metadata import Metadata
from index.readers.office_reading import OfficeText, reading_of
from index.readers.package import PartFault
from index.readers.paragraphs import text_blocks
from index.readers.pieces import Piece
from index.readers.refusals import Refused, no_text

_SHOWN_FIELDS = ("From", "To", "Cc", "Date")
_ENCRYPTED = frozenset(
    {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
)
_PGP = re.compile(r"\s*-----BEGIN PGP MESSAGE-----")
_HALF = re.compile("[\ud800-\udfff\x00]")
_MOST_NAMED = 20
_DEEPEST = 30
"""Messages inside messages, or parts inside parts."""


def read_mail(file: RawFile) -> Reading | Refusal:
    """One document: the fields that a person sees, then the body."""
    data = file.data
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:200]:
        decoded = decode(data)
        if isinstance(decoded, Refusal):
            return decoded
        data = decoded.text.encode()
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
        return _Mail(file).read(message)
    except Refused as refused:
        return refused.refusal
    except RecursionError:
        return _too_deep(file.path.name).refusal


class _Mail:
    def __init__(self, file: RawFile) -> None:
        self._name = file.path.name
        self._file = file
        self._parts = 0
        self._attached: list[str] = []
        self._remarks: list[str] = []

    def read(self, message: EmailMessage) -> Reading | Refusal:
        subject = _field(message, "Subject")
        body = list(self._body(message, 0, None))
        if not any(re.search(r"\w", piece.words) for piece in body):
            return no_text(self._name)
        fields = [
            Piece(f"{name}: {value}", "item")
            for name in _SHOWN_FIELDS
            if (value := _field(message, name))
        ]
        heading = [Piece(subject, "heading")] if subject else []
        remarks = (*self._remarks, *self._named_attachments())
        found = OfficeText([*heading, *fields, *body], subject or None, remarks)
        metadata = Metadata(subject or None, _sender(message), _date(message))
        return reading_of(self._file, found, metadata)

    def _body(self, message: Message, depth: int, section: str | None) -> Iterator[Piece]:
        """Yield what a part says, and the parts in it."""
        self._count(depth)
        kind = message.get_content_type()
        if kind in _ENCRYPTED:
            raise _encrypted(self._name)
        if kind == "message/rfc822":
            for inner in _parts(message):
                subject = _field(inner, "Subject") or "Attached message"
                yield Piece(subject, "heading", section=subject)
                yield from self._body(inner, depth + 1, subject)
        elif kind == "multipart/alternative":
            yield from self._best(message, depth, section)
        elif message.is_multipart():
            for part in _parts(message):
                yield from self._body(part, depth + 1, section)
        else:
            yield from self._leaf(message, kind, section)

    def _best(self, message: Message, depth: int, section: str | None) -> Iterator[Piece]:
        """Yield the first form of a part that says anything, the plain one before others."""
        parts = sorted(_parts(message), key=lambda part: part.get_content_type() != "text/plain")
        for part in parts:
            pieces = list(self._body(part, depth + 1, section))
            if any(re.search(r"\w", piece.words) for piece in pieces):
                yield from pieces
                return

    def _leaf(self, message: Message, kind: str, section: str | None) -> Iterator[Piece]:
        filename = message.get_filename()
        is_attached = message.get_content_disposition() == "attachment"
        if kind not in {"text/plain", "text/html"} or is_attached:
            self._attached.append(_clean(filename or kind))
            return
        payload = message.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        if kind == "text/html":
            try:
                pieces = html_pieces(data, filename or "body")
            except PartFault as fault:
                self._remarks.append(str(fault))
                return
            yield from (Piece(_clean(p.words), p.kind, section=section) for p in pieces)
            return
        text = self._text(data, message.get_content_charset())
        if _PGP.match(text):
            raise _encrypted(self._name)
        for block in text_blocks(text):
            words = text[block.start : block.end]
            yield Piece(words, "item" if block.kind == "item" else "paragraph", section=section)

    def _text(self, data: bytes, charset: str | None) -> str:
        decoded = decode(data, charset)
        if isinstance(decoded, Refusal):
            if data.strip():
                self._remarks.append("A part of the message is no readable text and was left out.")
            return ""
        return _clean(decoded.text)

    def _count(self, depth: int) -> None:
        self._parts += 1
        if depth > _DEEPEST or self._parts > self._file.limits.max_entries:
            raise _too_deep(self._name)

    def _named_attachments(self) -> tuple[str, ...]:
        if not self._attached:
            return ()
        named = ", ".join(self._attached[:_MOST_NAMED])
        more = len(self._attached) - _MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        return (f"Attachments were not read: {named}{rest}. Save and add them by themselves.",)


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    if not isinstance(payload, list):
        return []
    return [part for part in payload if isinstance(part, Message)]


def _field(message: Message, name: str) -> str:
    """Return a header field as it is shown; a broken one may raise anything."""
    try:
        return " ".join(_clean(str(message.get(name, ""))).split())[:2_000]
    except Exception:  # noqa: BLE001 - header parsers fail in many ways on broken fields
        return ""


def _sender(message: Message) -> str | None:
    name, address = parseaddr(_field(message, "From"))
    return name or address or None


def _date(message: Message) -> str | None:
    try:
        return parsedate_to_datetime(_field(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _clean(text: str) -> str:
    return _HALF.sub("", text)


def _encrypted(name: str) -> Refused:
    return Refused(
        RefusalReason.ENCRYPTED,
        f"{name} is an encrypted message. Open it in your mail program, save its text, and add "
        "that.",
    )


def _too_deep(name: str) -> Refused:
    return Refused(
        RefusalReason.HOSTILE,
        f"{name} holds parts inside parts beyond any real message, so it was left out.",
    )
