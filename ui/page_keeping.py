"""How does a conversation outlive the page? It is written down as places, and read again."""

from __future__ import annotations

from assistant.composing import Composer
from assistant.kept_answers import Restorer, keep
from assistant.models import Answer
from assistant.saved_answers import Conversation as SavedConversation
from assistant.saved_answers import to_markdown
from index import Library
from ui.conversations import Conversations, KeptExchange, Place, now
from ui.page_conversation import Conversation, Exchange
from ui.page_history import history_html
from ui.wording import Wording

FORMS = {"markdown": ("md", "text/markdown"), "json": ("json", "application/json")}


class Keeper:
    """Writes conversations down, and puts them together again from what the library holds."""

    def __init__(self, library: Library, composer: Composer, wording: Wording) -> None:
        self._library = library
        self._composer = composer
        self._wording = wording
        self._conversations = Conversations(library.folder)

    def current(self, conversation: Conversation, place: Place | None) -> Conversation:
        """Return the conversation that a browser shows: a server that was restarted reads it."""
        return conversation if conversation.place == place else self.recall(place)

    def recall(self, place: Place | None) -> Conversation:
        """Read a conversation; an unknown one is empty."""
        if place is None:
            return Conversation()
        restorer = Restorer(self._library.store, self._composer)
        names = {one.info.id: one.info.name for one in self._library.documents()}
        return Conversation(
            tuple(
                Exchange(
                    question=kept.question,
                    answer=restorer.restore(kept.answer),
                    ticked=kept.ticked and tuple(names.get(one, one) for one in kept.ticked),
                    documents=kept.documents,
                )
                for kept in self._conversations.read(place)
            ),
            place,
        )

    def write_down(self, conversation: Conversation) -> None:
        """Write down the last exchange.

        :raises OSError: there is no room, or no permission, for it.
        """
        last = conversation.exchanges[-1]
        if conversation.place is None or last.answer is None:
            return
        ids = {one.info.name: one.info.id for one in self._library.documents()}
        kept = KeptExchange(
            question=last.question,
            asked=now(),
            answer=keep(last.answer, self._composer),
            ticked=last.ticked and tuple(ids[name] for name in last.ticked if name in ids),
            documents=last.documents,
        )
        self._conversations.append(conversation.place, kept)

    def as_it_stands(self, conversation: Conversation) -> Conversation:
        """Withdraw what is quoted from documents that were removed or changed meanwhile."""
        documents = self._library.documents()
        restorer = Restorer(self._library.store, self._composer)

        def anew(answer: Answer) -> Answer:
            return restorer.restore(keep(answer, self._composer))

        return conversation.as_it_stands(documents, anew)

    def delete(self, place: Place) -> None:
        """Forget a conversation.

        :raises OSError: it cannot be deleted.
        """
        self._conversations.delete(place)

    def menu_html(self, place: Place | None) -> str:
        """Show the menu of a person's conversations."""
        listed = self._conversations.of_person(place) if place else []
        return history_html(listed, self._wording)

    def saved(self, conversation: Conversation, form: str) -> dict[str, str]:
        """Write a conversation out as a file: its name, type and text."""
        answers = self.as_it_stands(conversation).answers()
        digest = self._library.store.digest()
        suffix, kind = FORMS[form]
        if form == "json":
            text = SavedConversation(library=digest, turns=answers).model_dump_json(indent=1) + "\n"
        else:
            text = to_markdown(answers, digest)
        return {"name": f"askdocs-{now()[:10]}.{suffix}", "type": kind, "text": text}
