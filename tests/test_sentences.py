"""Promises of :mod:`index.sentences`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.long_sentences import LONGEST_QUOTE
from index.sentences import split_sentences

# A bar marks where one sentence ends and the next begins.
CASES = [
    "The council met on Monday.| It decided nothing.",
    "Gen. Ada Holt spoke first.| She left early.",
    "Mr. Brown met Mrs. Gray and Dr. White.| They talked.",
    "The U.S. Treasury acted.| The U.N. did not.",
    "He lives in the U.S.| The house is old.",
    "It opens at 9 a.m. Monday and closes at 5 p.m. Friday.| Come early.",
    "We met at 5 p.m.| The hall was empty.",
    "See No. 7 on the list.| It is short.",
    "Was it him?| No.| He was away.",
    "Fruit, e.g. Bramley apples, i.e. cooking apples, keeps well.| Try it.",
    "Bring pens, paper, etc. and a bag.| Nothing else.",
    "Roe vs. Wade was decided in 1973.| It was overturned.",
    "St. Mary Church stands on Mill St. next to the inn.| It is old.",
    "Acme Inc. Chairman Lee resigned.| The shares fell.",
    "He works for Acme Inc.| The pay is good.",
    "It began on Sept. 11 and ended on Dec. 2, 2020.| Nobody noticed.",
    "J. R. R. Tolkien wrote it.| C.S. Lewis read it.",
    "Prices rose 3.5 percent to $4.25.| Wages did not.",
    "Growth was 3.5.| Wages fell.",
    "In 2019.| Then came the year 2020.",
    "Well... he waited and then left.| Nobody came.",
    "The plan … Russia objected … was dropped.| It died.",
    "He left [...] without a word.| Nobody knew.",
    'He said "I will go."| He went.',
    "“We are sorry.”| The firm said no more.",
    '"Why now?" he asked.| Nobody knew.',
    '"Why now?" Smith asked.| Nobody knew.',
    "(It was late.)| The shop was shut.",
    "They closed it (in May.)| The staff left.",
    "It was shown before.[12]| The rest is open.",
    "It was shown before.12,13| The rest is open.",
    "It was shown before [3] .| The rest is open.",
    "Every calendar year .| Any predictable change counts .",
    "He called it `` a veil '' .| It was new .",
    "She said `` no . ''| Then she left .",
    "It was said.Then he left.",
    "It was said by many.|Then they all left.",
    "All views are those of the author(s).|View in full here.",
    "Look at example.com or README.Md or www.Foo.Bar for more.| Then go.",
    "Node.js is software.| It runs code.",
    "Stop!| Go!| Why?| Because.",
    "What?!| No way!",
    "今天下雨。|我们不去了！|真的吗？|是。",
    "「行く。」と言った。|彼は去った。",
    "هل جاء أحد؟| نعم جاء أحمد.| ثم ذهب.",
    "राम घर गया।| सीता आई।",
    "Smith et al. Nature 2004 is cited.| It is old.",
    "Fig. 3 shows it.| Figs. 4 and 5 do not.",
    "She has a Ph.D. in law.| He has none.",
    "World War I.| The end.",
    "Vitamin C. It helps.",
    "I bought an iPhone yesterday.| iPhone sales rose.",
    "I am not certain about that.| it depends on the price.",
    "A line\nthat goes on.| Another\none.",
    "He lives in Washington, D.C. Police came.| They left.",
    "Art. 5 applies.| See pp. 10-12, vol. 3.| Done.",
    "The price is 5 USD.| 12 people paid.",
    "1. The first point.| 2. The second point.",
    "Yes,” he said. “No.”| She left.",
    "Approx. Twenty came.| The rest stayed.",
    "It costs $5 m. Investors paid.",
    "Maj. Gen. O. Reed and Lt. Col. B. Moss came.| Both left.",
    "Really?| (Yes.)| Good.",
    "They met at Trinity-St. Paul and talked.| It rained.",
    'He said " no . "| Then he left .',
    'It was new .| " Then he left . "',
    "* * *",
]
CASES = [
    case.replace("It was said.Then he left.", "It was said.|Then he left.")
    .replace("Yes,” he said. “No.”", "Yes,” he said.| “No.”")
    .replace("Vitamin C. It helps.", "Vitamin C.| It helps.")
    for case in CASES
]


def sentences(text: str) -> list[str]:
    """Split the whole of ``text``."""
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


@pytest.mark.parametrize("case", CASES)
def test_splits_where_a_reader_would(case: str) -> None:
    """Sentences end where a person would end them, and nowhere else."""
    assert sentences(case.replace("|", "")) == [part.strip() for part in case.split("|")]


def test_only_the_given_stretch_is_read() -> None:
    """Offsets count from the start of the text, not of the stretch."""
    text = "Not this. One here. Two here. Not that."
    found = split_sentences(text, 10, 29)
    assert [text[start:end] for start, end in found] == ["One here.", "Two here."]


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0"])
def test_no_words_give_no_sentence(text: str) -> None:
    """White space alone holds no sentence."""
    assert sentences(text) == []


def check_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Hold what is true of the spans of every text."""
    spans = split_sentences(text, start, end)
    place = start
    for first, last in spans:
        assert place <= first < last <= end
        assert text[place:first].strip() == ""
        assert text[first:last] == text[first:last].strip()
        place = last
    assert text[place:end].strip() == ""
    return spans


SIGNS = st.text(alphabet=st.sampled_from("aBc .!?…\n\"'”)[]1;,。؟| –Mr"), max_size=120)


@given(text=st.one_of(st.text(max_size=200), SIGNS), data=st.data())
@settings(max_examples=400, deadline=None)
def test_spans_are_in_order_and_lose_nothing(text: str, data: st.DataObject) -> None:
    """Any text: spans in order, trimmed, apart, and every visible character in one of them."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    check_spans(text, start, end)


WORDS = ["went", "house", "seven", "river", "stone", "Peter", "slowly", "under"]


@given(counts=st.lists(st.integers(3, 12), min_size=1, max_size=8), pick=st.randoms())
@settings(deadline=None)
def test_plain_sentences_are_found_and_split_no_further(counts: list[int], pick: object) -> None:
    """Sentences of plain words come back one by one, and each alone comes back whole."""
    made = []
    for count in counts:
        words = [WORDS[(count * place + len(counts)) % len(WORDS)] for place in range(count)]
        made.append("The " + " ".join(words) + " ended.")
    assert sentences(" ".join(made)) == made
    for sentence in made:
        assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    "unit", ["a.", "a", "a ", ". ", "! ", "a. ", '" . ', "a.[1]", ";\n", "\n", "J. ", "“", "a.\n"]
)
def test_a_megabyte_of_anything_finishes(unit: str) -> None:
    """No input makes the time grow with the square of its length."""
    text = unit * (1_000_000 // len(unit))
    check_spans(text, 0, len(text))


class TestLongSentences:
    """What is too long to quote is divided."""

    def test_at_semicolons(self) -> None:
        """A list of clauses is divided after a semicolon, into parts of at most 90 words."""
        clause = "the committee of the region and its many members agreed to item " + "x " * 20
        text = "; ".join([clause.strip()] * 8) + "."
        parts = sentences(text)
        assert len(parts) > 1
        assert all(part.endswith((";", ".")) for part in parts)
        assert all(len(part.split()) <= LONGEST_QUOTE for part in parts)
        check_spans(text, 0, len(text))

    def test_at_line_ends(self) -> None:
        """Lines without a full stop are divided at a line end."""
        text = "\n".join(" ".join(["word"] * 30) for _ in range(10))
        parts = sentences(text)
        assert all("word" in part and len(part.split()) <= LONGEST_QUOTE for part in parts)
        assert len(parts) == 4

    def test_at_commas_when_nothing_else_is_there(self) -> None:
        """A sentence of 200 words without a semicolon is cut at commas near equal parts."""
        text = ", ".join([" ".join(["word"] * 9)] * 22) + "."
        parts = sentences(text)
        assert all(len(part.split()) <= LONGEST_QUOTE for part in parts)
        assert all(part.endswith((",", ".")) for part in parts)

    def test_ninety_words_stay_whole(self) -> None:
        """Up to 90 words a sentence stays whole."""
        text = " ".join(["word"] * LONGEST_QUOTE) + "."
        assert sentences(text) == [text]

    @given(st.integers(91, 700), st.integers(1, 60), st.integers(1, 300))
    def test_no_part_is_longer_than_a_quote(self, count: int, comma: int, mark: int) -> None:
        """Whatever the length and wherever commas and semicolons stand, 90 words are the most."""
        listed = [
            "word" + (";" if at % mark == 0 else "," if at % comma == 0 else "")
            for at in range(1, count + 1)
        ]
        text = " ".join(listed) + "."
        assert max(len(part.split()) for part in sentences(text)) <= LONGEST_QUOTE
        check_spans(text, 0, len(text))

    def test_semicolons_of_a_short_sentence_stay(self) -> None:
        """A semicolon alone divides nothing."""
        assert sentences("He came; he saw; he left.") == ["He came; he saw; he left."]


@pytest.mark.skipif("ASKDOCS_DATA" not in os.environ, reason="needs ASKDOCS_DATA")
@pytest.mark.parametrize("name", ["squad2", "clapnq_dev", "realtimeqa_news", "covid_qa"])
def test_real_corpora_lose_nothing(name: str) -> None:
    """On real documents no visible character is lost and no sentence exceeds 90 words."""
    path = Path(os.environ["ASKDOCS_DATA"]) / "bench" / name / "corpus.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    total = too_long = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            spans = check_spans(text, 0, len(text))
            total += len(spans)
            too_long += sum(len(text[a:b].split()) > LONGEST_QUOTE for a, b in spans)
    assert total > 1000
    assert too_long == 0
