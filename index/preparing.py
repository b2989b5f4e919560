"""How does a document that was read become one that can be stored and searched?

Cut into passages, embedded, its words in their normal form: everything that asking will need is
worked out here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple

import numpy as np
import numpy.typing as npt

from index.acronyms import find_acronyms
from index.documents import ReadDocument
from index.encoder import Encoder, Vectors
from index.naming import document_id
from index.passages import Passage, pack_passages
from index.rows import NewDocument, NewPassage, StoredSentence
from index.spelling import sound_key
from index.words import terms, words

_ENCODE_AT_ONCE = 128
"""Texts embedded between two reports of progress, some two seconds' work at most. Among many there
are more of one length, which are embedded together."""


def prepare_document(  # noqa: PLR0913
    document: ReadDocument,
    *,
    path: str,
    base: str,
    encoder: Encoder,
    passage_tokens: int,
    known: Mapping[tuple[str, int, int], npt.NDArray[np.float32]],
) -> Iterator[tuple[int, int] | NewDocument]:
    """Yield (texts embedded, texts in all) as it goes on, and at last the document.

    ``known`` holds vectors of passages and sentences of the very same text, which are taken over:
    {("passage" or "sentence", start, end): vector}.
    """
    passages = pack_passages(document, max_tokens=passage_tokens, count_tokens=encoder.count_tokens)
    texts = [document.text[p.start : p.end] for p in passages]
    texts += [document.text[s.start : s.end] for p in passages for s in p.sentences]
    places = [("passage", p.start, p.end) for p in passages]
    places += [("sentence", s.start, s.end) for p in passages for s in p.sentences]
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    for row, place in enumerate(places):
        if place in known:
            vectors[row] = known[place]
    left = [row for row, place in enumerate(places) if place not in known]
    for at in range(0, len(left), _ENCODE_AT_ONCE):
        yield at, len(left)
        rows = left[at : at + _ENCODE_AT_ONCE]
        vectors[rows] = encoder.encode([texts[row] for row in rows])
    yield NewDocument(
        id=document_id(path, document.corpus_id),
        path=path,
        corpus_id=document.corpus_id,
        base=base if document.corpus_id is None else document.corpus_id,
        title=document.title,
        source=document.source,
        published=document.published,
        text=document.text,
        passages=_new_passages(document, passages, vectors),
        vocabulary=_vocabulary(document),
        acronyms=sorted(set(find_acronyms(document.text))),
    )


def _new_passages(
    document: ReadDocument, passages: Sequence[Passage], vectors: Vectors
) -> list[NewPassage]:
    """Pair each passage with its vector and those of its sentences, which follow in order."""
    title = terms(document.title)
    made: list[NewPassage] = []
    at = len(passages)
    for number, passage in enumerate(passages):
        count = len(passage.sentences)
        made.append(
            NewPassage(
                vector=vectors[number],
                terms=[title, *(terms(document.text[s.start : s.end]) for s in passage.sentences)],
                sentences=[StoredSentence(*astuple(sentence)) for sentence in passage.sentences],
                sentence_vectors=vectors[at : at + count],
            )
        )
        at += count
    return made


def _vocabulary(document: ReadDocument) -> list[tuple[str, str, bool]]:
    """List every different word with its sound key, and whether it stands with a capital.

    A capital at the start of a block says nothing about a word, and is not counted.
    """
    capitals: dict[str, bool] = {}
    text = document.text
    for block in document.blocks:
        for position, word in enumerate(words(text[block.start : block.end])):
            if word.is_stop or not word.plain.isalpha():
                continue
            surface = text[block.start + word.start]
            is_capital = position > 0 and surface.isupper() and block.kind != "heading"
            capitals[word.plain] = capitals.get(word.plain, False) or is_capital
    return [(word, sound_key(word), capital) for word, capital in sorted(capitals.items())]
