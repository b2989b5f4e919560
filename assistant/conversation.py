"""What has a conversation been about, and whom do "it", "she" and "they" most likely mean?

Names gather weight each time they are mentioned and lose it with every turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer_types import find_names

PRONOUN = re.compile(
    r"\b(?P<possessive>his|her(?=\s+\w)|its|their)\b"
    r"|\b(?P<plain>it|he|she|him|her|they|them|that one|this one"
    r"|(?:this|that|these|those)(?=\W*$|\s+(?:is|are|was|were|do|does|did|has|have|had|can|will|mean)"
    r"\b))\b"
    r"|\b(?P<there>there)\b(?=\W*$)",
    re.IGNORECASE,
)
_TOPIC_OF = re.compile(
    r"^(?:what|who|where) (?:is|are|was|were) (?:the )?(?:\w+ of )?(?P<topic>.+)$"
    r"|^(?:tell me|what do you know|what can you tell me) about (?P<topic2>.+)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:that|which|who)\b")
_LONGEST_TOPIC = 6
_NOUN_PHRASE = re.compile(r"\bthe [a-z][\w-]+(?: of (?:the )?[\w-]+)?")
_NOT_A_PERSON = re.compile(
    r"\b(?:University|School|College|Records?|Album|City|War|League|Club|Committee|Party|States?"
    r"|Army|Union|Council|Company|Band|Group|Street|River|Award|Act|Day|Festival|Tour|Series|Show"
    r"|Office|Commission|Government|Militia|Bank|Institute|County|Church|Court|Museum|Times|News"
    r"|North|South|East|West|Of|The)\b|\d|[A-Z]{2}|\bof\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r"\b(?:in|at|from|to|into|near|across|on)\s(?:the\s)?$", re.IGNORECASE)
_FADING = 0.85
"""What a name's weight is multiplied by at each turn."""
_WEIGHTS = {"user": (1.0, 0.6), "assistant": (0.3, 0.15)}
"""What the first name of a turn, and every other one, is worth. Measured on CANARD: following what
the person asks about beats following what was answered."""


@dataclass(frozen=True, slots=True)
class _Name:
    """Something that the conversation named."""

    text: str
    weight: float
    is_person: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the conversation was about."""

    question: str = ""
    """The latest question of the person, itself completed."""
    defined: str = ""
    """What the latest question asked to define, if it did."""
    names: tuple[_Name, ...] = ()

    def topic(self) -> str:
        """Return what "it" and "they" most likely stand for."""
        things = [name for name in self.names if not name.is_person]
        return self.defined or _heaviest(things) or _heaviest(self.names) or self._phrase()

    def person(self) -> str:
        """Return whom "he" and "she" most likely stand for."""
        return _heaviest([n for n in self.names if n.is_person]) or self.topic()

    def _phrase(self) -> str:
        phrase = _NOUN_PHRASE.search(self.question)
        return phrase.group() if phrase else ""

    def after(self, role: str, text: str, question: str) -> Conversation:
        """Return the state after one more turn."""
        names = [replace(name, weight=_FADING * name.weight) for name in self.names]
        first, others = _WEIGHTS.get(role, _WEIGHTS["assistant"])
        spans = names_in_question(text.rstrip("?.! ")) if role == "user" else find_names(text)[:4]
        for at, (start, end) in enumerate(spans):
            _count(names, text, (start, end), others if at else first)
        defined = _defined(question) if role == "user" else self.defined
        return Conversation(question if role == "user" else self.question, defined, tuple(names))


def _heaviest(names: Sequence[_Name]) -> str:
    return max(names, key=lambda name: name.weight).text if names else ""


def _count(names: list[_Name], text: str, span: tuple[int, int], weight: float) -> None:
    """Add a mention to what is known; "Keller" is Maria Keller, if she was named."""
    mention = text[span[0] : span[1]]
    is_person = not _NOT_A_PERSON.search(mention) and not _PLACED.search(text[: span[0]])
    for at, known in enumerate(names):
        one, other = set(known.text.lower().split()), set(mention.lower().split())
        if one <= other or other <= one:
            longer = max(known.text, mention, key=len)
            names[at] = _Name(longer, known.weight + weight, known.is_person and is_person)
            return
    names.append(_Name(mention, weight, is_person))


def _defined(question: str) -> str:
    """Return what a question asks to define or describe, ``""`` if it asks something else."""
    bare = question.strip().rstrip("?.! ")
    match = _TOPIC_OF.match(bare)
    if not match:
        return ""
    topic = next(group for group in match.groups() if group)
    names = find_names(topic)
    if names and names[-1][1] < len(topic) and topic[: names[0][0]].lower() in ("", "the "):
        topic = topic[names[0][0] : names[0][1]]  # "Where was Keller born": about Keller
    is_short = len(topic.split()) <= _LONGEST_TOPIC
    return "" if not is_short or PRONOUN.search(topic) or _CLAUSE.search(topic) else topic


def names_in_question(text: str) -> list[tuple[int, int]]:
    """Names in a question; its first word has a capital anyway and does not count."""
    return [(start, end) for start, end in find_names(text) if start > 0]
