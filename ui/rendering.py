"""How do words become HTML? Escaped, and with a mark round what answers.

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
from assistant.models import Answer, Quote
from index.models import DocumentInfo
from ui.wording import Wording

CLEAR_MATCH = 0.75
LIKELY_MATCH = 0.5
"""Below it a match is called possible; the words follow the calibrated confidence."""

LONG_QUOTE = 700
"""Characters beyond which a quote is folded on the screen."""
SHOWN_OF_LONG_QUOTE = 360
"""Characters of a folded quote that are shown in the narrowest window."""

_ALL_EQUAL = ("mentions.", "several.", "comparison.", "withdrawn")
"""How rules begin whose answers have no weaker quotations."""

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


def quotation_html(quote: Quote, *, answers: bool = True, folds: bool = False) -> str:
    """Show the words of a quote, and nothing else, with the answer inside them marked.

    Nothing is marked in a passage that does not answer. One that ``folds`` is shown in part until
    it is opened; all of it is there.
    """
    span = None
    if quote.highlight is not None and answers:
        span = (quote.highlight[0] - quote.start, quote.highlight[1] - quote.start)
    words = marked(quote.text, 0, len(quote.text), span, "<mark>")
    folded = " folded" if folds else ""
    return f'<blockquote class="quotation{folded}" dir="auto">{words}</blockquote>'


def quote_html(
    answer_number: int, position: int, quote: Quote, wording: Wording, *, answers: bool = True
) -> str:
    """Show a quote with its citation, and a button that copies both."""
    title, *rest = place_words(quote, wording)
    where = "".join(f'<span class="sep"> · </span><span>{escape(part)}</span>' for part in rest)
    folds = _is_long(quote)
    more = ""
    if folds:
        label = escape(wording("answer.unfold"))
        more = f'<button type="button" class="small" data-deed="unfold">{label}</button>'
    copy = escape(wording("answer.copy_label", number=position + 1))
    return (
        f'<li class="quote"><figure>{quotation_html(quote, answers=answers, folds=folds)}{more}'
        f"<figcaption>{chip_html(answer_number, position, quote, wording)}"
        f' <span class="where" dir="auto"><cite dir="auto">{escape(title)}</cite>{where}</span>'
        f' <button type="button" class="small copy" data-deed="copy" aria-label="{copy}">'
        f"{escape(wording('answer.copy'))}</button></figcaption></figure></li>"
    )


def _is_long(quote: Quote) -> bool:
    """Whether a quote may be folded: it is long, and what answers stands near its beginning."""
    marked_until = quote.highlight[1] - quote.start if quote.highlight else 0
    return len(quote.text) > LONG_QUOTE and marked_until <= SHOWN_OF_LONG_QUOTE


def linked(text: str, answer_number: int, quotes: Sequence[Quote], wording: Wording) -> str:
    """Return a sentence of ours, escaped, with each ``[n]`` that names a quote made a chip."""

    def link(found: re.Match[str]) -> str:
        position = int(found[1]) - 1
        if not 0 <= position < len(quotes):
            return found[0]
        return chip_html(answer_number, position, quotes[position], wording)

    return _CITATION.sub(link, escape(text))
