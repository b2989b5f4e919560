"""Promises of the library: what was added is there, what was removed is gone, errors are typed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from index.database import FILE_NAME
from index.errors import (
    AskdocsError,
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryFormat,
    LibraryFull,
    LibraryUnreadable,
)
from index.library import AddResult, Library
from index.retriever import Retriever
from index.snapshot import open_snapshot
from index.words import terms

ROOT = Path(__file__).parent.parent
RARE = "Quixotropolis"
RARE_FILE = f"# The {RARE} Papers\n\nThe mayor of {RARE} spoke. The {RARE} Zeta Union (QZU) met.\n"


def statuses(results: list[AddResult]) -> list[str]:
    return [result.status for result in results]


def names(library: Library) -> list[str]:
    return [document.info.name for document in library.documents()]


FIND = """
import sys
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file() and sys.argv[2].lower().encode() in path.read_bytes().lower():
        print(path.name)
"""


def files_with(folder: Path, word: str) -> list[str]:
    """Name the files under ``folder`` whose bytes hold ``word``, in capitals or not.

    In a process of its own: closing a file here would release SQLite's locks on it.
    """
    find = [sys.executable, "-c", FIND, str(folder), word]
    return subprocess.run(find, check=True, capture_output=True, text=True).stdout.split()


# Adding


def test_what_was_added_is_there(library, write) -> None:
    """The stored text is the file's, under its hash, with its title and name."""
    made = library()
    text = "# Caf\u00e9 \U0001f600\n\nFirst line.\nSecond\u00a0line.\n"
    (result,) = made.add([write({"sub/a.md": text})])
    assert (result.status, result.documents) == ("added", 1)
    (document,) = made.documents()
    assert made.text(document.info.id) == text == made.find_text(document.info.id)
    assert document.info.name == "sub/a.md"
    assert document.info.title == "Caf\u00e9 \U0001f600"
    assert document.info.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert document.characters == len(text)
    assert document.passages == 1
    assert made.find_text("nothing") is None
    with pytest.raises(KeyError):
        made.text("nothing")


def test_an_unchanged_file_is_not_embedded_again(library, write, tiny_encoder, small_files) -> None:
    """What counts is the content, not the time: a touched file costs nothing."""
    made = library(small_files(4))
    before, generation = tiny_encoder.texts_encoded, made.store.generation
    folder = write(small_files(4))
    assert statuses(made.add([folder])) == ["unchanged"] * 4
    assert tiny_encoder.texts_encoded == before
    assert made.store.generation == generation


def test_a_changed_file_is_updated_under_its_id(library, write, answers) -> None:
    """The id stays, the text is the new one, the old words find nothing."""
    made = library({"a.md": RARE_FILE, "b.md": "# Other\n\nOther words here.\n"})
    (old,) = (d for d in made.documents() if d.info.name == "a.md")
    assert statuses(made.add([write({"a.md": "# New\n\nNew words came.\n"}) / "a.md"])) == [
        "updated"
    ]
    (new,) = (d for d in made.documents() if d.info.name == "a.md")
    assert new.info.id == old.info.id
    assert new.number != old.number
    assert made.text(new.info.id) == "# New\n\nNew words came.\n"
    assert open_snapshot(made.store).words.document_frequency(terms(RARE)[0]) == 0
    assert files_with(made.folder, RARE[:-1]) == []


def test_the_same_file_named_twice_is_one_document(library, write) -> None:
    """A file counts once, in whatever way it is named; equal files at two places are two."""
    folder = write({"a.md": "# One\n\nWords.\n", "copy/a.md": "# One\n\nWords.\n"})
    made = library()
    results = made.add([folder / "a.md", folder, folder / "copy" / ".." / "a.md"])
    assert statuses(results) == ["added", "added"]
    assert len({document.info.id for document in made.documents()}) == 2
    assert len({document.info.sha256 for document in made.documents()}) == 1


def test_names_are_told_apart(library, write) -> None:
    """Equal file names get their folder; when one leaves, the other has its short name again."""
    folder = write({"a/notes.txt": "Notes of Ann.\n", "b/notes.txt": "Notes of Bob.\n"})
    made = library()
    made.add([folder / "a" / "notes.txt"])
    assert names(made) == ["notes.txt"]
    made.add([folder / "b" / "notes.txt"])
    assert names(made) == ["a/notes.txt", "b/notes.txt"]
    assert made.remove(["a/notes.txt"]) == ["a/notes.txt"]
    assert names(made) == ["notes.txt"]
    made.add([folder])  # known by their paths already: the names stay those they were added under
    assert len(set(names(made))) == 2


def corpus(folder: Path, **texts: str) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("\n".join(json.dumps({"_id": k, "text": v}) for k, v in texts.items()))
    return path


def test_a_corpus_is_many_documents(library, tmp_path, tiny_encoder) -> None:
    """Each line is a document named by its id; only changed lines are embedded, lost ones leave."""
    made = library()
    texts = {f"line-{n}": f"Sentence number {n} about harbours." for n in range(150)}
    (result,) = made.add([corpus(tmp_path, **texts)])
    assert (result.status, result.documents) == ("added", 150)
    assert names(made) == sorted(texts)
    ids = {document.info.name: document.info.id for document in made.documents()}
    before = tiny_encoder.texts_encoded
    changed = {k: v for k, v in texts.items() if k != "line-7"} | {"line-9": f"The {RARE}."}
    (result,) = made.add([corpus(tmp_path, **changed)])
    assert (result.status, result.documents) == ("updated", 149)
    assert tiny_encoder.texts_encoded == before + 2  # one passage, one sentence
    assert names(made) == sorted(changed)
    assert made.text(ids["line-9"]) == f"The {RARE}."
    made.add([corpus(tmp_path, **texts)])
    assert files_with(made.folder, RARE) == []
    assert {d.info.name: d.info.id for d in made.documents()} == ids


def test_one_bad_file_never_stops_the_others(library, write, tmp_path) -> None:
    """Whatever a file is or is called, the next one is added, and the reason is given."""
    folder = write(
        {
            "a.md": "# First\n\nWords.\n",
            "binary.txt": bytes(range(256)) * 40,
            "empty.md": "",
            "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
            "z.md": "# Last\n\nWords.\n",
        }
    )
    (folder / "nothing").mkdir()
    with open(os.path.join(os.fsencode(folder), b"name\xff.md"), "w") as file:  # noqa: PTH118, PTH123
        file.write("# Odd\n\nWords.\n")
    made = library()
    results = made.add([folder / "missing.md", folder, folder / "nothing"])
    found = {Path(r.path).name: r.status for r in results}
    assert found == {
        "a.md": "added",
        "z.md": "added",
        "binary.txt": "refused",
        "empty.md": "refused",
        "picture.png": "refused",
        "name?.md": "refused",
        "missing.md": "refused",
        "nothing": "refused",
    }
    assert all(r.reason for r in results if r.status == "refused")
    json.dumps([r.path for r in results]).encode()
    assert names(made) == ["a.md", "z.md"]


def test_a_library_inside_a_folder_is_not_added(library, write) -> None:
    """A folder that is added may hold the library itself; its files are not documents."""
    folder = write({"a.md": "# One\n\nWords.\n"})
    made = library(name="documents/library")
    assert statuses(made.add([folder])) == ["added"]
    assert statuses(made.add([folder])) == ["unchanged"]


def test_a_document_enters_whole_or_not_at_all(library, write) -> None:
    """When storing fails half-way, the old document is there with everything that belongs to it."""
    old = "# Old\n\nOld words stood here.\n"
    made = library({"a.md": old, "b.md": "# Other\n\nOther words.\n"})
    before = dump(made)
    with made.store.database.writing() as connection:
        connection.execute(
            "CREATE TRIGGER fault BEFORE INSERT ON acronyms BEGIN SELECT RAISE(ABORT, 'fault'); END"
        )
    path = write({"a.md": RARE_FILE}) / "a.md"
    with pytest.raises(LibraryError, match="fault"):
        made.add([path])
    with made.store.database.writing() as connection:
        connection.execute("DROP TRIGGER fault")
    assert dump(made) == before
    assert statuses(made.add([path])) == ["updated"]


def dump(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """Everything the truth holds, but for the numbers that every change counts on."""
    rows = library.store.database.rows
    return {
        "files": rows("SELECT * FROM files ORDER BY path"),
        "documents": rows("SELECT id, name, title, sha256, text, words FROM documents ORDER BY id"),
        "passages": rows(
            "SELECT id, ordinal, vector, terms, sentences, sentence_vectors FROM passages"
            " JOIN documents ON documents.number = document ORDER BY id, ordinal"
        ),
        "vocabulary": rows("SELECT * FROM vocabulary ORDER BY word"),
        "acronyms": rows(
            "SELECT id, short, long FROM acronyms JOIN documents ON documents.number = document"
            " ORDER BY id, short, long"
        ),
    }


def test_any_history_of_the_same_documents_is_the_same_truth(library, write, small_files) -> None:
    """After adding, changing and removing at random, every table is that of a fresh library."""
    rng = random.Random(4)
    made = library()
    texts = [small_files(8, seed=seed) for seed in range(3)]
    texts[1]["report-003.md"] = RARE_FILE
    held: dict[str, str] = {}
    for _ in range(40):
        name = f"report-{rng.randrange(8):03}.md"
        if name in held and rng.random() < 0.4:
            made.remove([name])
            del held[name]
        else:
            held[name] = rng.choice(texts)[name]
            made.add([write({name: held[name]}) / name])
    fresh = library(name="fresh")
    fresh.add([write(held) / name for name in sorted(held)])
    assert dump(made) == dump(fresh)
    assert made.store.digest() == fresh.store.digest()


def test_the_digest_tells_contents_apart(library, write) -> None:
    """Another text, another name or one document fewer is another digest."""
    made = library({"a.md": "# One\n\nWords.\n"})
    seen = [made.store.digest()]
    for files in ({"b.md": "# Two\n\nWords.\n"}, {"a.md": "# One\n\nWord.\n"}):
        made.add([write(files)])
        seen.append(made.store.digest())
    made.remove(["b.md"])
    assert len({*seen, made.store.digest()}) == 4


def test_adding_can_be_cancelled(library, write, small_files, answers) -> None:
    """What was reported stays and can be searched; the rest was never begun, the lock is free."""
    made = library()
    progress = made.add_each([write(small_files(6))])
    for event in progress:
        if isinstance(event, AddResult) and event.path.endswith("report-001.md"):
            break
    progress.close()
    assert names(made) == ["report-000.md", "report-001.md"]
    assert answers(made)
    assert statuses(made.add([write({})])) == ["unchanged"] * 2 + ["added"] * 4


# Removing


def test_what_was_removed_is_gone(library, write, retriever, run_python, small_files) -> None:
    """Not found by anyone, an open retriever or another process, and in no byte of the folder."""
    made = library({**small_files(5), f"{RARE}.md": RARE_FILE})
    search = retriever(made)
    stale = search.view().snapshot
    assert search.search(RARE)[0].document.name == f"{RARE}.md"
    assert files_with(made.folder, RARE[:-1])
    assert made.remove([f"{RARE}.md", "never-there.md"]) == [f"{RARE}.md"]
    assert stale.words.document_frequency(terms(RARE)[0]) == 1
    for found in (search, retriever(made)):
        assert all(RARE not in hit.text for hit in found.search(RARE, k=100))
    code = (
        "import sys; from tiny import TinyEncoder; from index import Retriever\n"
        "search = Retriever.open(sys.argv[1], encoder=TinyEncoder())\n"
        "print([hit.document.name for hit in search.search(sys.argv[2], k=100)])"
    )
    elsewhere = run_python(code, made.folder, RARE)
    assert "report-000.md" in elsewhere
    assert RARE not in elsewhere
    assert files_with(made.folder, RARE[:-1]) == []
    assert files_with(made.folder, "QZU") == []
    assert open_snapshot(made.store).words.document_frequency(terms(RARE)[0]) == 0
    assert RARE.lower() not in [entry.word for entry in made.store.vocabulary()]
    assert made.store.acronyms() == []


def test_a_stale_index_quotes_nothing_that_was_removed(library, retriever, monkeypatch) -> None:
    """Even where the derived index could not be written again, the truth decides."""
    made = library({"a.md": RARE_FILE, "b.md": "# Other\n\nOther words.\n"})
    search = retriever(made)
    view = search.view()
    made.remove(["a.md"])
    monkeypatch.setattr(search, "view", lambda: view)
    assert [hit.document.name for hit in search.search(RARE)] == ["b.md"]


def test_no_byte_of_many_removed_documents_stays(library, write) -> None:
    """However documents of all sizes came and went, the words of those that left are nowhere."""
    rng = random.Random(6)
    words = [f"Zq{n:03}x{'abcdefghij'[n % 10]}vanish" for n in range(60)]
    words = ["".join(chr(97 + int(c)) if c.isdigit() else c for c in word) for word in words]
    made = library(
        {
            f"{n:03}.md": "# Title\n\n" + f"The {word} stayed here. " * rng.choice([1, 5, 60])
            for n, word in enumerate(words)
        }
    )
    removed = rng.sample(range(60), 40)
    for number in removed[:10]:
        made.remove([f"{number:03}.md"])
    made.remove([f"{number:03}.md" for number in removed[10:30]])
    news = {f"{number:03}.md": "# T\n\nNew.\n" for number in removed[30:]}
    made.add([write(news) / name for name in news])
    held = b"".join(p.read_bytes().lower() for p in made.folder.rglob("*") if p.is_file())
    for number, word in enumerate(words):
        assert (word.lower().encode() in held) == (number not in removed), number


# Damage


def test_a_damaged_file_is_said_so(library, small_files, tiny_encoder) -> None:
    """Truncated, overwritten or emptied, the truth is never taken for an empty library."""
    made = library(small_files(20))
    made.store.database.truncate_log()
    folder = made.folder
    del made
    whole = (folder / FILE_NAME).read_bytes()
    for content in (
        b"",
        b"garbage " * 5000,
        whole[: len(whole) // 2],
        whole[:5000],
        whole[:100],
        bytes(len(whole)),
        whole[:4096] + bytes(len(whole) - 4096),
    ):
        damaged = folder.parent / "damaged"
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.copytree(folder, damaged)
        for path in damaged.glob(f"{FILE_NAME}-*"):
            path.unlink()
        (damaged / FILE_NAME).write_bytes(content)
        with pytest.raises(LibraryDamaged, match=r"damaged|lost its contents"):
            Retriever.open(damaged, encoder=tiny_encoder).search("graves")
        with pytest.raises(LibraryDamaged):
            library(name="damaged").documents()


def test_flipped_bits_never_make_a_false_quote(
    library, small_files, tiny_encoder, tmp_path
) -> None:
    """One wrong bit anywhere in the file: a typed error, or hits that are true to the letter."""
    files = small_files(12)
    made = library(files)
    made.store.database.truncate_log()
    whole = (made.folder / FILE_NAME).read_bytes()
    rng = random.Random(8)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    refused = 0
    for _ in range(80):
        for path in damaged.iterdir():
            path.unlink()
        content = bytearray(whole)
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        (damaged / FILE_NAME).write_bytes(content)
        try:
            search = Retriever.open(damaged, encoder=tiny_encoder)
            hits = search.search("graves near Tarhuna", k=100)
        except AskdocsError:
            refused += 1
            continue
        for hit in hits:
            assert any(hit.text == text[hit.start : hit.end] for text in files.values())
    assert refused


def test_one_changed_character_of_a_text_is_noticed(library, retriever) -> None:
    """A text that was changed behind our back is not quoted, and the message names the document."""
    made = library({"a.md": RARE_FILE, "b.md": "# Other\n\nOther words.\n"})
    with made.store.database.writing() as connection:
        connection.execute("UPDATE documents SET text = replace(text, 'mayor', 'nayor')")
    with pytest.raises(LibraryDamaged, match=r"a\.md.*Remove the document"):
        retriever(made).search(RARE)
    other = Library.open(made.folder)
    (first, second) = other.documents()
    with pytest.raises(LibraryDamaged):
        other.text(first.info.id)
    assert other.text(second.info.id)
    made.remove(["a.md"])
    assert [hit.document.name for hit in retriever(made).search(RARE)] == ["b.md"]


@pytest.mark.parametrize("change", [-2, 1])
def test_another_format_is_refused(library, small_files, change) -> None:
    """A library of an older or newer version is left alone."""
    made = library(small_files(1))
    with made.store.database.writing() as connection:
        connection.execute("UPDATE meta SET value = value + ? WHERE key = 'format'", (change,))
    with pytest.raises(LibraryFormat, match="askdocs add"):
        library()


def test_another_model_is_refused(library, write, small_files) -> None:
    """Nothing is embedded with a model other than the library's; reading it is no harm."""
    files = small_files(2)
    made = library(files)
    tiny = type(made.encoder)
    other = library(encoder=tiny("other@2"))
    assert names(other) == sorted(files)
    with pytest.raises(LibraryFormat, match=r"tiny@1.*other@2.*ASKDOCS_MODEL"):
        other.add([write({"new.md": "# New\n\nNew words.\n"})])
    assert names(made) == sorted(files)


# Places


def test_a_folder_with_other_files_is_refused(write, library) -> None:
    """A library is not made among other files, nor in a file's place; nothing there changes."""
    folder = write({"mine.txt": "Mine."})
    with pytest.raises(LibraryUnreadable, match="holds other files"):
        library(name="documents")
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    with pytest.raises(LibraryUnreadable):
        library(name="documents/mine.txt")
    with pytest.raises(LibraryUnreadable):
        library(name="documents/mine.txt/below")


def test_a_library_that_was_never_finished_is_made_again(library, small_files, tmp_path) -> None:
    """A process killed in the first instant leaves a place that can be used."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / FILE_NAME).touch()
    assert names(library(small_files(2))) == ["report-000.md", "report-001.md"]


HOLD = """
import sys
from tiny import TinyEncoder
from index import Library
events = Library.open(sys.argv[1], encoder=TinyEncoder()).add_each([sys.argv[2]])
next(events)
print("adding", flush=True)
sys.stdin.read()
"""


def test_a_second_writer_is_told_and_readers_go_on(library, write, small_files, answers) -> None:
    """While another process adds, writing names it, and searching answers as before."""
    made = library(small_files(5))
    before = answers(made)
    folder = write({"new.md": "# New\n\nNew words.\n"})
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(made.folder), str(folder)],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "adding\n"
            for write_something in (
                lambda: made.add([folder]),
                lambda: made.remove(["report-000.md"]),
            ):
                with pytest.raises(LibraryBusy, match=rf"process {process.pid} "):
                    write_something()
            assert answers(made) == before
            assert len(library().documents()) == 5
        finally:
            process.kill()
    assert statuses(made.add([folder / "new.md"])) == ["added"]


UNWRITABLE = """
import os, sys
from tiny import TinyEncoder
from index import AskdocsError, Library, Retriever
if os.geteuid() == 0:  # root may write anywhere
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(*(hit.model_dump_json() for hit in
        Retriever.open(sys.argv[1], encoder=TinyEncoder()).search("graves")), sep="\\n")
library = Library.open(sys.argv[1], encoder=TinyEncoder())
for write in (lambda: library.add([sys.argv[2]]), lambda: library.remove(["report-001.md"])):
    try:
        write()
    except AskdocsError as error:
        print(type(error).__name__, error)
"""


@pytest.mark.parametrize("at_rest", [True, False])
def test_a_folder_that_cannot_be_written_answers(
    small_files, tiny_encoder, run_python, at_rest: bool
) -> None:
    """Searching works, adding and removing say that the folder is not writable."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o755)
        (place / "documents").mkdir()
        for name, text in small_files(5).items():
            (place / "documents" / name).write_text(text)
        library = Library.open(place / "library", encoder=tiny_encoder)
        library.add([place / "documents"])
        search = Retriever.open(place / "library", encoder=tiny_encoder)
        expected = [hit.model_dump_json() for hit in search.search("graves")]
        if at_rest:
            for owner in (library.store, search.store):
                owner.database._connection.close()
            assert not list((place / "library").glob("*-wal"))
        paths = [*(place / "library").rglob("*"), place / "library"]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            lines = run_python(UNWRITABLE, place / "library", place / "documents").splitlines()
        finally:
            for path in reversed(paths):
                path.chmod(0o755 if path.is_dir() else 0o644)
    assert lines[:-2] == expected
    for line in lines[-2:]:
        assert line.startswith("LibraryUnreadable")
        assert "permission" in line


def test_an_unwritable_library_is_followed_when_its_owner_writes(
    library, write, retriever, small_files, monkeypatch
) -> None:
    """Who may only read sees what the owner adds, before and after the owner's log is there."""
    made = library(small_files(3))
    made.store.database._connection.close()
    monkeypatch.setattr("index.database.os.access", lambda *_: False)
    reader = retriever(made)
    assert len(reader.search("graves", k=100)) >= 3
    assert reader.store.database._local.state is not None
    monkeypatch.undo()
    owner = library()
    owner.add([write({"new.md": RARE_FILE}, "more")])
    owner.store.database._connection.close()
    monkeypatch.setattr("index.database.os.access", lambda *_: False)
    assert reader.search(RARE)[0].document.name == "new.md"


def test_a_full_disk_loses_nothing(library, write, small_files, answers) -> None:
    """SQLite's own error, raised for real: said clearly, the old documents answer as before."""
    made = library(small_files(5))
    before, truth = answers(made), dump(made)
    made.store.database._connection.execute("PRAGMA max_page_count = 1")  # as full as it is
    path = write({"large.md": "# Large\n\n" + "The court froze many accounts. " * 3000}, "more")
    with pytest.raises(LibraryFull, match="free some space"):
        made.add([path])
    assert dump(made) == truth
    assert answers(made) == before
    made.store.database._connection.execute("PRAGMA max_page_count = 1000000")
    assert statuses(made.add([path])) == ["added"]


@pytest.fixture
def small_disk(tmp_path):
    """Make a real file system of a few megabytes; only root can."""
    mounted: list[Path] = []

    def mount(kilobytes: int) -> Path:
        place = tmp_path / f"disk-{kilobytes}"
        place.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)],
            check=False,
            capture_output=True,
        )
        if done.returncode:
            pytest.skip("mounting a small disk needs root")
        mounted.append(place)
        return place

    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("kilobytes", [600, 700, 900, 1200, 1600, 2400])
def test_a_disk_that_fills_up_loses_nothing(  # noqa: PLR0917
    small_disk, tiny_encoder, write, small_files, answers, kilobytes: int
) -> None:
    """Wherever it becomes full: LibraryFull, and what was reported is there and is found."""
    made = Library.open(small_disk(kilobytes) / "library", encoder=tiny_encoder)
    texts = small_files(8)
    folder = write(texts)
    assert set(statuses(made.add([folder]))) == {"added"}
    before = answers(made)
    more = write(
        {f"{n}.md": f"# {n}\n\n" + f"The court froze {n}. " * 400 for n in range(40)}, "more"
    )
    reported: list[AddResult] = []

    def add() -> None:
        for event in made.add_each([more]):
            if isinstance(event, AddResult):
                assert event.status == "added"
                reported.append(event)

    with pytest.raises(LibraryFull):
        add()
    again = Library.open(made.folder, encoder=tiny_encoder)
    held = {document.path: again.text(document.info.id) for document in again.documents()}
    assert {event.path for event in reported} <= held.keys()
    assert {str(folder / name) for name in texts} <= held.keys()
    for path, text in held.items():
        assert text == Path(path).read_text()
    assert answers(again)
    if not reported:
        assert answers(again) == before
