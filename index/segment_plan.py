"""Which documents stand together in one segment of the search indexes?

Adding a document makes a small segment, and small ones are joined with their neighbours as they
gather, so that a passage is indexed again only a few times in its life. Removing one costs the
making of its own segment anew, and no other: nothing of what was removed stays in any file, which
a list of removed passages beside the old files could not promise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.rows import DocumentState

MOST_PASSAGES = 65_536
"""The largest segment: built in some ten seconds and within a few hundred megabytes."""
ALWAYS_TOGETHER = 8_192
"""Up to here everything stands in one segment, so that the order of adding leaves no trace."""


@dataclass(frozen=True, slots=True)
class Part:
    """Documents of one segment, by the range of their numbers."""

    first: int
    last: int
    passages: int
    digest: str
    """Of what is in the range: a part that says the same holds the same."""


def plan_parts(documents: Sequence[DocumentState], present: Sequence[Part]) -> list[Part]:
    """Divide ``documents``, ascending by number, keeping those ``present`` that are still true.

    The same documents and the same present parts give the same plan.
    """
    planned: list[tuple[int, Part]] = []
    for piece_start, end in _pieces(documents, present):
        start = piece_start
        part = _part(documents[start:end])
        while planned and _belong_together(planned[-1][1], part):
            start, _ = planned.pop()
            part = _part(documents[start:end])
        planned.append((start, part))
    return [part for _, part in planned]


def _pieces(
    documents: Sequence[DocumentState], present: Sequence[Part]
) -> Iterator[tuple[int, int]]:
    """Yield slices of ``documents``: those of each part, and what is new in full segments."""
    owners = _owners(documents, present)
    for owner, places in groupby(range(len(documents)), key=owners.__getitem__):
        run = list(places)
        start, held = run[0], 0
        for place in run:
            count = documents[place].passages
            if owner is None and held and held + count > MOST_PASSAGES:
                yield start, place
                start, held = place, 0
            held += count
        yield start, run[-1] + 1


def _owners(documents: Sequence[DocumentState], present: Sequence[Part]) -> list[int | None]:
    """Return for each document which of ``present`` has it in its range."""
    ordered = sorted(range(len(present)), key=lambda place: present[place].first)
    owners: list[int | None] = []
    at = 0
    for document in documents:
        while at < len(ordered) and present[ordered[at]].last < document.number:
            at += 1
        inside = at < len(ordered) and present[ordered[at]].first <= document.number
        owners.append(ordered[at] if inside else None)
    return owners


def _belong_together(earlier: Part, later: Part) -> bool:
    together = earlier.passages + later.passages
    return together <= ALWAYS_TOGETHER or (
        together <= MOST_PASSAGES and earlier.passages <= 2 * later.passages
    )


def _part(documents: Sequence[DocumentState]) -> Part:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(document.fingerprint)
    return Part(
        first=documents[0].number,
        last=documents[-1].number,
        passages=sum(document.passages for document in documents),
        digest=digest.hexdigest(),
    )
