"""Which questions are asked, of which documents, and what would be right?

A set is a folder with ``questions.jsonl`` and, beside it, ``corpus.jsonl``. A built-in set may
leave the corpus out: it is then about the sample documents. A set of follow-ups alone, each
with its ``rewrite``, needs no documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from assistant.models import Turn
from eval.errors import QuestionSetDamaged, UnknownQuestionSet

QUESTIONS_FILE = "questions.jsonl"
CORPUS_FILE = "corpus.jsonl"
BUILT_IN = Path(__file__).parent / "sets"
UNDERSPECIFIED = "underspecified"


class _Line(BaseModel):
    """Part of a question line; fields that only the set's authors use are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Evidence(_Line):
    """A gold place. ``text`` may be empty: then only the document is known."""

    doc_id: str
    text: str = ""
    start: int | None = None
    end: int | None = None

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("evidence has a start without an end, or the other way round")
        if self.start is None or self.end is None:
            return self
        if not 0 <= self.start < self.end or self.end - self.start != len(self.text):
            raise ValueError(
                f"evidence from {self.start} to {self.end} does not fit its text of "
                f"{len(self.text)} characters"
            )
        return self


class EvalQuestion(_Line):
    """A question with everything that decides whether an answer to it is right."""

    id: str
    question: str
    answerable: bool
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    kind: str = "all"
    history: tuple[Turn, ...] = ()
    rewrite: str | None = None
    """What a person wrote the follow-up out as."""

    @field_validator("history", mode="before")
    @classmethod
    def _read_earlier_questions(cls, history: object) -> object:
        """Take a plain string for an earlier question, as the command line does."""
        if not isinstance(history, list):
            return history
        return [{"role": "user", "text": t} if isinstance(t, str) else t for t in history]

    @property
    def gold_documents(self) -> frozenset[str]:
        """Names of the documents that hold the answer."""
        return frozenset(evidence.doc_id for evidence in self.evidence)

    @property
    def is_underspecified(self) -> bool:
        """Whether the wanted behaviour is to ask back, which is counted apart."""
        return self.kind == UNDERSPECIFIED


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, and the paths that make the library they are asked of."""

    name: str
    folder: Path
    corpus: tuple[Path, ...]
    """Files or folders for ``Library.add``; empty for a set of follow-ups alone."""
    questions: tuple[EvalQuestion, ...]


def load_question_set(folder: Path, documents: Path | None = None) -> QuestionSet:
    """Read the set in ``folder``; without a corpus of its own it is about ``documents``."""
    path = folder / QUESTIONS_FILE
    if not path.is_file():
        raise UnknownQuestionSet(f"No question set at {folder}: it has no {QUESTIONS_FILE}.")
    corpus_file = folder / CORPUS_FILE
    corpus = corpus_file if corpus_file.is_file() else documents
    questions = _read_questions(path)
    if corpus is None and any(question.rewrite is None for question in questions):
        raise QuestionSetDamaged(
            f"{folder} has no {CORPUS_FILE}, and questions that are not follow-ups with a "
            f"'rewrite'. Put the documents there, one JSON object a line."
        )
    name = folder.resolve().name
    return QuestionSet(name, folder, () if corpus is None else (corpus,), questions)


def find_sets(
    names: Sequence[str | Path], data: Path | None, documents: Path | None
) -> list[QuestionSet]:
    """Load the sets called ``names`` (names or folders), or every known one.

    Known are the built-in sets, which are about ``documents`` unless they bring a corpus, and
    every folder of ``<data>/bench`` that holds questions.
    """
    known = {folder.name: (folder, documents) for folder in _set_folders(BUILT_IN)}
    if data is not None:
        known |= {f.name: (f, None) for f in _set_folders(data / "bench") if f.name not in known}
    if not names:
        return [load_question_set(*place) for place in known.values()]
    return [_load_named(name, known) for name in names]


def _load_named(name: str | Path, known: dict[str, tuple[Path, Path | None]]) -> QuestionSet:
    if str(name) in known:
        return load_question_set(*known[str(name)])
    folder = Path(name)
    for known_folder, documents in known.values():
        if folder.resolve() == known_folder.resolve():
            return load_question_set(known_folder, documents)
    if not folder.is_dir():
        raise UnknownQuestionSet(
            f"No question set called {name}, and no such folder. "
            f"Known are: {', '.join(known) or 'none'}. More are found in the folder 'bench' of "
            f"ASKDOCS_DATA."
        )
    return load_question_set(folder)


def _set_folders(parent: Path) -> list[Path]:
    return sorted(path.parent for path in parent.glob(f"*/{QUESTIONS_FILE}"))


def _read_questions(path: Path) -> tuple[EvalQuestion, ...]:
    questions: dict[str, EvalQuestion] = {}
    # Lines of bytes, not of text: a JSON string may hold U+2028, which ends a line of text.
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = EvalQuestion.model_validate_json(line)
        except ValidationError as error:
            raise QuestionSetDamaged(f"{path}, line {number}: {_first_fault(error)}") from error
        if question.id in questions:
            raise QuestionSetDamaged(f"{path}, line {number}: the id {question.id!r} came before.")
        questions[question.id] = question
    if not questions:
        raise QuestionSetDamaged(f"{path} holds no questions.")
    return tuple(questions.values())


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else str(fault["msg"])
