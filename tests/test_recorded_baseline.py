"""Is the assistant as good as what was recorded? Asked with the real model, as users ask."""

from pathlib import Path

import pytest

from eval.baseline import read_baseline
from eval.command import evaluate
from index.settings import Settings

DOCUMENTS = Path(__file__).parent.parent / "documents"


def measure(name, settings, tmp_path):
    """Run one set and return what falls short of its recorded figures."""
    evaluation = evaluate(
        [name],
        settings=settings,
        documents_folder=DOCUMENTS,
        on_progress=lambda _: None,
        cache=tmp_path,
    )
    return [str(shortfall) for shortfall in evaluation.shortfalls]


@pytest.mark.model
def test_the_sample_questions_are_answered_as_well_as_recorded(tmp_path):
    """No measure on the built-in set is worse than its recorded baseline."""
    assert "documents" in read_baseline()
    assert measure("documents", Settings(), tmp_path) == []
