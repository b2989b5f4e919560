"""What is searched for, when a person writes these words?

A question's words are joined by their other spellings in this collection, by the acronyms that
its documents define, and typing errors are mended against its own vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.bm25 import Bm25, WeighedGroup, inverse_frequency
from index.encoder import Encoder
from index.snapshot import Snapshot
from index.spelling import VocabularyWord, correct, same_name, sound_key
from index.store import Store
from index.word_ranking import TermGroup
from index.words import STOP_WORDS, Word, terms, words

_VARIANT_KEY = 3
"""Sound keys shorter than this are shared by too many different names."""
_MOST_VARIANTS = 8
_QUESTION_WORDS = tuple(
    VocabularyWord(word, 1, 0)
    for word in "which what when where who whom whose why how does did is are was were can".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is searched."""

    text: str
    """The person's words, typing errors mended."""
    vector: npt.NDArray[np.float32]
    """(d,) float32, unit length."""
    groups: tuple[WeighedGroup, ...]
    corrections: tuple[tuple[str, str], ...]
    """(as typed, as mended) for every word that was changed."""

    def bm25(self, mean_length: float) -> Bm25:
        """Return the scorer for texts of this mean length."""
        return Bm25(self.groups, mean_length)


class QueryBuilder:
    """Reads questions in the light of one snapshot of a library. Safe to share."""

    def __init__(self, store: Store, snapshot: Snapshot, encoder: Encoder) -> None:
        self._store = store
        self._snapshot = snapshot
        self._encoder = encoder
        self._vocabulary: list[VocabularyWord] | None = None
        self._long_forms, self._short_forms = _acronym_tables(store.acronyms())
        self._mend = lru_cache(maxsize=4096)(self._find_correction)
        self._spellings = lru_cache(maxsize=4096)(self._find_spellings)
        self._frequency = lru_cache(maxsize=65536)(snapshot.words.document_frequency)

    def build(self, text: str) -> Query:
        """Prepare ``text`` for searching."""
        # Half a character (what a terminal makes of wrong bytes) matches nothing.
        mended, corrections = self._mend_text(text.encode(errors="replace").decode())
        return Query(
            text=mended,
            vector=self._encoder.encode([mended])[0],
            groups=self.weigh(mended),
            corrections=corrections,
        )

    def weigh(self, text: str) -> tuple[WeighedGroup, ...]:
        """Return the weighty words of ``text``, each once, with their other spellings."""
        weighty = [word for word in words(text) if not word.is_stop]
        in_text = {word.term for word in weighty}
        groups: dict[str, WeighedGroup] = {}
        for word in weighty:
            if word.term in groups:
                continue
            others = [
                other
                for other in (
                    *self._spellings(word.plain),
                    *self._short_forms_of(word.term, in_text),
                )
                if other != word.term
            ]
            group = TermGroup(
                terms=tuple(dict.fromkeys([word.term, *others])),
                phrases=self._long_forms.get(word.term, ()),
            )
            groups[word.term] = WeighedGroup(group, self._rarity(group))
        return tuple(groups.values())

    def rarity(self, term: str) -> float:
        """Return how rare ``term`` is among the passages: its inverse frequency."""
        return inverse_frequency(len(self._snapshot.words), self._frequency(term))

    def _rarity(self, group: TermGroup) -> float:
        # A name's rarity is that of its commonest spelling: a rare misspelling is no rare name.
        containing = max(map(self._frequency, group.terms))
        return inverse_frequency(len(self._snapshot.words), containing)

    # Typing errors

    def _mend_text(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        mended: list[str] = []
        corrections: list[tuple[str, str]] = []
        at = 0
        for position, word in enumerate(words(text)):
            better = self._correction(word, position)
            if better is None:
                continue
            surface = text[word.start : word.end]
            if surface[0].isupper():
                better = better.capitalize()
            mended += [text[at : word.start], better]
            corrections.append((surface, better))
            at = word.end
        return "".join([*mended, text[at:]]), tuple(corrections)

    def _correction(self, word: Word, position: int) -> str | None:
        if word.is_stop or not word.plain.isalpha():
            return None
        if self._frequency(word.term) or self._store.knows_word(word.plain):
            return None
        # A whole token of the model's is a common word, spelled right: it is merely not in the
        # library, and mending it ("bank" to "back") would change the question.
        if self._encoder.count_tokens([word.plain]) == [1]:
            return None
        if known := self._find_variants(word.plain):
            return known[0].word
        if position == 0 and (asked := correct(word.plain, _QUESTION_WORDS)):
            return asked
        return self._mend(word.plain)

    def _find_correction(self, plain: str) -> str | None:
        if self._vocabulary is None:
            known = self._store.vocabulary()
            seen = {entry.word for entry in known}
            self._vocabulary = [
                *known,
                *(VocabularyWord(w, 1, 0) for w in sorted(STOP_WORDS - seen) if len(w) > 3),
            ]
        return correct(plain, self._vocabulary)

    # Spellings and acronyms

    def _find_spellings(self, plain: str) -> tuple[str, ...]:
        """Return the terms of other spellings of ``plain`` that the collection uses as names."""
        return tuple(term for variant in self._find_variants(plain) for term in terms(variant.word))

    def _find_variants(self, plain: str) -> list[VocabularyWord]:
        """Return other spellings of ``plain`` as a name, the most frequent first."""
        if not plain.isalpha() or len(plain) < 4:
            return []
        key = sound_key(plain)
        found = [
            entry
            for entry in self._store.words_that_sound(key)
            if entry.word != plain
            and entry.is_name
            and same_name(plain, entry.word, exactly=len(key) < _VARIANT_KEY)
        ]
        found.sort(key=lambda entry: (-entry.documents, entry.word))
        return found[:_MOST_VARIANTS]

    def _short_forms_of(self, term: str, in_text: set[str]) -> list[str]:
        """Acronyms whose long form, with ``term`` in it, stands whole in the query."""
        return [
            short for short, long_form in self._short_forms.get(term, ()) if long_form <= in_text
        ]


def _acronym_tables(
    acronyms: Iterable[tuple[str, str]],
) -> tuple[dict[str, tuple[tuple[str, ...], ...]], dict[str, list[tuple[str, frozenset[str]]]]]:
    """Return (acronym → its long forms' terms, term → acronyms whose long form has it)."""
    long_forms: dict[str, set[tuple[str, ...]]] = {}
    short_forms: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for short, long in acronyms:
        short_terms, long_terms = terms(short), tuple(terms(long))
        if len(short_terms) != 1 or len(long_terms) < 2:
            continue
        if long_terms in long_forms.setdefault(short_terms[0], set()):
            continue
        long_forms[short_terms[0]].add(long_terms)
        for term in dict.fromkeys(long_terms):
            short_forms.setdefault(term, []).append((short_terms[0], frozenset(long_terms)))
    return {short: tuple(sorted(forms)) for short, forms in long_forms.items()}, short_forms
