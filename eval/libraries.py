"""Where is the library of a question set, and must it be built first?

Libraries are kept in a cache folder under a name that depends on everything their contents
depend on, so that a second run embeds nothing and a change of passages is never measured on
old ones. The folder may be deleted at any time.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import platformdirs

from eval.errors import CorpusRefused
from eval.question_sets import QuestionSet

Build = Callable[[Path, Sequence[Path]], Sequence[str]]
"""Adds corpus paths to the library in a folder; returns a sentence for each that was refused."""

# Files of index/ that decide what is stored. Those that only search are left out, so that work
# on the ranking reuses every library; of the readers, those of the formats that sets come in.
SHAPING_SOURCES = (
    "readers/corpus.py",
    "readers/boilerplate.py",
    "readers/dates.py",
    "readers/decoding.py",
    "readers/front_matter.py",
    "readers/lines.py",
    "readers/markdown*.py",
    "readers/metadata.py",
    "readers/paragraphs.py",
    "abbreviations.py",
    "acronyms.py",
    "compiled_*.py",
    "documents.py",
    "encoder.py",
    "inference.py",
    "long_sentences.py",
    "naming.py",
    "passages.py",
    "preparing.py",
    "rows.py",
    "sentences.py",
    "spelling.py",
    "tokens.py",
    "words.py",
    "writing.py",
)
_KEY_CHARACTERS = 16
_CHUNK = 1 << 20


def default_cache() -> Path:
    """Name the folder that libraries are kept in when nobody says otherwise."""
    return Path(platformdirs.user_cache_dir("askdocs")) / "eval"


def prepare_library(
    question_set: QuestionSet, build: Build, *, facts: Sequence[str], cache: Path | None = None
) -> Path:
    """Return the folder of the set's library, built now unless it is there already.

    ``facts`` are what its contents depend on beside the corpus: model, settings, library
    format, :func:`shaping_digest`. A build that was broken off is taken up again.
    """
    key = library_key(question_set.corpus, facts)
    folder = (cache or default_cache()) / f"{question_set.name}-{key}"
    # Beside the library, not in it: the folder is the library's own.
    done = folder.with_name(folder.name + ".complete")
    if not (done.is_file() and folder.is_dir()):
        folder.mkdir(parents=True, exist_ok=True)
        refusals = build(folder, question_set.corpus)
        if refusals:
            raise CorpusRefused(
                f"The set {question_set.name} cannot be measured: its library lacks "
                f"{len(refusals)} of its documents or files. The first: {refusals[0]}"
            )
        done.touch()
    return folder


def library_key(corpus: Sequence[Path], facts: Sequence[str]) -> str:
    """Digest the corpus (places and contents) and ``facts``: equal keys, equal libraries."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(f"{fact}\0".encode())
    for path in corpus:
        # A document's id comes from its absolute path, and ties are broken by id.
        digest.update(f"{path.resolve()}\0".encode())
        for file in _files(path):
            digest.update(f"{file.relative_to(path)}\0{_hash_file(file)}\0".encode())
    return digest.hexdigest()[:_KEY_CHARACTERS]


def shaping_digest(folder: Path, patterns: Sequence[str] = SHAPING_SOURCES) -> str:
    """Digest the sources in ``folder`` that decide what a library stores.

    What the code does counts, not how it is laid out or explained: building again takes long.
    """
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(folder.glob(pattern)):
            digest.update(f"{file.relative_to(folder)}\0{_meaning_of(file)}\0".encode())
    return digest.hexdigest()[:_KEY_CHARACTERS]


def _meaning_of(file: Path) -> str:
    """Return a Python source without comments, layout and docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_text(part)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from sorted(file for file in path.rglob("*") if file.is_file())


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
