"""Where does a quotation stand? The source pane: a document's stored text, marked at the quote."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models import Answer, Quote
from ui.rendering import date_words, escape, marked, shown_quotes
from ui.wording import Wording

LONG_DOCUMENT = 200_000
"""Characters from which on a document is shown as a window; a browser lays out more only slowly."""
WINDOW = 30_000
"""Characters shown on each side of the quote in a long document."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One quote of one answer of a conversation: what the link ``#cite-2-1`` stands for."""

    answer: Answer
    answer_number: int
    """Counted from 1 in the conversation."""
    position: int
    """Counted from 0 in the answer's quotes, or its nearest passages."""

    def __post_init__(self) -> None:
        if not 0 <= self.position < len(self.quotes):
            raise IndexError(f"Answer {self.answer_number} has no quote {self.position + 1}.")

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All that previous and next go through."""
        return shown_quotes(self.answer)

    @property
    def quote(self) -> Quote:
        """The quote that is cited."""
        return self.quotes[self.position]


def empty_source_html(wording: Wording) -> str:
    """Show the pane before a citation was opened."""
    title, text = escape(wording("source.empty_title")), escape(wording("source.empty"))
    return f'<div class="source-empty"><p class="title">{title}</p><p>{text}</p></div>'


def source_html(citation: Citation, stored: str | None, wording: Wording, *, opened: int) -> str:
    """Show the pane at a quote. ``stored`` is the document's text, ``None`` when it was removed.

    Of a document that was removed or changed nothing is shown, its old words least of all.

    ``opened`` differs from one opening to the next, so that the browser moves to the mark even
    when the same citation is opened twice.
    """
    quote = citation.quote
    if stored is None:
        return source_remark_html(wording("source.removed"))
    if stored[quote.start : quote.end] != quote.text:
        return source_remark_html(wording("source.changed"))
    head, body = _head(citation, wording), _in_place(citation, stored, wording)
    picture = _picture(quote, wording)
    return f'<div class="source-open" data-opened="{int(opened)}">{head}{picture}{body}</div>'


def source_remark_html(remark: str) -> str:
    """Show a sentence instead of a document."""
    return f'<p class="remark" role="status">{escape(remark)}</p>'


def window_around(start: int, end: int, length: int) -> tuple[int, int]:
    """Choose which part of a text of ``length`` characters is shown around ``start`` to ``end``."""
    if length <= LONG_DOCUMENT:
        return 0, length
    return max(0, start - WINDOW), min(length, end + WINDOW)


def _head(citation: Citation, wording: Wording) -> str:
    document = citation.quote.document
    day = date_words(document.published) if document.published else None
    meta = " · ".join(escape(part) for part in (document.source, day, document.name) if part)
    close = escape(wording("source.close"))
    count = wording(
        "source.count" if citation.answer.quotes else "source.nearest_count",
        number=citation.position + 1,
        total=len(citation.quotes),
    )
    return (
        f'<header><button type="button" class="close" aria-label="{close}" title="{close}">&times;'
        f'</button><h2 dir="auto">{escape(document.title or document.name)}</h2>'
        f'<p class="meta">{meta}</p>{_section(citation.quote, wording)}'
        f'<nav aria-label="{escape(count)}">'
        f"{_step(citation, -1, wording('source.previous'))}"
        f'<span class="count">{escape(count)}</span>'
        f"{_step(citation, +1, wording('source.next'))}"
        "</nav></header>"
    )


def _picture(quote: Quote, wording: Wording) -> str:
    """Offer the page of a PDF as a picture; the browser asks for it when it is opened."""
    if quote.page is None or not quote.document.name.lower().endswith(".pdf"):
        return ""
    place = f"number={quote.page}&start={quote.start}&end={quote.end}"
    address = escape(f"/api/documents/{quote.document.id}/page?{place}")
    label = escape(wording("source.show_page", page=quote.page))
    words = escape(wording("source.picture", page=quote.page))
    return (
        f'<details class="page-picture"><summary>{label}</summary>'
        f'<img loading="lazy" src="{address}" alt="{words}"></details>'
    )


def _section(quote: Quote, wording: Wording) -> str:
    page = wording("answer.page", page=quote.page) if quote.page is not None else None
    section = wording("source.section", section=quote.section) if quote.section else None
    words = " · ".join(part for part in (page, section) if part)
    return f'<p class="section" dir="auto">{escape(words)}</p>' if words else ""


def _step(citation: Citation, by: int, label: str) -> str:
    position = citation.position + by
    kind = "next" if by > 0 else "previous"
    if not 0 <= position < len(citation.quotes):
        return f'<span class="step {kind} off" aria-hidden="true">{escape(label)}</span>'
    link = f"#cite-{citation.answer_number}-{position + 1}"
    return f'<a class="step {kind}" href="{link}">{escape(label)}</a>'


def _in_place(citation: Citation, stored: str, wording: Wording) -> str:
    quote = citation.quote
    first, last = window_around(quote.start, quote.end, len(stored))
    total = f"{len(stored):,}"
    before = after = ""
    if first > 0:
        remark = wording("source.before_window", start=f"{first:,}", total=total)
        before = f'<p class="remark">{escape(remark)}</p>'
    if last < len(stored):
        remark = wording("source.after_window", end=f"{last:,}", total=total)
        after = f'<p class="remark">{escape(remark)}</p>'
    answer_span = quote.highlight if citation.answer.quotes else None
    inside = marked(stored, quote.start, quote.end, answer_span, '<b class="hit-answer">')
    start = escape(stored[first : quote.start])
    return (
        f'{before}<div class="source-text" dir="auto" tabindex="0">{start}'
        f'<mark id="hit">{inside}</mark>{escape(stored[quote.end : last])}</div>{after}'
    )
