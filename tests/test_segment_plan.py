"""Promises of the plan of segments: every document once, little made again, few segments."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.rows import DocumentState
from index.segment_plan import ALWAYS_TOGETHER, MOST_PASSAGES, Part, plan_parts

Sizes = st.lists(st.integers(1, 40_000), max_size=30)


def state(number: int, passages: int, text: str = "") -> DocumentState:
    return DocumentState(number, passages, f"{number} {passages} {text}".encode())


def covered(parts: list[Part], documents: list[DocumentState]) -> None:
    """Hold that each document is in one part and each part says how much it has."""
    for part in parts:
        inside = [d for d in documents if part.first <= d.number <= part.last]
        assert part.passages == sum(d.passages for d in inside)
        assert inside
        assert part.passages <= MOST_PASSAGES or len(inside) == 1
    assert sum(part.passages for part in parts) == sum(d.passages for d in documents)
    assert all(one.last < other.first for one, other in pairwise(parts))


@given(Sizes, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9_000)), max_size=30))
def test_every_document_stands_in_one_part(sizes, changes) -> None:
    """Through any additions, removals and replacements."""
    documents = [state(number, size) for number, size in enumerate(sizes, start=1)]
    parts = plan_parts(documents, [])
    covered(parts, documents)
    for number, size in changes:
        last = max((d.number for d in documents), default=0)
        documents = [d for d in documents if d.number != number] + [state(last + 1, size)]
        parts = plan_parts(documents, parts)
        covered(parts, documents)
        assert plan_parts(documents, parts) == parts


def test_a_plan_without_change_changes_nothing() -> None:
    """What is present and true is kept as it is."""
    documents = [state(number, 700) for number in range(1, 500)]
    parts = plan_parts(documents, [])
    assert len(parts) > 3
    assert plan_parts(documents, parts) == parts
    assert plan_parts(documents, parts[::-1]) == parts


def test_small_libraries_are_one_segment() -> None:
    """Whatever the order of adding was, up to a size there is one segment of everything."""
    documents: list[DocumentState] = []
    parts: list[Part] = []
    while sum(d.passages for d in documents) + 100 <= ALWAYS_TOGETHER:
        documents.append(state(len(documents) + 1, 100))
        parts = plan_parts(documents, parts)
        assert len(parts) == 1
    assert parts == plan_parts(documents, [])


def test_removing_touches_one_segment() -> None:
    """A removed document costs the making of its own segment, and of no other."""
    documents = [state(number, 50) for number in range(1, 10_000)]
    before = plan_parts(documents, [])
    after = plan_parts([d for d in documents if d.number != 4_000], before)
    assert len(before) == len(after) > 5
    assert len(set(after) - set(before)) == 1


def test_adding_makes_a_passage_again_only_a_few_times() -> None:
    """A hundred thousand passages, added in small pieces: each is indexed a few times."""
    rng = random.Random(1)
    documents: list[DocumentState] = []
    parts: list[Part] = []
    built = most = 0
    while len(documents) < 1_000:
        documents.append(state(len(documents) + 1, rng.randint(1, 200)))
        planned = plan_parts(documents, parts)
        together = sum(d.passages for d in documents) <= ALWAYS_TOGETHER
        built += 0 if together else sum(part.passages for part in set(planned) - set(parts))
        most = max(most, len(planned))
        parts = planned
    held = sum(d.passages for d in documents)
    assert most <= 2 * held / MOST_PASSAGES + 8
    # Each addition makes the last eight thousand again; apart from that, joining is rare.
    assert built <= 12 * held + 1_000 * ALWAYS_TOGETHER


def test_a_text_put_back_under_its_old_number_is_noticed() -> None:
    """A library brought back from a backup counts on from there: numbers alone prove nothing."""
    documents = [state(number, 9_000) for number in range(1, 9)]
    parts = plan_parts(documents, [])
    other = [*documents[:-1], state(8, 9_000, "another text")]
    assert len(set(plan_parts(other, parts)) - set(parts)) == 1


def test_no_documents_are_no_parts() -> None:
    """An emptied library has no segments."""
    assert plan_parts([], []) == plan_parts([], [Part(1, 5, 10, "x")]) == []
