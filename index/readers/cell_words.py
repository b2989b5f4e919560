"""How does a spreadsheet show the value of a cell?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

LONGEST_CELL = 32_767
"""Characters of the longest cell that Excel allows."""
_LONGEST_FORMAT = 255
_MOST_DECIMALS = 15

_CURRENCY = re.compile(r"\[\$([^\]-]{0,10})[^\]]{0,20}\]")
_BRACKETS = re.compile(r"\[[^\]]{0,40}\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_SPACERS = re.compile(r"[_*].")
_NUMBER = re.compile(r"[#0?][#0?,]*(?:\.(?P<decimals>[0#?]+))?,*")
_OTHER = re.compile(r"[Ee][+-]|[#0?] *[#?]*/|General|@", re.IGNORECASE)


def cell_words(value: object, number_format: str) -> str:
    """Words of a value: dates as ISO, numbers and percentages as their format shows them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format[:_LONGEST_FORMAT])
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes" if not value.second else "seconds")
    if isinstance(value, timedelta):
        return _duration(value)
    return " ".join(str(value)[:LONGEST_CELL].split())


def _moment(value: datetime) -> str:
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return value.isoformat(" ", "minutes" if not value.second else "seconds")


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    hours, rest = divmod(abs(seconds), 3600)
    return f"{sign}{hours}:{rest // 60:02}:{rest % 60:02}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a format makes of a number: ``factor`` for per cent and for thousands."""

    before: str
    after: str
    factor: float
    least: int
    most: int
    grouped: str


def _number(value: float, number_format: str) -> str:
    shape = _shape(number_format)
    if shape is None:
        return _plain(value)
    shown = value * shape.factor
    try:
        words = f"{abs(shown):{shape.grouped}.{shape.most}f}"
    except (ValueError, OverflowError):
        return _plain(value)
    if shape.most > shape.least:
        cut = len(words) - (shape.most - shape.least)
        words = (words[:cut] + words[cut:].rstrip("0")).rstrip(".")
    sign = "-" if shown < 0 and words.strip("0.,") else ""
    return " ".join(f"{shape.before}{sign}{words}{shape.after}".split())


@lru_cache(maxsize=512)
def _shape(number_format: str) -> _Shape | None:
    """Read a format; ``None`` for one that shows numbers in a way of its own, such as fractions."""
    # Formats have parts for positive and negative numbers; the first shows what is around both.
    pattern = _BRACKETS.sub("", _CURRENCY.sub(_literal, number_format.partition(";")[0]))
    pattern = _SPACERS.sub("", pattern)
    masked = _QUOTED.sub(_hidden, pattern)
    found = _NUMBER.search(masked)
    if found is None or _OTHER.search(masked):
        return None
    thousands = len(found[0]) - len(found[0].rstrip(","))
    decimals = found["decimals"] or ""
    return _Shape(
        before=_QUOTED.sub(_unquoted, pattern[: found.start()]),
        after=_QUOTED.sub(_unquoted, pattern[found.end() :]),
        factor=(100 if "%" in masked else 1) / 1000**thousands,
        least=min(decimals.count("0"), _MOST_DECIMALS),
        most=min(len(decimals), _MOST_DECIMALS),
        grouped="," if "," in found[0].rstrip(",") else "",
    )


def _plain(value: float) -> str:
    """Ten digits, as a column of usual width shows them; no ``.0`` behind whole numbers."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if isinstance(value, int) else f"{value:.10g}"


def _literal(found: re.Match[str]) -> str:
    return f'"{found[1]}"'


def _unquoted(found: re.Match[str]) -> str:
    return found[1] if found[1] is not None else found[2]


def _hidden(found: re.Match[str]) -> str:
    # As long as what is hidden, so that places stay.
    return "\0" * len(found[0])
