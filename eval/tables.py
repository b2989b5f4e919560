"""How do a set's figures stand in a row?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.measures import Measures
from eval.runner import SetResult

NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the measure under it, and how many decimals it is shown with."""

    heading: str
    title: str
    """What the heading is short for."""
    value: Callable[[Measures], float | None]
    decimals: int = 3


COLUMNS = (
    Column("n", "questions", lambda m: m.questions, 0),
    Column("q@1", "the first quote is right", lambda m: m.quote_at_1),
    Column("q@3", "one of the first three quotes is right", lambda m: m.quote_at_3),
    Column("span", "F1 of the highlight where the quote is right", lambda m: m.span_f1),
    Column("≥.5", "share of highlights with F1 of at least .5", lambda m: m.span_good),
    Column("false ans", "unanswerable questions answered", lambda m: m.false_answers),
    Column("false ref", "answerable questions refused", lambda m: m.false_refusals),
    Column("underspec", "underspecified questions answered", lambda m: m.underspecified_answered),
    Column("AUROC", "of the confidence, answerable or not", lambda m: m.auroc),
    Column("ECE", "calibration error of the confidence", lambda m: m.calibration_error),
    Column("MRR", "MRR@10 of the documents found", lambda m: m.document_mrr),
    Column("nDCG", "nDCG@10 of the documents found", lambda m: m.document_ndcg),
    Column("exact", "quotes equal to the stored text", lambda m: m.exact_quotes),
    Column("follow-up", "F1 of the follow-up as searched", lambda m: m.followup_f1),
    Column("as typed", "F1 of the follow-up as typed", lambda m: m.unresolved_f1),
    Column("p50 ms", "half of the answers took no longer", lambda m: m.milliseconds_p50, 1),
    Column("p95 ms", "95 % of the answers took no longer", lambda m: m.milliseconds_p95, 1),
    Column("words", "median length of a quote", lambda m: m.quote_words_median, 0),
    Column("longest", "longest quote, in words", lambda m: m.quote_words_max, 0),
)


def cells(measures: Measures) -> list[str]:
    """Write one row's figures; a hyphen stands where a measure says nothing."""
    values = [(column.value(measures), column.decimals) for column in COLUMNS]
    return [NOTHING if value is None else f"{value:.{places}f}" for value, places in values]


def format_table(results: Sequence[SetResult]) -> str:
    """Write the sets as a plain aligned table, one row per set, without a last line break."""
    return _align("set", [(result.name, result.measures) for result in results])


def format_kinds(result: SetResult) -> str:
    """Write one set's figures by kind of question, in the same columns."""
    return _align("kind", list(result.by_kind))


def _align(first: str, rows: Sequence[tuple[str, Measures]]) -> str:
    lines = [[first, *(column.heading for column in COLUMNS)]]
    lines += [[name, *cells(measures)] for name, measures in rows]
    # A measure that says nothing about any row is not worth its width.
    kept = [
        place
        for place in range(len(lines[0]))
        if not rows or any(line[place] != NOTHING for line in lines[1:])
    ]
    widths = {place: max(len(line[place]) for line in lines) for place in kept}
    return "\n".join(
        "  ".join(
            line[place].ljust(widths[place]) if place == 0 else line[place].rjust(widths[place])
            for place in kept
        ).rstrip()
        for line in lines
    )
