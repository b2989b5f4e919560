"""What does the judge learn from? Questions with windows of sentences, some right, most wrong.

The questions are those of ``ASKDOCS_DATA/train``; its README says where each file comes from. A
window is a run of sentences of one passage. Every question comes with the window that answers it
and with windows of other passages that share words with it. Three kinds of example have no answer
at all, so that the judge learns to refuse: the window without its answering sentence, the window
under a question in which a name or a number was exchanged, and another passage alone.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from eval.normal_text import normalise

SOURCES: dict[str, int] = {
    "squad_train_0": 6400,
    "squad_train_1": 6400,
    "squad_train_2": 6400,
    "squad_train_3": 6400,
    "squad_train_4": 6400,
    "squadshifts_newwiki": 6000,
    "squadshifts_amazon": 2400,
    "squadshifts_reddit": 2400,
    "policyqa": 1600,
    "qamr": 1800,
    "conditionalqa": 2400,
    "selqa": 2360,
    "nq_oracle": 1608,
    "qed_nq": 1348,
    "tatqa_text": 706,
}
"""Questions taken of each file. Search questions are few, so they are asked twice."""
ASKED_TWICE = frozenset({"nq_oracle", "qed_nq"})
VALIDATION = "squad_train_5"

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*|\b\d[\d,.]*\b")
_STOP = frozenset(
    """a an the is was are were be been do does did has have had of in on at by for to from with
    and or what which who whom whose when where why how many much that this it its""".split()
)
_SHARES = {"removed": 0.10, "exchanged": 0.12, "elsewhere": 0.06, "keywords": 0.04}
_SECOND_NEGATIVE = 0.35
_LEAST_WORDS, _MOST_WORDS = 35, 95
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
    """Make the examples of training, shuffled; the same seed gives the same list."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    examples: list[Example] = []
    for name, most in SOURCES.items():
        everything = read_file(folder / f"{name}.jsonl")
        taken = chance.sample(everything, min(len(everything), round(most * share)))
        maker = _Maker(everything, chance)
        for _ in range(2 if name in ASKED_TWICE else 1):
            examples.extend(maker.make(one) for one in taken)
    chance.shuffle(examples)
    return examples


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
        self.names: dict[str, set[str]] = defaultdict(set)
        for one in questions:
            self.names[one.title].update(_NAME.findall(one.question))
        self.vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        self.matrix = self.vectorizer.fit_transform(" ".join(s) for _, s in self.passages)

    def make(self, one: Labelled) -> Example:
        """Make the example of one question, now and then one without an answer."""
        draw = self.chance.random()
        if (draw := draw - _SHARES["removed"]) < 0:
            return self.without_answer(one, negatives=1)
        if (draw := draw - _SHARES["exchanged"]) < 0:
            exchanged = self._exchange(one)
            if exchanged is not None:
                return exchanged
        elif (draw := draw - _SHARES["elsewhere"]) < 0:
            return Example(one.question, tuple(self._negatives(one, 2)))
        elif draw - _SHARES["keywords"] < 0:
            kept = [w for w in one.question.rstrip("?").split() if w.lower() not in _STOP]
            if len(kept) > 1:
                return self.answerable(replace(one, question=" ".join(kept)), negatives=1)
        more = self.chance.random() < _SECOND_NEGATIVE
        return self.answerable(one, negatives=2 if more else 1)

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

    def _exchange(self, one: Labelled) -> Example | None:
        """Exchange a name or number of the question for another one of the same article."""
        found = list(_NAME.finditer(one.question))
        self.chance.shuffle(found)
        for match in found:
            is_figure = match[0][0].isdigit()
            others = sorted(
                name
                for name in self.names[one.title]
                if name[0].isdigit() == is_figure
                and name not in one.question
                and match[0] not in name
            )
            if is_figure and not others:
                others = [str(self.chance.randint(2, 2000))]
            if others:
                other = self.chance.choice(others)
                asked = one.question[: match.start()] + other + one.question[match.end() :]
                target = self.chance.choice([r for r, label in enumerate(one.labels) if label])
                window = self._window(one, target)
                none = replace(window, labels=(0,) * len(window.labels), answer=None)
                return Example(asked, (none, *self._negatives(one, 1)))
        return None

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
                asked = set(one.question.lower().split()) - _STOP
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
