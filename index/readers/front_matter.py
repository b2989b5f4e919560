"""What does the YAML front matter of a Markdown file say?"""

from __future__ import annotations

import re
from datetime import date

import yaml

from index.readers.dates import iso_date
from index.readers.metadata import Metadata

LONGEST_FRONT_MATTER = 20_000
"""Characters; what is longer is read as text, so that no hostile YAML is ever parsed."""

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>(?:(?!---[ \t]*(?:\n|\Z)|\.\.\.[ \t]*\n).*\n)*+)"
                           r"(?:---|\.\.\.)[ \t]*(?:\n|\Z)(?:[ \t]*\n)*")  # fmt: skip


def read_front_matter(text: str) -> tuple[Metadata, str, str | None]:
    """Give the metadata, the text that follows, and a remark if the YAML cannot be read."""
    found = _FRONT_MATTER.match(text, 0, LONGEST_FRONT_MATTER)
    if found is None or ":" not in found["yaml"]:
        return Metadata(), text, None
    body = text[found.end() :]
    try:
        fields = yaml.safe_load(found["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError):
        return Metadata(), body, "The front matter is not valid YAML, so it was not read."
    if not isinstance(fields, dict):
        return Metadata(), body, None
    named = {str(key).lower(): value for key, value in fields.items()}
    published = _words(named.get("date")) or _words(named.get("published"))
    metadata = Metadata(
        title=_words(named.get("title")),
        source=_words(named.get("source")) or _words(named.get("publisher")),
        published=iso_date(published) if published else None,
    )
    return metadata, body, None


def _words(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return None
    return " ".join(str(value).split()) or None
