"""Which conversations are there? The menu at the top: open, begin, delete, and save one."""

from __future__ import annotations

from collections.abc import Sequence

from ui.conversations import Listed
from ui.rendering import escape
from ui.wording import Wording


def history_html(listed: Sequence[Listed], wording: Wording) -> str:
    """Show the menu; the browser knows which conversation is open, and writes the times."""
    rows = "".join(_row(one, wording) for one in listed)
    if not rows:
        rows = f'<li class="none">{escape(wording("history.empty"))}</li>'
    label = escape(wording("history.label"))
    return (
        '<button type="button" id="show-history" aria-expanded="false" aria-controls="history-menu"'
        f">{label}</button>"
        '<div id="history-menu">'
        f'<button type="button" class="new">{escape(wording("history.new"))}</button>'
        f"<ul>{rows}</ul>"
        f'<p class="save"><span>{escape(wording("history.save"))}</span>'
        f'<button type="button" data-save="markdown">{escape(wording("history.markdown"))}</button>'
        f'<button type="button" data-save="json">{escape(wording("history.json"))}</button></p>'
        "</div>"
    )


def _row(one: Listed, wording: Wording) -> str:
    delete = escape(wording("history.delete", question=one.question))
    return (
        f'<li data-conversation="{escape(one.id)}"><button type="button" class="open">'
        f'<span class="title" dir="auto">{escape(one.question)}</span>'
        f'<time class="meta" datetime="{escape(one.asked)}"></time></button>'
        f'<button type="button" class="remove" aria-label="{delete}" title="{delete}">&times;'
        f'</button><div class="confirm" hidden><p>{escape(wording("history.confirm"))}</p>'
        f'<button type="button" data-delete="yes">{escape(wording("history.confirm_yes"))}</button>'
        f'<button type="button" data-delete="no">{escape(wording("history.confirm_no"))}</button>'
        "</div></li>"
    )
