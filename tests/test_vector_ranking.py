"""Promises of the ranking by meaning: it is the one that numpy finds by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from index import vector_ranking
from index.vector_ranking import VectorRanking, VectorSegment


def rank(*arrays: np.ndarray) -> VectorRanking:
    """Rank numbers and vectors as one segment."""
    return VectorRanking([VectorSegment.build(*arrays)])


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def brute_force(numbers, vectors, query, k, only=None) -> list[tuple[int, float]]:
    """Cosine with every vector in double precision, ties by number."""
    scores = vectors.astype(np.float64) @ query.astype(np.float64)
    pairs = [
        (int(number), float(score))
        for number, score in zip(numbers, scores, strict=True)
        if only is None or int(number) in only
    ]
    return sorted(pairs, key=lambda pair: (-round(pair[1], 6), pair[0]))[:k]


@pytest.fixture(params=[(1, 32), (37, 32), (3000, 32), (500, 384)], ids=str)
def made(request):
    """Numbers in no order, random vectors, a ranking over both, and a few queries."""
    count, dimension = request.param
    rng = np.random.default_rng(count)
    numbers = rng.permutation(10 * count)[:count].astype(np.int64)
    vectors = unit(rng.normal(size=(count, dimension)))
    queries = unit(rng.normal(size=(5, dimension)))
    return numbers, vectors, queries, rank(numbers, vectors)


@pytest.mark.parametrize("k", [1, 10, 100, 5000])
def test_the_nearest_are_those_of_brute_force(made, k: int) -> None:
    """The same passages in the same order, with the same cosines."""
    numbers, vectors, queries, ranking = made
    for query in queries:
        whole = brute_force(numbers, vectors, query, len(numbers))
        cosine = dict(whole)
        expected = [score for _, score in whole[:k]]
        found = ranking.nearest(query, k)
        assert len({number for number, _ in found}) == len(found)
        # Place by place, so that two cosines a millionth apart may change places.
        assert [cosine[number] for number, _ in found] == pytest.approx(expected, abs=1e-6)
        assert [score for _, score in found] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
def test_a_search_can_be_limited_to_some_passages(made, share: float) -> None:
    """``only`` gives what brute force gives over those passages alone; unknown numbers are none."""
    numbers, vectors, queries, ranking = made
    only = [int(number) for number in numbers[: int(len(numbers) * share)]]
    for query in queries:
        found = ranking.nearest(query, 10, only=[*only, 10**9])
        expected = brute_force(numbers, vectors, query, 10, set(only))
        assert [number for number, _ in found] == [number for number, _ in expected]
        assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-6)
    assert ranking.nearest(queries[0], 10, only=[]) == []


def test_itself_is_at_cosine_one(made) -> None:
    """A vector's nearest is itself, at similarity 1 (not distance 0)."""
    numbers, vectors, _, ranking = made
    number, score = ranking.nearest(vectors[0], 1)[0]
    assert number == numbers[0]
    assert score == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("dimension", [8, 32, 384])
def test_equals_are_ordered_by_number(dimension: int) -> None:
    """Copies of one passage come in the order of their numbers, at the cut too."""
    rng = np.random.default_rng(3)
    copies = unit(rng.normal(size=(6, dimension)))[rng.integers(0, 6, size=400)]
    numbers = rng.permutation(400).astype(np.int64)
    ranking = rank(numbers, copies)
    for query in unit(rng.normal(size=(3, dimension))):
        whole = brute_force(numbers, copies, query, 400)
        for k in (1, 5, 50, 100, 399, 400, 1000):
            assert [n for n, _ in ranking.nearest(query, k)] == [n for n, _ in whole[:k]]
        only = set(range(0, 400, 3))
        expected = brute_force(numbers, copies, query, 7, only)
        found = ranking.nearest(query, 7, only=sorted(only))
        assert [n for n, _ in found] == [n for n, _ in expected]


def test_a_saved_ranking_is_the_same(made, tmp_path) -> None:
    """What is read back finds the same at the same scores."""
    numbers, vectors, queries, ranking = made
    VectorSegment.build(numbers, vectors).save(tmp_path)
    loaded = VectorRanking([VectorSegment.load(tmp_path)])
    assert len(loaded) == len(ranking)
    for query in queries:
        assert loaded.nearest(query, 10) == ranking.nearest(query, 10)


def test_an_empty_ranking_finds_nothing() -> None:
    """A library without documents can be searched; no hits asked for are none."""
    empty = rank(np.zeros(0, dtype=np.int64), np.zeros((0, 32), dtype=np.float32))
    assert len(empty) == 0
    assert empty.nearest(np.ones(32, dtype=np.float32), 10) == []
    one = rank(np.array([7]), np.eye(1, 32, dtype=np.float32))
    assert one.nearest(np.ones(32, dtype=np.float32), 0) == []


# Larger than is compared whole


def clustered(count: int, dimension: int, seed: int) -> np.ndarray:
    """Vectors in clusters of some fifty, as passages on a subject are."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(count // 50, dimension))
    return unit(middles[rng.integers(0, len(middles), count)] + rng.normal(size=(count, dimension)))


@pytest.fixture(scope="module")
def large():
    """Thirty thousand passages, and queries near some of them."""
    vectors = clustered(30_000, 128, 5)
    rng = np.random.default_rng(6)
    queries = unit(vectors[rng.integers(0, len(vectors), 40)] + 0.05 * rng.normal(size=(40, 128)))
    return np.arange(1, len(vectors) + 1), vectors, queries


def recall(ranking, numbers, vectors, queries, k: int) -> float:
    found = [{n for n, _ in ranking.nearest(query, k)} for query in queries]
    best = [numbers[np.argsort(-(vectors @ query))[:k]] for query in queries]
    return float(np.mean([len(f & set(b.tolist())) / k for f, b in zip(found, best, strict=True)]))


def test_codes_lose_next_to_nothing(large) -> None:
    """Beyond what is compared whole, at least 98 of 100 of the ten nearest are found."""
    numbers, vectors, queries = large
    assert vector_ranking.needs_codes(len(numbers))
    assert recall(rank(numbers, vectors), numbers, vectors, queries, 10) >= 0.98


def test_the_cosines_of_codes_are_exact(large) -> None:
    """Codes name passages; the cosine is that of the vectors themselves."""
    numbers, vectors, queries = large
    ranking = rank(numbers, vectors)
    for query in queries[:5]:
        for number, cosine in ranking.nearest(query, 10):
            assert cosine == pytest.approx(float(vectors[number - 1] @ query), abs=1e-6)


def test_segments_find_what_one_finds(large, monkeypatch) -> None:
    """However passages are spread over segments, coded or not, the same are nearest."""
    numbers, vectors, queries = large
    whole = rank(numbers, vectors)
    for parts in ([9_000, 12_000], [100], [26_000]):
        pieces = zip(np.split(numbers, parts), np.split(vectors, parts), strict=True)
        spread = VectorRanking([VectorSegment.build(*piece) for piece in pieces])
        assert len(spread) == len(whole)
        assert recall(spread, numbers, vectors, queries, 10) >= 0.98
    monkeypatch.setattr(vector_ranking, "_EXACT_UP_TO", 1_000)
    pieces = zip(
        np.split(numbers, [7_000, 20_000]), np.split(vectors, [7_000, 20_000]), strict=True
    )
    coded = VectorRanking([VectorSegment.build(*piece) for piece in pieces])
    for query in queries:
        assert coded.nearest(query, 50) == whole.nearest(query, 50)


def test_a_filter_is_exact_at_every_size(large, tmp_path) -> None:
    """``only`` compares all of those passages, coded or not, in memory or from disk."""
    numbers, vectors, queries = large
    VectorSegment.build(numbers, vectors).save(tmp_path)
    loaded = VectorRanking([VectorSegment.load(tmp_path)])
    only = set(range(7, 30_000, 11))
    for query in queries[:5]:
        expected = brute_force(numbers, vectors, query, 20, only)
        assert [n for n, _ in loaded.nearest(query, 20, only=sorted(only))] == [
            n for n, _ in expected
        ]
        assert loaded.nearest(query, 20) == rank(numbers, vectors).nearest(query, 20)
