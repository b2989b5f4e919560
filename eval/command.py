"""What does ``askdocs eval`` do? It asks every set, scores, and compares with the baseline.

The composition root of evaluation: only here do its Protocols meet the real assistant and
library, which are imported when they are used, so that importing this loads no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.baseline import Shortfall, compare, read_baseline
from eval.libraries import prepare_library, shaping_digest
from eval.question_sets import QuestionSet, find_sets
from eval.records import write_run
from eval.report import write_report
from eval.runner import OnProgress, Progress, SetResult, run_followups, run_set
from eval.tables import format_table
from index.settings import Settings


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of every set, and what is worse than recorded."""

    results: tuple[SetResult, ...]
    shortfalls: tuple[Shortfall, ...]

    def table(self) -> str:
        """Write the figures as a plain aligned table, one row per set."""
        return format_table(self.results)

    def to_json(self) -> dict[str, object]:
        """Give the figures as one JSON object; a measure that says nothing is null."""
        return {
            "sets": [
                {
                    "name": result.name,
                    "measures": asdict(result.measures),
                    "kinds": {kind: asdict(measures) for kind, measures in result.by_kind},
                }
                for result in self.results
            ],
            "shortfalls": [
                {
                    "set": shortfall.set_name,
                    "measure": shortfall.measure,
                    "value": shortfall.value,
                    "recorded": shortfall.expectation.value,
                    "tolerance": shortfall.expectation.tolerance,
                }
                for shortfall in self.shortfalls
            ],
        }


def evaluate(  # noqa: PLR0913 - the options of a command, by name
    names: Sequence[str | Path],
    *,
    settings: Settings,
    documents_folder: Path,
    on_progress: OnProgress,
    report: Path | None = None,
    limit: int | None = None,
    runs: Path | None = None,
    cache: Path | None = None,
) -> Evaluation:
    """Run the sets called ``names``, or every known one, and compare with the baseline.

    Built-in sets are about the sample documents in ``documents_folder``. ``report`` is where an
    HTML report goes, ``runs`` a folder for run files that can be scored again, ``cache`` the
    folder of the libraries instead of the user's cache folder. With a ``limit``, that many
    questions of each set are asked, evenly spread, and nothing is compared: the recorded
    figures are of whole sets. Raises a ``UsageError`` for a set that does not exist or cannot
    be read.
    """
    from assistant.followups import complete

    baseline = read_baseline()
    results = []
    for question_set in find_sets(names, settings.data, documents_folder):
        if question_set.corpus:
            folder = library_of(question_set, settings, cache, on_progress)
            result = _ask_set(question_set, folder, settings, on_progress, limit)
        else:
            result = run_followups(question_set, complete, on_progress=on_progress, limit=limit)
        if runs is not None:
            write_run(runs / f"{result.name}.run.jsonl", result.name, result.records)
        results.append(result)
    shortfalls = compare(results, baseline) if limit is None else []
    if report is not None:
        remarks = [str(shortfall) for shortfall in shortfalls]
        write_report(results, report, threshold=settings.threshold, remarks=remarks)
    return Evaluation(tuple(results), tuple(shortfalls))


def _ask_set(
    question_set: QuestionSet,
    folder: Path,
    settings: Settings,
    on_progress: OnProgress,
    limit: int | None,
) -> SetResult:
    from assistant import Assistant
    from index.library import Library
    from index.retriever import Retriever

    asker = Assistant.open(folder, settings=settings)
    # The first question's time is to be that of a question, not of loading the model.
    asker.warm()
    return run_set(
        question_set,
        asker,
        Retriever.open(folder, settings=settings),
        Library.open(folder, settings=settings).text,
        on_progress=on_progress,
        limit=limit,
    )


def library_of(
    question_set: QuestionSet, settings: Settings, cache: Path | None, on_progress: OnProgress
) -> Path:
    """Find or build the set's library."""
    from index import migration
    from index.library import AddProgress, AddResult, Library
    from index.model_files import find_model

    def build(folder: Path, corpus: Sequence[Path]) -> list[str]:
        library = Library.open(folder, settings=settings)
        refusals = []
        for event in library.add_each(corpus):
            if isinstance(event, AddProgress):
                on_progress(Progress(question_set.name, event.stage, event.done, event.of))
            elif isinstance(event, AddResult) and event.status == "refused":
                refusals.append(f"{event.path}: {event.reason}")
        stored = {document.info.name for document in library.documents()}
        gold = {name for question in question_set.questions for name in question.gold_documents}
        return refusals + [f"{name}: gold document not stored" for name in sorted(gold - stored)]

    facts = (
        f"format {migration.FORMAT}",
        find_model(settings.model).identity,
        f"engine {settings.engine}",
        f"passages of {settings.passage_tokens}",
        shaping_digest(Path(migration.__file__).parent),
    )
    return prepare_library(question_set, build, facts=facts, cache=cache)
