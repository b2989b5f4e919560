"""What does a person read about a run?

One HTML file that loads nothing: the table, and for every set its kinds of questions, the
refusal curve, the calibration and wrong answers to learn from. All text that comes from sets
and documents is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from eval.charts import refusal_chart, reliability_chart
from eval.confidence import calibration_bins, refusal_curve
from eval.gold import ranked_quotes
from eval.judgements import Judgement
from eval.measures import Measures, answerable_of, calibration_of, confidences, unanswerable_of
from eval.runner import SetResult
from eval.tables import COLUMNS, NOTHING, cells

WRONG_ANSWERS = 20
_LONGEST_GOLD = 600
"""Characters; MTRAG's gold answers are whole replies."""

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;font-size:13px;margin:1rem 0;display:block;overflow-x:auto}
th,td{padding:.3rem .6rem;border-bottom:1px solid #8885;text-align:right;vertical-align:top}
th:first-child,td:first-child,.texts th,.texts td{text-align:left}
.charts{display:flex;flex-wrap:wrap;gap:2rem}svg{width:26rem;max-width:100%}
svg text{font-size:11px;fill:currentColor}.frame{fill:none;stroke:#888}
polyline{fill:none;stroke-width:2}.answers{stroke:#b3261e}.refusals{stroke:#1b5e9e}
svg text.answers{fill:#b3261e;stroke:none}svg text.refusals{fill:#1b5e9e;stroke:none}
.guide{stroke:#888;stroke-dasharray:4 4;stroke-width:1}.bar{fill:#1b5e9e}.dot{fill:#b3261e}
mark{background:#ffe28a}:root{color-scheme:light dark}@media(prefers-color-scheme:dark){
.answers{stroke:#ff8a80}svg text.answers{fill:#ff8a80}.refusals{stroke:#82b1ff}
svg text.refusals{fill:#82b1ff}mark{background:#6b5a00;color:inherit}}
"""


def write_report(
    results: Sequence[SetResult],
    path: Path,
    *,
    threshold: float | None = None,
    remarks: Sequence[str] = (),
) -> None:
    """Write the report to ``path``; ``remarks``, such as shortfalls, stand at its top."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_report(results, threshold=threshold, remarks=remarks), encoding="utf-8")


def format_report(
    results: Sequence[SetResult], *, threshold: float | None = None, remarks: Sequence[str] = ()
) -> str:
    """Write the report as one HTML document."""
    legend = "".join(
        f"<li><b>{escape(column.heading)}</b>: {escape(column.title)}</li>" for column in COLUMNS
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>Askdocs evaluation</title><style>{_STYLE}</style></head>\n"
        "<body><h1>Askdocs evaluation</h1>"
        + "".join(f"<p><strong>{escape(remark)}</strong></p>" for remark in remarks)
        + _table("set", [(result.name, result.measures) for result in results])
        + f"<details><summary>What the columns say</summary><ul>{legend}</ul></details>"
        + "".join(_section(result, threshold) for result in results)
        + "</body></html>\n"
    )


def wrong_answers(judgements: Sequence[Judgement]) -> list[tuple[str, Judgement]]:
    """Pick up to twenty wrong answers, each with what is wrong, the most confident first."""
    found = [(fault, judgement) for judgement in judgements if (fault := _fault(judgement))]
    return sorted(found, key=lambda pair: -_confidence(pair[1]))[:WRONG_ANSWERS]


def _fault(judgement: Judgement) -> str:
    if judgement.is_false_answer:
        return "answered; the documents do not say"
    if judgement.judged and not judgement.is_right:
        return "wrong first quote" if judgement.is_answered else "refused; nearest is wrong too"
    if judgement.is_false_refusal:
        return "refused; nearest is right" if judgement.is_right else "refused"
    return ""


def _section(result: SetResult, threshold: float | None) -> str:
    judgements = result.judgements
    curve = refusal_curve(
        confidences(answerable_of(judgements)), confidences(unanswerable_of(judgements))
    )
    calibrated = calibration_of(judgements)
    charts = refusal_chart(curve, threshold) if curve else ""
    if calibrated[0]:
        charts += reliability_chart(calibration_bins(*calibrated))
    return (
        f"<h2>{escape(result.name)}</h2>{_table('kind', result.by_kind)}"
        f'<div class="charts">{charts}</div>{_wrong_table(wrong_answers(judgements))}'
    )


def _wrong_table(wrong: Sequence[tuple[str, Judgement]]) -> str:
    if not wrong:
        return ""
    rows = "".join(
        f"<tr><td>{escape(fault)}</td><td>{_confidence(judgement):.2f}</td>"
        f"<td>{escape(judgement.question.question)}</td><td>{_gold(judgement)}</td>"
        f"<td>{_first_quote(judgement)}</td></tr>"
        for fault, judgement in wrong
    )
    return (
        "<h3>Wrong answers, the most confident first</h3>"
        '<table class="texts"><tr><th>fault</th><th>confidence</th><th>question</th><th>gold</th>'
        f"<th>first quote</th></tr>{rows}</table>"
    )


def _gold(judgement: Judgement) -> str:
    question = judgement.question
    texts = question.answers or tuple(e.text for e in question.evidence if e.text)
    shown = " · ".join(texts) if question.answerable else "not in the documents"
    if len(shown) > _LONGEST_GOLD:
        shown = shown[:_LONGEST_GOLD] + " …"
    documents = ", ".join(sorted(question.gold_documents))
    return escape(shown) + (f"<br><small>{escape(documents)}</small>" if documents else "")


def _first_quote(judgement: Judgement) -> str:
    quotes = () if judgement.answer is None else ranked_quotes(judgement.answer)
    if not quotes:
        return NOTHING
    quote = quotes[0]
    text = escape(quote.text)
    if quote.highlight is not None:
        start, end = (place - quote.start for place in quote.highlight)
        before, marked, after = quote.text[:start], quote.text[start:end], quote.text[end:]
        text = f"{escape(before)}<mark>{escape(marked)}</mark>{escape(after)}"
    return f"{text}<br><small>{escape(quote.document.name)}</small>"


def _confidence(judgement: Judgement) -> float:
    return 0.0 if judgement.answer is None else judgement.answer.confidence


def _table(first: str, rows: Sequence[tuple[str, Measures]]) -> str:
    heads = "".join(
        f'<th title="{escape(column.title)}">{escape(column.heading)}</th>' for column in COLUMNS
    )
    body = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td>{cell}</td>' for cell in cells(measures))}</tr>"
        for name, measures in rows
    )
    return f"<table><tr><th>{first}</th>{heads}</tr>{body}</table>"
