"""How does an answer look in a terminal? Plain text, quotations exactly as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models import Answer, Quote
from index.models import DocumentInfo, Hit
from ui.rendering import confidence_words, main_indices
from ui.wording import page_wording


def format_answer(answer: Answer) -> str:
    """Write an answer with its quotations, marks and citations."""
    wording = page_wording()
    lines = []
    if answer.searched != answer.question:
        lines.append(f"Searched for: {answer.searched}")
    lines.append(answer.text)
    if answer.status == "answered":
        main = main_indices(answer)
        lines += [line for at in main for line in _quotation(answer, at)]
        lines += ["", f"({confidence_words(answer.confidence, wording)})"]
        weaker = [at for at in range(len(answer.quotes)) if at not in main]
        if weaker:
            lines += ["", f"{wording.count('answer.weaker', len(weaker))}:"]
            lines += [line for at in weaker for line in _quotation(answer, at)]
    else:
        lines += [line for at in range(len(answer.nearest)) for line in _quotation(answer, at)]
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


def _quotation(answer: Answer, at: int) -> list[str]:
    quote = (answer.quotes or answer.nearest)[at]
    lines = ["", f"[{at + 1}] {quote.text}", f"    {_citation(quote)}"]
    said_by = [str(other + 1) for other in quote.support]
    if said_by:
        lines.append(f"    the same in [{'], ['.join(said_by)}]")
    lines += [
        f"    “{inference.text}” means {inference.means}"
        for inference in answer.inferred
        if inference.quote == at
    ]
    return lines


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
