"""Is everything that is not what it must be found, and what is derived made again?"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.inspection import inspect_truth, repair_vocabulary
from ui.doctor import examine_deeply


@pytest.fixture
def made(library, small_files):
    """A library of three documents."""
    return library(small_files(3))


def change(library, statement: str) -> None:
    with library.store.database.writing() as connection:
        connection.execute(statement)


def test_a_healthy_library_has_no_faults(made):
    """Nothing is found where nothing is wrong."""
    assert inspect_truth(made.store) == []
    [finding] = examine_deeply(made.folder)
    assert finding.is_well


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE documents SET text = text || '.' WHERE number = 2", "text"),
        ("UPDATE passages SET vector = zeroblob(128) WHERE document = 2", "vector"),
        ("UPDATE passages SET vector = x'00' WHERE document = 2", "passage"),
        (
            "UPDATE passages SET sentences = replace(sentences, '[[', '[[9') WHERE document = 2",
            "place",
        ),
        ("UPDATE passages SET sentences = 'no' WHERE document = 2", "passage"),
        ("UPDATE passages SET terms = 'other words' WHERE document = 2", "words"),
        ("UPDATE passages SET sentence_vectors = zeroblob(64) WHERE document = 2", ""),
        ("UPDATE passages SET ordinal = 7 WHERE document = 2", "passages"),
        ("DELETE FROM passages WHERE document = 2", "passages"),
        ("INSERT INTO acronyms VALUES (2, 'XY', 'Xylo Yard')", "acronyms"),
        ("UPDATE documents SET id = 'a' WHERE number = 2", "id"),
        ("UPDATE documents SET words = '[1' WHERE number = 2", ""),
    ],
)
def test_damage_is_told_by_document(made, write, statement, words):
    """The damaged document is named, and no other; adding its file again mends it."""
    name = str(made.store.database.rows("SELECT name FROM documents WHERE number = 2")[0][0])
    change(made, statement)
    [fault] = inspect_truth(made.store)
    assert fault.document == name
    assert words in fault.detail
    assert "Add its file again." in fault.detail
    [finding] = examine_deeply(made.folder)
    assert not finding.is_well
    assert name in finding.detail
    mended = {Path(result.path).name: result.status for result in made.add([write({})])}
    assert mended.pop(name) == "updated"
    assert set(mended.values()) == {"unchanged"}
    examine_deeply(made.folder)
    assert inspect_truth(made.store) == []


def test_a_wrong_list_of_words_is_made_again(made):
    """The vocabulary is derived: it is counted again from the documents."""
    right = made.store.vocabulary()
    change(made, "UPDATE vocabulary SET documents = documents + 1")
    assert [fault.is_derived for fault in inspect_truth(made.store)] == [True]
    repair_vocabulary(made.store)
    assert made.store.vocabulary() == right
    assert inspect_truth(made.store) == []


@pytest.mark.parametrize("damage", ["delete", "truncate", "flip"])
def test_a_damaged_search_index_is_made_again(made, damage, answers):
    """Doctor mends whatever happened to the search index, and says so."""
    before = answers(made)
    for path in sorted((made.folder / "derived").rglob("*")):
        if not path.is_file():
            continue
        data = bytearray(path.read_bytes())
        if damage == "delete":
            path.unlink()
        elif damage == "truncate":
            path.write_bytes(bytes(data[: len(data) // 2]))
        elif data:
            data[len(data) // 2] ^= 1
            path.write_bytes(bytes(data))
    [finding] = examine_deeply(made.folder)
    assert finding.is_well
    assert "made again" in finding.detail
    assert answers(made) == before
    [finding] = examine_deeply(made.folder)
    assert "made again" not in finding.detail
