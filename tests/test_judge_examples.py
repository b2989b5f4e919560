"""Are the judge's examples what they say: right sentences right, wrong ones wrong?"""

import json

import pytest

from eval.judge import examples as module
from eval.judge.examples import make_examples, make_validation
from eval.normal_text import normalise

TOWNS = ["Norden", "Emden", "Leer", "Aurich", "Weener", "Jever"]
SEED = 7


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Questions about towns, six of one passage each, in a file of training and one kept aside."""
    rows = []
    for year, town in enumerate(TOWNS, start=1900):
        sentences = [
            f"{town} lies by the sea.",
            f"The tower of {town} was built in {year}.",
            f"Fish is sold in {town} every day.",
        ]
        labelled = [{"text": s, "label": int("tower" in s)} for s in sentences]
        start = sentences[1].index(str(year))
        rows += [
            {
                "question": f"When was the tower of {town}, number {number}, built?",
                "sentences": labelled,
                "title": "Towns",
                "source": "made up",
                "answers": [{"text": str(year), "sentence": 1, "start": start}],
            }
            for number in range(20)
        ]
    text = "\n".join(map(json.dumps, rows))
    for name in ("towns", "aside"):
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "SOURCES", {"towns": 120})
    monkeypatch.setattr(module, "VALIDATION", "aside")
    return tmp_path


def test_the_same_seed_makes_the_same_examples(data):
    """Training can be repeated: the examples depend on data and seed alone."""
    assert make_examples(data, SEED) == make_examples(data, SEED)
    assert make_examples(data, SEED) != make_examples(data, SEED + 1)


def test_a_right_sentence_holds_the_answer(data):
    """Labels and places of answers survive the cutting into windows."""
    seen = 0
    for example in make_examples(data, SEED):
        for window in example.windows:
            assert len(window.sentences) == len(window.labels)
            pairs = zip(window.sentences, window.labels, strict=True)
            assert all("tower" in sentence for sentence, right in pairs if right)
            if window.answer is not None:
                row, start, end = window.answer
                assert window.labels[row] == 1
                assert window.sentences[row][start:end].isdigit()
                seen += 1
    assert seen > 50


def test_a_wrong_window_holds_no_answer(data):
    """A passage with the answer's words is no example of a passage without it."""
    for example, bare in make_validation(data, SEED, 40):
        answer = next(
            window.sentences[window.answer[0]][window.answer[1] : window.answer[2]]
            for window in example.windows
            if window.answer is not None
        )
        wrong = [w for w in (*example.windows, *bare.windows) if not any(w.labels)]
        assert wrong
        assert all(answer not in normalise(" ".join(w.sentences)).split() for w in wrong)
        assert not any(any(window.labels) for window in bare.windows)


def test_some_examples_have_no_answer(data):
    """The judge must learn to refuse, so that a part of its questions has no right sentence."""
    examples = make_examples(data, SEED)
    none = [e for e in examples if not any(any(w.labels) for w in e.windows)]
    assert 0.1 < len(none) / len(examples) < 0.5
