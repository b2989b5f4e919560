"""Promises of searching: what is found, in which order, at which score, and that it is there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from itertools import chain

import numpy as np
import pytest

from index.bm25 import inverse_frequency
from index.errors import AskdocsError, LibraryFormat, LibraryMissing, UnknownDocument, UsageError
from index.library import Library
from index.retriever import Retriever


class TableEncoder:
    """Vectors are written down by hand: one for each text."""

    identity = "table@1"
    dimension = 4

    def __init__(self, table: dict[str, tuple[float, ...]]) -> None:
        self.table = table

    def encode(self, texts):
        """Look the texts up."""
        return np.array([self.table[text] for text in texts], dtype=np.float32).reshape(-1, 4)

    def count_tokens(self, texts):
        """Count words."""
        return [len(text.split()) for text in texts]


def write_corpus(path, **texts: str):
    lines = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
    path.write_text("\n".join(lines))
    return path


def test_a_score_is_the_one_worked_out_by_hand(tmp_path) -> None:
    """Three passages of one sentence each; the title (a letter) counts as a word of the passage.

    Words: rarity ln(1 + 1.5 / 2.5) = 0.470004; lengths 3, 5, 3, mean 11/3.
      x: 0.470004 / (1 + 0.9 · (0.6 + 0.4 · 9/11)) = 0.256196; y: 0.940007 / 3.030909 = 0.310141.
    Sentence: lengths 2, 4, 2, mean 8/3.
      x: 0.470004 / 1.81 = 0.259670; y: 0.940007 / 3.08 = 0.305197.
    Meaning: 0.5, 0, 1. Both kinds of words as a share of the one word's rarity:
      x: 0.545092 and 0.552486; y: 0.659868 and 0.649351. The word covers x and y whole, no title.
      x: 0.4 · 0.5 + 0.22 · 0.545092 + 0.08 · 0.552486 + 0.11 + 0.11 = 0.584119;
      y: 0.22 · 0.659868 + 0.08 · 0.649351 + 0.22 = 0.417119; z: 0.4.
    """
    encoder = TableEncoder(
        {
            "Oranges ripen.": (0.5, 0.5, 0.5, 0.5),
            "Oranges rot, oranges fall.": (0.0, 1.0, 0.0, 0.0),
            "Lemons ripen.": (1.0, 0.0, 0.0, 0.0),
            "oranges": (1.0, 0.0, 0.0, 0.0),
        }
    )
    corpus = write_corpus(
        tmp_path / "c.jsonl",
        x="Oranges ripen.",
        y="Oranges rot, oranges fall.",
        z="Lemons ripen.",
    )
    Library.open(tmp_path / "library", encoder=encoder).add([corpus])
    retriever = Retriever.open(tmp_path / "library", encoder=encoder)
    hits = retriever.search("oranges")
    assert [(hit.rank, hit.document.name, hit.score) for hit in hits] == [
        (1, "x", pytest.approx(0.584119, abs=2e-6)),
        (2, "y", pytest.approx(0.417119, abs=2e-6)),
        (3, "z", pytest.approx(0.4, abs=2e-6)),
    ]
    first = retriever.rank(retriever.prepare("oranges"), 1)[0]
    most = 0.470004
    assert first.parts.meaning == pytest.approx(0.5)
    assert first.parts.words * most == pytest.approx(0.256196, abs=1e-6)
    assert first.parts.sentence_words * most == pytest.approx(0.259670, abs=1e-6)
    assert "score 0.584" in first.explanation


def test_the_best_is_found_among_all_by_brute_force(library, retriever, small_files) -> None:
    """Every hit's score is the one that scoring every passage of the library gives."""
    store = library(small_files(20)).store
    made = retriever(library())
    passages = list(store.passages(n for n, _, _ in store.terms_between(0, 10**9)).values())
    assert 20 <= len(passages) <= 100  # so that every passage is a candidate
    query = made.prepare("graves near Tarhuna")
    lengths = [sum(map(len, p.terms)) for p in passages]
    lines = [len(line) for p in passages for line in p.terms[1:]]

    def bm25(terms: list[str], mean: float) -> float:
        score = 0.0
        for weighed in query.groups:
            tf = weighed.group.count_in(terms)
            score += weighed.rarity * tf / (tf + 0.54 + 0.36 * len(terms) / mean)
        return score

    most = sum(weighed.rarity for weighed in query.groups)

    def covered(terms: Iterable[str]) -> float:
        present = list(terms)
        return sum(w.rarity for w in query.groups if w.group.count_in(present)) / most

    meaning = [float(p.vector @ query.vector) for p in passages]
    near = [float(max(p.sentence_vectors @ query.vector)) for p in passages]
    words = [bm25([t for line in p.terms for t in line], np.mean(lengths)) for p in passages]
    best = [max(bm25(list(line), np.mean(lines)) for line in p.terms[1:]) for p in passages]
    fused = (
        0.4 * np.add(meaning, near) / 2 + (0.22 * np.array(words) + 0.08 * np.array(best)) / most
    )
    fused += [
        0.08 * covered(p.terms[0])
        + 0.11 * covered(chain.from_iterable(p.terms))
        + 0.11 * max(map(covered, p.terms[1:]))
        for p in passages
    ]
    infos = store.infos(p.document for p in passages)
    order = sorted(
        range(len(passages)),
        key=lambda n: (-round(fused[n], 9), infos[passages[n].document].id, passages[n].ordinal),
    )
    found = made.rank(query, 1000)
    assert [r.passage.number for r in found] == [passages[n].number for n in order]
    assert [r.score for r in found] == pytest.approx([fused[n] for n in order], abs=1e-6)
    for weighed in query.groups:
        containing = sum(
            any(t in line for line in p.terms for t in weighed.group.terms) for p in passages
        )
        assert weighed.rarity == pytest.approx(inverse_frequency(len(passages), containing))


def test_every_hit_is_the_text_at_its_place(library, retriever, small_files) -> None:
    """A hit's text is its document's stored text from start to end."""
    made = library(small_files(12))
    for question in ("graves near Tarhuna", "court", ""):
        for rank, hit in enumerate(retriever(made).search(question), start=1):
            assert hit.rank == rank
            assert made.text(hit.document.id)[hit.start : hit.end] == hit.text != ""


def test_the_same_search_gives_the_same_bytes(library, answers, small_files) -> None:
    """Twice from one library, and from another with the same files added in another order."""
    files = small_files(30)
    made = library(files)
    again = answers(made)
    assert len(again) == 50
    assert answers(made) == again
    other = library(name="other")
    paths = [document.path for document in made.documents()]
    other.add(paths[::2])
    other.add(paths[::-1])
    assert answers(other) == again


def test_a_search_can_be_limited_to_documents(library, retriever, small_files) -> None:
    """Only the named documents are searched; an unknown name is an error, no names are no hits."""
    made = retriever(library(small_files(20)))
    names = ["report-003.md", "report-007.md"]
    hits = made.search("graves in Tarhuna", k=50, documents=names)
    assert {hit.document.name for hit in hits} == set(names)
    with pytest.raises(UnknownDocument, match=r"nowhere.*askdocs list"):
        made.search("graves", documents=["report-003.md", "nowhere.md"])
    assert made.search("graves", documents=[]) == []


def test_the_number_of_hits_is_bounded(library, retriever, small_files) -> None:
    """No more than asked for, a billion is answered, and none or fewer is a clear error."""
    made = retriever(library(small_files(12)))
    assert len(made.search("graves", k=3)) == 3
    assert 12 <= len(made.search("graves", k=10**9)) <= 1000
    for k in (0, -1):
        with pytest.raises(UsageError):
            made.search("graves", k=k)


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "?!",
        "\ud800 graves",
        "graves\x00",
        "OR AND NOT (",
        'a"b',
        "*" * 5000,
        "graves " * 500,
    ],
    ids=ascii,
)
def test_no_query_is_too_odd(library, retriever, small_files, query: str) -> None:
    """Any text can be searched for; it finds hits or none, and never an error."""
    made = retriever(library(small_files(3)))
    assert made.search(query) is not None


def test_an_empty_library_has_no_hits(library, retriever) -> None:
    """A library without documents answers with nothing."""
    assert retriever(library()).search("graves") == []


NAMES = {
    "a.md": "Leaders met. The brothers of Tarhouna and Mohamed al-Kani spoke of Alkani.",
    "b.md": "Nothing of that. The Government of National Accord (GNA) bought weapons.",
    "c.md": "Lemons and oranges. Ships carried lemons to the harbour of Sirte.",
    "d.md": "Weather today. It rained in the mountains and on the coast.",
}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Tarhuna", "a.md"),
        ("Tarhoona", "a.md"),
        ("Muhammad", "a.md"),
        ("Elkani", "a.md"),
        ("GNA", "b.md"),
        ("lemnos", "c.md"),
        ("moutnains", "d.md"),
        ("SIRTE'S", "c.md"),
    ],
)
def test_other_spellings_are_found(library, retriever, query: str, name: str) -> None:
    """Names in other spellings, acronyms and typing errors lead to the passage by its words."""
    made = retriever(library(NAMES))
    found = [r for r in made.rank(made.prepare(query), 10) if r.parts.words > 0]
    assert [r.document.name for r in found] == [name]


def test_the_acronym_is_found_by_its_long_form(library, retriever, write) -> None:
    """Once a document has spelled it out, either form finds the other in every document."""
    made = library(NAMES)
    made.add([write({"e.md": "Short news. The GNA fell."}, "more")])
    search = retriever(made)
    found = search.rank(search.prepare("Government of National Accord"), 10)
    assert {r.document.name for r in found if r.parts.words > 0} == {"b.md", "e.md"}
    assert {
        r.document.name for r in search.rank(search.prepare("GNA"), 10) if r.parts.words > 0
    } == {
        "b.md",
        "e.md",
    }


def test_mended_words_are_shown(library, retriever) -> None:
    """What was searched for instead of a typing error is said, capitals kept."""
    query = retriever(library(NAMES)).prepare("Who owns Lemnos and oranges?")
    assert query.text == "Who owns Lemons and oranges?"
    assert query.corrections == (("Lemnos", "Lemons"),)


def test_a_word_that_the_model_knows_is_not_mended(library, retriever) -> None:
    """A common word that the library lacks is no typing error: "cost" is not "coast"."""
    query = retriever(library(NAMES)).prepare("Where is the cost?")
    assert query.corrections == ()


def test_a_change_is_followed(library, retriever, write) -> None:
    """A retriever that is open finds what is added after, and no longer what was removed."""
    made = library(NAMES)
    search = retriever(made)
    assert search.search("zebra")[0].document.name != "e.md"
    made.add([write({"e.md": "Animals. The zebra ran."}, "more")])
    assert search.search("zebra")[0].document.name == "e.md"
    made.remove(["e.md"])
    assert all(hit.document.name != "e.md" for hit in search.search("zebra", k=100))


def test_a_search_sees_one_state(library, retriever, tiny_encoder, monkeypatch) -> None:
    """A document that is removed between ranking and quoting is quoted whole, the next time not."""
    made = library(NAMES)
    search = retriever(made)
    rank = search.rank
    monkeypatch.setattr("index.database._BUSY_MS", 50)  # its log cannot be emptied just then
    other = Library.open(made.folder, encoder=tiny_encoder)

    def rank_and_remove(*arguments):
        ranked = rank(*arguments)
        other.remove(["c.md"])
        return ranked

    with monkeypatch.context() as patch:
        patch.setattr(search, "rank", rank_and_remove)
        hits = search.search("lemons")
    assert hits[0].document.name == "c.md"
    assert hits[0].text in NAMES["c.md"]
    assert all(hit.document.name != "c.md" for hit in search.search("lemons"))


def test_readers_beside_a_writer_see_only_what_is_there(library, tiny_encoder, small_files) -> None:
    """Eight readers search while documents come, change and go: no error, every text true."""
    made = library(small_files(8))
    paths = [document.path for document in made.documents()]
    texts = [set(small_files(8).values()), set(small_files(8, seed=9).values())]
    search = Retriever.open(made.folder, encoder=tiny_encoder)
    done = threading.Event()
    faults: list[object] = []
    searched = [0] * 8

    def read(reader: int) -> None:
        while not done.is_set():
            try:
                hits = search.search("graves near Tarhuna", k=20)
            except Exception as error:  # noqa: BLE001  whatever it is, it is a fault
                faults.append(error)
                return
            searched[reader] += 1
            done.wait(0.01)  # or the writer would hardly get its turn
            whole = texts[0] | texts[1]
            faults.extend(hit for hit in hits if not any(hit.text in text for text in whole))

    readers = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for reader in readers:
        reader.start()
    try:
        for turn in range(3):
            for name, text in small_files(8, seed=9 * (turn % 2)).items():
                (made.folder.parent / "documents" / name).write_text(text)
            made.add(paths)
            made.remove([f"report-00{turn}.md"])
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert faults == []
    assert min(searched) > 0


def test_another_model_is_refused(library, small_files) -> None:
    """Vectors of two models are never compared; the message names the setting."""

    class Other(TableEncoder):
        identity = "other@2"

    made = library(small_files(2))
    with pytest.raises(LibraryFormat, match=r"tiny@1.*other@2.*ASKDOCS_MODEL"):
        Retriever.open(made.folder, encoder=Other({})).search("graves")


def test_no_library_is_said_so(tmp_path) -> None:
    """Searching makes no library."""
    with pytest.raises(LibraryMissing):
        Retriever.open(tmp_path / "nowhere")
    assert issubclass(LibraryMissing, AskdocsError)


@pytest.mark.model
def test_the_sample_documents_are_found_by_their_meaning(sample_library) -> None:
    """With the real model, a question in other words finds its passage."""
    search = Retriever.open(sample_library.folder)
    hits = search.search("Which country blocked the UN from blacklisting the militia?", k=3)
    assert "Russia" in "".join(hit.text for hit in hits)
    for hit in hits:
        assert sample_library.text(hit.document.id)[hit.start : hit.end] == hit.text
