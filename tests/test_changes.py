"""Adding again costs only what changed; what moved moves, what vanished is named."""

from __future__ import annotations

import json

import pytest

from index.library import AddResult, Library
from ui.command_line import main

FILES = {"a.txt": "The mill stands at the Aller.", "b.txt": "The bridge was built in 1902."}


def statuses(results):
    return {result.path.rsplit("/", 1)[-1]: result.status for result in results}


@pytest.fixture
def made(library, write, tiny_encoder):
    """A library of two files, and their folder."""
    return library(FILES), write(FILES)


def test_adding_again_embeds_nothing(made, tiny_encoder):
    """An unchanged folder is looked at and costs no embedding."""
    library, folder = made
    before = tiny_encoder.texts_encoded
    assert statuses(library.add([folder])) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert tiny_encoder.texts_encoded == before


def test_a_renamed_file_moves_without_embedding(made, tiny_encoder, retriever):
    """The documents of a renamed file have its new name and place, and are found as before."""
    library, folder = made
    before = tiny_encoder.texts_encoded
    (folder / "sub").mkdir()
    (folder / "a.txt").rename(folder / "sub" / "mill.txt")
    [moved] = [r for r in library.add([folder]) if r.status == "added"]
    assert moved.reason == f"It was moved from {folder / 'a.txt'}."
    assert tiny_encoder.texts_encoded == before
    assert [d.info.name for d in library.documents()] == ["b.txt", "sub/mill.txt"]
    assert library.vanished([folder]) == []
    hit = retriever(library).search("mill at the Aller")[0]
    assert hit.document.name == "sub/mill.txt"
    fresh = Library.open(folder.parent / "fresh", encoder=tiny_encoder)
    fresh.add([folder])
    assert fresh.store.digest() == library.store.digest()


def test_a_renamed_corpus_moves_with_all_its_lines(library, write):
    """Every document of a moved corpus keeps its id and is known by the new path."""
    lines = '{"id": "one", "text": "The mill stands."}\n{"id": "two", "text": "The bridge fell."}\n'
    made = library({"c.jsonl": lines})
    folder = write({})
    (folder / "c.jsonl").rename(folder / "d.jsonl")
    made.add([folder])
    assert [(d.info.name, d.path[-7:]) for d in made.documents()] == [
        ("one", "d.jsonl"),
        ("two", "d.jsonl"),
    ]


def test_a_copy_is_no_move(made):
    """While the old file is there, a second one of the same bytes is a document of its own."""
    library, folder = made
    (folder / "copy.txt").write_bytes((folder / "a.txt").read_bytes())
    library.add([folder])
    assert [d.info.name for d in library.documents()] == ["a.txt", "b.txt", "copy.txt"]


def test_vanished_files_are_named_and_removed_only_when_asked(made, retriever):
    """Nothing is removed by adding; pruning removes what is gone, for good."""
    library, folder = made
    (folder / "b.txt").unlink()
    library.add([folder])
    assert library.vanished([folder]) == [str(folder / "b.txt")]
    assert len(library.documents()) == 2
    assert library.prune([folder]) == [str(folder / "b.txt")]
    assert [d.info.name for d in library.documents()] == ["a.txt"]
    assert all(h.document.name == "a.txt" for h in retriever(library).search("bridge 1902"))


def test_a_renamed_file_is_called_by_its_new_name(library, write, retriever):
    """The title that a file has of its name alone follows the name, and is found by it."""
    made = library({"alpha.txt": "The mill stands at the Aller.", "b.txt": "The bridge fell."})
    folder = write({})
    (folder / "alpha.txt").rename(folder / "zeppelin.txt")
    embedded = made.encoder.texts_encoded
    made.add([folder])
    assert made.encoder.texts_encoded == embedded
    assert [d.info.title for d in made.documents()] == ["b", "zeppelin"]
    search = retriever(made)
    by_title = {p.document.name: p.parts.words for p in search.rank(search.prepare("zeppelin"), 9)}
    assert by_title["zeppelin.txt"] > by_title["b.txt"] == 0
    assert all(p.parts.words == 0 for p in search.rank(search.prepare("alpha"), 9))


def test_a_copy_is_not_embedded_again(library, write, tiny_encoder):
    """A text that the library holds already costs nothing under another path."""
    made = library({"a.txt": "The mill stands at the Aller.", "b.txt": "The bridge fell."})
    embedded = tiny_encoder.texts_encoded
    folder = write({"copy.txt": "The mill stands at the Aller."})
    made.add([folder])
    assert tiny_encoder.texts_encoded == embedded
    assert len(made.documents()) == 3


def test_an_emptied_folder_prunes_nothing(made):
    """The empty place of a disk that is not plugged in is no wish to remove everything."""
    library, folder = made
    for path in folder.iterdir():
        path.unlink()
    assert library.vanished([folder]) == []
    assert library.prune([folder]) == []
    assert len(library.documents()) == 2


def test_a_folder_that_is_gone_prunes_nothing(made):
    """A folder on a disk that is not plugged in loses no document."""
    library, folder = made
    folder.rename(folder.with_name("elsewhere"))
    assert library.prune([folder]) == []
    assert len(library.documents()) == 2


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(made, tiny_encoder):
    """The plan equals what adding then reports, and the library stays as it is."""
    library, folder = made
    (folder / "a.txt").write_text("The mill burned.")
    (folder / "b.txt").rename(folder / "c.txt")
    (folder / "d.txt").write_bytes(b"\x00\x01\x02" * 50)
    generation, before = library.store.generation, tiny_encoder.texts_encoded
    plan = [event for event in library.plan_each([folder]) if isinstance(event, AddResult)]
    assert (library.store.generation, tiny_encoder.texts_encoded) == (generation, before)
    assert plan == library.add([folder])
    assert statuses(plan) == {"a.txt": "updated", "c.txt": "added", "d.txt": "refused"}


def test_what_was_not_read_of_a_file_is_kept(library, write):
    """A remark on a file is told with its documents, later too."""
    made = library({"m.txt": "Die Mühle am Fluß.".encode("cp1252")})
    [document] = made.documents()
    assert "guessed" in document.remark
    assert "guessed" in Library.open(made.folder).documents()[0].remark


def test_a_name_too_long_for_the_system_is_refused(library, write):
    """A path that no file can have is one refused file, and the others are added."""
    made = library()
    folder = write(FILES)
    results = made.add([folder / ("x" * 400), folder])
    assert [result.status for result in results] == ["refused", "added", "added"]


@pytest.mark.model
def test_a_dry_run_makes_no_library(write, tmp_path, capsys):
    """Where there is no library yet, a dry run says what would be added and leaves none."""
    folder = write({"a.txt": "The mill stands."})
    there = tmp_path / "none"
    options = ["--dry-run", "--prune", "--json", "--library", str(there)]
    assert main(["add", str(folder), *options]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out) == {
        "path": str(folder / "a.txt"),
        "status": "added",
        "reason": "",
    }
    assert "Nothing was changed" in output.err
    assert not there.exists()
