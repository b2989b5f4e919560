"""Which other words may a sentence have where the question has this one?"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from index.words import terms


def related_terms(term: str) -> frozenset[str]:
    """Return the terms that share a group with ``term`` in ``related_words.txt``."""
    return _table().get(term, frozenset())


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    content = (files("assistant") / "related_words.txt").read_text(encoding="utf-8")
    for line in content.splitlines():
        if line.startswith("#"):
            continue
        group = frozenset(terms(line))
        for term in group:
            table[term] = table.get(term, frozenset()) | group - {term}
    return table
