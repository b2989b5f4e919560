"""Which characters do these bytes stand for, and are they text at all?

In this order: byte order mark, strict UTF-8, the encoding that the file declares, a guess.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from index.documents import Refusal, RefusalReason

MOST_CONTROL_CHARACTERS = 0.002
"""Share of control characters above which decoded bytes are no text."""
GUESSED_FROM = 200_000
"""Bytes that the guess looks at: more made it slower and no better."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Short Western text is often taken for one of these, which fit its few accents just as well.
_NEAR_WESTERN = frozenset(
    """cp437 cp775 cp850 cp858 mac_roman mac_latin2 cp1250 cp1254 cp1257 latin_1 iso8859_2
    iso8859_9 iso8859_15""".split()
)
_EASTERN = frozenset(
    """Czech Polish Slovak Hungarian Slovene Croatian Romanian Turkish Lithuanian Latvian
    Estonian""".split()
)
# A sign inside a word shows that the bytes are not cp1252 after all.
_SIGN_IN_WORD = re.compile(r"[^\W\d_][\x80-\x9f‚„…†‡ˆ‰‹•˜™¢£¤¥¦§¨©«¬®°±²³´¶¸¹»¼½¾¿][^\W\d_]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")

NOT_TEXT = Refusal(
    RefusalReason.NOT_TEXT,
    "This is not a text file: its bytes stand for no readable characters. Save the document as "
    "text, Markdown or HTML and add it again.",
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file with Unix line ends; ``remark`` says when they are a guess."""

    text: str
    remark: str | None = None


def decode(data: bytes, declared: str | None = None) -> Decoded | Refusal:
    """Find the text of ``data``; ``declared`` is the encoding that the file itself names."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data[len(mark) :], encoding))
    if b"\0" in data:
        return _checked(_strictly(data, _unmarked_utf16(data)))
    text = _strictly(data, "utf-8")
    if text is None and declared:
        text = _strictly(data, declared)
    return _checked(text) if text is not None else _guess(data)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None
    return text if isinstance(text, str) else None


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without a mark shows as zero bytes at every second place of Western text."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess(data: bytes) -> Decoded | Refusal:
    match = from_bytes(data[:GUESSED_FROM]).best()
    if match is None:
        return NOT_TEXT
    encoding = match.encoding
    if encoding in _NEAR_WESTERN and match.language not in _EASTERN:
        western = _strictly(data, "cp1252")
        if western is not None and _SIGN_IN_WORD.search(western) is None:
            encoding = "cp1252"
    # The rest of a long file may hold a byte that the sample did not.
    result = _checked(data.decode(encoding, errors="replace"))
    if isinstance(result, Refusal):
        return result
    remark = f"The encoding was guessed: {encoding}. Save the file as UTF-8 to be sure."
    return Decoded(result.text, remark)


def _checked(text: str | None) -> Decoded | Refusal:
    if text is None:
        return NOT_TEXT
    text = text.removeprefix("\ufeff").removesuffix("\x1a").replace("\r\n", "\n")
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls > MOST_CONTROL_CHARACTERS * len(text):
        return NOT_TEXT
    return Decoded(text)
