"""Which documents are searched? The list at the left: a tick, a citation and a remove button each.

The browser keeps which documents are *unticked*, so that a document that enters is ticked, and
a tick changed while documents are being added is not undone by the list that comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from index import Library, LibraryDocument
from ui.rendering import date_words, escape
from ui.wording import Wording

LISTED = 1000
"""Documents that the list shows; those of a larger corpus are searched all the same."""
REST = "\x00rest"
"""Among the unticked: the documents beyond those listed. No document can have this name."""


def documents_html(documents: Sequence[LibraryDocument], wording: Wording) -> str:
    """Show the list; the browser sets the ticks."""
    if not documents:
        return f'<p class="none">{escape(wording("documents.empty"))}</p>'
    rows = "".join(_row(document, wording) for document in documents[:LISTED])
    more = ""
    if len(documents) > LISTED:
        sentence = wording("documents.more", count=f"{len(documents) - LISTED:,}")
        more = f'<p class="more">{escape(sentence)}</p>'
    ticked = wording("documents.ticked", ticked="<b></b>", count=f"{len(documents):,}")
    return (
        f'<fieldset data-count="{len(documents)}"><legend>{escape(wording("documents.legend"))}'
        f'</legend><div class="bar"><span class="ticked" role="status">{ticked}</span>'
        f'<button type="button" data-tick="all">{escape(wording("documents.all"))}</button>'
        f'<button type="button" data-tick="none">{escape(wording("documents.none"))}</button>'
        f"</div><ul>{rows}</ul>{more}</fieldset>"
    )


def ticked_names(
    documents: Sequence[LibraryDocument], unticked: Iterable[object]
) -> tuple[str, ...]:
    """Return the names of the documents to search."""
    left_out = {name for name in unticked if isinstance(name, str)}
    listed = None if REST not in left_out else LISTED
    return tuple(
        document.info.name for document in documents[:listed] if document.info.name not in left_out
    )


def remove_document(library: Library, name: str, uploads: Path) -> list[str]:
    """Remove a document, and its copy if it came in through the page; return what went.

    A file that a person added from elsewhere on the disk is left alone.
    """
    paths = {Path(found.path) for found in library.documents() if found.info.name == name}
    removed = library.remove([name])
    still_used = {Path(document.path) for document in library.documents()}
    for path in paths - still_used:
        if path.parent == uploads:
            path.unlink(missing_ok=True)
    return removed


def _row(document: LibraryDocument, wording: Wording) -> str:
    info = document.info
    name, title = escape(info.name), escape(info.title or info.name)
    day = date_words(info.published) if info.published else None
    passages = wording.count("documents.passages", document.passages)
    meta = " · ".join(escape(part) for part in (info.source, day, passages) if part)
    whole = escape(wording("documents.whole"))
    state = f' <span class="whole" role="img" aria-label="{whole}" title="{whole}">✓</span>'
    if remark := document.remark:
        state = f'<span class="remark-line" dir="auto">⚠ {escape(remark)}</span>'
    remove = escape(wording("documents.remove", title=info.title or info.name))
    return (
        f'<li data-name="{name}"><label title="{name}"><input type="checkbox" checked>'
        f'<span class="words"><span class="title" dir="auto">{title}</span>'
        f'<span class="meta" dir="auto">{meta}{state}</span></span></label>'
        f'<button type="button" class="remove" data-ask="remove" aria-label="{remove}"'
        f' title="{remove}">&times;</button>'
        f'<div class="confirm" hidden><p>{escape(wording("documents.confirm"))}</p>'
        f'<button type="button" data-remove="yes">{escape(wording("documents.confirm_yes"))}'
        f'</button><button type="button" data-remove="no">'
        f"{escape(wording('documents.confirm_no'))}</button></div></li>"
    )
