"""How does a person in a terminal see that long work goes on? On standard error, and only there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from index import AddProgress, AddResult


def show_adding(
    events: Iterator[AddProgress | AddResult],
    title: str,
    on_result: Callable[[AddResult], None] | None = None,
) -> list[AddResult]:
    """Run ``events`` to the end under a progress bar; hand every result on as it comes."""
    results: list[AddResult] = []
    with _bar() as bar:
        task = bar.add_task(title, total=None)
        for event in events:
            if isinstance(event, AddResult):
                results.append(event)
                if on_result:
                    on_result(event)
                bar.advance(task)
                continue
            part = event.done / event.of if event.of else 0.0
            name = Path(event.path).name
            left = f" {event.done} of {event.of}" if event.of > 1 else ""
            bar.update(
                task,
                total=event.total,
                completed=event.position - 1 + part,
                description=f"{title} · {name} · {event.stage}{left}",
            )
    return results


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
