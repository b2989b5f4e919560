"""What was answered, kept so that it can be scored again without asking again?

A run file is JSONL: one line for the run, then one per question, in the order of asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.models import Answer
from eval.errors import QuestionSetDamaged

RUN_FORMAT = 1


class Record(BaseModel):
    """Everything that one question brought, before anything is judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    searched: str
    """The question after follow-up resolution."""
    answer: Answer | None = None
    """None for a set without documents: only the follow-up was resolved."""
    ranking: tuple[str, ...] = ()
    """Names of the documents that the search found, best first, each once."""
    exact: tuple[bool, ...] = ()
    """For each of ``quotes`` and then ``nearest``: is it the stored text at its offsets?"""
    milliseconds: float
    """Wall time of the answer alone."""


class _RunLine(BaseModel):
    """The first line of a run file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_format: int = RUN_FORMAT
    set_name: str


def write_run(path: Path, set_name: str, records: Sequence[Record]) -> None:
    """Write ``records`` to ``path``, whose folder is made where it is missing."""
    lines = [_RunLine(set_name=set_name).model_dump_json()]
    lines += [record.model_dump_json() for record in records]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_run(path: Path) -> tuple[str, tuple[Record, ...]]:
    """Read what :func:`write_run` wrote: the set's name and its records."""
    lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    number = 1
    try:
        run = _RunLine.model_validate_json(lines[0] if lines else b"")
        if run.run_format != RUN_FORMAT:
            raise QuestionSetDamaged(
                f"{path} has run format {run.run_format}; this version reads {RUN_FORMAT}. "
                f"Run the set again."
            )
        records = []
        for number, line in enumerate(lines[1:], start=2):  # noqa: B007 - named in the error
            records.append(Record.model_validate_json(line))
    except ValidationError as error:
        fault = error.errors()[0]["msg"]
        raise QuestionSetDamaged(f"{path}, line {number}, is no run: {fault}") from error
    return run.set_name, tuple(records)
