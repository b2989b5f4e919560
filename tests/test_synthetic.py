"""Promises of the made-up library: the same every time, and as a real one is put together."""

from __future__ import annotations

import numpy as np

from eval.synthetic import PASSAGES_A_DOCUMENT, SyntheticEncoder, SyntheticLibrary, name_of

TEXT = "The court of the old harbour town met on stormy nights and judged many a captain. " * 40


def test_a_document_is_the_same_every_time() -> None:
    """Whoever makes it, and in whatever order."""
    one, other = SyntheticLibrary(TEXT, 500), SyntheticLibrary(TEXT, 500)
    other.document(3)
    assert one.document(7).text == other.document(7).text
    assert one.document(7).text != one.document(8).text
    for mine, theirs in zip(one.document(7).passages, other.document(7).passages, strict=True):
        assert np.array_equal(mine.vector, theirs.vector)


def test_sentences_are_spans_of_the_text() -> None:
    """Every sentence stands where it is said to stand, and vectors have unit length."""
    document = SyntheticLibrary(TEXT, 500).document(2)
    assert len(document.passages) == PASSAGES_A_DOCUMENT
    for passage in document.passages:
        for sentence in passage.sentences:
            words = document.text[sentence.start : sentence.end]
            assert words.endswith(".")
            assert words.startswith(name_of(2).capitalize())
        assert np.linalg.norm(passage.vector) == np.float32(1) or np.isclose(
            np.linalg.norm(passage.vector), 1, atol=1e-5
        )


def test_no_two_documents_share_a_name() -> None:
    """The vocabulary grows by a name with every document."""
    assert len({name_of(number) for number in range(50_000)}) == 50_000


def test_a_question_has_its_vector() -> None:
    """The stand-in for a model gives a prepared question its vector, and others always the same."""
    asked = list(SyntheticLibrary(TEXT, 500).questions(5))
    encoder = SyntheticEncoder(asked)
    assert np.array_equal(encoder.encode([asked[2].text])[0], asked[2].vector)
    assert np.array_equal(encoder.encode(["other"]), encoder.encode(["other"]))
