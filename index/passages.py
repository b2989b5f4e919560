"""How is a document cut into the passages that are retrieved?

A passage is a run of whole sentences, up to a number of tokens, that ends where a section ends
when it is near enough to full. 240 tokens ranked best in our measurements; what a person is
shown is a sentence, so the size of a passage costs no reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.documents import BlockKind, ReadDocument
from index.sentences import split_sentences

_ENOUGH = 0.5
"""A passage this full is closed when a new section begins, rather than crossing into it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that is quoted: a span of the document's text."""

    start: int
    end: int
    kind: BlockKind
    section: str | None
    page: int | None
    opens_block: bool
    """Whether it is the first of its paragraph."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is retrieved: the span from its first sentence to its last."""

    sentences: tuple[Sentence, ...]

    @property
    def start(self) -> int:
        """Where the first sentence starts."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Where the last sentence ends."""
        return self.sentences[-1].end


def find_sentences(document: ReadDocument) -> list[Sentence]:
    """Cut every block of ``document`` into sentences; a heading is one sentence."""
    found: list[Sentence] = []
    for block in document.blocks:
        spans = (
            [(block.start, block.end)]
            if block.kind == "heading"
            else split_sentences(document.text, block.start, block.end)
        )
        found.extend(
            Sentence(start, end, block.kind, block.section, block.page, number == 0)
            for number, (start, end) in enumerate(spans)
        )
    return found


def pack_passages(
    document: ReadDocument,
    *,
    max_tokens: int,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> list[Passage]:
    """Pack the sentences of ``document`` into passages of at most ``max_tokens`` tokens.

    A sentence that alone is longer makes a passage of its own. Each sentence is in exactly one
    passage, in order.
    """
    sentences = find_sentences(document)
    sizes = count_tokens([document.text[s.start : s.end] for s in sentences])
    passages: list[Passage] = []
    current: list[Sentence] = []
    filled = 0
    for number, (sentence, size) in enumerate(zip(sentences, sizes, strict=True)):
        is_full = filled + size > max_tokens
        is_new_section = sentence.kind == "heading" and filled >= max_tokens * _ENOUGH
        if current and (is_full or is_new_section):
            carried = _trailing_headings(current) if is_full else []
            _close(current[: len(current) - len(carried)], passages)
            current = carried
            filled = sum(sizes[number - len(carried) : number])
        current.append(sentence)
        filled += size
    _close(current, passages)
    return passages


def _trailing_headings(sentences: list[Sentence]) -> list[Sentence]:
    """Headings at the end belong to what follows them."""
    count = 0
    while count < len(sentences) - 1 and sentences[-1 - count].kind == "heading":
        count += 1
    return sentences[len(sentences) - count :] if count else []


def _close(sentences: list[Sentence], passages: list[Passage]) -> None:
    if sentences:
        passages.append(Passage(tuple(sentences)))
