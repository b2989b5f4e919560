"""Promises about acronyms that a text spells out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.acronyms import find_acronyms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Government of National Accord (GNA) fell.", ("GNA", "Government of National Accord")),
        ("GNA (Government of National Accord) fell.", ("GNA", "Government of National Accord")),
        ("by the Libyan National Army (LNA).", ("LNA", "Libyan National Army")),
        (
            "the Office of Foreign Assets Control (OFAC) said",
            ("OFAC", "Office of Foreign Assets Control"),
        ),
        ("The United Nations (UN) met.", ("UN", "United Nations")),
        ("non-governmental organisations (NGOs) left", ("NGOs", "non-governmental organisations")),
        ("the United Nations (U.N.) met", ("U.N.", "United Nations")),
    ],
)
def test_a_definition_is_found_in_either_order(text: str, found: tuple[str, str]) -> None:
    """The acronym may stand in brackets after its long form, or before it."""
    assert list(find_acronyms(text)) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "The war ended (2020).",
        "He left (See Annex).",
        "They met. National Army (GNA) came.",
        "Nothing here fits (GNA).",
        "Ended the Government. National Accord (GNA)",
        "(GNA)",
        "united nations (un) met",
        "United Nations (Un) met",
        "of National Accord (ONA)",
    ],
)
def test_other_brackets_define_nothing(text: str) -> None:
    """What does not spell the letters, or crosses a sentence, is no definition."""
    assert list(find_acronyms(text)) == []


def test_every_definition_of_a_text_is_found() -> None:
    """One text may define several acronyms."""
    text = "The Libyan National Army (LNA) and the Government of National Accord (GNA) signed."
    assert [short for short, _ in find_acronyms(text)] == ["LNA", "GNA"]


@given(st.text(st.sampled_from("ABCab. ()\n,-\u00e9'&"), max_size=60))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    """No text is too odd, and both forms are taken from it as they stand."""
    for short, long_form in find_acronyms(text):
        assert short in text
        assert long_form in text
