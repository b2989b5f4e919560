"""Does every real, damaged and hostile file of the manifest end as it should?

The files are third-party data under ``ASKDOCS_DATA/formats``.
"""

from __future__ import annotations

import json
import re

import pytest

from index.documents import Reading, Refusal, RefusalReason
from index.passages import pack_passages
from index.readers import ReaderPool, ReadingLimits

REASONS = {
    "corrupt": {
        RefusalReason.DAMAGED,
        RefusalReason.NOT_TEXT,
        RefusalReason.HOSTILE,
        RefusalReason.UNSUPPORTED,
    },
    "no_text": {RefusalReason.NO_TEXT, RefusalReason.EMPTY, RefusalReason.UNSUPPORTED},
    "encrypted": {RefusalReason.ENCRYPTED},
    "unsupported": {RefusalReason.UNSUPPORTED},
    "encrypted_or_unsupported": {RefusalReason.ENCRYPTED, RefusalReason.UNSUPPORTED},
}
# White space, soft hyphens and Arabic vowel marks do not count.
_UNSEEN = re.compile("[\\s\u00ad\u064b-\u0652\u0670]")


@pytest.fixture(scope="module")
def readings(data_set):
    """Every file of the manifest with what became of it, each read in a limited process."""
    folder = data_set("formats")
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    with ReaderPool(ReadingLimits()) as pool:
        return [(entry, pool.read(folder / entry["file"])) for entry in entries]


def bare(text: str) -> str:
    return _UNSEEN.sub("", text)


def test_what_can_be_read_is_read(readings):
    """A readable file is read, and the words that a person sees in it are in its text."""
    missed = [
        (entry["file"], result if isinstance(result, Refusal) else result.remarks)
        for entry, result in readings
        if entry["expect"] == "text"
        and not (
            isinstance(result, Reading)
            and bare(entry["snippet"]) in bare(" ".join(d.text for d in result.documents))
        )
    ]
    assert missed == []


def test_what_cannot_be_read_is_refused_for_its_reason(readings):
    """An encrypted, empty, damaged or unknown file is refused, and the reason is the right one."""
    wrong = [
        (entry["file"], result.reason if isinstance(result, Refusal) else "read")
        for entry, result in readings
        if entry["expect"] == "refuse"
        and not (isinstance(result, Refusal) and result.reason in REASONS[_class_of(entry)])
    ]
    assert wrong == []


def _class_of(entry) -> str:
    return next(entry[key] for key in ("reason", "class", "refusal") if entry.get(key))


def test_every_refusal_is_a_sentence(readings):
    """A refusal says in a whole sentence what is wrong."""
    for entry, result in readings:
        if isinstance(result, Refusal):
            assert re.match(r"[\w(].{20,}[.)]$", result.message), entry["file"]


def test_every_place_lies_in_its_text(readings):
    """Blocks, passages and sentences of every file are stretches of its stored text, in order."""
    for entry, result in readings:
        for document in result.documents if isinstance(result, Reading) else ():
            ends = [0, *(block.end for block in document.blocks)]
            assert all(end <= b.start for end, b in zip(ends, document.blocks, strict=False))
            assert ends[-1] <= len(document.text), entry["file"]
            passages = pack_passages(
                document, max_tokens=240, count_tokens=lambda texts: [len(t) // 4 for t in texts]
            )
            for passage in passages:
                for sentence in passage.sentences:
                    words = document.text[sentence.start : sentence.end]
                    assert words.strip() == words != "", entry["file"]
