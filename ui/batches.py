"""What do the lines of a ``--batch`` file ask, and what if one of them is broken?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.models import Turn
from index.errors import UsageError


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of a batch file."""

    number: int
    """Counted from 1."""
    id: object
    """Whatever the line calls itself; given back as it is."""
    text: str
    history: tuple[str | Turn, ...]
    fault: str
    """What is wrong with the line; empty when it can be asked."""


def read_batch(path: Path, key: str) -> Iterator[BatchLine]:
    """Yield every line of ``path`` that is not blank; ``key`` names the field with the text.

    A broken line is yielded with its fault, so that it never stops the others. Raises
    :class:`UsageError` when the file itself cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The file {path} is not UTF-8 text.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, number, key)


def _read_line(line: str, number: int, key: str) -> BatchLine:
    try:
        item: Any = json.loads(line)
    except ValueError:
        return BatchLine(number, None, "", (), f"Line {number} is not JSON.")
    if not isinstance(item, dict):
        return BatchLine(number, None, "", (), f"Line {number} is not a JSON object.")
    text = item.get(key)
    if not isinstance(text, str):
        return BatchLine(number, item.get("id"), "", (), f'Line {number} has no "{key}".')
    try:
        history = tuple(_read_turn(turn) for turn in item.get("history") or ())
    except (TypeError, ValueError):
        return BatchLine(number, item.get("id"), text, (), f'Line {number} has a broken "history".')
    return BatchLine(number, item.get("id"), text, history, "")


def _read_turn(turn: object) -> str | Turn:
    if isinstance(turn, str):
        return turn
    if not isinstance(turn, dict):
        raise TypeError(turn)
    return Turn(role=turn["role"], text=turn["text"]) if "text" in turn else _bad(turn)


def _bad(turn: object) -> Turn:
    raise ValueError(turn)
