"""How does an answer look in a terminal? Plain text, quotations exactly as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models import Answer, Quote
from index.models import DocumentInfo, Hit

_SURE = 0.75
_LIKELY = 0.5


def format_answer(answer: Answer) -> str:
    """Write an answer with its quotations, marks and citations."""
    lines = []
    if answer.searched != answer.question:
        lines.append(f"Searched for: {answer.searched}")
    lines.append(answer.text)
    for number, quote in enumerate(answer.quotes or answer.nearest, start=1):
        lines += ["", f"[{number}] {quote.text}", f"    {_citation(quote)}"]
        said_by = [str(at + 1) for at in quote.support]
        if said_by:
            lines.append(f"    the same in [{'], ['.join(said_by)}]")
        lines += [
            f"    “{inference.text}” means {inference.means}"
            for inference in answer.inferred
            if inference.quote == number - 1
        ]
    if answer.status == "answered":
        lines += ["", f"({_in_words(answer.confidence)})"]
    return "\n".join(lines)


def format_hits(hits: Sequence[Hit]) -> str:
    """Write search results, best first."""
    if not hits:
        return "Nothing found."
    return "\n\n".join(
        f"{hit.rank}. {_describe(hit.document)} · characters {hit.start} to {hit.end}"
        f" · score {hit.score:.3f}\n{hit.text}"
        for hit in hits
    )


def _citation(quote: Quote) -> str:
    parts = [_describe(quote.document)]
    if quote.page is not None:
        parts.append(f"page {quote.page}")
    if quote.section and quote.section != quote.document.title:
        parts.append(f"“{quote.section}”")
    parts.append(f"characters {quote.start} to {quote.end}")
    return " · ".join(parts)


def _describe(document: DocumentInfo) -> str:
    known = (document.title, document.source, document.published)
    parts = [part for part in known if part]
    return " · ".join([*parts, document.name])


def _in_words(confidence: float) -> str:
    """Words, because raw scores mislead; the number is in the JSON."""
    if confidence >= _SURE:
        return "clear match"
    return "likely match" if confidence >= _LIKELY else "possible match"
