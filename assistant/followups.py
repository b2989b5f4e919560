"""What does a question mean in the light of the questions before it?

A follow-up is completed by substitution, never by guessing: a pronoun gives way to the topic of
the conversation, a bare "And Germany?" takes the previous question with its name exchanged, and
"In which year?" is joined by the words that it leaves out. The completed question is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer_types import AnswerType
from assistant.conversation import PRONOUN, Conversation, names_in_question
from assistant.models import Turn
from assistant.questions import Kind, analyse
from index.words import words

_NOT_A_PRONOUN = re.compile(
    r"\bit (?:true|possible|known|rain)|\b(?:is|was) it (?:that|possible|true)"
    r"|\b(?:this|these|those)\s+(?:documents?|articles?|week|year|month|library|assistant)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:and|but|or|what about|how about|and what about|and how about|so)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:and\s+|but\s+)?(?:(?:in|at|on|by|for|to|from|with|since|until)\s+)?"
    r"(?:when|where|why|why not|how|how so|how come|who|whom|what|which(?:\s+\w+)?"
    r"|what\s+(?:year|date|day|month|time|country|city|place|reason|else|for)"
    r"|how (?:many|much|long|old|often|far))"
    r"(?:\s+(?:was|is|did|were|are|exactly|not|so|then))*$",
    re.IGNORECASE,
)
_WH_START = re.compile(
    r"^(?:(?:in|at|on|by|for|to|from|with)\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"(?:\s+(?:many|much|long|old|is|are|was|were|did|does|do|has|have|had|will|would|can|could))*",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:else|other|another|others|more|besides)\b", re.IGNORECASE)
_WH_WORDS = re.compile(
    r"^(?:(?:in|at|on|by|for|to|from|with)\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"(?:\s+(?:many|much|long|old))?",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(r"^(?:who|(?:what|which)\s+\w+)\s+", re.IGNORECASE)
_PERSONAL = frozenset({"he", "she", "him", "her", "his"})
_INFLECTED = re.compile(r"(?:s|ed|ing)$|^(?:are|have|had|were|did|do|can|could|will|would|may)$")
_FEW_WORDS = 3


def complete(question: str, history: Sequence[str | Turn | tuple[str, str]]) -> str:
    """Return ``question`` as it must be searched, given the conversation before it.

    ``history`` holds earlier questions, or turns of both sides, oldest first. A question that
    stands on its own, or changes the subject, comes back unchanged.
    """
    past = Conversation()
    for item in history:
        role, text = _role_and_text(item)
        completed = _complete(text, past) if role == "user" else ""
        past = past.after(role, completed or text, completed)
    return _complete(question, past)


def _complete(question: str, past: Conversation) -> str:
    bare = question.strip().rstrip("?.! ")
    if not past.question or not bare or analyse(question).kind is Kind.SMALL_TALK:
        return question
    if match := _NEXT.match(bare):
        rest = match.group("rest")
        exchanged = _exchange(rest, past.question)
        if exchanged:
            return exchanged
        bare = rest if not _BARE.match(bare) else bare
    if _BARE.match(bare):
        return _ask_again(bare, past.question)
    replaced = _replace_pronouns(question, past)
    if replaced != question:
        return replaced
    weighty = [word for word in words(bare) if not word.is_stop]
    if _ELSE.search(bare) or (len(weighty) <= _FEW_WORDS and not names_in_question(bare)):
        return _join(question, past)
    return question


def _exchange(rest: str, previous: str) -> str | None:
    """ "And Germany?": the previous question about Germany instead.

    Where the previous question asks for names ("Which countries support …?"), the new name is a
    possible answer and takes the place of the question word; elsewhere, that of the last name.
    """
    if len(rest.split()) > 4 or _WH_START.match(rest):
        return None
    asked = analyse(previous)
    if asked.answer_type in (AnswerType.PLACE, AnswerType.NAME, AnswerType.PERSON):
        without = _ASKED_FOR.sub(f"{rest} ", previous, count=1)
        if without != previous:
            return _with_auxiliary(without, rest)
    names = names_in_question(previous)
    if not names:
        return f"{previous.rstrip('?. ')} {rest}?"
    start, end = names[-1]
    return f"{previous[:start]}{rest}{previous[end:]}"


def _with_auxiliary(statement: str, subject: str) -> str:
    """ "Turkey support Haftar?" lacks its "Does"."""
    verb = statement[len(subject) :].split()[:1]
    is_bare = bool(verb) and verb[0].islower() and not _INFLECTED.search(verb[0])
    return f"Does {statement}" if is_bare else statement


def lacks_subject(question: str) -> bool:
    """Whether a completed question still says nothing of what it is about: "When was it?"."""
    bare = question.strip().rstrip("?.! ")
    weighty = [word for word in words(bare) if not word.is_stop]
    points = PRONOUN.search(bare) is not None and not _NOT_A_PRONOUN.search(bare)
    return not names_in_question(bare) and (not weighty or (points and len(weighty) == 1))


def _ask_again(bare: str, previous: str) -> str:
    """ "In which year?": the new question word before what the previous question asked about."""
    asked = _WH_WORDS.sub("", previous.rstrip("?. "), count=1).strip()
    return f"{bare} {asked}?"


def _replace_pronouns(question: str, past: Conversation) -> str:
    """Put the topic for the first pronoun, if a sentence about this question has one."""
    if _NOT_A_PRONOUN.search(question):
        return question

    def replacement(match: re.Match[str]) -> str:
        word = match.group().lower()
        topic = past.person() if word in _PERSONAL else past.topic()
        if not topic:
            return match.group()
        if match.group("possessive"):
            return f"{topic}'s"
        return f"in {topic}" if match.group("there") else topic

    return PRONOUN.sub(replacement, question, count=1)


def _join(question: str, past: Conversation) -> str:
    """Name the topic behind a question that names nothing itself."""
    topic = past.topic()
    if not topic or topic.lower() in question.lower():
        return question
    ending = "?" if question.rstrip().endswith("?") else ""
    return f"{question.rstrip().rstrip('?')} ({topic}){ending}"


def _role_and_text(item: str | Turn | tuple[str, str]) -> tuple[str, str]:
    if isinstance(item, str):
        return "user", item
    if isinstance(item, Turn):
        return item.role, item.text
    return item
