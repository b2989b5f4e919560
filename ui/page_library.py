"""What happens when a person adds, removes and cancels? One method per event."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from index import AddResult, AskdocsError, Library
from ui.page_adding import AddingView, Addition
from ui.page_documents import documents_html, remove_document
from ui.page_limits import MAX_PARTS
from ui.page_uploads import UPLOADS, Upload, take_in
from ui.rendering import escape
from ui.wording import Wording

SECONDS_BETWEEN_UPDATES = 0.2
"""Progress is shown at most so often; results are shown at once."""

Update = Any
"""What Gradio takes for a component: a value, or a change of its properties."""


class DocumentHandlers:
    """The document list's answers to what a person does. One instance serves all sessions."""

    def __init__(self, library: Library, wording: Wording) -> None:
        self._library = library
        self._wording = wording
        self._additions: dict[str, Addition] = {}

    def show(self) -> Update:
        """Show the documents to a session that begins."""
        return self._listing()

    def add(
        self, files: Sequence[str] | None, request: gr.Request
    ) -> Iterator[tuple[Update, Update, Update, Update]]:
        """Add dropped files: the drop zone, the panel of progress, Cancel, the documents."""
        names = [Path(file).name for file in files or ()]
        if len(names) > MAX_PARTS:
            view = AddingView([], self._wording)
            view.fail(self._wording("adding.too_many", limit=MAX_PARTS))
            yield None, view.html(), gr.skip(), gr.skip()
            return
        view = AddingView(names, self._wording)
        yield None, view.html(), gr.update(visible=True), gr.skip()
        addition = Addition(self._library, self._take_in(files or (), view))
        self._additions[str(request.session_hash)] = addition
        try:
            for listing in self._watch(addition, view):
                yield gr.skip(), view.html(), gr.skip(), listing
        finally:
            self._additions.pop(str(request.session_hash), None)
        yield gr.skip(), view.html(), gr.update(visible=False), self._listing()

    def cancel(self, request: gr.Request) -> None:
        """Stop what this session is adding."""
        addition = self._additions.get(str(request.session_hash))
        if addition is not None:
            addition.cancel()

    def remove(self, event: gr.EventData) -> tuple[Update, Update]:
        """Remove a document after its confirmation: the documents, and a sentence about it."""
        data = event._data  # noqa: SLF001 - attributes of EventData raise when they are missing
        name = str(data.get("name")) if isinstance(data, dict) else ""
        try:
            removed = remove_document(self._library, name, self._library.folder / UPLOADS)
        except AskdocsError as error:
            return self._listing(), f'<p class="now" role="status">{escape(str(error))}</p>'
        words = "".join(self._wording("documents.removed", title=gone) for gone in removed)
        return self._listing(), f'<p class="now" role="status">{escape(words)}</p>'

    # Parts

    def _listing(self) -> Update:
        return gr.update(rows=documents_html(self._library.documents(), self._wording))

    def _take_in(self, files: Sequence[str], view: AddingView) -> list[Upload]:
        uploads: list[Upload] = []
        for file in files:
            taken = {upload.path.name for upload in uploads}
            try:
                uploads.append(take_in(Path(file), self._library.folder, taken=taken))
            except OSError as error:
                view.settle(Path(file).name, "refused", str(error.strerror or error))
        return uploads

    def _watch(self, addition: Addition, view: AddingView) -> Iterator[Update]:
        """Feed ``view``; yield what is new in the list of documents when it is time to show."""
        shown = 0.0
        for report in addition.reports():
            if isinstance(report, AskdocsError):
                view.fail(str(report))
                return
            view.show(report)
            is_result = isinstance(report, AddResult)
            if is_result or time.monotonic() - shown > SECONDS_BETWEEN_UPDATES:
                shown = time.monotonic()
                yield self._listing() if is_result else gr.skip()
        view.finish(cancelled=addition.is_cancelled)
