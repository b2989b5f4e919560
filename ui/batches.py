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
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The file {path} is not UTF-8 text.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, number, key)


def _read_line(line: str, number: int, key: str) -> BatchLine:
    try:
        item: Any = json.loads(line, parse_constant=_bad)
    except (ValueError, RecursionError):
        return BatchLine(number, None, "", (), f"Line {number} is not JSON.")
    if not isinstance(item, dict):
        return BatchLine(number, None, "", (), f"Line {number} is not a JSON object.")
    text = item.get(key)
    if not isinstance(text, str):
        return BatchLine(number, item.get("id"), "", (), f'Line {number} has no "{key}".')
    try:
        history = _read_history(item.get("history"))
    except (KeyError, TypeError, ValueError):
        fault = f'Line {number} has a broken "history" and was taken without it.'
        return BatchLine(number, item.get("id"), text, (), fault)
    return BatchLine(number, item.get("id"), text, history, "")


def _read_history(history: object) -> tuple[str | Turn, ...]:
    if history is None:
        return ()
    if not isinstance(history, list):
        raise TypeError(history)
    return tuple(
        turn if isinstance(turn, str) else Turn(role=turn["role"], text=turn["text"])
        for turn in history
    )


def _bad(constant: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(constant)
