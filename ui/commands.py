"""What does each command do? Each function returns its exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from index.settings import Settings
from ui.first_use import default_library, find_library, sample_documents

# Every command imports what it needs when it runs: a question waits for no reader of files.
if TYPE_CHECKING:
    from index import AddResult, Library

DONE, FELL_SHORT, WRONG_USAGE, NO_LIBRARY = 0, 1, 2, 3


def add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add files and folders."""
    from index import Library
    from ui.progress import show_adding

    report = _reporter(arguments)
    if arguments.dry_run:
        with _library_to_look_at(arguments, settings) as library:
            results = show_adding(library.plan_each(arguments.paths), "Looking", report)
            gone = library.vanished(arguments.paths)
        complain("Nothing was changed (--dry-run).")
    else:
        folder = find_library(arguments.library, settings, create=True)
        library = Library.open(folder, settings=settings)
        results = show_adding(library.add_each(arguments.paths), "Adding", report)
        gone = library.vanished(arguments.paths)
    if arguments.prune and gone and not arguments.dry_run:
        for path in library.prune(arguments.paths):
            complain(f"removed   {path}, which is no longer there")
    elif gone:
        for path in gone:
            complain(f"vanished  {path}")
        complain(
            f"{len(gone)} files of the library are no longer there. Remove their documents with "
            "--prune."
        )
    return FELL_SHORT if any(result.status == "refused" for result in results) else DONE


@contextmanager
def _library_to_look_at(arguments: argparse.Namespace, settings: Settings) -> Iterator[Library]:
    """Open the library; where there is none yet, an empty one that stands for it and is gone."""
    from index import Library
    from index.database import FILE_NAME

    folder = Path(arguments.library or settings.library or default_library())
    if os.path.isfile(folder / FILE_NAME):  # noqa: PTH113 - Path.is_file can raise
        yield Library.open(folder, settings=settings)
        return
    with TemporaryDirectory() as empty:
        yield Library.open(empty, settings=settings)


def watch(arguments: argparse.Namespace, settings: Settings) -> int:
    """Keep the library in step with folders until interrupted."""
    from index import Library
    from ui.watching import follow

    folder = find_library(arguments.library, settings, create=True)
    library = Library.open(folder, settings=settings)
    follow(library, arguments.paths, prune=arguments.prune, report=_reporter(arguments))
    return DONE


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the library as one file."""
    from index.archive import export_library

    count = export_library(find_library(arguments.library, settings), arguments.file)
    _tell_archive(arguments, "exported", arguments.file, count)
    return DONE


def import_file(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make a new library from an exported file."""
    from index.archive import import_library

    folder = Path(arguments.library or settings.library or default_library())
    count = import_library(arguments.file, folder)
    _tell_archive(arguments, "imported", folder, count)
    return DONE


def _tell_archive(arguments: argparse.Namespace, done: str, path: Path, count: int) -> None:
    if arguments.json:
        write_line(json.dumps({"path": str(path), "status": done, "documents": count}))
    else:
        write_line(f"{done}  {path}: {count} documents")


def _reporter(arguments: argparse.Namespace) -> Callable[[AddResult], None]:
    """Return what writes a line for each file, in words or as JSON."""

    def report(result: AddResult) -> None:
        if arguments.json:
            reported = {"path": result.path, "status": result.status, "reason": result.reason}
            write_line(json.dumps(reported, ensure_ascii=False))
        else:
            reason = f": {result.reason}" if result.reason else ""
            write_line(f"{result.status:<9} {result.path}{reason}")

    return report


def remove(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remove documents by name."""
    from index import Library

    folder = find_library(arguments.library, settings)
    removed = Library.open(folder, settings=settings).remove(arguments.names)
    missing = [name for name in dict.fromkeys(arguments.names) if name not in removed]
    if arguments.json:
        write_line(json.dumps({"removed": removed, "unknown": missing}, ensure_ascii=False))
    else:
        for name in removed:
            write_line(f"removed   {name}")
    for name in missing:
        complain(f"The library has no document called {name}. See the names with: askdocs list")
    return FELL_SHORT if missing else DONE


def list_documents(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the documents."""
    from index import Library

    folder = find_library(arguments.library, settings)
    documents = Library.open(folder, settings=settings).documents()
    if arguments.json:
        from ui.api_models import DocumentList

        write_line(DocumentList.of(documents).model_dump_json())
    else:
        for document in documents:
            parts = [document.info.name, document.info.title, document.info.published or ""]
            write_line(" · ".join(part for part in parts if part))
        if not documents:
            write_line("The library is empty. Add documents with: askdocs add FILES")
    return DONE


def ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """Ask one question, or those of a batch."""
    from assistant import Assistant
    from ui.terminal import format_answer

    _require_one(arguments.question, arguments.batch, "question")
    if arguments.batch and arguments.history:
        raise UsageError('With --batch, write the earlier questions as "history" in each line.')
    assistant = Assistant.open(find_library(arguments.library, settings), settings=settings)
    assistant.warm()
    if arguments.batch:
        from ui.batch_runs import ask_batch

        return ask_batch(arguments.batch, assistant, arguments.documents)
    answer = assistant.ask(arguments.question, arguments.history, arguments.documents)
    if answer.rule in ("reply.empty", "reply.too_long"):
        raise UsageError(answer.text)
    write_line(answer.model_dump_json() if arguments.json else format_answer(answer))
    return DONE


def search(arguments: argparse.Namespace, settings: Settings) -> int:
    """Find passages, for one query or those of a batch."""
    from index import Retriever
    from ui.terminal import format_hits

    _require_one(arguments.query, arguments.batch, "query")
    if arguments.query is not None and not has_words(arguments.query):
        raise UsageError("There are no words to search for.")
    retriever = Retriever.open(find_library(arguments.library, settings), settings=settings)
    if arguments.batch:
        from ui.batch_runs import search_batch

        return search_batch(arguments.batch, retriever, arguments.k, arguments.documents)
    hits = retriever.search(arguments.query, arguments.k, arguments.documents)
    if arguments.json:
        from ui.api_models import SearchResult

        query = arguments.query.encode(errors="replace").decode()  # no half characters leave
        found = SearchResult(query=query, hits=tuple(hits))
        write_line(found.model_dump_json())
    else:
        write_line(format_hits(hits))
    return DONE


def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check the quotations of a saved answer or conversation."""
    from assistant.saved_answers import read_quotes
    from assistant.verification import check_quote
    from index import Library

    quotes = read_quotes(arguments.file)
    library = Library.open(find_library(arguments.library, settings), settings=settings)
    verdicts = [check_quote(quote, library.find_text(quote.document.id)) for quote in quotes]
    wrong = [verdict for verdict in verdicts if not verdict.is_exact]
    if arguments.json:
        from ui.api_models import Verification

        write_line(Verification.of(verdicts).model_dump_json())
    else:
        for verdict in wrong:
            place = f"characters {verdict.quote.start} to {verdict.quote.end}"
            write_line(f"WRONG     {verdict.quote.document.name}, {place}. {verdict.reason}")
        write_line(f"{len(verdicts) - len(wrong)} of {len(verdicts)} quotations are exact.")
    return FELL_SHORT if wrong else DONE


def evaluate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run question sets and compare with the recorded baseline, or take up a pending case."""
    from ui.pending_cases import describe, is_asked_for, take_up

    if is_asked_for(arguments):
        lines = take_up(arguments, settings)
        for line in lines:
            write_line(json.dumps(line, ensure_ascii=False) if arguments.json else describe(line))
        if not lines and not arguments.json:
            write_line("Nothing is pending.")
        return DONE
    from eval.command import evaluate as run
    from eval.runner import Progress

    def on_progress(progress: Progress) -> None:
        if sys.stderr.isatty():
            state = f"{progress.set_name}: {progress.stage} {progress.done}/{progress.total}"
            sys.stderr.write(f"\r\033[K{state}")
            sys.stderr.flush()

    evaluation = run(
        arguments.names,
        settings=settings,
        documents_folder=sample_documents(),
        on_progress=on_progress,
        report=arguments.report,
        limit=arguments.limit,
    )
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    if arguments.json:
        write_line(json.dumps(evaluation.to_json()))
    else:
        write_line(evaluation.table())
    for shortfall in evaluation.shortfalls:
        complain(str(shortfall))
    return FELL_SHORT if evaluation.shortfalls else DONE


def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say what works on this machine."""
    from ui.doctor import examine, examine_deeply, list_settings

    folder = arguments.library or settings.library or default_library()
    findings = examine(Path(folder), settings)
    if arguments.deep:
        findings += examine_deeply(Path(folder))
    if arguments.json:
        report = {
            "findings": [asdict(finding) for finding in findings],
            "settings": {name: value for name, value, _ in list_settings(settings)},
        }
        write_line(json.dumps(report, ensure_ascii=False))
    else:
        for finding in findings:
            write_line(f"{'ok  ' if finding.is_well else 'FAIL'}  {finding.name}: {finding.detail}")
        write_line("\nSettings (environment variables):")
        for name, value, description in list_settings(settings):
            write_line(f"  {name} = {value}\n      {description}")
    return DONE if all(finding.is_well for finding in findings) else FELL_SHORT


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the chat page until interrupted."""
    changes: dict[str, Any] = {
        name: value
        for name in ("host", "port")
        if (value := getattr(arguments, name, None)) is not None
    }
    password_file = getattr(arguments, "password_file", None)
    if password_file is not None:
        changes["password"] = _read_password(password_file)
    settings = Settings.model_validate({**settings.model_dump(), **changes})
    folder = find_library(arguments.library, settings, create=True)
    from ui.server import serve as run

    run(folder, settings, open_browser=arguments.open, announce=write_line)
    return DONE


def serve_mcp(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the tools of MCP on standard input and output, which carry nothing else."""
    from assistant import Assistant
    from ui.mcp_tools import serve_streams

    serve_streams(Assistant.open(find_library(arguments.library, settings), settings=settings))
    return DONE


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {
    "add": add,
    "remove": remove,
    "list": list_documents,
    "ask": ask,
    "search": search,
    "verify": verify,
    "eval": evaluate,
    "doctor": doctor,
    "watch": watch,
    "export": export,
    "import": import_file,
    "serve": serve,
    "mcp": serve_mcp,
}


def write_line(text: str) -> None:
    """Write a line of output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write a line for the person, beside the output."""
    sys.stderr.write(f"askdocs: {text}\n")


def has_words(query: str) -> bool:
    """Whether there is anything to search for."""
    return any(character.isalnum() for character in query)


def _require_one(text: str | None, batch: Path | None, noun: str) -> None:
    if (text is None) == (batch is None):
        raise UsageError(f"Give either a {noun} or --batch FILE.")


def _read_password(path: Path) -> str:
    try:
        first = path.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The password file {path} cannot be read.") from error
    if not first:
        raise UsageError(f"The password file {path} has an empty first line.")
    return first
