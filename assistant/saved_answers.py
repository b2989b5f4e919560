"""Which quotations does a saved file hold? JSON as it is written here, or Markdown.

In the Markdown form every quotation stands in a fenced block whose first line names its place,
because nothing inside a fence is altered by Markdown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.models import Answer, Quote
from index.errors import UsageError

_OPENING = re.compile(r"(?P<fence>`{3,})quote (?P<place>.*)")
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
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error
    return parse_quotes(content, f"The file {path}")


def parse_quotes(content: bytes, what: str) -> list[Quote]:
    """Return every quotation in the bytes of a saved file; ``what`` names it in errors."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} is not UTF-8 text, so it is no saved answer.") from error
    try:
        if text.startswith(_HEADING) or any(map(_OPENING.match, text.split("\n"))):
            return list(_quotes_of_markdown(text))
        return [
            quote
            for item in _json_items(text)
            for answer in _answers(item)
            for quote in (*answer.quotes, *answer.nearest)
        ]
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{what} holds no saved answer or conversation. Save one with: "
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


def _quotes_of_markdown(content: str) -> Iterator[Quote]:
    # Line by line: a pattern across lines takes the square of the time on fences without an end.
    lines = iter(content.split("\n"))
    for line in lines:
        opening = _OPENING.fullmatch(line)
        if opening is None:
            continue
        if not opening["place"].startswith("{"):
            raise ValueError("a quotation names no place")
        quoted: list[str] = []
        for inner in lines:
            if inner == opening["fence"]:
                break
            quoted.append(inner)
        else:
            raise ValueError("a quotation has no end")
        place = {**json.loads(opening["place"]), "text": "\n".join(quoted)}
        yield Quote.model_validate(place)


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
