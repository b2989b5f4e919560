"""Is every quotation, letter for letter, what the document says at that place?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.models import Answer, Quote
from index.errors import QuoteMismatch


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking one quotation found."""

    quote: Quote
    is_exact: bool
    reason: str
    """Empty when it is exact; otherwise what is wrong, in words."""


def check_quote(quote: Quote, text: str | None) -> Verdict:
    """Compare ``quote`` with the stored text of its document, ``None`` if it is not there."""
    if text is None:
        return Verdict(quote, False, f"The library has no document {quote.document.name}.")
    if not 0 <= quote.start < quote.end <= len(text):
        return Verdict(quote, False, "The document has no such place.")
    if text[quote.start : quote.end] != quote.text:
        return Verdict(quote, False, "The document reads differently at that place.")
    if quote.highlight is not None:
        start, end = quote.highlight
        if not quote.start <= start < end <= quote.end:
            return Verdict(quote, False, "The mark lies outside the quotation.")
    return Verdict(quote, True, "")


def verify_answers(
    answers: Iterable[Answer], text_of: Callable[[str], str | None]
) -> list[Verdict]:
    """Check every quotation of ``answers``; ``text_of`` finds a stored text by document id."""
    return [
        check_quote(quote, text_of(quote.document.id))
        for answer in answers
        for quote in (*answer.quotes, *answer.nearest)
    ]


def require_exact(quotes: Iterable[Quote], text_of: Callable[[str], str | None]) -> None:
    """Raise :class:`QuoteMismatch` unless every quotation is exact: no answer leaves otherwise."""
    for quote in quotes:
        verdict = check_quote(quote, text_of(quote.document.id))
        if not verdict.is_exact:
            raise QuoteMismatch(
                f"A quotation from {quote.document.name}, characters {quote.start} to "
                f"{quote.end}, failed its check. {verdict.reason} The answer is withheld; add the "
                "document again."
            )
