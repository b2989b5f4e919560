"""Does evaluation tie sets, library, assistant, report and baseline together?"""

import json
import subprocess
import sys

import pytest

from eval.command import evaluate
from index.errors import UsageError
from index.settings import Settings

FOLLOWUP = {
    "id": "f1", "question": "When did they disband?", "answerable": True, "kind": "followup",
    "history": [{"role": "user", "text": "Who were the Mothers of Invention?"}],
    "rewrite": "When did the Mothers of Invention disband?",
}  # fmt: skip
TEXT = "The bridge at Tarhuna was built in 1931. It is made of stone.\r\n\nIt fell in 2011."
CORPUS = {"id": "bridge", "title": "A bridge", "text": TEXT}
QUESTION = {
    "id": "b1", "question": "When was the bridge at Tarhuna built?", "answers": ["1931"],
    "answerable": True, "kind": "when",
    "evidence": [{"doc_id": "bridge", "text": TEXT[:40], "start": 0, "end": 40}],
}  # fmt: skip


def write_set(folder, question, corpus=None):
    """Write a set of one question."""
    folder.mkdir()
    (folder / "questions.jsonl").write_text(json.dumps(question))
    if corpus:
        (folder / "corpus.jsonl").write_text(json.dumps(corpus))
    return folder


def run(tmp_path, *names, **others):
    """Evaluate without progress; the cache lies in the test's folder."""
    return evaluate(
        names,
        settings=others.pop("settings", Settings(_env_file=None)),
        documents_folder=tmp_path,
        on_progress=others.pop("on_progress", lambda _: None),
        cache=tmp_path / "cache",
        **others,
    )


def test_importing_loads_nothing():
    """Importing evaluation loads no model library, no index and no store."""
    heavy = ("torch", "onnxruntime", "sentence_transformers", "faiss", "tantivy", "apsw", "gradio")
    code = f"import sys, eval.command; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_set_of_followups_needs_no_library(tmp_path):
    """Follow-ups are resolved by the assistant's own rules; figures, report and run are kept."""
    folder = write_set(tmp_path / "talk", FOLLOWUP)
    report = tmp_path / "reports" / "eval.html"
    evaluation = run(tmp_path, folder, report=report, runs=tmp_path / "runs")
    assert not (tmp_path / "cache").exists()
    assert evaluation.shortfalls == ()
    assert evaluation.table().splitlines()[1].startswith("talk  1")
    (figures,) = json.loads(json.dumps(evaluation.to_json()))["sets"]
    assert figures["name"] == "talk"
    assert figures["measures"]["quote_at_1"] is None
    assert figures["measures"]["followup_f1"] > figures["measures"]["unresolved_f1"]
    assert list(figures["kinds"]) == ["followup"]
    assert report.read_text(encoding="utf-8").count("<h2>") == 1
    assert (tmp_path / "runs" / "talk.run.jsonl").is_file()


def test_shortfalls_are_in_the_evaluation_and_the_report(tmp_path, monkeypatch):
    """What is worse than recorded is named; with a limit nothing is compared."""
    recorded = tmp_path / "baseline.json"
    recorded.write_text('{"talk": {"quote_at_1": {"value": 0.5, "tolerance": 0.1}}}')
    monkeypatch.setattr("eval.baseline.read_baseline.__defaults__", (recorded,))
    folder = write_set(tmp_path / "talk", FOLLOWUP)
    report = tmp_path / "eval.html"
    evaluation = run(tmp_path, folder, report=report)
    (shortfall,) = evaluation.shortfalls
    assert shortfall.measure == "quote_at_1"
    assert evaluation.to_json()["shortfalls"] == [
        {"set": "talk", "measure": "quote_at_1", "value": None, "recorded": 0.5, "tolerance": 0.1}
    ]
    assert str(shortfall) in report.read_text(encoding="utf-8")
    assert run(tmp_path, folder, limit=1).shortfalls == ()


def test_a_missing_set_is_wrong_usage(tmp_path):
    """A name that is no set ends the run before anything is built."""
    with pytest.raises(UsageError, match="nowhere"):
        run(tmp_path, tmp_path / "nowhere")
    assert not (tmp_path / "cache").exists()


@pytest.mark.model
class TestWithTheRealLibrary:
    def test_a_corpus_is_added_once_asked_and_scored(self, tmp_path):
        """The corpus becomes a library whose names and offsets are the set's; built once."""
        folder = write_set(tmp_path / "bridges", QUESTION, CORPUS)
        stages = []
        evaluation = run(tmp_path, folder, on_progress=lambda p: stages.append(p.stage))
        measures = evaluation.results[0].measures
        assert (measures.quote_at_1, measures.document_mrr, measures.exact_quotes) == (1, 1, 1)
        assert "embedding" in stages
        stages.clear()
        run(tmp_path, folder, on_progress=lambda p: stages.append(p.stage))
        assert set(stages) == {"asking"}

    def test_a_gold_document_that_the_corpus_lacks_is_an_error(self, tmp_path):
        """A set whose gold documents are not in its library is refused, not scored as wrong."""
        folder = write_set(tmp_path / "bridges", QUESTION, CORPUS | {"id": "other"})
        with pytest.raises(UsageError, match="bridge: gold document not stored"):
            run(tmp_path, folder)
