"""Which passages are nearest in meaning? FAISS answers; this is the only file that knows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Vectors

# A question is one vector: a second thread has little to do, and is waited for on a busy machine.
faiss.omp_set_num_threads(1)

Numbers = npt.NDArray[np.int64]

_VECTORS = "vectors.npy"
_NUMBERS = "numbers.npy"
_CODES = "codes.faiss"

_EXACT_UP_TO = 25_000
_NAMED = 600
"""Passages that codes name for an exact comparison, or six for each one wanted."""


def needs_codes(count: int) -> bool:
    """Whether a segment of ``count`` passages is searched by codes first.

    Measured over 65,536 sentences of real text, 384 numbers each, one thread of a busy machine
    (median of 100 questions · recall of the 10 nearest · of the 100 nearest · bytes a passage):

    ================================  =======  =====  =====  ====
    exact                             12.0 ms  1      1      1536
    RaBitQ, 1 bit, 600 compared        0.9 ms  1.000   .993    56
    RaBitQ, 2 bits, 200 compared       1.4 ms  1.000   .993   116
    RaBitQ, 4 bits, 200 compared      19.0 ms  1.000  1.000   212
    signs alone, 600 compared          0.7 ms  1.000   .943    48
    numbers of 16 bits                13.6 ms  1.000     -    768
    ================================  =======  =====  =====  ====

    So up to 25,000 passages (2 to 4 ms) nothing is lost, and beyond that codes are worth it.
    Graphs (HNSW) and inverted lists (IVF) answer sooner still at a million, but take minutes to
    build, cannot forget a passage, and find other neighbours when documents come in another order.
    A code depends on its own vector and on nothing else.
    """
    return count > _EXACT_UP_TO


class VectorSegment:
    """Some passages' numbers, ascending, and vectors. Safe to share between threads."""

    def __init__(self, numbers: Numbers, vectors: Vectors, codes: Any) -> None:
        self.numbers = numbers
        self.vectors = vectors
        self.codes = codes
        """A FAISS index that names what is worth comparing; ``None`` where all is compared."""

    @classmethod
    def build(cls, numbers: Numbers, vectors: Vectors) -> VectorSegment:
        """Hold ``vectors``, (n, d) float32 of unit length, under ``numbers``, (n,) int64."""
        order = np.argsort(numbers)
        ordered = np.ascontiguousarray(vectors[order])
        return cls(numbers[order], ordered, _encode(ordered) if needs_codes(len(order)) else None)

    @classmethod
    def load(cls, folder: Path) -> VectorSegment:
        """Read what :meth:`save` wrote. The caller has checked the files."""
        codes = folder / _CODES
        numbers = np.load(folder / _NUMBERS)
        if not codes.exists():
            return cls(numbers, np.load(folder / _VECTORS), None)
        # A question touches a few hundred of the vectors: the system keeps those at hand.
        vectors = np.load(folder / _VECTORS, mmap_mode="r")
        return cls(numbers, vectors, faiss.read_index(str(codes)))

    def save(self, folder: Path) -> None:
        """Write the segment into ``folder``."""
        np.save(folder / _NUMBERS, self.numbers)
        np.save(folder / _VECTORS, self.vectors)
        if self.codes is not None:
            # write_index would report a full disk too late.
            (folder / _CODES).write_bytes(faiss.serialize_index(self.codes).tobytes())

    def __len__(self) -> int:
        return len(self.numbers)

    def positions(self, numbers: Numbers) -> npt.NDArray[np.intp]:
        """Return where those of ``numbers`` stand that are here, ascending."""
        places = np.searchsorted(self.numbers, numbers)
        here = places < len(self.numbers)
        places = places[here]
        return np.unique(places[self.numbers[places] == numbers[here]])


class VectorRanking:
    """Cosine over all passages of some segments. Safe to share between threads."""

    def __init__(self, segments: Sequence[VectorSegment]) -> None:
        self._segments = segments

    def __len__(self) -> int:
        return sum(map(len, self._segments))

    def nearest(
        self, vector: npt.NDArray[np.float32], k: int, *, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to ``k`` (passage number, cosine), best first, ties by number.

        ``only`` limits the search to these passage numbers. The cosines are exact, always; which
        passages are compared is decided by codes where :func:`needs_codes` says so.
        """
        if not len(self) or k < 1 or (only is not None and not only):
            return []
        found: list[tuple[int, float]] = []
        for segment, places in self._compared(vector, k, only):
            if places is None:
                found += _nearest(vector, segment.numbers, segment.vectors, k)
            elif len(places):
                rows = np.ascontiguousarray(segment.vectors[places])
                found += _nearest(vector, segment.numbers[places], rows, k)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def _compared(
        self, vector: npt.NDArray[np.float32], k: int, only: Sequence[int] | None
    ) -> list[tuple[VectorSegment, npt.NDArray[np.intp] | None]]:
        """Say which rows of each segment are compared exactly; ``None`` means all."""
        if only is not None:
            wanted = np.unique(np.asarray(only, dtype=np.int64))
            return [(segment, segment.positions(wanted)) for segment in self._segments]
        coded = [segment for segment in self._segments if segment.codes is not None]
        named = _name(vector, coded, max(_NAMED, 6 * k))
        whole = [segment for segment in self._segments if segment.codes is None]
        return [*zip(coded, named, strict=True), *((segment, None) for segment in whole)]


def _encode(vectors: Vectors) -> Any:
    codes = faiss.IndexRaBitQFastScan(vectors.shape[1], faiss.METRIC_INNER_PRODUCT)
    # It would learn the middle of what it is given; of nothing, the middle is 0. So estimates of
    # different segments can be compared, and a code is the same whatever else is in the library.
    codes.train(np.zeros((1, vectors.shape[1]), dtype=np.float32))
    codes.add(vectors)
    return codes


def _name(
    vector: npt.NDArray[np.float32], segments: Sequence[VectorSegment], count: int
) -> list[npt.NDArray[np.intp]]:
    """Return, for each segment, the rows that are among the ``count`` nearest by their codes."""
    if not segments:
        return []
    estimates, rows, owners = [], [], []
    for owner, segment in enumerate(segments):
        scores, places = segment.codes.search(vector.reshape(1, -1), min(count, len(segment)))
        real = places[0] >= 0
        estimates.append(scores[0][real])
        rows.append(places[0][real])
        owners.append(np.full(int(real.sum()), owner))
    owner_of, row_of = np.concatenate(owners), np.concatenate(rows)
    best = np.lexsort((row_of, owner_of, -np.concatenate(estimates)))[:count]
    return [np.sort(row_of[best][owner_of[best] == owner]) for owner in range(len(segments))]


def _nearest(
    vector: npt.NDArray[np.float32], numbers: Numbers, rows: Vectors, k: int
) -> list[tuple[int, float]]:
    """Compare with every row; return up to ``k``, best first, ties by number."""
    wanted = k + 1
    while True:
        scores, places = faiss.knn(
            vector.reshape(1, -1), rows, min(wanted, len(rows)), metric=faiss.METRIC_INNER_PRODUCT
        )
        found = [
            (int(numbers[place]), float(score))
            for place, score in zip(places[0], scores[0], strict=True)
            if place >= 0
        ]
        # FAISS keeps any of several equals at the cut; only past them is it known which.
        if len(found) < wanted or found[-1][1] < found[k - 1][1]:
            return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]
        wanted *= 2
