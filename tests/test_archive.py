"""A library travels as one file, and nothing that is not one comes in."""

from __future__ import annotations

import json
import zipfile

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.archive import export_library, import_library
from index.database import FILE_NAME
from index.errors import AskdocsError, LibraryFormat, UsageError
from index.library import Library


@pytest.fixture
def packed(library, small_files, tmp_path):
    """A library and the file it was exported to."""
    made = library(small_files(4))
    target = tmp_path / "library.askdocs"
    assert export_library(made.folder, target) == 4
    return made, target


def test_what_comes_in_is_what_went_out(packed, tmp_path, answers):
    """An imported library holds the same documents and finds the same."""
    made, target = packed
    assert import_library(target, tmp_path / "new") == 4
    new = Library.open(tmp_path / "new")
    assert new.store.digest() == made.store.digest()
    assert answers(new) == answers(made)


def test_nothing_is_overwritten(packed, tmp_path):
    """An existing file and a folder with something in it are left alone."""
    made, target = packed
    with pytest.raises(UsageError, match="exists already"):
        export_library(made.folder, target)
    with pytest.raises(UsageError, match="holds something already"):
        import_library(target, made.folder)


def test_a_library_in_use_is_exported_whole(packed, tmp_path, small_files, write):
    """An export while documents are added holds one state of the library."""
    made, _ = packed
    adding = made.add_each([write(small_files(9), "more")])
    for _ in range(12):
        next(adding)
    export_library(made.folder, tmp_path / "during")
    adding.close()
    count = import_library(tmp_path / "during", tmp_path / "new")
    new = Library.open(tmp_path / "new")
    assert len(new.documents()) == count
    assert all(new.text(document.info.id) for document in new.documents())


def rewrite(source, target, *, change=None, manifest=None, extra=()):
    """Write the archive anew with its truth changed and a manifest that fits."""
    import hashlib

    with zipfile.ZipFile(source) as archive:
        data = archive.read(FILE_NAME)
        known = json.loads(archive.read("manifest.json"))
    if change:
        file = target.with_suffix(".sqlite")
        file.write_bytes(data)
        connection = apsw.Connection(str(file))
        connection.execute(change)
        connection.close()
        data = file.read_bytes()
    known |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), **(manifest or {})}
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("manifest.json", json.dumps(known))
        archive.writestr(FILE_NAME, data)
        for name in extra:
            archive.writestr(name, b"x")


@pytest.mark.parametrize(
    "fault",
    [
        {"change": "UPDATE documents SET text = replace(text, 'a', 'b')"},
        {"change": "UPDATE passages SET sentences = '[[0, 999999, \"p\", null, null, true]]'"},
        {"change": "UPDATE passages SET vector = zeroblob(128)"},
        {"change": "UPDATE passages SET terms = 'nothing'"},
        {"change": "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM documents; END"},
        {"change": "CREATE VIEW v AS SELECT 1"},
        {"change": "CREATE TABLE more (a)"},
        {"change": "UPDATE meta SET value = 99 WHERE key = 'format'"},
        {"manifest": {"sha256": "0" * 64}},
        {"manifest": {"bytes": 10}},
        {"manifest": {"bytes": 10**15}},
        {"manifest": {"bytes": "many"}},
        {"manifest": {"kind": "something else"}},
        {"extra": ("../outside.txt",)},
    ],
    ids=str,
)
def test_what_is_not_whole_does_not_come_in(packed, tmp_path, fault):
    """A changed text, place, vector or table, a lie and a foreign file are each refused."""
    _, source = packed
    target = tmp_path / "bad"
    rewrite(source, target, **fault)
    with pytest.raises(AskdocsError):
        import_library(target, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "outside.txt").exists()
    assert not list(tmp_path.glob(".import-*"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_change_of_a_byte_is_noticed(packed, tmp_path_factory, data):
    """Whatever byte of the file is changed, the library comes in as it was or not at all."""
    made, source = packed
    whole = bytearray(source.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "file").write_bytes(whole)
    try:
        import_library(folder / "file", folder / "new")
    except AskdocsError:
        assert not (folder / "new").exists()
    else:
        assert Library.open(folder / "new").store.digest() == made.store.digest()


@pytest.mark.parametrize("content", [b"", b"words", b"PK\x03\x04" + bytes(50)])
def test_any_other_file_is_refused(tmp_path, content):
    """What is no archive at all is told as such."""
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(LibraryFormat, match="no library"):
        import_library(tmp_path / "file", tmp_path / "new")
