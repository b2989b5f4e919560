"""Is a watched library in step with its folder?"""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager

import pytest

from index.errors import UsageError
from index.lock import writer_lock
from ui.watching import follow

PATIENCE = 60
"""Seconds that a change may take to be seen on a busy machine; a quick one takes two."""


@contextmanager
def watched(library, folder, *, prune=False):
    """Watch in a thread; yields where the results arrive."""
    results: queue.Queue = queue.Queue()
    stop = threading.Event()
    thread = threading.Thread(
        target=follow,
        args=(library, [str(folder)]),
        kwargs={"prune": prune, "report": results.put, "stop": stop},
    )
    thread.start()
    try:
        yield results
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def names(library):
    return [document.info.name for document in library.documents()]


def test_what_changes_is_added_and_nothing_else_is_touched(library, write, tiny_encoder):
    """What is there is added at the start; a new and a changed file follow by themselves."""
    made = library()
    folder = write({"a.txt": "The mill stands.", "b.txt": "The bridge holds."})
    with watched(made, folder) as results:
        assert {results.get(timeout=PATIENCE).status for _ in range(2)} == {"added"}
        (folder / "sub").mkdir()
        (folder / "sub" / "c.txt").write_text("A tower rises.")
        added = results.get(timeout=PATIENCE)
        assert (added.status, added.path[-9:]) == ("added", "sub/c.txt")
        (folder / "a.txt").write_text("The mill burned.")
        assert results.get(timeout=PATIENCE).status == "updated"
    assert names(made) == ["a.txt", "b.txt", "sub/c.txt"]
    assert results.empty()


def test_with_prune_what_vanishes_is_removed(library, write):
    """A deleted file leaves the library too, if that was asked for."""
    made = library()
    folder = write({"a.txt": "The mill stands.", "b.txt": "The bridge holds."})
    with watched(made, folder, prune=True) as results:
        for _ in range(2):
            results.get(timeout=PATIENCE)
        (folder / "b.txt").unlink()
        (folder / "c.txt").write_text("A tower rises.")
        assert results.get(timeout=PATIENCE).status == "added"
        (folder / "d.txt").write_text("A gate opens.")
        assert results.get(timeout=PATIENCE).status == "added"
    assert names(made) == ["a.txt", "c.txt", "d.txt"]


def test_a_library_that_is_busy_is_waited_for(library, write, capsys):
    """While another process writes, the change waits, and is not lost."""
    made = library()
    folder = write({"a.txt": "The mill stands."})
    with writer_lock(made.folder), watched(made, folder) as results, pytest.raises(queue.Empty):
        results.get(timeout=3)
    with watched(made, folder) as results:
        assert results.get(timeout=PATIENCE).status == "added"
    assert "is being written to" in capsys.readouterr().err


def test_a_library_inside_the_folder_does_not_wake_its_own_watch(tmp_path, tiny_encoder):
    """What the library writes itself is no change to look at."""
    from index.library import Library

    (tmp_path / "a.txt").write_text("The mill stands.")
    made = Library.open(tmp_path / "library", encoder=tiny_encoder)
    with watched(made, tmp_path) as results:
        assert results.get(timeout=PATIENCE).status == "added"
        generation = made.store.generation
        with pytest.raises(queue.Empty):
            results.get(timeout=5)
        assert made.store.generation == generation


def test_only_folders_can_be_watched(library, tmp_path):
    """A file or nothing at all is told at once."""
    with pytest.raises(UsageError, match="is no folder"):
        follow(library(), [str(tmp_path / "nowhere")], prune=False, report=print)
