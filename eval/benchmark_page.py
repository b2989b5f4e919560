"""How do the recorded figures become the page on performance?"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_OURS = "Askdocs"
_BEGIN, _END = "<!-- {0} -->\n", "<!-- /{0} -->"
_WIDTH, _BAR, _LABEL = 720, 22, 260


def write_page(record: dict[str, Any], folder: Path) -> None:
    """Write the tables between their marks in ``performance.md``, and the plots beside it."""
    page = folder / "performance.md"
    text = page.read_text(encoding="utf-8")
    images = folder / "images"
    if "systems" in record:
        text = _between(text, "peers", _peers_table(record))
        (images / "performance.svg").write_text(_bars(record), encoding="utf-8")
    if "growth" in record:
        text = _between(text, "growth", _growth_table(record["growth"]))
        (images / "growth.svg").write_text(_curves(record["growth"]), encoding="utf-8")
    page.write_text(text, encoding="utf-8")


def _between(text: str, name: str, content: str) -> str:
    begin, end = _BEGIN.format(name), _END.format(name)
    before, _, rest = text.partition(begin)
    return before + begin + content + end + rest.partition(end)[2]


def joined(record: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return each system's figures, our several ways of asking as systems of their own."""
    systems: dict[str, dict[str, float]] = {}
    built = record["systems"].get(_OURS, {})
    for name, figures in record["systems"].items():
        if name in {_OURS, "embedding", f"{_OURS}, first answer"}:
            continue
        ours = name.startswith(_OURS)
        systems[name] = {**(built if ours else {}), **figures}
        if ours:
            systems[name] |= record["systems"].get(f"{_OURS}, first answer", {})
    return systems


_COLUMNS: tuple[tuple[str, Callable[[dict[str, float]], float], str], ...] = (
    ("passages per CPU second", lambda f: f["passages"] / f["build_cpu_s"], ".1f"),
    ("building, CPU s", lambda f: f["build_cpu_s"], ".1f"),
    ("first answer, s", lambda f: f["first_s"], ".2f"),
    ("p50 ms", lambda f: f["p50_ms"], ".1f"),
    ("p95 ms", lambda f: f["p95_ms"], ".1f"),
    ("memory, MB", lambda f: f["memory_mb"], ".0f"),
    ("disk a passage, kB", lambda f: f["disk_bytes"] / f["passages"] / 1000, ".1f"),
    ("MRR", lambda f: f["mrr"], ".3f"),
    ("answer in the first", lambda f: f.get("first_passage", f.get("first_quote", 0.0)), ".3f"),
)


def _peers_table(record: dict[str, Any]) -> str:
    on = record["measured_on"]
    lines = [
        (
            f"{on['documents']} documents and {on['questions']} questions of `{on['set']}`, "
            f"{on['rounds']} round(s), {on['cores']} cores, load at the end {record['load']}."
        ),
        "",
        "| | " + " | ".join(name for name, _, _ in _COLUMNS) + " |",
        "| --- |" + " ---: |" * len(_COLUMNS),
    ]
    for name, figures in joined(record).items():
        cells = [_cell(value, figures, form) for _, value, form in _COLUMNS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    embedding = record["systems"].get("embedding")
    if embedding:
        ours, plain = (embedding[f"{e}_texts_per_cpu_s"] for e in ("compiled", "reference"))
        lines += [
            "",
            (
                f"Embedding alone: {ours:.1f} texts a CPU second with the compiled engine and "
                f"{plain:.1f} with sentence-transformers, {ours / plain:.1f} times as many."
            ),
        ]
    return "\n".join(lines) + "\n"


def _cell(value: Callable[[dict[str, float]], float], figures: dict[str, float], form: str) -> str:
    try:
        return format(value(figures), form)
    except KeyError:
        return "–"


_GROWTH = (
    ("passages", "passages", "{:,.0f}"),
    ("storing, s", "store_s", "{:.0f}"),
    ("indexing, s", "index_s", "{:.1f}"),
    ("memory while building, MB", "build_peak_mb", "{:.0f}"),
    ("index, MB", "index_bytes", "{:.0f}"),
    ("opening, s", "open_s", "{:.2f}"),
    ("question p50, ms", "question_p50_ms", "{:.0f}"),
    ("p95", "question_p95_ms", "{:.0f}"),
    ("meaning p50, ms", "meaning_p50_ms", "{:.1f}"),
    ("words p50, ms", "words_p50_ms", "{:.1f}"),
    ("recall@10", "recall_at_10", "{:.3f}"),
    ("add 1,000, s", "add_1000_s", "{:.1f}"),
    ("remove 1,000, s", "remove_1000_s", "{:.1f}"),
    ("remove one document, s", "remove_one_s", "{:.1f}"),
    ("load", "load", "{:.0f}"),
)


def _growth_table(growth: Sequence[dict[str, Any]]) -> str:
    lines = ["| | " + " | ".join(f"{run['passages']:,}" for run in growth) + " |"]
    lines.append("| --- |" + " ---: |" * len(growth))
    for title, key, form in _GROWTH[1:]:
        scale = 1e-6 if key.endswith("_bytes") else 1
        cells = [form.format(run[key] * scale) if key in run else "–" for run in growth]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _bars(record: dict[str, Any]) -> str:
    """Draw the median time of a question of every system."""
    rows = [(name, f["p50_ms"]) for name, f in joined(record).items() if "p50_ms" in f]
    longest = max(value for _, value in rows)
    parts = [_text(8, 18, "Median time of a question, ms")]
    for place, (name, value) in enumerate(rows):
        y = 34 + place * _BAR
        width = (_WIDTH - _LABEL - 80) * value / longest
        color = "#2f6f4f" if name.startswith(_OURS) else "#8a8a8a"
        parts.append(_text(8, y + 13, name))
        parts.append(
            f'<rect x="{_LABEL}" y="{y}" width="{width:.1f}" height="{_BAR - 6}" fill="{color}"/>'
        )
        parts.append(_text(_LABEL + width + 6, y + 13, f"{value:.1f}"))
    return _svg(44 + len(rows) * _BAR, parts)


def _curves(growth: Sequence[dict[str, Any]]) -> str:
    """Draw question times over the size, each as a multiple of that at the smallest size."""
    parts = [_text(8, 18, "Time of a question by size, as a multiple of that of the smallest")]
    keys = (("question p50", "question_p50_ms", "#2f6f4f"), ("p95", "question_p95_ms", "#b0642d"))
    most = max(run[key] / growth[0][key] for _, key, _ in keys for run in growth)
    for line, (title, key, color) in enumerate(keys):
        points = []
        for place, run in enumerate(growth):
            x = 60 + place * (_WIDTH - 120) / max(1, len(growth) - 1)
            ratio = run[key] / growth[0][key]
            y = 230 - 180 * ratio / most
            points.append(f"{x:.1f},{y:.1f}")
            parts.append(_text(x + 4, y - 6, f"{ratio:.1f}"))
            if not line:
                parts.append(_text(x - 20, 250, f"{run['passages']:,}"))
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{color}" stroke-width="2"/>'
        )
        parts.append(f'<text x="{_WIDTH - 110}" y="{18 + 16 * line}" fill="{color}">{title}</text>')
    return _svg(262, parts)


def _svg(height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
        + "".join(parts)
        + "</svg>\n"
    )


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}">{html.escape(text)}</text>'
