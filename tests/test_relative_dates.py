"""What day does "on Wednesday" mean, in a document published on a known day?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.relative_dates import infer_dates

MEANINGS = [
    # weekdays: 27 November 2020 is a Friday
    ("On Wednesday the list came.", "2020-11-27", [("On Wednesday", "2020-11-25")]),
    ("The list came Friday.", "2020-11-27", [("Friday", "2020-11-27")]),
    ("It came last Friday.", "2020-11-27", [("last Friday", "2020-11-20")]),
    ("It came on Saturday.", "2020-11-27", [("on Saturday", "2020-11-21")]),
    ("They met on Thursday.", "2021-01-01", [("on Thursday", "2020-12-31")]),
    # days, months and years around it
    ("It was yesterday.", "2021-01-01", [("yesterday", "2020-12-31")]),
    ("It is today.", "2021-01-01", [("today", "2021-01-01")]),
    ("It is tomorrow.", "2020-12-31", [("tomorrow", "2021-01-01")]),
    ("It was last month.", "2020-11-25", [("last month", "2020-10")]),
    ("It was last month.", "2021-01-15", [("last month", "2020-12")]),
    ("It was last month.", "2021-03-31", [("last month", "2021-02")]),
    ("It is next month.", "2020-12-31", [("next month", "2021-01")]),
    ("It was earlier this month.", "2020-11-25", [("earlier this month", "2020-11")]),
    ("It was last year.", "2020-11-25", [("last year", "2019")]),
    # a day without its year
    ("On 25 November it came.", "2020-12-02", [("On 25 November", "2020-11-25")]),
    ("It came November 13.", "2020-11-25", [("November 13", "2020-11-13")]),
    ("On 31 December it came.", "2021-01-02", [("On 31 December", "2020-12-31")]),
    ("It comes on 2 January.", "2020-12-30", [("on 2 January", "2021-01-02")]),
    ("It fell on 29 February.", "2021-02-27", [("on 29 February", "2020-02-29")]),
    # several, each once
    (
        "On Monday and on Tuesday, yes, on Monday.",
        "2020-11-27",
        [("On Monday", "2020-11-23"), ("on Tuesday", "2020-11-24"), ("on Monday", "2020-11-23")],
    ),
]
NOTHING = [
    ("It came on 25 November 2020.", "2020-11-27"),
    ("It came on Wednesday, 25 November 2020.", "2020-11-27"),
    ("It came on November 13, 2019.", "2020-11-27"),
    ("The market is held on Mondays.", "2020-11-27"),
    ("They meet next Monday.", "2020-11-27"),
    ("They meet every Monday.", "2020-11-27"),
    ("They meet this Saturday.", "2020-11-27"),
    ("They may 12 times march 5 miles.", "2020-11-27"),
    ("It fell on 31 February.", "2020-11-27"),
    ("It was last week.", "2020-11-27"),
    ("It came.", "2020-11-27"),
    ("", "2020-11-27"),
    ("It was yesterday.", "0001-01-01"),
    ("It is tomorrow.", "9999-12-31"),
    ("It was last year.", "0001-05-05"),
    ("It is next year.", "9999-05-05"),
]


@pytest.mark.parametrize(("quote", "published", "inferred"), MEANINGS)
def test_infers(quote, published, inferred):
    """Words that point from the day of publication give the date that they mean."""
    assert infer_dates(quote, published) == inferred


@pytest.mark.parametrize(("quote", "published"), NOTHING)
def test_infers_nothing(quote, published):
    """A full date, a habit, a day to come and a day that is not in any year are left alone."""
    assert infer_dates(quote, published) == []


@pytest.mark.parametrize(
    "published", [None, "", "2020", "2020-11", "yesterday", "25 November 2020"]
)
def test_without_a_full_date_of_publication_nothing_is_inferred(published):
    """Only a document that states its day allows to say what day was meant."""
    assert infer_dates("It came on Wednesday, last month, on 25 November.", published) == []


@given(
    st.lists(
        st.sampled_from(
            "on last this next Monday Wednesday yesterday tomorrow month year week earlier 12 31 "
            "29 99 February May November 2020 , .".split(" ")
        ),
        max_size=12,
    ).map(" ".join),
    st.dates(),
)
def test_an_inference_is_of_words_in_the_quote(quote, published):
    """Every inference names words of the quote, each once, and an ISO date."""
    inferred = infer_dates(quote, published.isoformat())
    assert len({text for text, _ in inferred}) == len(inferred)
    for text, means in inferred:
        assert text in quote
        assert date.fromisoformat(means.ljust(4, "0") + "-01-01"[len(means) - 4 :])
