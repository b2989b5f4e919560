"""How does an answer look in the conversation? Pure functions from an ``Answer`` to HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.agreement import same_wording
from assistant.kept_answers import WITHDRAWN
from assistant.models import Answer, Difference, Inference, Quote
from ui.rendering import (
    chip_html,
    confidence_words,
    date_words,
    escape,
    linked,
    main_indices,
    quote_html,
    shown_quotes,
)
from ui.wording import Wording

VERDICTS = {
    "answered": ("helpful", "wrong_passage", "should_not_answer"),
    "not_found": ("rightly_refused", "missed"),
}
"""What a person can say about an answer, by its status."""
ASKS_FOR_WORDS = ("wrong_passage", "missed")
"""Verdicts beside which a person can say what would have been right."""


@dataclass(frozen=True, slots=True)
class Searched:
    """How many documents a question was searched in, of how many."""

    ticked: int
    documents: int

    @property
    def is_all(self) -> bool:
        """Whether no document was left out."""
        return self.ticked == self.documents


def answer_html(
    answer: Answer, number: int, wording: Wording, searched: Searched, *, verdict: str = ""
) -> str:
    """Show answer ``number`` of a conversation, counted from 1."""
    main = main_indices(answer)
    parts = [
        _lead(answer, number, wording),
        _completed(answer, wording),
        _agreement(answer, wording),
        _quote_list(number, main, shown_quotes(answer), wording),
        *(
            _difference(difference, answer, number, wording)
            for difference in answer.differences
            # The template's line may have listed the values already.
            if not all(value.text in answer.text for value in difference.values)
        ),
        *(_inference(one, wording) for one in answer.inferred if one.quote in main),
        _further(answer, wording, searched),
        _nearest(answer, number, wording),
        _folded(answer, number, wording, searched),
        _feedback(answer, wording, verdict),
    ]
    return (
        f'<article class="answer {answer.status}" data-answer="{number}">{"".join(parts)}</article>'
    )


def _lead(answer: Answer, number: int, wording: Wording) -> str:
    text = linked(answer.text, number, shown_quotes(answer), wording)
    sure = ""
    if answer.status == "answered" and answer.rule != WITHDRAWN:
        words = confidence_words(answer.confidence, wording)
        sure = f' <span class="sure {words.split(" ")[0]}">{escape(words)}</span>'
    return f'<p class="lead" dir="auto">{text}{sure}</p>'


def _completed(answer: Answer, wording: Wording) -> str:
    """Show the question as it was searched, where that differs, with a button to change it."""
    if answer.searched == answer.question:
        return ""
    edit, label = escape(wording("answer.edit")), escape(wording("answer.edit_label"))
    return (
        f'<p class="searched"><span class="label">{escape(wording("answer.searched"))}</span>'
        f' <q dir="auto">{escape(answer.searched)}</q> <button type="button" class="small"'
        f' data-deed="edit" aria-label="{label}">{edit}</button></p>'
    )


def _agreement(answer: Answer, wording: Wording) -> str:
    """Say how many documents say the same as the first quotation, and whether in its words."""
    if not answer.quotes or answer.differences:
        return ""
    agreeing = [answer.quotes[0], *(answer.quotes[at] for at in answer.quotes[0].support)]
    documents = {quote.document.id for quote in agreeing}
    if len(documents) < 2:
        return ""
    alike = max(
        len({two.document.id for two in agreeing if same_wording(one.text, two.text)})
        for one in agreeing
    )
    if alike == len(documents):
        words = wording("answer.agree_in_words", count=len(documents))
    elif alike > 1:
        words = wording("answer.agree_partly", count=len(documents), alike=alike)
    else:
        words = wording("answer.agree", count=len(documents))
    return f'<p class="agree">{escape(words)}</p>'


def _quote_list(
    number: int,
    positions: Sequence[int],
    quotes: Sequence[Quote],
    wording: Wording,
    *,
    answers: bool = True,
) -> str:
    items = (quote_html(number, at, quotes[at], wording, answers=answers) for at in positions)
    return f'<ol class="quotes">{"".join(items)}</ol>' if positions else ""


def _difference(difference: Difference, answer: Answer, number: int, wording: Wording) -> str:
    values = "".join(
        f'<li><span class="value" dir="auto">{escape(value.text)}</span> '
        + " ".join(chip_html(number, at, answer.quotes[at], wording) for at in value.quotes)
        + "</li>"
        for value in difference.values
    )
    label = escape(wording("answer.differ"))
    return f'<div class="differ"><p class="label">{label}</p><ul>{values}</ul></div>'


def _inference(inference: Inference, wording: Wording) -> str:
    sentence = wording(
        "answer.inferred",
        text=inference.text,
        number=inference.quote + 1,
        means=date_words(inference.means),
    )
    return f'<p class="inferred" dir="auto">{escape(sentence)}</p>'


def _further(answer: Answer, wording: Wording, searched: Searched) -> str:
    """Offer to search where it was not searched, or to ask again what has changed."""
    if answer.status == "not_found" and not searched.is_all:
        label = wording("answer.search_all", count=f"{searched.documents:,}")
        everywhere = ' data-all="true"'
    elif answer.rule == WITHDRAWN:
        label, everywhere = wording("answer.ask_again"), ""
    else:
        return ""
    return (
        f'<p class="further"><button type="button" class="offer" data-deed="again"{everywhere}>'
        f"{escape(label)}</button></p>"
    )


def _nearest(answer: Answer, number: int, wording: Wording) -> str:
    if not answer.nearest:
        return ""
    label = f'<p class="nearest-label">{escape(wording("answer.nearest"))}</p>'
    positions = range(len(answer.nearest))
    listed = _quote_list(number, positions, answer.nearest, wording, answers=False)
    return f'<div class="nearest">{label}{listed}</div>'


def _folded(answer: Answer, number: int, wording: Wording, searched: Searched) -> str:
    folded = []
    if answer.status != "reply":
        folded.append(_how(answer, wording, searched))
    main = main_indices(answer)
    weaker = [position for position in range(len(answer.quotes)) if position not in main]
    if weaker:
        summary = escape(wording.count("answer.weaker", len(weaker)))
        listed = _quote_list(number, weaker, answer.quotes, wording)
        folded.append(f'<details class="weaker"><summary>{summary}</summary>{listed}</details>')
    return f'<div class="under">{"".join(folded)}</div>' if folded else ""


def _how(answer: Answer, wording: Wording, searched: Searched) -> str:
    where = (
        wording.count("answer.all_documents", searched.documents)
        if searched.is_all
        else wording(
            "answer.some_documents", ticked=searched.ticked, count=f"{searched.documents:,}"
        )
    )
    rows = [
        ("how_searched", answer.searched),
        ("how_where", where),
        ("how_rule", answer.rule),
        ("how_library", answer.version.library[:12]),
        ("how_model", answer.version.model),
    ]
    if shown_quotes(answer):
        name = "how_confidence" if answer.quotes else "how_nearest_confidence"
        rows.insert(2, (name, confidence_words(answer.confidence, wording)))
    listed = "".join(
        f'<dt>{escape(wording(f"answer.{name}"))}</dt><dd dir="auto">{escape(value)}</dd>'
        for name, value in rows
    )
    summary = escape(wording("answer.how"))
    return f'<details class="how"><summary>{summary}</summary><dl>{listed}</dl></details>'


def _feedback(answer: Answer, wording: Wording, verdict: str) -> str:
    """Ask whether it was right; some verdicts ask for the right words, too."""
    verdicts = VERDICTS.get(answer.status, ()) if answer.rule != WITHDRAWN else ()
    if not verdicts:
        return ""
    buttons = "".join(
        f'<button type="button" class="small" data-deed="judge" data-verdict="{name}"'
        f' data-asks="{str(name in ASKS_FOR_WORDS).lower()}"'
        f' aria-pressed="{str(name == verdict).lower()}">'
        f"{escape(wording(f'feedback.{name}'))}</button>"
        for name in verdicts
    )
    label, words = escape(wording("feedback.label")), escape(wording("feedback.words"))
    noted = escape(wording("feedback.noted")) if verdict else ""
    return (
        f'<div class="feedback"><div role="group" aria-label="{label}"><span class="label">{label}'
        f'</span> {buttons}</div><form class="right-words" hidden><label>{words} '
        f'<input type="text" maxlength="500" autocomplete="off"></label>'
        f'<button type="submit" class="small">{escape(wording("feedback.send"))}</button></form>'
        f'<p class="noted" role="status">{noted}</p></div>'
    )
