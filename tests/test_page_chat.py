"""Do the page's handlers tell the truth when something else happens while they work?"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assistant import Assistant
from ui.page_chat import ChatHandlers
from ui.page_conversation import Conversation
from ui.wording import page_wording

BROWSER = {"person": "1" * 32, "conversation": "2" * 32}
QUESTION = "Who supports Haftar?"


class Interrupted:
    """The real assistant; before it answers, something else happens."""

    def __init__(self, assistant):
        self._assistant = assistant
        self.composer = assistant.composer
        self.meanwhile = lambda: None

    def ask(self, *arguments, **named):
        """Let it happen, then answer."""
        self.meanwhile()
        return self._assistant.ask(*arguments, **named)


def event(**data):
    return SimpleNamespace(_data=data)


@pytest.mark.model
def test_a_conversation_deleted_while_offers_are_worked_out_stays_away(sample_library):
    """The menu that comes with the offers is the one of the moment when they are shown."""
    assistant = Interrupted(Assistant.open(sample_library.folder))
    chat = ChatHandlers(assistant, sample_library, page_wording())
    *_, (_, answered, _, _) = chat.ask(QUESTION, Conversation(), [], BROWSER, event())
    assert QUESTION in chat.offer(answered, BROWSER)[1]["rows"]
    assistant.meanwhile = lambda: chat.delete(event(**BROWSER))
    assert QUESTION not in chat.offer(answered, BROWSER)[1]["rows"]
