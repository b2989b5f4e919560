"""How high does the search rank the gold documents?

Relevance is binary. A ranking is a list of document names, best first; hits of a document that
came before are dropped, so the tenth place is the tenth document and not the tenth passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from math import log2

CUT = 10


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Drop every name that came before: ``a b a c`` becomes ``a b c``."""
    return tuple(dict.fromkeys(names))


def reciprocal_rank(ranking: Sequence[str], gold: AbstractSet[str]) -> float:
    """Give 1 / rank of the first gold document of the first ten distinct ones, or 0.

    Its mean over questions is MRR@10 (Voorhees 1999; MS MARCO's cut).
    """
    for rank, name in enumerate(distinct(ranking)[:CUT], start=1):
        if name in gold:
            return 1 / rank
    return 0.0


def ndcg(ranking: Sequence[str], gold: AbstractSet[str]) -> float:
    """Give nDCG@10 with binary gains over the distinct documents (Järvelin & Kekäläinen 2002).

    DCG is the sum of 1 / log2(rank + 1) over gold documents; it is divided by the DCG of a
    ranking that begins with all of ``gold``. trec_eval's ``ndcg_cut_10``, BEIR's figure.
    """
    gain = sum(
        _discount(rank)
        for rank, name in enumerate(distinct(ranking)[:CUT], start=1)
        if name in gold
    )
    ideal = sum(_discount(rank) for rank in range(1, min(CUT, len(gold)) + 1))
    return gain / ideal if ideal else 0.0


def _discount(rank: int) -> float:
    return 1 / log2(rank + 1)
