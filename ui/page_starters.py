"""What could a person ask first? A few questions that fit the documents that are loaded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.rows import LibraryDocument
from ui.wording import Wording

STARTERS = 4

_LABEL = re.compile(r"^[^:]{1,24}\d[^:]{0,8}:\s+")
"""A numbering in front of a title: ``Article 1: …``."""


def starter_questions(documents: Sequence[LibraryDocument], wording: Wording) -> list[str]:
    """Return up to four questions: those written for the sample documents, else from titles."""
    names = {document.info.name.rsplit("/", 1)[-1] for document in documents}
    written = [question for name, question in wording.table("starters").items() if name in names]
    own = [
        document
        for document in documents
        if document.info.name.rsplit("/", 1)[-1] not in wording.table("starters")
    ]
    titles = dict.fromkeys(_subject(document.info.title) for document in own)
    asked = [wording("starter.about", subject=title) for title in titles if title]
    # A person's own documents come before the samples: they are what the page is for.
    return [*asked[: STARTERS - 1], *written, *asked[STARTERS - 1 :]][:STARTERS]


def _subject(title: str) -> str:
    subject = _LABEL.sub("", title).strip().rstrip(".?!")
    return subject if 2 < len(subject) <= 80 else ""
