"""What did people say about answers?

What a person says on the page is kept as a pending case, a file of its own in the library's
folder: the question, the verdict, and where the quotations stood, but no word of a document. When
somebody accepts it, the places are read from the library as it is then, and the question goes
into a set, together with the documents that it was asked of.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from assistant.models import Turn
from eval.errors import UnknownCase
from index.models import FrozenModel

FOLDER = "feedback"

Said = Literal["helpful", "wrong_passage", "should_not_answer", "rightly_refused", "missed"]


class PlaceOfQuote(FrozenModel):
    """Where a quotation stood that the person saw."""

    document: str
    sha256: str
    start: int
    end: int
    highlight: tuple[int, int] | None


class PendingCase(FrozenModel):
    """A question, what was said about its answer, and what would be needed to ask it again."""

    id: str
    said: Said
    at: str
    """Time in UTC, ISO 8601."""
    question: str
    history: tuple[Turn, ...]
    documents: tuple[str, ...] | None
    """Ids of the documents that were searched; ``None`` for all."""
    quotes: tuple[PlaceOfQuote, ...]
    answers: tuple[str, ...]
    """What would have been right, in the person's words."""


def keep_case(library: Path, case: PendingCase) -> None:
    """Keep a case in the library's folder; a later verdict on the same answer replaces it.

    :raises OSError: there is no room, or no permission, for it.
    """
    folder = library / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    beside = folder / f".{case.id}.{os.getpid()}"
    beside.write_text(case.model_dump_json() + "\n", encoding="utf-8")
    beside.replace(folder / f"{case.id}.json")


def pending_cases(library: Path) -> list[PendingCase]:
    """List the cases that nobody has accepted yet, oldest first."""
    cases = []
    for path in sorted((library / FOLDER).glob("*.json")):
        try:
            cases.append(PendingCase.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue  # deleted just now, or edited by hand: it says nothing
    return sorted(cases, key=lambda case: (case.at, case.id))


def find_case(library: Path, case_id: str) -> PendingCase:
    """Return the case with this id, or whose id begins so."""
    found = [case for case in pending_cases(library) if case.id.startswith(case_id)]
    if len(found) != 1:
        what = f"{len(found)} pending cases begin with" if found else "No pending case is called"
        raise UnknownCase(f"{what} {case_id}. See them with: askdocs eval --pending")
    return found[0]


def dismiss(library: Path, case: PendingCase) -> None:
    """Forget a case."""
    (library / FOLDER / f"{case.id}.json").unlink(missing_ok=True)
