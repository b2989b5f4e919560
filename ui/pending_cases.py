"""How does a person take up what was said on the page? List, accept into a set, dismiss."""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.accepting import accept
from eval.pending import dismiss, find_case, pending_cases
from index import Library, Settings
from index.errors import UsageError
from ui.first_use import find_library
from ui.wording import page_wording


def is_asked_for(arguments: argparse.Namespace) -> bool:
    """Whether ``askdocs eval`` is about pending cases rather than about measuring."""
    return bool(arguments.pending or arguments.accept or arguments.dismiss)


def take_up(arguments: argparse.Namespace, settings: Settings) -> list[dict[str, object]]:
    """Do what was asked for; return a line for each case, as data."""
    folder = find_library(arguments.library, settings)
    if arguments.accept:
        if len(arguments.names) != 1:
            raise UsageError(
                "Name the folder of the set that takes the case: askdocs eval --accept ID FOLDER"
            )
        case = find_case(folder, arguments.accept)
        library = Library.open(folder, settings=settings)
        accept(folder, case, library, Path(arguments.names[0]), arguments.answer)
        return [{"id": case.id, "done": "accepted", "question": case.question}]
    if arguments.dismiss:
        case = find_case(folder, arguments.dismiss)
        dismiss(folder, case)
        return [{"id": case.id, "done": "dismissed", "question": case.question}]
    return [case.model_dump(mode="json") for case in pending_cases(folder)]


def describe(line: dict[str, object]) -> str:
    """Write one line of :func:`take_up` for people to read."""
    said = line.get("said")
    what = page_wording()(f"feedback.{said}") if said else line["done"]
    answers = line.get("answers") or ()
    words = f" → {', '.join(map(str, answers))}" if isinstance(answers, list) and answers else ""
    return f"{line['id']}  {what:<20}  {line['question']}{words}"
