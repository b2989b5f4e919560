"""Which quotations does a saved file hold? JSON as it is written here, or Markdown.

In the Markdown form every quotation stands in a fenced block whose first line names its place,
because nothing inside a fence is altered by Markdown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.models import Answer, Quote
from index.errors import UsageError

_FENCE = re.compile(
    r"^(?P<fence>`{3,})quote (?P<place>\{[^\n]*\})\n(?P<text>.*?)\n(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_OPENING = re.compile(r"^`{3,}quote ", re.MULTILINE)
_HEADING = "# Conversation\n"


class Conversation(BaseModel):
    """An exported conversation."""

    model_config = ConfigDict(frozen=True)

    library: str
    """Digest of the library that it was held with."""
    turns: tuple[Answer, ...]


def read_quotes(path: Path) -> list[Quote]:
    """Return every quotation that the file at ``path`` holds.

    It may hold one answer, one answer a line, a conversation, or a conversation's Markdown form.
    Raises :class:`UsageError` when it holds none of these.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The file {path} is not UTF-8 text, so it is no saved answer.") from error
    try:
        if content.startswith(_HEADING) or _FENCE.search(content):
            return _quotes_of_markdown(content)
        return [
            quote
            for item in _json_items(content)
            for answer in _answers(item)
            for quote in (*answer.quotes, *answer.nearest)
        ]
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"The file {path} holds no saved answer or conversation. Save one with: "
            'askdocs ask "QUESTION" --json > answer.json'
        ) from error


def to_markdown(answers: Sequence[Answer], library: str) -> str:
    """Write a conversation for people to read and ``askdocs verify`` to check."""
    parts = [f"{_HEADING}\nLibrary: `{library}`"]
    for answer in answers:
        parts.append(f"## {' '.join(answer.question.split())}\n\n{answer.text}")
        parts += [_fence(quote) for quote in (*answer.quotes, *answer.nearest)]
    return "\n\n".join(parts) + "\n"


def _fence(quote: Quote) -> str:
    # A backtick in the line that opens a fence would make it no fence.
    place = quote.model_dump_json(exclude={"text"}).replace("`", r"\u0060")
    longest = max((len(run) for run in re.findall(r"`+", quote.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}quote {place}\n{quote.text}\n{fence}"


def _quotes_of_markdown(content: str) -> list[Quote]:
    if _OPENING.search(_FENCE.sub("", content)):
        raise ValueError("a quotation has no end")
    return [_quote_of_fence(match) for match in _FENCE.finditer(content)]


def _quote_of_fence(match: re.Match[str]) -> Quote:
    return Quote.model_validate({**json.loads(match["place"]), "text": match["text"]})


def _json_items(content: str) -> list[Any]:
    try:
        return [json.loads(content)]
    except ValueError:
        items = [json.loads(line) for line in content.split("\n") if line.strip()]
    if not items:
        raise ValueError("nothing is there")
    return items


def _answers(item: Any) -> tuple[Answer, ...]:
    if isinstance(item, dict) and "turns" in item:
        return Conversation.model_validate(item).turns
    if isinstance(item, dict):
        item = {key: value for key, value in item.items() if key != "id"}  # a batch's own
    return (Answer.model_validate(item),)
