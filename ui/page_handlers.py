"""What happens when a person does something on the page? One method per event."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from index import AddResult, AskdocsError, Library
from ui.page_adding import AddingView, Addition
from ui.page_conversation import Asked, Conversation, answer_last
from ui.page_documents import documents_html, remove_document
from ui.page_limits import MAX_PARTS
from ui.page_source import empty_source_html, source_html
from ui.page_starters import starter_questions
from ui.page_uploads import UPLOADS, Upload, take_in
from ui.rendering import escape
from ui.wording import Wording

SECONDS_BETWEEN_UPDATES = 0.2
"""Progress is shown at most so often; results are shown at once."""

Update = Any
"""What Gradio takes for a component: a value, or a change of its properties."""


class Handlers:
    """The page's answers to what a person does. One instance serves all sessions."""

    def __init__(self, assistant: Asked, library: Library, wording: Wording) -> None:
        self._assistant = assistant
        self._library = library
        self._wording = wording
        self._additions: dict[str, Addition] = {}
        self._starters: tuple[object, list[str]] | None = None

    # The chat

    def show_documents(self) -> Update:
        """Show the documents to a session that begins."""
        return self._listing()

    def show_starters(self) -> Update:
        """Offer questions that the documents answer, worked out once for each set of them."""
        documents = self._library.documents()
        state = tuple((document.info.id, document.info.sha256) for document in documents)
        if self._starters is None or self._starters[0] != state:
            questions = starter_questions(documents, self._wording, self._is_answered)
            self._starters = (state, questions)
        return gr.update(examples=[{"text": question} for question in self._starters[1]])

    def ask(
        self, question: str, conversation: Conversation, unticked: object
    ) -> Iterator[tuple[Update, Update, Update]]:
        """Show the question, then its answer: the chat, the conversation, the text box."""
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip()
            return
        asked = conversation.begin(question.strip())
        yield self._messages(asked), asked, ""
        answered = answer_last(
            asked,
            self._assistant,
            self._library.documents(),
            unticked if isinstance(unticked, list) else [],
            self._wording,
        )
        yield self._messages(answered), answered, gr.skip()

    def ask_starter(
        self, conversation: Conversation, unticked: object, event: gr.SelectData
    ) -> Iterator[tuple[Update, Update, Update]]:
        """Ask one of the questions of the first screen."""
        value = event.value
        question = value.get("text", "") if isinstance(value, dict) else ""
        yield from self.ask(str(question), conversation, unticked)

    def begin_anew(self) -> tuple[Update, Update, Update]:
        """Forget the conversation of this session."""
        return [], Conversation(), empty_source_html(self._wording)

    # The source

    def open_source(self, conversation: Conversation, event: gr.EventData) -> Update:
        """Show the document that a citation leads to, at its mark."""
        data = event._data  # noqa: SLF001 - attributes of EventData raise when they are missing
        link, at = (data.get("id"), data.get("at")) if isinstance(data, dict) else (None, None)
        try:
            citation = conversation.citation(str(link))
        except LookupError:
            return f'<p class="remark">{escape(self._wording("source.unknown"))}</p>'
        try:
            stored = self._library.text(citation.quote.document.id)
        except KeyError:
            stored = None
        opened = int(at) if isinstance(at, int | float) else 0
        return source_html(citation, stored, self._wording, opened=opened)

    # The documents

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

    def _messages(self, conversation: Conversation) -> list[dict[str, Any]]:
        # Text would pass through Markdown, which changes it; HTML of ours arrives as it is.
        return [
            {"role": role, "content": [gr.HTML(html, js_on_load=None, apply_default_css=False)]}
            for role, html in conversation.messages(self._wording)
        ]

    def _is_answered(self, question: str) -> bool:
        try:
            return self._assistant.ask(question).status == "answered"
        except AskdocsError:
            return False

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
