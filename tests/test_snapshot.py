"""Promises of the derived indexes: whatever happens to them, the same is found."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from index import segment_plan, segments, snapshot, vector_ranking
from index.errors import LibraryFull, LibraryUnreadable
from index.segments import files_of
from index.snapshot import is_published_whole, open_snapshot, publish_snapshot
from index.words import terms


@pytest.fixture
def made(library, small_files):
    return library(small_files(15))


def derived(library) -> Path:
    return library.folder / "derived"


def pointer(library) -> dict:
    return json.loads((derived(library) / "current.json").read_text())


def published_files(library) -> list[Path]:
    return [path for folder in folders(library) for path in files_of(folder)]


def folders(library) -> list[Path]:
    """The folders of the segments that the pointer names."""
    return [derived(library) / segment["folder"] for segment in pointer(library)["segments"]]


def is_loaded(library) -> bool:
    """Whether what is on disk is taken as it is, rather than built again."""
    try:
        snapshot._current(library.store)
    except snapshot._UNUSABLE:
        return False
    return True


def replace(path: Path, content: bytes) -> None:
    """Put another file in its place: cutting one short that tantivy has mapped kills a process."""
    beside = path.with_name("beside")
    beside.write_bytes(content)
    beside.replace(path)


def truncate(path: Path) -> None:
    replace(path, path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    replace(path, bytes(path.stat().st_size))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    replace(path, content)


def delete(path: Path) -> None:
    path.unlink()


def lengthen(path: Path) -> None:
    replace(path, path.read_bytes() + b"\0")


@pytest.mark.parametrize("damage", [truncate, zero, flip, delete, lengthen])
def test_each_damaged_file_is_noticed(made, answers, tiny_encoder, damage) -> None:
    """Every file in turn: the same ten are found meanwhile, and the next change repairs it."""
    expected = answers(made)
    encoded = tiny_encoder.texts_encoded
    files = published_files(made)
    assert len(files) >= 5
    for number in range(len(files) + 1):
        assert is_loaded(made)
        whole = [*published_files(made), derived(made) / "current.json"]
        damage(whole[number])
        assert not is_loaded(made), whole[number]
        assert answers(made) == expected
        publish_snapshot(made.store)
        assert answers(made) == expected
    questions = 5 * 2 * (len(files) + 1)
    assert tiny_encoder.texts_encoded == encoded + questions  # nothing but questions was embedded


def test_every_flipped_byte_of_the_pointer_is_noticed(made) -> None:
    """The pointer holds figures that ranking uses: none of them may change unseen."""
    path = derived(made) / "current.json"
    whole, right = path.read_bytes(), pointer(made)
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 1
        path.write_bytes(content)
        # The last digit of a long fraction may make no difference to the number.
        assert not is_loaded(made) or pointer(made) == right, content[max(0, place - 20) :][:40]
    path.write_bytes(whole)
    assert is_loaded(made)


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"{}", b'{"sha256": 1}', b"\xff", b"1" * 99]
)
def test_an_odd_pointer_is_no_pointer(made, answers, content: bytes) -> None:
    """Whatever stands in the pointer file, the library opens."""
    expected = answers(made)
    (derived(made) / "current.json").write_bytes(content)
    assert not is_loaded(made)
    assert answers(made) == expected


def test_no_derived_folder_at_all(made, answers) -> None:
    """Everything derived can be thrown away, and comes again with the next change."""
    expected = answers(made)
    shutil.rmtree(derived(made))
    assert answers(made) == expected
    assert not derived(made).exists()
    made.remove([])
    assert is_loaded(made)
    assert answers(made) == expected


def test_a_stale_pointer_is_not_followed(made, write, answers, tmp_path) -> None:
    """Yesterday's indexes put back in place of today's find what is there today."""
    shutil.copytree(derived(made), tmp_path / "yesterday")
    made.add([write({"new.md": "# New\n\nThe court froze accounts in Tripoli.\n"}, "more")])
    expected = answers(made)
    shutil.rmtree(derived(made))
    shutil.copytree(tmp_path / "yesterday", derived(made))
    assert not is_loaded(made)
    assert answers(made) == expected
    assert any("new.md" in line for line in expected)


def test_indexes_of_another_library_are_not_followed(made, library, small_files, answers) -> None:
    """Two libraries of the same generation with their indexes exchanged: each finds its own."""
    other = library(name="other")
    paths = [document.path for document in made.documents()]
    for path in paths[::-1]:  # the same documents, numbered otherwise
        other.add([path])
    assert other.store.generation == made.store.generation
    expected = answers(made)
    shutil.rmtree(derived(made))
    shutil.copytree(derived(other), derived(made))
    assert not is_loaded(made)
    assert answers(made) == expected


def test_a_published_snapshot_is_used_as_it_is(made) -> None:
    """Publishing again writes nothing; what is loaded equals what is built in memory."""
    before = {path: path.stat().st_mtime_ns for path in published_files(made)}
    publish_snapshot(made.store)
    assert {path: path.stat().st_mtime_ns for path in published_files(made)} == before
    loaded = open_snapshot(made.store)
    shutil.rmtree(derived(made))
    built = open_snapshot(made.store)
    assert loaded.generation == built.generation == made.store.generation
    assert loaded.mean_passage_terms == built.mean_passage_terms
    assert loaded.mean_sentence_terms == built.mean_sentence_terms
    assert len(loaded.vectors) == len(built.vectors) == len(loaded.words) == len(built.words)


def test_the_means_are_those_counted_by_hand(library, write) -> None:
    """Two passages: title words count once in each passage, and in no sentence."""
    made = library()
    path = write(
        {
            "c.jsonl": '{"id": "x", "title": "Lemon", "text": "Oranges ripen. Ships sail."}\n'
            '{"id": "y", "title": "Lemon tree", "text": "Rain fell."}\n'
        }
    )
    made.add([path])
    opened = open_snapshot(made.store)
    assert opened.mean_passage_terms == (1 + 4 + 2 + 2) / 2
    assert opened.mean_sentence_terms == (2 + 2 + 2) / 3


def test_only_the_present_snapshot_stays_on_disk(made, write) -> None:
    """Older ones, and what a killed process left behind, are cleared away."""
    (derived(made) / "7-killed" / "words").mkdir(parents=True)
    (derived(made) / "7-killed" / "words" / "part").write_text("old words")
    made.add([])
    assert [path for path in derived(made).iterdir() if path.is_dir()] == folders(made)
    made.add([write({"new.md": "# New\n\nNew words.\n"}, "more")])
    assert [path for path in derived(made).iterdir() if path.is_dir()] == folders(made)


def test_a_reader_keeps_its_snapshot(made, retriever, write) -> None:
    """Who has a snapshot open goes on with it, though its files are gone."""
    opened = open_snapshot(made.store)
    term = made.store.passages([1])[1].terms[1][0]
    before = opened.words.document_frequency(term)
    made.add([write({"new.md": "# New\n\nNew words.\n"}, "more")])
    shutil.rmtree(derived(made))
    assert opened.words.document_frequency(term) == before > 0
    assert len(opened.vectors) == len(opened.words)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (OSError(28, "No space left on device"), LibraryFull),
        (PermissionError(13, "Permission denied"), LibraryUnreadable),
        (ValueError("tantivy: an IO error occurred"), LibraryUnreadable),
    ],
)
def test_indexes_that_cannot_be_written_cost_no_document(  # noqa: PLR0917
    made, write, answers, monkeypatch, fault, error
) -> None:
    """The document is stored and found, the error says what to do, no half-made files stay."""

    def fail(*arguments, **named):
        raise fault

    path = write({"new.md": "# New\n\nThe zebra came to Tripoli.\n"}, "more")
    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "_sync", fail)
        with pytest.raises(error, match=r"documents are stored.*Free some space"):
            made.add([path])
    assert any("zebra" in line for line in answers(made))
    assert len([path for path in derived(made).iterdir() if path.is_dir()]) == 1
    made.add([path])
    assert is_loaded(made)


def test_what_went_wrong_first_is_what_is_said(made, write, monkeypatch) -> None:
    """When the indexes cannot be written after another error, the other error is raised."""

    def fail(*arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.library.publish_snapshot", fail)
    monkeypatch.setattr("index.readers.pool.ReaderPool.read", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        made.add([write({"new.md": "# New\n\nNew words.\n"}, "more")])


# More than one segment


@pytest.fixture
def in_pieces(monkeypatch):
    """Segments of a few passages, as a library of a million has of many."""
    monkeypatch.setattr(segment_plan, "ALWAYS_TOGETHER", 4)
    monkeypatch.setattr(segment_plan, "MOST_PASSAGES", 12)
    monkeypatch.setattr(vector_ranking, "_EXACT_UP_TO", 3)


@pytest.mark.usefixtures("in_pieces")
def test_any_history_finds_what_a_fresh_library_finds(library, write, small_files, answers) -> None:
    """Added in four turns, changed and removed: the same answers as put in at once."""
    files = small_files(40)
    names = sorted(files)
    made = library()
    for turn in range(4):
        made.add([write({name: files[name] for name in names[turn * 10 : turn * 10 + 10]})])
    changed = {names[3]: "# New\n\nThe court froze accounts in Tripoli.\n"}
    made.add([write(changed)])
    gone = [names[5], names[25]]
    kept = folders(made)
    made.remove([names[5]])
    assert len(folders(made)) > 2
    assert len(set(kept) - set(folders(made))) == 1  # only the segment that held it was made again
    for name in gone:
        (made.folder.parent / "documents" / name).unlink()
    made.remove([names[25]])
    fresh = library(name="fresh")
    fresh.add([made.folder.parent / "documents"])
    assert made.store.digest() == fresh.store.digest()
    assert answers(made) == answers(fresh)
    assert is_published_whole(made.store)


@pytest.mark.usefixtures("in_pieces")
def test_what_was_removed_is_in_no_segment(library, write, small_files) -> None:
    """Neither its words nor its vectors: the segment that held them is another one now."""
    made = library(small_files(30))
    made.add([write({"secret.md": "# Secret\n\nThe xylophonist Quenneville hid it.\n"}, "more")])
    (word,) = terms("Quenneville")
    assert open_snapshot(made.store).words.document_frequency(word) == 1
    number = made.store.numbers_of(["secret.md"])["secret.md"]
    vector = made.store.vectors_between(number, number)[1].tobytes()
    assert any(vector in path.read_bytes() for path in published_files(made))
    made.remove(["secret.md"])
    everything = [path for path in derived(made).rglob("*") if path.is_file()]
    assert open_snapshot(made.store).words.document_frequency(word) == 0
    assert not any(vector in path.read_bytes() for path in everything)


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize("damage", [truncate, zero, flip, delete])
def test_one_damaged_segment_costs_only_itself(library, small_files, answers, damage) -> None:
    """It is made again in memory, and on disk with the next change; the others stay."""
    made = library(small_files(30))
    expected, before = answers(made), folders(made)
    assert len(before) > 2
    damage(files_of(before[1])[0])
    assert not is_loaded(made)
    assert answers(made) == expected
    publish_snapshot(made.store)
    assert is_loaded(made)
    assert set(before) - set(folders(made)) == {before[1]}
    assert answers(made) == expected


def test_a_large_library_is_opened_without_reading_all_of_it(made, monkeypatch) -> None:
    """Beyond a size, large files are known by size and time; copied ones are hashed again."""
    hashed: list[str] = []
    real = segments._hash
    monkeypatch.setattr(segments, "_hash", lambda path: hashed.append(path.name) or real(path))
    monkeypatch.setattr(snapshot, "_HASHED_WHOLE", 0)
    monkeypatch.setattr(segments, "_SMALL_BYTES", 100)
    assert is_loaded(made)
    assert "vectors.npy" not in hashed
    assert is_published_whole(made.store)
    assert "vectors.npy" in hashed
    (vectors,) = [path for path in published_files(made) if path.name == "vectors.npy"]
    state = vectors.stat()
    flip(vectors)
    assert not is_loaded(made)  # another file in its place has another time
    os.utime(vectors, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert is_loaded(made)  # what only a look at every byte can tell
    assert not is_published_whole(made.store)


@pytest.mark.usefixtures("in_pieces")
def test_killed_or_full_between_segments_the_old_ones_answer(
    library, write, small_files, answers, monkeypatch
) -> None:
    """An error while a second segment is written leaves the published ones as they were."""
    made = library(small_files(20))
    before = pointer(made)
    real, count = snapshot._build, []

    def fail_at_the_second(*arguments):
        count.append(1)
        if len(count) == 2:
            raise OSError(28, "No space left on device")
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "_build", fail_at_the_second)
        with pytest.raises(LibraryFull):
            made.add([write(small_files(60, seed=3), "more")])
    assert pointer(made) == before
    assert {path for path in derived(made).iterdir() if path.is_dir()} == set(folders(made))
    expected = answers(made)
    publish_snapshot(made.store)
    assert is_loaded(made)
    assert answers(made) == expected
