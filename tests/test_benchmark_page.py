"""Promises of the page on performance: it says what was recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmark_page import write_page

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture
def record() -> dict:
    """Two systems and two sizes."""
    ours = {"p50_ms": 10.0, "p95_ms": 20.0, "memory_mb": 200.0, "mrr": 0.9, "first_passage": 0.8}
    theirs = ours | {"p50_ms": 40.0, "passages": 100, "build_cpu_s": 50.0, "first_s": 6.0}
    return {
        "measured_on": {"set": "s", "documents": 3, "questions": 4, "rounds": 1, "cores": 2},
        "load": 1.0,
        "systems": {
            "Askdocs": {"passages": 100, "build_cpu_s": 10.0, "disk_bytes": 500_000},
            "Askdocs, finding passages": ours,
            "Askdocs, first answer": {"first_s": 0.5},
            "Other <b>": theirs,
            "embedding": {"compiled_texts_per_cpu_s": 80.0, "reference_texts_per_cpu_s": 20.0},
        },
    }


def test_the_tables_say_what_was_recorded(record, tmp_path) -> None:
    """Figures are worked out from the record, other text stays, and writing again is the same."""
    (tmp_path / "images").mkdir()
    page = tmp_path / "performance.md"
    page.write_text("Before\n<!-- peers -->\nold\n<!-- /peers -->\nAfter\n")
    write_page(record, tmp_path)
    text = page.read_text()
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "old" not in text
    assert "| Askdocs, finding passages | 10.0 | 10.0 | 0.50 | 10.0 | 20.0 | 200 | 5.0 |" in text
    assert "4.0 times as many" in text
    write_page(record, tmp_path)
    assert page.read_text() == text
    plot = (tmp_path / "images" / "performance.svg").read_text()
    assert "Other &lt;b&gt;" in plot


def test_the_page_is_the_one_that_the_figures_make(tmp_path) -> None:
    """docs/performance.md holds the tables of docs/performance.json."""
    (tmp_path / "images").mkdir()
    before = (DOCS / "performance.md").read_text(encoding="utf-8")
    (tmp_path / "performance.md").write_text(before, encoding="utf-8")
    write_page(json.loads((DOCS / "performance.json").read_text(encoding="utf-8")), tmp_path)
    assert (tmp_path / "performance.md").read_text(encoding="utf-8") == before
    for name in ("performance.svg", "growth.svg"):
        made = (tmp_path / "images" / name).read_text(encoding="utf-8")
        assert made == (DOCS / "images" / name).read_text(encoding="utf-8")
