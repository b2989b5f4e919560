"""Is a library built once for the same contents, and again for others?"""

import pytest

import eval.libraries as libraries_module
from eval.errors import CorpusRefused
from eval.libraries import SHAPING_SOURCES, library_key, prepare_library, shaping_digest
from eval.question_sets import QuestionSet


class Builder:
    """Counts what it built, and can break off or refuse."""

    def __init__(self, refusals=(), error=None):
        self.built = []
        self.refusals = refusals
        self.error = error

    def __call__(self, folder, corpus):
        """Build, break off or refuse."""
        self.built.append(folder)
        (folder / "library.sqlite").write_text("x")
        if self.error:
            raise self.error
        return list(self.refusals)


@pytest.fixture
def question_set(tmp_path):
    """Make a set with a corpus file."""
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("one")
    return QuestionSet("small", tmp_path, (corpus,), ())


def test_the_second_run_builds_nothing(question_set, tmp_path):
    """The same corpus and facts find the library that is there."""
    builder = Builder()
    first = prepare_library(question_set, builder, facts=["m"], cache=tmp_path / "cache")
    second = prepare_library(question_set, builder, facts=["m"], cache=tmp_path / "cache")
    assert first == second
    assert len(builder.built) == 1
    assert first.name.startswith("small-")
    assert first.parent == tmp_path / "cache"


def test_another_corpus_or_fact_builds_another(question_set, tmp_path):
    """Changed documents, another model, another cut of facts: another library."""
    builder = Builder()
    cache = tmp_path / "cache"
    prepare_library(question_set, builder, facts=["ab", "c"], cache=cache)
    prepare_library(question_set, builder, facts=["a", "bc"], cache=cache)
    question_set.corpus[0].write_text("two")
    prepare_library(question_set, builder, facts=["ab", "c"], cache=cache)
    assert len(set(builder.built)) == 3


def test_a_folder_counts_with_the_names_of_its_files(tmp_path):
    """In a folder of documents a renamed, added or changed file makes another library."""
    folder = tmp_path / "documents"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.md").write_text("x")
    keys = {library_key([folder], [])}
    (folder / "sub" / "a.md").rename(folder / "b.md")
    keys.add(library_key([folder], []))
    (folder / "c.md").write_text("y")
    keys.add(library_key([folder], []))
    assert len(keys) == 3
    assert library_key([folder], []) in keys


def test_the_same_corpus_elsewhere_is_another(tmp_path):
    """Document ids come from absolute paths, so a copy of a corpus has a library of its own."""
    keys = set()
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "corpus.jsonl").write_text("one")
        keys.add(library_key([tmp_path / place / "corpus.jsonl"], []))
    assert len(keys) == 2


def test_a_build_that_was_broken_off_is_taken_up_again(question_set, tmp_path):
    """A library counts as built only when its builder came to the end."""
    with pytest.raises(KeyboardInterrupt):
        prepare_library(
            question_set, Builder(error=KeyboardInterrupt()), facts=[], cache=tmp_path / "cache"
        )
    builder = Builder()
    folder = prepare_library(question_set, builder, facts=[], cache=tmp_path / "cache")
    assert builder.built == [folder]


def test_a_refused_document_is_an_error_and_not_a_figure(question_set, tmp_path):
    """A set whose documents are not all there is never measured, nor kept as built."""
    for _ in range(2):
        with pytest.raises(CorpusRefused, match=r"small.*a: torn"):
            prepare_library(
                question_set, Builder(refusals=["a: torn"]), facts=[], cache=tmp_path / "cache"
            )


def test_the_default_cache_is_the_users(question_set, tmp_path, monkeypatch):
    """Without a folder, libraries are kept in the user's cache folder."""
    monkeypatch.setattr(libraries_module.platformdirs, "user_cache_dir", lambda app: tmp_path / app)
    folder = prepare_library(question_set, Builder(), facts=[])
    assert folder.parent == tmp_path / "askdocs" / "eval"


def test_shaping_sources(tmp_path):
    """What a file that shapes libraries does changes the digest; searching and comments do not."""
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers" / "corpus.py").write_text("1")
    (tmp_path / "retriever.py").write_text("1")
    before = shaping_digest(tmp_path)
    (tmp_path / "retriever.py").write_text("2")
    assert shaping_digest(tmp_path) == before
    (tmp_path / "readers" / "corpus.py").write_text('"""Says more."""\n1  # why\n')
    assert shaping_digest(tmp_path) == before
    (tmp_path / "readers" / "corpus.py").write_text("2")
    assert shaping_digest(tmp_path) != before


def test_every_shaping_source_exists():
    """A renamed module does not drop out of the digest in silence."""
    from index import database

    folder = libraries_module.Path(database.__file__).parent
    assert [pattern for pattern in SHAPING_SOURCES if not list(folder.glob(pattern))] == []
