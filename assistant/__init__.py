"""Answering: which sentences answer this question, and how sure are we?

    Assistant    ``Assistant.open(library).ask(question, history=(), documents=None) -> Answer``
    Answer       status, a template's sentence, quotes with their places, confidence
    Quote        one unbroken span of a document, word for word

Importing this package loads no model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.models import Answer, Quote, Turn

_HOMES = {
    "Answer": "assistant.models",
    "Assistant": "assistant.assistant",
    "Quote": "assistant.models",
    "Turn": "assistant.models",
}

__all__ = ["Answer", "Assistant", "Quote", "Turn"]


def __getattr__(name: str) -> object:
    """Import a name when it is first used: importing the package itself stays free."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
