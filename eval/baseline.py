"""Is it worse than what was recorded?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from eval.errors import QuestionSetDamaged
from eval.measures import Measures
from eval.runner import SetResult

BASELINE_FILE = Path(__file__).with_name("baseline.json")
# Figures are recorded with six decimals.
_ROUNDING = 1e-6


class Expectation(BaseModel):
    """A recorded figure, and how much worse than it is still accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    tolerance: float = Field(ge=0)


Baseline = Mapping[str, Mapping[str, Expectation]]
"""Expectations by set and by measure."""
_BASELINE = TypeAdapter(dict[str, dict[str, Expectation]])


@dataclass(frozen=True, slots=True)
class Guard:
    """Which way a measure is better, and the tolerance it is recorded with."""

    better: Literal["higher", "lower"]
    tolerance: float


# What a baseline holds. Milliseconds are left out: they belong to the machine, not to the code.
GUARDS: Mapping[str, Guard] = {
    "quote_at_1": Guard("higher", 0.01),
    "quote_at_3": Guard("higher", 0.01),
    "span_f1": Guard("higher", 0.02),
    "span_good": Guard("higher", 0.02),
    "false_answers": Guard("lower", 0.02),
    "false_refusals": Guard("lower", 0.02),
    "auroc": Guard("higher", 0.01),
    "calibration_error": Guard("lower", 0.02),
    "document_mrr": Guard("higher", 0.01),
    "document_ndcg": Guard("higher", 0.01),
    "exact_quotes": Guard("higher", 0.0),
    "followup_f1": Guard("higher", 0.01),
}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measure that is worse than recorded by more than its tolerance."""

    set_name: str
    measure: str
    value: float | None
    """None when the measure no longer says anything about the set."""
    expectation: Expectation

    def __str__(self) -> str:
        value = "nothing" if self.value is None else f"{self.value:.3f}"
        return (
            f"{self.set_name}: {self.measure} is {value}, recorded "
            f"{self.expectation.value:.3f} with a tolerance of {self.expectation.tolerance:.3f}"
        )


def read_baseline(path: Path = BASELINE_FILE) -> Baseline:
    """Read the recorded figures."""
    try:
        baseline = _BASELINE.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise QuestionSetDamaged(f"The baseline {path} cannot be read: {error}") from error
    unknown = {measure for expected in baseline.values() for measure in expected} - set(GUARDS)
    if unknown:
        raise QuestionSetDamaged(f"The baseline {path} has unknown measures: {sorted(unknown)}.")
    return baseline


def compare(results: Sequence[SetResult], baseline: Baseline) -> list[Shortfall]:
    """List what is worse than recorded; sets that were not run, or never recorded, pass."""
    shortfalls = []
    for result in results:
        for measure, expectation in baseline.get(result.name, {}).items():
            value = value_of(result.measures, measure)
            if value is None or _loss(value, measure, expectation) > _ROUNDING:
                shortfalls.append(Shortfall(result.name, measure, value, expectation))
    return shortfalls


def write_baseline(results: Sequence[SetResult], path: Path = BASELINE_FILE) -> None:
    """Record the figures of ``results``, in place of those sets' earlier ones."""
    recorded = dict(read_baseline(path)) if path.is_file() else {}
    for result in results:
        figures = {measure: value_of(result.measures, measure) for measure in GUARDS}
        recorded[result.name] = {
            measure: Expectation(value=round(value, 6), tolerance=GUARDS[measure].tolerance)
            for measure, value in figures.items()
            if value is not None
        }
    plain = {
        name: {measure: expected.model_dump() for measure, expected in recorded[name].items()}
        for name in sorted(recorded)
    }
    path.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8", newline="\n")


def value_of(measures: Measures, measure: str) -> float | None:
    """Look a guarded measure up by its name."""
    value: float | None = getattr(measures, measure)
    return value


def _loss(value: float, measure: str, expectation: Expectation) -> float:
    worse = (
        expectation.value - value
        if GUARDS[measure].better == "higher"
        else (value - expectation.value)
    )
    return worse - expectation.tolerance
