"""Promises about the names and ids of documents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.naming import NamedFile, document_id, tell_apart


def files(*paths: str, base: str = "notes.txt") -> list[NamedFile]:
    return [NamedFile(path, base, is_corpus_line=False) for path in paths]


def test_a_name_of_its_own_stays_as_it_is() -> None:
    """A file that shares its name with none needs nothing of its path."""
    assert tell_apart(files("/a/x/notes.txt")) == ["notes.txt"]


def test_equal_names_get_as_much_of_the_path_as_tells_them_apart() -> None:
    """One folder where one is enough, more where it is not."""
    assert tell_apart(files("/p/a/notes.txt", "/p/b/notes.txt")) == ["a/notes.txt", "b/notes.txt"]
    assert tell_apart(files("/p/a/notes.txt", "/q/a/notes.txt")) == [
        "p/a/notes.txt",
        "q/a/notes.txt",
    ]


def test_a_file_near_the_root_gets_one_slash() -> None:
    """The root of the disk adds nothing but its slash."""
    assert tell_apart(files("/a/notes.txt", "/b/a/notes.txt")) == [
        "/a/notes.txt",
        "b/a/notes.txt",
    ]
    assert tell_apart(files("/notes.txt", "/b/notes.txt")) == ["/notes.txt", "b/notes.txt"]


def test_folders_that_are_part_of_the_name_are_not_repeated() -> None:
    """The path before the name starts where the name ends."""
    named = files("/p/x/y/notes.txt", "/p/z/y/notes.txt", base="y/notes.txt")
    assert tell_apart(named) == ["x/y/notes.txt", "z/y/notes.txt"]


def test_lines_of_two_corpora_are_told_apart_by_their_files() -> None:
    """A corpus line stands in its file, so the file is part of the path."""
    lines = [NamedFile(f"/p/{name}.jsonl", "7", is_corpus_line=True) for name in "ab"]
    assert tell_apart(lines) == ["a.jsonl/7", "b.jsonl/7"]


@given(st.sets(st.lists(st.sampled_from("ab"), max_size=4).map(tuple), min_size=1, max_size=8))
def test_names_are_unique_and_end_with_the_base(folders: set[tuple[str, ...]]) -> None:
    """However many files share a name, each gets one of its own, which ends its path."""
    named = files(*("/".join(["", *folder, "notes.txt"]) for folder in sorted(folders)))
    names = tell_apart(named)
    assert len(set(names)) == len(named)
    for file, name in zip(named, names, strict=True):
        assert file.path.endswith(name)
        assert "//" not in name


def test_an_id_is_the_same_on_every_run() -> None:
    """An id depends on the path and the line's id alone: printf %s /a/b.txt | sha256sum."""
    assert document_id("/a/b.txt", None) == "3af167d37e3712f4"
    assert document_id("/a/b.txt", "1") != document_id("/a/b.txt1", None)
    assert document_id("/a/b\udcff.txt", None) != document_id("/a/b.txt", None)
