"""How does a question become an answer? Every step of the way, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.agreement import compare
from assistant.choice import Consideration, choose, load_weights, order
from assistant.comparison import show_both_sides
from assistant.composing import Composer
from assistant.evidence import Evidence
from assistant.followups import complete, lacks_subject
from assistant.judge import JUDGED, load_judge
from assistant.mentions import Mention, find_mentions
from assistant.models import Answer, Quote, Turn, Version
from assistant.outcomes import Outcome, join
from assistant.parts import asked_part, split_questions
from assistant.questions import Kind, Question, analyse
from assistant.quoting import draft_quotes, to_quote
from assistant.relative_dates import infer_from_quotes
from assistant.spelled_out import prefer_spelled_out
from assistant.templates import Templates
from assistant.verification import require_exact, verify_answers
from assistant.weighing import PASSAGES, gather
from index.encoder import Encoder
from index.retriever import Retriever
from index.settings import Settings

_MOST_MENTIONS = 20
_ATTEMPTS = 3
"""A library that changes faster than this is asked in vain; the check then says so."""


class Assistant:
    """Answers questions about one library. Safe to share between threads."""

    def __init__(self, retriever: Retriever, settings: Settings) -> None:
        self.retriever = retriever
        self.settings = settings
        self.composer = Composer(Templates(settings.language))

    @classmethod
    def open(
        cls,
        library: Path | str,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
    ) -> Assistant:
        """Open the library in the folder ``library`` for asking.

        Raises a :class:`LibraryError` when it cannot be used.
        """
        settings = settings or Settings()
        return cls(Retriever.open(library, settings=settings, encoder=encoder), settings)

    def warm(self) -> None:
        """Load the models and the search indexes, side by side, before the first question."""
        with ThreadPoolExecutor(2, thread_name_prefix="warm") as loading:
            loaded: list[Future[object]] = [loading.submit(lambda: self.retriever.encoder)]
            if self.settings.judge:
                loaded.append(loading.submit(load_judge))
            self.retriever.view()
            for one in loaded:
                one.result()

    def ask(
        self,
        question: str,
        history: Sequence[str | Turn] = (),
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """Answer ``question`` with quotations, or say that the documents do not answer it.

        ``history`` is the conversation before, oldest first; ``documents`` limits the search to
        documents of these names. Raises :class:`UnknownDocument` for an unknown name.
        """
        question = question.encode(errors="replace").decode()  # no half characters leave
        if len(question) > self.settings.max_question_characters:
            limit = self.settings.max_question_characters
            return self._reply(question, "too_long", limit=limit)
        understood = analyse(question)
        if understood.kind is Kind.EMPTY:
            return self._reply(question, "empty")
        if understood.kind in (Kind.SMALL_TALK, Kind.ABOUT_ASSISTANT):
            return self._reply(question, understood.kind.value)
        if understood.kind is Kind.COUNT_DOCUMENTS:
            return self._reply(question, "count_documents", documents=self._total(documents))
        searched = complete(question, history).encode(errors="replace").decode()
        understood = analyse(searched)
        if understood.kind is Kind.MENTIONS:
            return self._checked(lambda: self._mentions(question, searched, understood, documents))
        parts = split_questions(searched)
        if len(parts) > 1:
            return self._checked(lambda: self._several(question, parts, documents))
        [searched] = parts
        if lacks_subject(searched):
            self._total(documents)  # an unknown document is an error, whatever was asked
            return self._reply(question, "underspecified")
        return self._checked(lambda: self._quotations(question, searched, documents))

    # The ways to answer

    def consider(self, searched: str, documents: Sequence[str] | None = None) -> Consideration:
        """Find and weigh the evidence for a question that stands on its own, choosing nothing."""
        query = self.retriever.prepare(searched)
        question = analyse(query.text)
        ranked = self.retriever.rank(query, PASSAGES, documents)
        store = self.retriever.store
        texts = {
            number: store.text(number) for number in {found.passage.document for found in ranked}
        }
        evidence = gather(question, query, ranked, texts)
        if self.settings.judge and evidence:
            evidence = self._judge(question, evidence)
        unknown = self.retriever.unknown_share(query, ignore=question.frame)
        return Consideration(question, query, tuple(ranked), tuple(evidence), unknown)

    def _judge(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Have the learned judge weigh the best sentences by the plain rules again."""
        ordered, _ = order(evidence, load_weights())
        best = ordered[:JUDGED]
        verdicts = load_judge().weigh(asked_part(question.text), best)
        return [
            *(replace(item, verdict=verdict) for item, verdict in zip(best, verdicts, strict=True)),
            *ordered[JUDGED:],
        ]

    def _find(self, searched: str, documents: Sequence[str] | None) -> Outcome:
        """Find, weigh, choose and compare for one question that stands on its own."""
        considered = self.consider(searched, documents)
        question = considered.question
        choice = prefer_spelled_out(question, choose(considered))
        ordered = show_both_sides(choice.ordered, question.sides)
        drafts = draft_quotes(question, ordered, self.settings.max_quotes)
        return Outcome(
            question=question,
            searched=considered.query.text,
            drafts=tuple(drafts),
            agreement=compare(question, drafts),
            confidence=choice.confidence,
            is_found=bool(drafts) and choice.confidence >= self.settings.threshold,
        )

    def _quotations(self, asked: str, searched: str, documents: Sequence[str] | None) -> Answer:
        outcome = self._find(searched, documents)
        if outcome.is_found:
            rule, text = self.composer.answered(outcome.question, outcome.drafts, outcome.agreement)
        else:
            rule, text = self.composer.not_found(
                self._total(documents),
                has_nearest=bool(outcome.drafts),
                is_selection=documents is not None,
            )
        return self._answer(asked, outcome, rule, text)

    def _several(self, asked: str, parts: Sequence[str], documents: Sequence[str] | None) -> Answer:
        """Answer each question of several, and show the quotations of all in one list."""
        outcomes = [self._find(part, documents) for part in parts]
        joined, places = join(outcomes, self.settings.max_quotes)
        if joined.is_found:
            rule, text = self.composer.several(outcomes, places)
        else:
            rule, text = self.composer.not_found(
                self._total(documents),
                has_nearest=bool(joined.drafts),
                is_selection=documents is not None,
            )
        return self._answer(asked, joined, rule, text)

    def _answer(self, asked: str, outcome: Outcome, rule: str, text: str) -> Answer:
        quotes = tuple(map(to_quote, outcome.drafts, outcome.agreement.support))
        is_found = outcome.is_found
        return Answer(
            question=asked,
            status="answered" if is_found else "not_found",
            text=text,
            rule=rule,
            confidence=outcome.confidence,
            quotes=quotes if is_found else (),
            nearest=() if is_found else quotes,
            searched=outcome.searched,
            differences=outcome.agreement.differences if is_found else (),
            inferred=infer_from_quotes(quotes) if is_found else (),
            version=self._version(),
        )

    def _mentions(
        self, asked: str, searched: str, question: Question, documents: Sequence[str] | None
    ) -> Answer:
        mentions = find_mentions(self.retriever, question.topic, documents)
        shown = mentions[:_MOST_MENTIONS]
        rule, text = self.composer.mentions(
            question.topic, len(mentions), len(shown), self._total(documents)
        )
        return Answer(
            question=asked,
            status="answered" if shown else "not_found",
            text=text,
            rule=rule,
            confidence=1.0 if shown else 0.0,
            quotes=tuple(map(_quote_mention, shown)),
            nearest=(),
            searched=searched,
            differences=(),
            inferred=(),
            version=self._version(),
        )

    def _reply(self, question: str, template: str, **values: int) -> Answer:
        return Answer(
            question=question,
            status="reply",
            text=self.composer.reply(template, **values),
            rule=f"reply.{template}",
            confidence=0.0,
            quotes=(),
            nearest=(),
            searched=question,
            differences=(),
            inferred=(),
            version=self._version(),
        )

    # What they share

    def _checked(self, work: Callable[[], Answer]) -> Answer:
        """Run ``work`` on one view of the library, then compare every quotation with the truth.

        The check looks at the library as it is when the answer leaves. A document that was
        changed or removed meanwhile makes the work start again.
        """
        store = self.retriever.store
        for _ in range(_ATTEMPTS):
            with store.database.reading():
                answer = work()
            verdicts = verify_answers([answer], self.text_of)
            if all(verdict.is_exact for verdict in verdicts):
                return answer
        require_exact((*answer.quotes, *answer.nearest), self.text_of)
        return answer

    def text_of(self, document_id: str) -> str | None:
        """Return the stored text of the document with this id, ``None`` if it is not there."""
        number = self.retriever.store.number_of_id(document_id)
        return None if number is None else self.retriever.store.text(number)

    def _total(self, documents: Sequence[str] | None) -> int:
        if documents is not None:
            return len(self.retriever.numbers_of(documents))
        return self.retriever.store.count_documents()

    def _version(self) -> Version:
        store = self.retriever.store
        return Version(
            askdocs=installed_version(),
            library=store.digest(),
            model=str(store.database.meta("model")),
        )


@lru_cache(maxsize=1)
def installed_version() -> str:
    """Return the version of Askdocs that is installed.

    It is looked up once: to read a package's description takes as long as to embed a question.
    """
    try:
        return version("askdocs")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def _quote_mention(mention: Mention) -> Quote:
    sentence = mention.sentence
    return Quote(
        text=mention.text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
        highlight=mention.highlight,
        document=mention.document,
        page=sentence.page,
        section=sentence.section,
        support=(),
    )
