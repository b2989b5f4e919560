"""What becomes of files dropped on the page? They are added, with progress, one after the other.

A library is written to by one thread from beginning to end, and Gradio continues a generator on
any thread; so the adding has a thread of its own, and the page watches what it reports.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from index import AddProgress, AddResult, AskdocsError, Library
from ui.page_uploads import Upload
from ui.rendering import escape
from ui.wording import Wording

Report = AddProgress | AddResult | AskdocsError


class Addition:
    """Files being added by a thread of its own. ``reports`` ends when the thread has ended."""

    def __init__(self, library: Library, uploads: Sequence[Upload]) -> None:
        self._library = library
        self._uploads = {str(upload.path): upload for upload in uploads}
        self._reports: queue.SimpleQueue[Report | Exception | None] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._work, name="askdocs-adding", daemon=True)

    def cancel(self) -> None:
        """Stop as soon as the file in hand allows; what was reported stays."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled.is_set()

    def reports(self) -> Iterator[Report]:
        """Start, and yield what happens as it happens."""
        self._thread.start()
        while (report := self._reports.get()) is not None:
            if isinstance(report, Report):
                yield report
            else:
                self._thread.join()  # what was not added is put back before anybody is told
                raise report

    def _work(self) -> None:
        stream = self._library.add_each([upload.path for upload in self._uploads.values()])
        try:
            for report in stream:
                if isinstance(report, AddResult):
                    self._settle(report)
                self._reports.put(report)
                if self.is_cancelled:
                    break
        except Exception as error:  # noqa: BLE001 - handed to the thread that watches
            self._reports.put(error)
        finally:
            if isinstance(stream, Generator):
                stream.close()
            for upload in self._uploads.values():
                upload.undo()
            self._reports.put(None)

    def _settle(self, result: AddResult) -> None:
        upload = self._uploads.pop(result.path, None)
        if upload is None:
            return
        if result.status == "refused":
            upload.undo()
        else:
            upload.keep()


class AddingView:
    """The panel that shows an addition: what is being done, and what became of each file."""

    def __init__(self, names: Sequence[str], wording: Wording) -> None:
        self._wording = wording
        self._waiting = list(names)
        self._results: list[tuple[str, str, str]] = []
        self._now = wording("adding.waiting") if names else ""
        self._share = 0.0

    def show(self, report: AddProgress | AddResult) -> None:
        """Take in what was reported."""
        name = Path(report.path).name
        if isinstance(report, AddProgress):
            share = report.done / report.of if report.of else 0.0
            self._share = (report.position - 1 + share) / report.total
            self._now = self._wording(
                "adding.progress_of" if report.of > 1 else "adding.progress",
                position=report.position,
                total=report.total,
                name=name,
                stage=self._stages(report.stage),
                percent=round(100 * share),
            )
        else:
            self.settle(name, report.status, report.reason, documents=report.documents)

    def _stages(self, now: str) -> str:
        """Write the steps of a file as far as they have come: "reading → indexing"."""
        stages = self._wording.table("adding.stage")
        return " → ".join(list(stages.values())[: list(stages).index(now) + 1])

    def settle(self, name: str, status: str, reason: str, *, documents: int = 1) -> None:
        """Note what became of a file."""
        words = self._wording(f"adding.status.{status}")
        if documents > 1:
            words = f"{words} · {self._wording('adding.documents', count=f'{documents:,}')}"
        self._results.append((name, status, f"{words}: {reason}" if reason else words))
        if name in self._waiting:
            self._waiting.remove(name)

    def finish(self, *, cancelled: bool) -> None:
        """Say how it ended."""
        left_out = [(name, "left", self._wording("adding.left_out")) for name in self._waiting]
        counts = Counter(status for _, status, _ in self._results)
        summary = ", ".join(
            f"{counts[status]} {words}"
            for status, words in self._wording.table("adding.status").items()
            if counts[status]
        )
        self._now = self._wording(
            "adding.cancelled" if cancelled else "adding.done",
            summary=summary or self._wording("adding.none"),
        )
        self._results += left_out
        self._waiting = []
        self._share = 1.0

    def fail(self, reason: str) -> None:
        """Say why it stopped."""
        self._now = self._wording("adding.failed", reason=reason)
        self._share = 1.0

    def html(self) -> str:
        """Show the panel."""
        if not self._now:
            return ""
        bar = "" if self._share >= 1 else f'<progress max="1" value="{self._share:.3f}"></progress>'
        rows = "".join(
            f'<li class="{status}"><span class="file" dir="auto">{escape(name)}</span>'
            f' <span class="what" dir="auto">{escape(words)}</span></li>'
            for name, status, words in self._results
        )
        return f'<p class="now" role="status">{escape(self._now)}</p>{bar}<ul>{rows}</ul>'
