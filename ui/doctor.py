"""What works on this machine, and what can be done about what does not?"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.database import FILE_NAME, Database
from index.encoder import load_encoder
from index.errors import AskdocsError, LibraryDamaged, LibraryUnreadable
from index.inspection import inspect_truth, repair_vocabulary
from index.lock import writer_lock
from index.settings import Settings
from index.snapshot import is_published_whole, publish_snapshot
from index.store import Store
from index.writing import Writer

_PACKAGES = ("sentence-transformers", "faiss-cpu", "tantivy", "apsw", "onnxruntime", "gradio")
_LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    is_well: bool
    detail: str


def examine(folder: Path, settings: Settings) -> list[Finding]:
    """Look at Python, the packages, the model, the library and the disk."""
    return [
        Finding("Python", sys.version_info >= (3, 11), platform.python_version()),
        *_packages(),
        _try("embedding model", lambda: _model(settings)),
        _try("learned judge", lambda: _judge(settings)),
        _try("library", lambda: _library(folder)),
        _disk(folder),
    ]


def examine_deeply(folder: Path) -> list[Finding]:
    """Check every text, place, word and vector of the library; make again what is derived."""
    if not (folder / FILE_NAME).is_file():
        return []
    return [_try("every document", lambda: _inspect(folder))]


def _inspect(folder: Path) -> str:
    store = Store(Database.open(folder))
    with writer_lock(folder):
        faults = inspect_truth(store)
        mended = [fault for fault in faults if fault.is_derived]
        if mended:
            repair_vocabulary(store)
        was_whole = is_published_whole(store)
        publish_snapshot(store, anew=not was_whole)
        damaged = {fault.document for fault in faults if fault.document}
        files = {d.path for d in store.documents() if d.info.name in damaged}
        if files:
            Writer(store.database).mark_damaged(files)
    lasting = [fault.detail for fault in faults if not fault.is_derived]
    if lasting:
        raise LibraryDamaged(" ".join(lasting))
    repaired = [fault.detail + " It was made again." for fault in mended]
    if not was_whole:
        repaired.append("The search index was missing, older or damaged. It was made again.")
    return " ".join(repaired) or "every text, place, word and vector is what it must be"


def list_settings(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield (environment variable, value, what it is) for every setting; secrets stay hidden."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "(set)" if name == "password" and value is not None else str(value)
        yield f"ASKDOCS_{name.upper()}", shown, field.description or ""


def _packages() -> Iterator[Finding]:
    for package in _PACKAGES:
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, False, f"missing. Install it: pip install {package}")


def _model(settings: Settings) -> str:
    started = time.perf_counter()
    encoder = load_encoder(settings.model, settings.engine, settings.cache)
    encoder.encode(["ready"])
    seconds = time.perf_counter() - started
    return f"{encoder.identity}, {type(encoder).__name__}, ready in {seconds:.1f} s"


def _judge(settings: Settings) -> str:
    if not settings.judge:
        return "left out (ASKDOCS_JUDGE)"
    from assistant.judge import SHA256, load_judge

    load_judge()
    return f"ready, SHA-256 {SHA256[:12]}…"


def _library(folder: Path) -> str:
    if folder.exists() and not folder.is_dir():
        raise LibraryUnreadable(f"{folder} is a file. Name a folder for the library.")
    if not (folder / FILE_NAME).is_file():
        return f"none yet at {folder}; it is made when documents are added"
    store = Store(Database.open(folder))
    documents = store.documents()
    for document in documents:
        store.text(document.number)  # raises when a stored text was damaged
    with writer_lock(folder):
        passages = sum(document.passages for document in documents)
    return f"{folder}: {len(documents)} documents, {passages} passages, every text intact"


def _disk(folder: Path) -> Finding:
    exists = os.path.exists  # unlike Path.exists, it never raises
    place = next(parent for parent in (folder, *folder.absolute().parents) if exists(parent))
    free = shutil.disk_usage(place).free
    detail = f"{free / 1e9:.1f} GB free at {place}"
    if free < _LEAST_FREE_BYTES:
        return Finding("disk", False, f"{detail}. Free some space before adding documents.")
    return Finding("disk", True, detail)


def _try(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except AskdocsError as error:
        return Finding(name, False, str(error))
    except Exception as error:  # noqa: BLE001 - on a broken machine anything can fail
        return Finding(name, False, f"{type(error).__name__}: {error}")
