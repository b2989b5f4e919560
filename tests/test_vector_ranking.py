"""Promises of the ranking by meaning: it is the one that numpy finds by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from index.vector_ranking import VectorRanking


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
    return numbers, vectors, queries, VectorRanking.build(numbers, vectors)


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
    ranking = VectorRanking.build(numbers, copies)
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
    _, _, queries, ranking = made
    ranking.save(tmp_path / "vectors.faiss")
    loaded = VectorRanking.load(tmp_path / "vectors.faiss")
    assert len(loaded) == len(ranking)
    for query in queries:
        assert loaded.nearest(query, 10) == ranking.nearest(query, 10)


def test_an_empty_ranking_finds_nothing() -> None:
    """A library without documents can be searched; no hits asked for are none."""
    empty = VectorRanking.build(np.zeros(0, dtype=np.int64), np.zeros((0, 32), dtype=np.float32))
    assert len(empty) == 0
    assert empty.nearest(np.ones(32, dtype=np.float32), 10) == []
    one = VectorRanking.build(np.array([7]), np.eye(1, 32, dtype=np.float32))
    assert one.nearest(np.ones(32, dtype=np.float32), 0) == []
