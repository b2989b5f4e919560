"""How does a spreadsheet show the value of a cell?"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

LONGEST_CELL = 32_767
"""Characters of the longest cell that Excel allows."""
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
        return _number(value, number_format)
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


def _number(value: float, number_format: str) -> str:
    # Formats have parts for positive and negative numbers; the first shows what is around both.
    pattern = _BRACKETS.sub("", _CURRENCY.sub(_literal, number_format.partition(";")[0]))
    pattern = _SPACERS.sub("", pattern)
    bare = _QUOTED.sub("", pattern)
    found = _NUMBER.search(bare)
    if found is None or _OTHER.search(bare):
        return _plain(value)
    where = _NUMBER.search(pattern) if bare == pattern else _NUMBER.search(_masked(pattern))
    if where is None:
        return _plain(value)
    before = _QUOTED.sub(_unquoted, pattern[: where.start()])
    after = _QUOTED.sub(_unquoted, pattern[where.end() :])
    shown = value * 100 if "%" in bare else value
    if found[0].endswith(","):
        shown /= 1000 ** (len(found[0]) - len(found[0].rstrip(",")))
    decimals = found["decimals"] or ""
    least = min(decimals.count("0"), _MOST_DECIMALS)
    most = min(len(decimals), _MOST_DECIMALS)
    grouped = "," if "," in found[0].rstrip(",") else ""
    try:
        words = f"{abs(shown):{grouped}.{most}f}"
    except (ValueError, OverflowError):
        return _plain(value)
    if most > least:
        cut = len(words) - (most - least)
        words = (words[:cut] + words[cut:].rstrip("0")).rstrip(".")
    sign = "-" if shown < 0 and words.strip("0.,") else ""
    return " ".join(f"{before}{sign}{words}{after}".split())


def _plain(value: float) -> str:
    """Ten digits, as a column of usual width shows them; no ``.0`` behind whole numbers."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if isinstance(value, int) else f"{value:.10g}"


def _literal(found: re.Match[str]) -> str:
    return f'"{found[1]}"'


def _unquoted(found: re.Match[str]) -> str:
    return found[1] if found[1] is not None else found[2]


def _masked(pattern: str) -> str:
    """The same pattern with quoted signs hidden, so that places in it stay."""
    return _QUOTED.sub(lambda found: "\0" * len(found[0]), pattern)
