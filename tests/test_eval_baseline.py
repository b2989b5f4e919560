"""Is what got worse named, and nothing else?"""

from dataclasses import fields, replace

import pytest

from eval.baseline import GUARDS, Expectation, compare, read_baseline, write_baseline
from eval.errors import QuestionSetDamaged
from eval.measures import Measures, measure
from eval.runner import SetResult


def result(name="s", **values):
    """Make a result with these figures and no others."""
    return SetResult(name, replace(measure([]), **values), (), (), ())


def expect(**values):
    """Record these figures for the set s."""
    return {"s": {name: Expectation(value=v, tolerance=0.02) for name, v in values.items()}}


@pytest.mark.parametrize(
    ("value", "falls_short"), [(0.9, False), (0.8, False), (0.78, False), (0.7799, True)]
)
def test_higher_is_better(value, falls_short):
    """A share of right quotes falls short when it is lower by more than the tolerance."""
    shortfalls = compare([result(quote_at_1=value)], expect(quote_at_1=0.8))
    assert bool(shortfalls) is falls_short


@pytest.mark.parametrize(
    ("value", "falls_short"), [(0.0, False), (0.1, False), (0.12, False), (0.1201, True)]
)
def test_lower_is_better(value, falls_short):
    """A share of false answers falls short when it is higher by more than the tolerance."""
    shortfalls = compare([result(false_answers=value)], expect(false_answers=0.1))
    assert bool(shortfalls) is falls_short


def test_a_measure_that_vanished_falls_short():
    """What was recorded and is no longer measured is not passed over."""
    (shortfall,) = compare([result()], expect(auroc=0.9))
    assert (shortfall.set_name, shortfall.measure, shortfall.value) == ("s", "auroc", None)
    assert str(shortfall) == "s: auroc is nothing, recorded 0.900 with a tolerance of 0.020"


def test_sets_that_were_not_run_or_recorded_pass():
    """Only sets that were run and recorded are compared."""
    assert compare([result("new", quote_at_1=0.0)], expect(quote_at_1=1)) == []
    assert compare([], expect(quote_at_1=1)) == []


def test_what_was_recorded_passes_and_other_sets_stay(tmp_path):
    """A run compared with its own baseline never falls short; other sets' figures remain."""
    path = tmp_path / "baseline.json"
    first = [result("a", quote_at_1=1 / 3, exact_quotes=0.9999996), result("b", auroc=0.7)]
    write_baseline(first, path)
    write_baseline([result("b", auroc=0.6)], path)
    baseline = read_baseline(path)
    assert compare(first[:1], baseline) == []
    assert set(baseline["a"]) == {"quote_at_1", "exact_quotes"}
    assert baseline["b"]["auroc"].value == 0.6
    assert baseline["a"]["exact_quotes"].tolerance == 0


def test_every_guard_is_a_measure():
    """Guards name measures that exist; milliseconds are not guarded."""
    names = {field.name for field in fields(Measures)}
    assert set(GUARDS) <= names
    assert not [name for name in GUARDS if name.startswith("milliseconds")]


def test_the_recorded_baseline_can_be_read():
    """The baseline of the project is valid."""
    read_baseline()


@pytest.mark.parametrize("text", ["{", '{"s": {"speed": {"value": 1, "tolerance": 0}}}'])
def test_a_damaged_baseline_is_named(tmp_path, text):
    """A baseline that is no JSON, or names an unknown measure, is refused with its path."""
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionSetDamaged, match=r"baseline\.json"):
        read_baseline(path)
