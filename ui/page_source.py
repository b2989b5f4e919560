"""Where does a quotation stand? The source pane: a document's stored text, marked at the quote."""

from __future__ import annotations

from assistant.models import Answer, Quote
from ui.rendering import date_words, escape, marked, quotation_html, shown_quotes
from ui.wording import Wording


LONG_DOCUMENT = 200_000
"""Characters from which on a document is shown as a window; a browser lays out more only slowly."""
WINDOW = 30_000
"""Characters shown on each side of the quote in a long document."""


def empty_source_html(wording: Wording) -> str:
    """The pane before a citation was opened."""
    title, text = escape(wording("source.empty_title")), escape(wording("source.empty"))
    return f'<div class="source-empty"><p class="title">{title}</p><p>{text}</p></div>'


def source_html(
    answer: Answer,
    answer_number: int,
    position: int,
    stored: str | None,
    wording: Wording,
    *,
    opened: int,
) -> str:
    """The pane at a quote. ``stored`` is the document's text, ``None`` when it was removed.

    ``opened`` differs from one opening to the next, so that the browser moves to the mark even
    when the same citation is opened twice.
    """
    quotes = shown_quotes(answer)
    quote = quotes[position]
    if stored is None:
        body = _by_itself(quote, wording("source.removed"))
    elif stored[quote.start : quote.end] != quote.text:
        body = _by_itself(quote, wording("source.changed"))
    else:
        body = _in_place(quote, stored, wording)
    head = _head(answer, answer_number, position, wording)
    return f'<div class="source-open" data-opened="{int(opened)}">{head}{body}</div>'


def window_around(start: int, end: int, length: int) -> tuple[int, int]:
    """Which part of a text of ``length`` characters is shown around ``start`` to ``end``."""
    if length <= LONG_DOCUMENT:
        return 0, length
    return max(0, start - WINDOW), min(length, end + WINDOW)


def _head(answer: Answer, answer_number: int, position: int, wording: Wording) -> str:
    quotes = shown_quotes(answer)
    document = quotes[position].document
    day = date_words(document.published) if document.published else None
    meta = " · ".join(escape(part) for part in (document.source, day, document.name) if part)
    count = wording(
        "source.count" if answer.quotes else "source.nearest_count",
        number=position + 1,
        total=len(quotes),
    )
    return (
        f'<header><h2 dir="auto">{escape(document.title or document.name)}</h2>'
        f'<p class="meta">{meta}</p>{_section(quotes[position], wording)}'
        f'<nav aria-label="{escape(count)}">'
        f"{_step(answer_number, position - 1, quotes, wording('source.previous'), 'previous')}"
        f'<span class="count">{escape(count)}</span>'
        f"{_step(answer_number, position + 1, quotes, wording('source.next'), 'next')}"
        "</nav></header>"
    )


def _section(quote: Quote, wording: Wording) -> str:
    page = wording("answer.page", page=quote.page) if quote.page is not None else None
    section = wording("source.section", section=quote.section) if quote.section else None
    words = " · ".join(part for part in (page, section) if part)
    return f'<p class="section" dir="auto">{escape(words)}</p>' if words else ""


def _step(
    answer_number: int, position: int, quotes: tuple[Quote, ...], label: str, kind: str
) -> str:
    if not 0 <= position < len(quotes):
        return f'<span class="step {kind} off" aria-hidden="true">{escape(label)}</span>'
    return f'<a class="step {kind}" href="#cite-{answer_number}-{position + 1}">{escape(label)}</a>'


def _by_itself(quote: Quote, remark: str) -> str:
    return f'<p class="remark">{escape(remark)}</p>{quotation_html(quote)}'


def _in_place(quote: Quote, stored: str, wording: Wording) -> str:
    first, last = window_around(quote.start, quote.end, len(stored))
    total = f"{len(stored):,}"
    before = after = ""
    if first > 0:
        remark = wording("source.before_window", start=f"{first:,}", total=total)
        before = f'<p class="remark">{escape(remark)}</p>'
    if last < len(stored):
        remark = wording("source.after_window", end=f"{last:,}", total=total)
        after = f'<p class="remark">{escape(remark)}</p>'
    inside = marked(stored, quote.start, quote.end, quote.highlight, '<b class="hit-answer">')
    return (
        f'{before}<div class="source-text" dir="auto">{escape(stored[first : quote.start])}'
        f'<mark id="hit">{inside}</mark>{escape(stored[quote.end : last])}</div>{after}'
    )
