"""What day does "on Wednesday" mean, in a document published on a known day?

An inference is shown beside a quote, never inside it. Only documents that state the full day of
their publication allow one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from assistant.models import Inference, Quote

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = "(?-i:" + "|".join(month.capitalize() for month in _MONTHS) + ")"
"""With a capital: "they may 12 times" names no month."""
_RELATIVE = re.compile(
    r"\b(?:(?P<on>on|last|this|next|coming|following|every|each)\s+)?"
    r"(?P<weekday>" + "|".join(_WEEKDAYS) + r")\b(?!,?\s+(?:\d|" + _MONTH + r"))"
    r"|\b(?P<day>yesterday|today|tomorrow)\b"
    r"|\b(?P<which>last|this|next)\s+(?P<unit>week|month|year)\b"
    r"|\bearlier\s+this\s+(?P<earlier>month|year)\b"
    r"|\b(?:on\s+)?(?P<number>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>" + _MONTH + r")\b"
    r"(?!,?\s+\d{4})"
    r"|\b(?:on\s+)?(?P<month2>" + _MONTH + r")\s+(?P<number2>\d{1,2})"
    r"(?:st|nd|rd|th)?\b(?!,?\s+\d{4})",
    re.IGNORECASE,
)


def infer_from_quotes(quotes: Sequence[Quote]) -> tuple[Inference, ...]:
    """Return what can be inferred beside each quote, from the day of its document."""
    return tuple(
        Inference(quote=at, text=text, means=means)
        for at, quote in enumerate(quotes)
        for text, means in infer_dates(quote.text, quote.document.published)
    )


def infer_dates(quote: str, published: str | None) -> list[tuple[str, str]]:
    """Return (words of the quote, ISO date that they mean), in order, each once.

    The date is as precise as the words: ``2020-11-25`` or ``2020-10``. Without a full date of
    publication nothing is inferred.
    """
    try:
        day = date.fromisoformat(published or "")
    except ValueError:
        return []
    found: dict[str, str] = {}
    for match in _RELATIVE.finditer(quote):
        try:
            means = _meaning(match, day)
        except (OverflowError, ValueError):  # before the first year, or after the last
            continue
        if means:
            found.setdefault(match.group(), means)
    return list(found.items())


def _meaning(match: re.Match[str], published: date) -> str | None:
    groups = {name: value.lower() for name, value in match.groupdict().items() if value}
    if "weekday" in groups:
        return _weekday(groups["weekday"], groups.get("on", "on"), published)
    if "day" in groups:
        days = {"yesterday": -1, "today": 0, "tomorrow": 1}[groups["day"]]
        return (published + timedelta(days=days)).isoformat()
    if "earlier" in groups:
        return f"{published:%Y-%m}" if groups["earlier"] == "month" else f"{published:%Y}"
    if "unit" in groups:
        return _unit(groups["which"], groups["unit"], published)
    number = int(groups.get("number") or groups["number2"])
    month = _MONTHS.index(groups.get("month") or groups["month2"]) + 1
    return _day_of_year(number, month, published)


def _weekday(name: str, on: str, published: date) -> str | None:
    """Return the latest such day up to the publication; "last" skips the day itself.

    "This Friday" may be past or to come, so it is left alone, as "next" and "every" are.
    """
    if on not in ("on", "last"):
        return None
    back = (published.weekday() - _WEEKDAYS.index(name)) % 7
    if on == "last" and back == 0:
        back = 7
    return (published - timedelta(days=back)).isoformat()


def _unit(which: str, unit: str, published: date) -> str | None:
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "month":
        return f"{published + relativedelta(months=step):%Y-%m}"
    if unit == "year":
        return f"{published + relativedelta(years=step):%Y}"
    return None  # a week has no ISO form that people read


def _day_of_year(number: int, month: int, published: date) -> str | None:
    """Return the day in the year that brings it nearest to the publication."""
    candidates = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            candidates.append(date(year, month, number))
        except ValueError:
            continue
    if not candidates:
        return None
    return min(candidates, key=lambda day: (abs(day - published), day)).isoformat()
