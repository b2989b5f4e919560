"""What does the judge learn from? Questions with windows of sentences, some right, most wrong.

The questions are those of ``ASKDOCS_DATA/train``; its README says where each file comes from. A
window is a run of sentences of one passage. Every question comes with the window that answers it
and with windows of other passages that share words with it. Three kinds of example have no answer
at all, so that the judge learns to refuse: the window without its answering sentence, other
passages alone, and the twin: the very same window under a question that asks for something else in
nearly the same words.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from eval.judge.altering import STOP, alter, keep_keywords, read_vocabulary, slip
from eval.normal_text import normalise

SOURCES: dict[str, int] = {
    "squad_train_0": 4500,
    "squad_train_1": 4500,
    "squad_train_2": 4500,
    "squad_train_3": 4500,
    "squad_train_4": 4500,
    "squadshifts_newwiki": 3000,
    "squadshifts_amazon": 800,
    "squadshifts_reddit": 800,
    "policyqa": 800,
    "qamr": 600,
    "conditionalqa": 1000,
    "selqa": 1400,
    "nq_oracle": 1608,
    "qed_nq": 1348,
    "tatqa_text": 500,
}
"""Questions taken of each file."""
VALIDATION = "squad_train_5"

_SHARES = {"removed": 0.14, "elsewhere": 0.08}
_TWIN = 0.6
_KEYWORDS, _SLIPS = 0.06, 0.10
_SECOND_NEGATIVE = 0.25
_LEAST_WORDS, _MOST_WORDS = 30, 80
"""Length of a window, drawn evenly between."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question as the data has it."""

    question: str
    title: str
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    answers: tuple[tuple[int, int, int], ...]
    """(sentence, start, end) of each answer whose place is known."""
    answer_texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences of one passage."""

    title: str
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    answer: tuple[int, int, int] | None = None
    """(sentence, start, end) of the answer, where its place is known."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the windows that compete for it."""

    question: str
    windows: tuple[Window, ...]


def read_file(path: Path) -> list[Labelled]:
    """Read the questions of one file that have a sentence with an answer."""
    read = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answers = row.get("answers") or []
        places = [a for a in answers if isinstance(a, dict)]
        texts = [a["text"] if isinstance(a, dict) else str(a) for a in answers]
        read.append(
            Labelled(
                question=row["question"].strip(),
                title=row.get("title") or "",
                sentences=tuple(s["text"] for s in row["sentences"]),
                labels=tuple(int(s["label"]) for s in row["sentences"]),
                answers=tuple(
                    (a["sentence"], a["start"], a["start"] + len(a["text"])) for a in places
                ),
                answer_texts=tuple(filter(None, map(normalise, texts))),
            )
        )
    return [one for one in read if any(one.labels)]


def make_examples(folder: Path, seed: int, share: float = 1.0) -> list[Example]:
    """Make the examples of training, shuffled, twins together; the same seed, the same list."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    groups: list[list[Example]] = []
    for name, most in SOURCES.items():
        everything = read_file(folder / f"{name}.jsonl")
        taken = chance.sample(everything, min(len(everything), round(most * share)))
        maker = _Maker(everything, chance)
        groups.extend(maker.make(one) for one in taken)
    chance.shuffle(groups)
    return [example for group in groups for example in group]


def make_validation(folder: Path, seed: int, count: int) -> Iterator[tuple[Example, Example]]:
    """Yield pairs: an example of articles kept aside, and the same without its answer."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    everything = read_file(folder / f"{VALIDATION}.jsonl")
    maker = _Maker(everything, chance)
    for one in chance.sample(everything, count):
        yield maker.answerable(one, negatives=3), maker.without_answer(one, negatives=3)


class _Maker:
    """Makes examples from the questions of one file."""

    def __init__(self, questions: Sequence[Labelled], chance: random.Random) -> None:
        self.chance = chance
        self.passages = list(dict.fromkeys((q.title, q.sentences) for q in questions))
        self.normal = [_normal(sentences) for _, sentences in self.passages]
        self.by_title: dict[str, list[int]] = defaultdict(list)
        for number, (title, _) in enumerate(self.passages):
            self.by_title[title].append(number)
        asked: dict[str, list[str]] = defaultdict(list)
        for one in questions:
            asked[one.title].append(one.question)
        self.vocabularies = {title: read_vocabulary(those) for title, those in asked.items()}
        self.vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        self.matrix = self.vectorizer.fit_transform(" ".join(s) for _, s in self.passages)

    def make(self, one: Labelled) -> list[Example]:
        """Make the example of one question, often with its twin, now and then without an answer."""
        draw = self.chance.random()
        if draw < _SHARES["removed"]:
            return [self._typed(self.without_answer(one, negatives=1))]
        if draw < _SHARES["removed"] + _SHARES["elsewhere"]:
            return [self._typed(Example(one.question, tuple(self._negatives(one, 2))))]
        more = self.chance.random() < _SECOND_NEGATIVE
        example = self.answerable(one, negatives=2 if more else 1)
        made = [self._typed(example)]
        if self.chance.random() < _TWIN:
            altered = alter(one.question, self.vocabularies[one.title], self.chance)
            if altered is not None:
                window = example.windows[0]
                bare = replace(window, labels=(0,) * len(window.labels), answer=None)
                made.append(self._typed(Example(altered, (bare,))))
        return made

    def _typed(self, example: Example) -> Example:
        """Leave most questions as they are, and type some as hurried people do."""
        draw = self.chance.random()
        if draw < _KEYWORDS:
            return replace(example, question=keep_keywords(example.question))
        if draw < _KEYWORDS + _SLIPS:
            return replace(example, question=slip(example.question, self.chance))
        return example

    def answerable(self, one: Labelled, negatives: int) -> Example:
        """Pair the answering window with windows of other passages."""
        target = self.chance.choice([row for row, label in enumerate(one.labels) if label])
        window = self._window(one, target)
        return Example(one.question, (window, *self._negatives(one, negatives)))

    def without_answer(self, one: Labelled, negatives: int) -> Example:
        """Take the answering sentences away and keep what stands around them."""
        kept = [row for row, label in enumerate(one.labels) if not label]
        others = self._negatives(one, negatives)
        kept = [row for row in kept if not _holds(one, _normal(one.sentences[row : row + 1]))]
        if not kept:
            return Example(one.question, tuple(others))
        bare = replace(
            one,
            sentences=tuple(one.sentences[row] for row in kept),
            labels=(0,) * len(kept),
            answers=(),
        )
        near = next((i for i, label in enumerate(one.labels) if label), 0)
        target = min(range(len(kept)), key=lambda row: abs(kept[row] - near))
        return Example(one.question, (self._window(bare, target), *others))

    def _negatives(self, one: Labelled, count: int) -> list[Window]:
        """Windows of other passages that share words with the question and hold no answer."""
        scores = (self.matrix @ self.vectorizer.transform([one.question]).T).toarray()[:, 0]
        same = self.by_title[one.title] if one.title else []
        inside = sorted(same, key=lambda row: (-scores[row], row))[:6]
        outside = np.argsort(-scores, kind="stable")[:8].tolist()
        windows: list[Window] = []
        for pool in [inside, outside] * count:
            usable = [
                row
                for row in pool
                if self.passages[row][1] != one.sentences
                and not _holds(one, self.normal[row])
                and all(self.passages[row][1][0] not in w.sentences for w in windows)
            ]
            if usable and len(windows) < count:
                title, sentences = self.passages[self.chance.choice(usable[:3])]
                asked = set(one.question.lower().split()) - STOP
                overlaps = [len(asked & set(s.lower().split())) for s in sentences]
                target = int(np.argmax(overlaps))
                blank = Labelled("", title, sentences, (0,) * len(sentences), (), ())
                windows.append(self._window(blank, target))
        return windows

    def _window(self, one: Labelled, target: int) -> Window:
        """Grow a window from the target, now to the left and now to the right."""
        most = self.chance.randint(_LEAST_WORDS, _MOST_WORDS)
        first = last = target
        length = len(one.sentences[target].split())
        open_left, open_right = True, True
        while open_left or open_right:
            left = open_left and (not open_right or self.chance.random() < 0.5)
            row = first - 1 if left else last + 1
            fits = 0 <= row < len(one.sentences)
            fits = fits and length + len(one.sentences[row].split()) <= most
            if not fits:
                open_left, open_right = open_left and not left, open_right and left
                continue
            length += len(one.sentences[row].split())
            first, last = min(first, row), max(last, row)
        inside = [a for a in one.answers if first <= a[0] <= last]
        answer = (inside[0][0] - first, *inside[0][1:]) if inside else None
        rows = slice(first, last + 1)
        return Window(one.title, one.sentences[rows], one.labels[rows], answer)


def _normal(sentences: Sequence[str]) -> str:
    return f" {normalise(' '.join(sentences))} "


def _holds(one: Labelled, normal: str) -> bool:
    """Whether a text holds an answer to the question, so that it can be no wrong example."""
    return any(f" {answer} " in normal for answer in one.answer_texts)
