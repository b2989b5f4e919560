"""Which date does a line state, and how precisely?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from dateutil import parser

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DATE = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))
        (?:[T ]\d\d:?\d\d(?::?\d\d)?(?:\.\d{{1,9}})?(?:Z|\s?[+-]\d\d:?\d\d)?)?
    | (?P<slashed>{_YEAR}[/.](?:0?[1-9]|1[0-2])[/.]{_DAY})
    | (?P<numbers>{_DAY}(?P<sign>[/.-]){_DAY}(?P=sign){_YEAR})
    | (?P<day>{_DAY}(?:st|nd|rd|th)?(?:\ of)?[ -]{_MONTH},?[ -]{_YEAR}
        | {_MONTH}[ ]{_DAY}(?:st|nd|rd|th)?,?[ ]{_YEAR})
    | (?P<month>{_MONTH},?[ ]{_YEAR})
    | (?P<isomonth>{_YEAR}-(?:0[1-9]|1[0-2]))
    | (?P<year>{_YEAR})
    )(?![\w/-]|\.\d)""",
    re.IGNORECASE | re.VERBOSE,
)
# dateutil fills what a date leaves out from this day; the precision says how much of it is kept.
_FILLER = datetime(2000, 1, 1)  # noqa: DTZ001  a day of the calendar, in no time zone


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line: where it stands and its ISO form, as precise as it was written."""

    start: int
    end: int
    iso: str


def find_date(line: str) -> FoundDate | None:
    """Find the first full date of ``line``; failing that, the first month or year."""
    seen = line.replace("\u00a0", " ")
    found: FoundDate | None = None
    for match in _DATE.finditer(seen):
        iso = _iso(match)
        if iso is not None and (found is None or len(iso) > len(found.iso)):
            found = FoundDate(match.start(), match.end(), iso)
            if len(iso) == len("2000-01-01"):
                break
    return found


def iso_date(value: str) -> str | None:
    """Give the ISO form of a value meant as a date, or ``None`` if it states none."""
    found = find_date(value[:200].strip())
    return found.iso if found else None


def _iso(match: re.Match[str]) -> str | None:
    if match["year"] or match["isomonth"]:
        return match["year"] or match["isomonth"]
    if match["numbers"]:
        first, second, year = re.split(r"[/.-]", match["numbers"])
        # 02/12/2020 is February in one country and December in another.
        if int(first) <= 12 and int(second) <= 12 and first != second:
            return year if match["sign"] != "." else _parsed(match["numbers"], day_first=True)
        return _parsed(match["numbers"], day_first=int(first) > 12)
    written = match["iso"] or match["slashed"] or match["day"] or match["month"]
    stated = _parsed(written.replace(" of ", " "), day_first=False)
    return stated[:7] if stated and match["month"] else stated


def _parsed(written: str, *, day_first: bool) -> str | None:
    try:
        day = parser.parse(written, default=_FILLER, dayfirst=day_first)
    except (ValueError, OverflowError):
        return None
    return day.date().isoformat()
