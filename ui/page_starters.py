"""What could a person ask first? A few questions that the documents that are loaded do answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from assistant.models import Answer
from assistant.suggestions import is_worth_offering, suggest_about
from index.errors import AskdocsError
from index.rows import LibraryDocument
from ui.wording import Wording

STARTERS = 4
TRIED = 12
"""Questions tried at most: trying one takes some milliseconds, and a page is waiting."""
READ = 24
"""Documents of the person's own that are read for it, the latest first."""

_LABEL = re.compile(r"^[^:]{1,24}\d[^:]{0,8}:\s+")
"""A numbering in front of a title: ``Article 1: …``."""
_SUBJECT = re.compile(r"[^\W\d_][\w '’,:()/–-]{2,39}")
"""A title that reads well inside a question: a few words, not a sentence, a formula or markup."""


def starter_questions(
    documents: Sequence[LibraryDocument],
    wording: Wording,
    text_of: Callable[[str], str | None],
    ask: Callable[[str], Answer],
) -> list[str]:
    """Return up to four questions that ``ask`` answers.

    A person's own documents come before the samples: what they name, then their titles. Of four
    questions one is left to the samples, whose questions were written by hand.
    """
    written = wording.table("starters")
    names = {document.info.id: document.info.name.rsplit("/", 1)[-1] for document in documents}
    samples = [question for name, question in written.items() if name in names.values()]
    own = [document for document in documents if names[document.info.id] not in written]
    own = sorted(own, key=lambda document: -document.number)[:READ]
    texts = [text for document in own if (text := text_of(document.info.id)) is not None]
    about = chain(suggest_about(texts), _about([one.info.title for one in own], wording))

    def pleases(question: str) -> bool:
        return _is_answered(question, ask, is_worth_offering)

    def is_answered(question: str) -> bool:
        return _is_answered(question, ask, lambda answer: answer.status == "answered")

    kept = STARTERS - 1 if samples else STARTERS
    found = list(islice(filter(pleases, islice(dict.fromkeys(about), TRIED)), STARTERS))
    by_hand = islice(filter(is_answered, samples), STARTERS - min(kept, len(found)))
    return [*found[:kept], *by_hand, *found[kept:]][:STARTERS]


def _about(titles: Sequence[str], wording: Wording) -> Iterator[str]:
    for title in titles:
        subject = _LABEL.sub("", title).strip()
        if _SUBJECT.fullmatch(subject):
            yield wording("starter.about", subject=subject)


def _is_answered(
    question: str, ask: Callable[[str], Answer], suffices: Callable[[Answer], bool]
) -> bool:
    try:
        return suffices(ask(question))
    except AskdocsError:
        return False
