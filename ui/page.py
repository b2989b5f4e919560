"""What does the page consist of? Documents at the left, chat in the middle, source at the right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from index import Library, Settings
from ui.page_chat import Answering, ChatHandlers
from ui.page_conversation import Conversation
from ui.page_events import Parts, wire
from ui.page_history import history_html
from ui.page_library import DocumentHandlers
from ui.page_source import empty_source_html
from ui.rendering import escape
from ui.wording import Wording, page_wording

HERE = Path(__file__).parent
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
CODE_FONTS = ["ui-monospace", "SFMono-Regular", "Consolas", "monospace"]
"""Fonts that computers have: none is fetched from anywhere."""

_OURS: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}
"""HTML of ours that stands for itself: no script, none of Gradio's text styles."""


def build_page(assistant: Answering, library: Library, settings: Settings) -> gr.Blocks:
    """Build the page over one library, for any number of sessions at once."""
    wording = page_wording()
    page: gr.Blocks
    with gr.Blocks(
        title=wording("title"),
        analytics_enabled=False,
        delete_cache=(3600, 86400),
        fill_width=True,
    ) as page:
        conversation = gr.State(Conversation())
        with gr.Row(elem_id="bar"):
            gr.HTML(_header_html(wording), elem_id="top", **_OURS)
            history = _history(wording)
        with gr.Row(elem_id="rooms"):
            with gr.Column(elem_id="documents", min_width=0):
                documents, drop, adding, cancel = _documents(settings, wording)
            with gr.Column(elem_id="chat", min_width=0):
                chat, question, offers = _chat(settings, wording)
            with gr.Column(elem_id="source", min_width=0):
                source = _source(wording)
        parts = Parts(
            page=page,
            conversation=conversation,
            documents=documents,
            drop=drop,
            adding=adding,
            cancel=cancel,
            chat=chat,
            question=question,
            offers=offers,
            history=history,
            source=source,
        )
        chat_handlers = ChatHandlers(assistant, library, wording)
        wire(parts, chat_handlers, DocumentHandlers(library, wording))
    return page


def page_look() -> dict[str, Any]:
    """Return how the page looks, as ``gr.mount_gradio_app`` takes it."""
    theme = gr.themes.Base(font=FONTS, font_mono=CODE_FONTS)
    return {"theme": theme, "css_paths": [HERE / "style.css"]}


def _documents(settings: Settings, wording: Wording) -> tuple[gr.HTML, gr.File, gr.HTML, gr.Button]:
    gr.HTML(f"<h2>{escape(wording('documents.label'))}</h2>", **_OURS)
    # Its value is the list of unticked names, which only the browser changes.
    documents = gr.HTML(
        [],
        html_template="${rows}",
        rows="",
        elem_id="document-list",
        js_on_load=_script("page_documents.js"),
        apply_default_css=False,
    )
    with gr.Column(elem_id="drop-zone"):
        drop = gr.File(
            file_count="multiple", label=wording("adding.label"), elem_id="drop", height=92
        )
        gr.HTML(_drop_html(settings, wording), elem_id="drop-words", **_OURS)
    adding = gr.HTML("", elem_id="adding", **_OURS)
    cancel = gr.Button(wording("adding.cancel"), size="sm", visible=False, elem_id="cancel")
    return documents, drop, adding, cancel


def _chat(settings: Settings, wording: Wording) -> tuple[gr.Chatbot, gr.Textbox, gr.HTML]:
    chat = gr.Chatbot(
        elem_id="conversation",
        label=wording("ask.conversation"),
        show_label=False,
        placeholder=_first_html(wording),
        examples=[],
        latex_delimiters=[],
        buttons=[],
        autoscroll=False,
        group_consecutive_messages=False,
        layout="panel",
        height="100%",
    )
    offers = gr.HTML(
        None,
        html_template="${rows}",
        rows="",
        noted=None,
        copied=wording("answer.copied"),
        elem_id="offers",
        js_on_load=_script("page_offers.js"),
        apply_default_css=False,
    )
    with gr.Row(elem_id="ask"):
        question = gr.Textbox(
            label=wording("ask.label"),
            show_label=False,
            placeholder=wording("ask.placeholder"),
            submit_btn=wording("ask.send"),
            max_length=settings.max_question_characters,
            lines=1,
            max_lines=4,
            autofocus=True,
            container=False,
            elem_id="question",
        )
        anew = escape(wording("ask.new"))
        gr.HTML(f'<button type="button">{anew}</button>', elem_id="anew", **_OURS)
    return chat, question, offers


def _history(wording: Wording) -> gr.HTML:
    # Its value says whose conversation is shown, and which; only the browser changes it.
    return gr.HTML(
        None,
        html_template="${rows}",
        rows=history_html([], wording),
        opened=None,
        saved=None,
        elem_id="history",
        js_on_load=_script("page_history.js"),
        apply_default_css=False,
    )


def _source(wording: Wording) -> gr.HTML:
    return gr.HTML(
        empty_source_html(wording),
        elem_id="source-pane",
        js_on_load=_script("source_pane.js"),
        apply_default_css=False,
        rooms={
            "documents": wording("documents.label"),
            "chat": wording("ask.conversation"),
            "source": wording("source.label"),
        },
    )


def _script(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def _header_html(wording: Wording) -> str:
    return (
        f'<div class="brand"><h1>{escape(wording("title"))}</h1>'
        f"<p>{escape(wording('tagline'))}</p></div>"
        '<button type="button" id="show-documents" aria-controls="documents"'
        f' aria-expanded="false">{escape(wording("documents.show"))}</button>'
    )


def _first_html(wording: Wording) -> str:
    return (
        f'<p class="does">{escape(wording("first.does"))}</p>'
        f'<p class="private">{escape(wording("first.private"))}</p>'
        f'<p class="try">{escape(wording("first.try"))}</p>'
    )


def _drop_html(settings: Settings, wording: Wording) -> str:
    accepted = wording("adding.accepted", types=wording("adding.types"), limit=settings.max_file_mb)
    return (
        f'<p class="drop-words"><strong>{escape(wording("adding.drop"))}</strong>'
        f"<span>{escape(accepted)}</span></p>"
    )
