"""Which rule and which template present what was found?"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.agreement import Agreement, main_quotes
from assistant.answer_types import AnswerType
from assistant.models import Difference
from assistant.outcomes import Outcome
from assistant.questions import Kind, Question
from assistant.quoting import Draft
from assistant.stance import judge_stance
from assistant.templates import Templates

_GENERAL = "answered"
"""The rule for kinds of question that have no templates of their own."""
_IDENTITY = "identity"
"""The rule for "Who is …?", whose templates say who, not what."""
_PROMISED = frozenset(AnswerType) - {AnswerType.ANY, AnswerType.DEFINITION, AnswerType.SPEECH}
"""Types whose templates say that the passage gives one: only where one was found in it."""
_SIMILAR = {Kind.HOW_LONG: "how_many"}


class Composer:
    """Chooses and fills templates. Returns (rule, text) pairs."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def answered(
        self, question: Question, drafts: Sequence[Draft], agreement: Agreement
    ) -> tuple[str, str]:
        """Present quotations that answer."""
        rule = _SIMILAR.get(question.kind, question.kind.value)
        if question.asks_who:
            rule = _IDENTITY
        gives_none = question.answer_type in _PROMISED and not drafts[0].evidence.spans
        if gives_none or not self._templates.has(rule, "one"):
            rule = _GENERAL
        template = self._template(rule, question, drafts, agreement)
        main = [drafts[at] for at in _main(question, drafts, agreement)]
        shown = frozenset(draft.evidence.number for draft in main)
        documents = agreement.agreeing if template == "agreeing" else shown
        lines = [
            self._templates.write(
                rule,
                template,
                passages=self._templates.count("passage", len(main)),
                documents=self._templates.count("document", len(documents)),
                topic=question.topic,
            ),
            self.difference_line(agreement.differences),
        ]
        return f"{rule}.{template}", " ".join(filter(None, lines))

    def several(
        self, outcomes: Sequence[Outcome], places: Sequence[Sequence[int]]
    ) -> tuple[str, str]:
        """Present the answers to several questions, each with the numbers of its quotations."""
        lines = [self._templates.write("several", "intro")]
        for outcome, at in zip(outcomes, places, strict=True):
            marks = " ".join(self._templates.mark(number + 1) for number in at)
            template = "found" if outcome.is_found else "missing"
            lines.append(
                self._templates.write(
                    "several", template, question=outcome.question.text, marks=marks
                )
            )
        return "several.found", " ".join(lines)

    def not_found(
        self, total: int, *, has_nearest: bool, is_selection: bool = False
    ) -> tuple[str, str]:
        """Say that the documents, or those of them that were selected, do not answer."""
        if total == 0:
            template = "empty"
        elif not has_nearest:
            template = "none"
        else:
            one = "chosen" if is_selection else "single"
            template = one if total == 1 else "some"
        documents = self._templates.count("selected" if is_selection else "document", total)
        text = self._templates.write("not_found", template, documents=documents)
        return f"not_found.{template}", text

    def mentions(self, topic: str, count: int, shown: int, total: int) -> tuple[str, str]:
        """Say how many documents mention the topic."""
        if count == 0:
            template = "none"
        elif shown < count:
            template = "shown"
        else:
            template = "one" if count == 1 else "many"
        text = self._templates.write(
            "mentions",
            template,
            topic=topic,
            count=count,
            n=shown,
            total=self._templates.count("document", total),
        )
        return f"mentions.{template}", text

    def difference_line(self, differences: Sequence[Difference]) -> str:
        """Say which values differ, each with the numbers of its quotations; empty for none."""
        return " ".join(
            self._templates.write(
                "differences",
                "line",
                values=", ".join(
                    self._templates.write(
                        "differences",
                        "value",
                        text=value.text,
                        marks=" ".join(self._templates.mark(at + 1) for at in value.quotes),
                    )
                    for value in difference.values
                ),
            )
            for difference in differences
        )

    def withdrawn(self, *, is_rest: bool) -> str:
        """Say that quotations of an earlier answer are missing; ``is_rest``: some are left."""
        return self._templates.write("withdrawn", "some" if is_rest else "all")

    def reply(self, template: str, *, documents: int = 0, limit: int = 0) -> str:
        """Write a reply that calls for no quotation."""
        return self._templates.write(
            "reply", template, limit=limit, documents=self._templates.count("document", documents)
        )

    def _template(
        self, rule: str, question: Question, drafts: Sequence[Draft], agreement: Agreement
    ) -> str:
        if self._templates.has(rule, "supports"):
            stance = judge_stance(question.text, drafts[0].evidence)
            if stance != "unclear":
                return stance
        if len(agreement.agreeing) > 1 and not agreement.differences:
            return "agreeing"
        return "one" if len(_main(question, drafts, agreement)) == 1 else "many"


def _main(question: Question, drafts: Sequence[Draft], agreement: Agreement) -> Sequence[int]:
    """Return the quotes that make the answer; of a comparison, all of them."""
    if question.kind is Kind.COMPARISON:
        return range(len(drafts))
    return main_quotes(agreement.support[0], agreement.differences)
