"""Promises of the ranking by words: it names what counting by hand finds."""

from __future__ import annotations

import math
import random

import pytest

from index.word_ranking import TermGroup, WordRanking, WordSegment


@pytest.fixture(scope="module")
def passages() -> list[tuple[int, int, str]]:
    """Number, document and terms of 400 passages; a letter is the rarer the later it comes."""
    rng = random.Random(2)
    letters, weights = "abcdefgh", [2.0**-place for place in range(8)]
    return [
        (
            3 * n + 1,
            n // 5,
            "\n".join(" ".join(rng.choices(letters, weights, k=rng.randint(1, 6))) for _ in "12"),
        )
        for n in range(400)
    ]


@pytest.fixture(scope="module", params=["memory", "disk", "loaded"])
def ranking(request, passages, tmp_path_factory) -> WordRanking:
    """The same passages, ranked in memory, on disk, and opened from disk again."""
    if request.param == "memory":
        return WordRanking([WordSegment.build(iter(passages))])
    folder = tmp_path_factory.mktemp("words")
    built = WordSegment.build(iter(passages), folder)
    return WordRanking([built if request.param == "disk" else WordSegment.load(folder)])


QUERIES = {
    "one word": [TermGroup(("h",))],
    "several words": [TermGroup(("f",)), TermGroup(("g",)), TermGroup(("h",))],
    "spellings": [TermGroup(("h", "g"))],
    "an acronym": [TermGroup(("h",), (("f", "g"), ("e", "f", "g")))],
    "an unknown word": [TermGroup(("zebra",)), TermGroup(("h",))],
}


def holds(groups, terms: list[str]) -> bool:
    return any(
        any(t in terms for t in group.terms)
        or any(all(t in terms for t in phrase) for phrase in group.phrases)
        for group in groups
    )


@pytest.mark.parametrize(
    "documents", [None, [*range(3, 40), 999], [], range(80)], ids=["all", "some", "none", "each"]
)
@pytest.mark.parametrize("groups", QUERIES.values(), ids=QUERIES.keys())
def test_every_passage_with_the_words_is_named(ranking, passages, groups, documents) -> None:
    """Exactly the passages that hold a word (or all of a long form) are candidates."""
    expected = {
        number
        for number, document, terms in passages
        if holds(groups, terms.split()) and (documents is None or document in documents)
    }
    found = ranking.best(groups, 1000, documents=documents)
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert expected or documents == []


def test_documents_that_hold_a_word_are_counted(ranking, passages) -> None:
    """A word's frequency is the number of passages that hold it."""
    assert len(ranking) == len(passages)
    for term in [*"abcdefgh", "zebra", ""]:
        assert ranking.document_frequency(term) == sum(
            term in terms.split() for _, _, terms in passages
        )


def test_the_best_come_first(ranking, passages) -> None:
    """The order is that of BM25 (k1 1.2, b 0.75) counted by hand, so a cut keeps the best."""
    terms_of = {number: terms.split() for number, _, terms in passages}
    mean = sum(map(len, terms_of.values())) / len(terms_of)
    query = ["e", "f", "h"]

    def score(number: int) -> float:
        total = 0.0
        for term in query:
            n = ranking.document_frequency(term)
            idf = math.log(1 + (len(passages) - n + 0.5) / (n + 0.5))
            tf = terms_of[number].count(term)
            length = len(terms_of[number])
            total += idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / mean))
        return total

    best = sorted((round(score(number), 4) for number in terms_of), reverse=True)[:50]
    found = ranking.best([TermGroup((term,)) for term in query], 50)
    assert [round(score(number), 4) for number in found] == pytest.approx(best, abs=2e-4)


def test_a_filter_changes_no_order(ranking, passages) -> None:
    """Limiting the documents leaves the others out and nothing else."""
    groups = QUERIES["several words"]
    kept = {number for number, document, _ in passages if document % 2}
    whole = [number for number in ranking.best(groups, 1000) if number in kept]
    assert ranking.best(groups, 1000, documents=list(range(1, 80, 2))) == whole


def test_nothing_asked_for_is_nothing_found(ranking) -> None:
    """No words, no hits wanted, or no passages: no candidates, and no error."""
    assert ranking.best([], 10) == []
    assert ranking.best(QUERIES["one word"], 0) == []
    for segments in ([], [WordSegment.build(iter([]))]):
        assert WordRanking(segments).best(QUERIES["one word"], 10) == []


def test_segments_rank_as_one_index_does(ranking, passages) -> None:
    """Counts are the same however passages are spread, and the best by and large too."""
    pieces = [passages[:250], passages[250:370], passages[370:371], passages[371:]]
    spread = WordRanking([WordSegment.build(iter(piece)) for piece in pieces])
    assert len(spread) == len(ranking)
    for term in [*"abcdefgh", "zebra"]:
        assert spread.document_frequency(term) == ranking.document_frequency(term)
    for groups in QUERIES.values():
        whole = ranking.best(groups, 1000)
        assert set(spread.best(groups, 1000)) == set(whole)
        # The mean length is a segment's own, which moves only those that are nearly equal.
        best = whole[: len(whole) // 2]
        kept = set(spread.best(groups, len(best))) & set(best)
        assert len(kept) >= 0.8 * len(best)


def test_a_rare_word_is_rare_in_every_segment() -> None:
    """A word weighs by its rarity in the whole library, not by that in its segment."""
    common = [(n, n, "court ship" if n < 60 else "port ship") for n in range(100)]
    rare_here = [(n, n, "port ship" if n < 199 else "court ship") for n in range(100, 200)]
    spread = WordRanking([WordSegment.build(iter(p)) for p in (common, rare_here)])
    # "court" stands 61 times in all: in the second segment alone it would look precious.
    assert spread.best([TermGroup(("court",)), TermGroup(("ship",))], 61) == [*range(60), 199]
