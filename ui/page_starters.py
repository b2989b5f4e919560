"""What could a person ask first? A few questions that the documents that are loaded do answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from index.rows import LibraryDocument
from ui.wording import Wording

STARTERS = 4
TRIED = 12
"""Questions tried at most: trying one takes some milliseconds, and a page is waiting."""

_LABEL = re.compile(r"^[^:]{1,24}\d[^:]{0,8}:\s+")
"""A numbering in front of a title: ``Article 1: …``."""
_SUBJECT = re.compile(r"[^\W\d_][\w '’,:()/–-]{2,59}")
"""A title that reads well inside a question: words, not a sentence, a formula or markup."""


def starter_questions(
    documents: Sequence[LibraryDocument],
    wording: Wording,
    is_answered: Callable[[str], bool] = lambda _question: True,
) -> list[str]:
    """Return up to four questions to which ``is_answered`` says yes.

    A person's own documents come before the samples, by their titles; of four questions one is
    left to the samples, whose questions were written by hand.
    """
    written = wording.table("starters")
    names = [document.info.name.rsplit("/", 1)[-1] for document in documents]
    samples = [question for name, question in written.items() if name in names]
    own = [
        document.info.title
        for document, name in zip(documents, names, strict=True)
        if name not in written
    ]
    asked = list(dict.fromkeys(_about(own, wording)))
    kept = STARTERS - 1 if samples else STARTERS
    tried = [*asked[:kept], *samples, *asked[kept:]][:TRIED]
    return list(islice(filter(is_answered, tried), STARTERS))


def _about(titles: Sequence[str], wording: Wording) -> Iterator[str]:
    for title in titles:
        subject = _LABEL.sub("", title).strip()
        if _SUBJECT.fullmatch(subject):
            yield wording("starter.about", subject=subject)
