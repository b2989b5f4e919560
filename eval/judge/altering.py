"""How is a question changed: so that its passage no longer answers it, or as hurried people type?

A changed question must stay natural, or the judge would learn to see that it was changed. Names and
figures are therefore exchanged for others that were asked about the same article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

STOP = frozenset(
    """a an the is was are were be been do does did has have had of in on at by for to from with
    and or what which who whom whose when where why how many much that this it its""".split()
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*|\b\d[\d,.]*\b")
_WORD = re.compile(r"\b[a-z]{5,}\b")
_FRAME = frozenset(
    """about above after before along among called another around asked based because being below
    between considered could current describe described during example following found given
    include included known kinds makes might much named needed number often other others people
    person place possible range refer referred should since some stated term terms their there
    these thing things those through times title today total toward types under until usually
    value wanted where which while whole whose within without would years""".split()
)
_OPPOSITES: dict[str, str] = {
    first: second
    for line in (
        "first last, earliest latest, largest smallest, biggest smallest, highest lowest",
        "most least, more fewer, before after, north south, northern southern, east west",
        "eastern western, increase decrease, increased decreased, rise fall, began ended",
        "begin end, started ended, won lost, win lose, best worst, oldest youngest, old new",
        "male female, men women, father mother, son daughter, brother sister, husband wife",
        "minimum maximum, inside outside, above below, support oppose, supported opposed",
        "allowed forbidden, accepted rejected, upper lower, longest shortest",
        "fastest slowest, born buried, opened closed, bought sold, major minor, public private",
        "advantage disadvantage, cause prevent, caused prevented, positive negative, early late",
        "majority minority, always never, joined left, gained lost, strong weak",
    )
    for both in line.split(", ")
    for first, second in (both.split(), both.split()[::-1])
}
_OPENING = re.compile(
    r"^(?:who|what|which(?: \w+)?) (?:is|was|are|were|did|does|do|can|could|will|would|has|had)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What else was asked about the same article."""

    names: tuple[str, ...]
    words: tuple[str, ...]


def read_vocabulary(questions: Sequence[str]) -> Vocabulary:
    """Collect the names, figures and weighty words of an article's questions."""
    names = {name for question in questions for name in _NAME.findall(question)}
    words = {w for question in questions for w in _WORD.findall(question) if w not in _FRAME}
    return Vocabulary(tuple(sorted(names)), tuple(sorted(words)))


def alter(question: str, vocabulary: Vocabulary, chance: random.Random) -> str | None:
    """Ask for something else in nearly the same words, in one of four ways."""
    ways: list[Callable[[str, Vocabulary, random.Random], str | None]]
    ways = [_exchange_name, _exchange_opposite, _exchange_word, _negate]
    chance.shuffle(ways)
    ways.sort(key=lambda way: way in (_exchange_word, _negate) and chance.random() < 0.7)
    altered = (way(question, vocabulary, chance) for way in ways)
    return next((other for other in altered if other), None)


def _exchange_name(question: str, vocabulary: Vocabulary, chance: random.Random) -> str | None:
    found = list(_NAME.finditer(question))
    chance.shuffle(found)
    for match in found:
        is_figure = match[0][0].isdigit()
        others = [
            name
            for name in vocabulary.names
            if name[0].isdigit() == is_figure
            and (not is_figure or len(name) == len(match[0]))
            and name not in question
            and match[0] not in name
        ]
        if is_figure and match[0].isdigit() and not others:
            moved = int(match[0]) + chance.choice((-20, -9, -3, -1, 1, 2, 5, 11))
            others = [str(moved)] if moved > 0 else []
        if others:
            return _put(question, match, chance.choice(others))
    return None


def _exchange_opposite(question: str, _: Vocabulary, chance: random.Random) -> str | None:
    found = [m for m in re.finditer(r"\b[a-z]+\b", question) if m[0] in _OPPOSITES]
    if not found:
        return None
    match = chance.choice(found)
    return _put(question, match, _OPPOSITES[match[0]])


def _exchange_word(question: str, vocabulary: Vocabulary, chance: random.Random) -> str | None:
    """Exchange a weighty word for one with the same ending."""
    found = [m for m in _WORD.finditer(question) if m[0] not in _FRAME]
    chance.shuffle(found)
    for match in found:
        others = [
            word
            for word in vocabulary.words
            if word[-3:] == match[0][-3:] and word[:4] != match[0][:4] and word not in question
        ]
        if others:
            return _put(question, match, chance.choice(others))
    return None


def _negate(question: str, _: Vocabulary, chance: random.Random) -> str | None:
    opening = _OPENING.match(question)
    if opening is None or " not " in question:
        return None
    at = opening.end()
    return f"{question[:at]} {chance.choice(('not', 'not', 'never'))}{question[at:]}"


def _put(question: str, match: re.Match[str], other: str) -> str:
    return question[: match.start()] + other + question[match.end() :]


def keep_keywords(question: str) -> str:
    """Leave out the small words, as for a search box; a question of one word stays."""
    kept = [word for word in question.rstrip("?").split() if word.lower() not in STOP]
    return " ".join(kept) if len(kept) > 1 else question


def slip(question: str, chance: random.Random) -> str:
    """Type in a hurry: small letters, no question mark, now and then two letters exchanged."""
    typed = question.rstrip("?").lower() if chance.random() < 0.7 else question
    words = list(re.finditer(r"\b[^\W\d_]{5,}\b", typed))
    if not words or chance.random() < 0.4:
        return typed
    word = chance.choice(words)
    at = chance.randint(word.start() + 1, word.end() - 2)
    if chance.random() < 0.5:
        return typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
    return typed[:at] + typed[at + 1 :]
