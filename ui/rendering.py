"""How does an answer look on the page? Pure functions from an ``Answer`` to HTML.

Every word of a document, file name, title or question goes through :func:`escape` before a tag
of ours goes round it. The text content of an element of class ``quotation`` is the quote, byte
for byte: nothing else may be written inside it, not even a space.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import date

from assistant.agreement import main_quotes
from assistant.models import Answer, Difference, Inference, Quote
from index.models import DocumentInfo
from ui.wording import Wording

CLEAR_MATCH = 0.75
LIKELY_MATCH = 0.5
"""Below it a match is called possible; the words follow the calibrated confidence."""

_ALL_EQUAL = ("mentions.", "several.", "comparison.")
"""Rules of answers in which no quotation is weaker than another."""
"""How the names of the rules begin that list every mention."""

_CITATION = re.compile(r"\[(\d{1,3})\]")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def escape(text: str) -> str:
    """Return ``text`` as HTML that a browser shows, and copies, unchanged.

    A carriage return is written as a reference because HTML parsers turn it into a line feed.
    """
    return html.escape(text, quote=True).replace("\r", "&#13;")


def marked(text: str, start: int, end: int, span: tuple[int, int] | None, mark: str) -> str:
    """Return ``text[start:end]`` escaped, with the part of it inside ``span`` in a ``mark`` tag.

    ``mark`` is the opening tag; offsets are code points of ``text``.
    """
    if span is None or not start <= span[0] < span[1] <= end:
        return escape(text[start:end])
    name = mark[1:].split(" ", maxsplit=1)[0].rstrip(">")
    before, inside, after = text[start : span[0]], text[span[0] : span[1]], text[span[1] : end]
    return f"{escape(before)}{mark}{escape(inside)}</{name}>{escape(after)}"


def question_html(question: str) -> str:
    """Show a person's question, as typed."""
    return f'<p class="question" dir="auto">{escape(question)}</p>'


def notice_html(text: str, *, kind: str = "notice") -> str:
    """Show a sentence of the page itself in the conversation: ``pending``, ``notice``."""
    return f'<p class="{escape(kind)}">{escape(text)}</p>'


def shown_quotes(answer: Answer) -> tuple[Quote, ...]:
    """Return what the citations of this answer count through: its quotes, else the nearest."""
    return answer.quotes or answer.nearest


def main_indices(answer: Answer) -> list[int]:
    """Choose which quotes stand in the open: the first, its support, and all that differ.

    A list of mentions, several answers in one and the sides of a comparison are all of them main.
    """
    if answer.rule.startswith(_ALL_EQUAL):
        return list(range(len(answer.quotes)))
    if not answer.quotes:
        return []
    return main_quotes(answer.quotes[0].support, answer.differences)


def confidence_words(confidence: float, wording: Wording) -> str:
    """Say how sure the answer is in words; the number is in the JSON."""
    if confidence >= CLEAR_MATCH:
        return wording("answer.clear_match")
    return wording("answer.likely_match" if confidence >= LIKELY_MATCH else "answer.possible_match")


def date_words(published: str) -> str:
    """Write an ISO date as people do, as precise as it is: ``21 November 2020``, ``2020``."""
    try:
        if len(published) == len("2020-11-21"):
            day = date.fromisoformat(published)
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        year, month = published.split("-")
        return f"{_MONTHS[int(month) - 1]} {year}"
    except (ValueError, IndexError):
        return published


def place_words(quote: Quote, wording: Wording) -> list[str]:
    """List title, source, date and place of a quote, as far as it has them."""
    page = wording("answer.page", page=quote.page) if quote.page is not None else None
    return [part for part in (*document_words(quote.document), page, quote.section) if part]


def document_words(document: DocumentInfo) -> tuple[str, ...]:
    """List title, source and date of a document, as far as it has them."""
    day = date_words(document.published) if document.published else None
    return tuple(part for part in (document.title or document.name, document.source, day) if part)


def chip_html(answer_number: int, position: int, quote: Quote, wording: Wording) -> str:
    """Show the link ``[n]`` that opens the source pane; hovering shows quote and source."""
    number = position + 1
    hint = f"“{quote.text}” — {' · '.join(place_words(quote, wording))}"
    label = f"{wording('answer.open', number=number)}: {quote.document.title}"
    return (
        f'<a class="chip" href="#cite-{answer_number}-{number}" title="{escape(hint)}"'
        f' aria-label="{escape(label)}">[{number}]</a>'
    )


def quotation_html(quote: Quote, *, answers: bool = True) -> str:
    """Show the words of a quote, and nothing else, with the answer inside them marked.

    Nothing is marked in a passage that does not answer.
    """
    span = None
    if quote.highlight is not None and answers:
        span = (quote.highlight[0] - quote.start, quote.highlight[1] - quote.start)
    words = marked(quote.text, 0, len(quote.text), span, "<mark>")
    return f'<blockquote class="quotation" dir="auto">{words}</blockquote>'


def quote_html(
    answer_number: int, position: int, quote: Quote, wording: Wording, *, answers: bool = True
) -> str:
    """Show a quote with its citation."""
    title, *rest = place_words(quote, wording)
    where = "".join(f'<span class="sep"> · </span><span>{escape(part)}</span>' for part in rest)
    return (
        f'<li class="quote"><figure>{quotation_html(quote, answers=answers)}<figcaption>'
        f"{chip_html(answer_number, position, quote, wording)}"
        f' <cite dir="auto">{escape(title)}</cite>{where}</figcaption></figure></li>'
    )


def answer_html(
    answer: Answer,
    answer_number: int,
    wording: Wording,
    *,
    ticked: int,
    documents: int,
) -> str:
    """Show one answer of a conversation; ``ticked`` of ``documents`` were searched."""
    quotes = shown_quotes(answer)
    main = main_indices(answer)
    weaker = [position for position in range(len(answer.quotes)) if position not in main]
    parts = [_lead(answer, answer_number, wording)]
    if answer.searched != answer.question:
        label = escape(wording("answer.searched"))
        parts.append(
            f'<p class="searched"><span class="label">{label}</span>'
            f' <q dir="auto">{escape(answer.searched)}</q></p>'
        )
    parts.append(_quote_list(answer_number, main, quotes, wording))
    parts += [
        _difference(difference, answer, answer_number, wording)
        for difference in answer.differences
        # The template's line may have listed the values already.
        if not all(value.text in answer.text for value in difference.values)
    ]
    parts += [_inference(inference, wording) for inference in answer.inferred]
    if answer.nearest:
        label = f'<p class="nearest-label">{escape(wording("answer.nearest"))}</p>'
        positions = range(len(answer.nearest))
        nearest = _quote_list(answer_number, positions, quotes, wording, answers=False)
        parts.append(f'<div class="nearest">{label}{nearest}</div>')
    folded = []
    if answer.status != "reply":
        folded.append(_how(answer, wording, ticked=ticked, documents=documents))
    if weaker:
        summary = escape(wording.count("answer.weaker", len(weaker)))
        listed = _quote_list(answer_number, weaker, quotes, wording)
        folded.append(f'<details class="weaker"><summary>{summary}</summary>{listed}</details>')
    if folded:
        parts.append(f'<div class="folded">{"".join(folded)}</div>')
    return (
        f'<article class="answer {answer.status}" data-answer="{answer_number}">'
        f"{''.join(parts)}</article>"
    )


def linked(text: str, answer_number: int, quotes: Sequence[Quote], wording: Wording) -> str:
    """Return a sentence of ours, escaped, with each ``[n]`` that names a quote made a chip."""

    def link(found: re.Match[str]) -> str:
        position = int(found[1]) - 1
        if not 0 <= position < len(quotes):
            return found[0]
        return chip_html(answer_number, position, quotes[position], wording)

    return _CITATION.sub(link, escape(text))


def _lead(answer: Answer, answer_number: int, wording: Wording) -> str:
    text = linked(answer.text, answer_number, shown_quotes(answer), wording)
    sure = ""
    if answer.status == "answered":
        words = confidence_words(answer.confidence, wording)
        sure = f' <span class="sure {words.split(" ")[0]}">{escape(words)}</span>'
    return f'<p class="lead" dir="auto">{text}{sure}</p>'


def _quote_list(
    answer_number: int,
    positions: Sequence[int],
    quotes: Sequence[Quote],
    wording: Wording,
    *,
    answers: bool = True,
) -> str:
    items = (
        quote_html(answer_number, at, quotes[at], wording, answers=answers) for at in positions
    )
    return f'<ol class="quotes">{"".join(items)}</ol>' if positions else ""


def _difference(
    difference: Difference, answer: Answer, answer_number: int, wording: Wording
) -> str:
    values = "".join(
        f'<li><span class="value" dir="auto">{escape(value.text)}</span> '
        + " ".join(chip_html(answer_number, at, answer.quotes[at], wording) for at in value.quotes)
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


def _how(answer: Answer, wording: Wording, *, ticked: int, documents: int) -> str:
    where = (
        wording.count("answer.all_documents", documents)
        if ticked == documents
        else wording("answer.some_documents", ticked=ticked, count=documents)
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
