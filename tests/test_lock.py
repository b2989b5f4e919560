"""Promises about who may write to a library."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index import lock
from index.errors import LibraryBusy
from index.lock import writer_lock

ROOT = Path(__file__).parent.parent
HOLD = """
import sys
from pathlib import Path
from index.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch) -> None:
    monkeypatch.setattr(lock, "_PATIENCE_SECONDS", 0.05)


@pytest.fixture
def other_process(tmp_path: Path):
    """Another process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_writer_is_told_who_holds_the_library(tmp_path, other_process) -> None:
    """The message names the process and what to do."""
    with (
        pytest.raises(LibraryBusy, match=f"process {other_process.pid}") as error,
        writer_lock(tmp_path),
    ):
        pass
    assert "Wait until that has finished" in str(error.value)


def test_the_lock_ends_with_its_process(tmp_path, other_process) -> None:
    """After SIGKILL the library can be written to at once; the stale name misleads nobody."""
    other_process.kill()
    other_process.wait()
    with writer_lock(tmp_path), pytest.raises(LibraryBusy, match=f"process {os.getpid()}"):  # noqa: SIM117
        with writer_lock(tmp_path):
            pass


def test_two_threads_are_two_writers(tmp_path) -> None:
    """A thread of the same process waits like everyone else."""
    refused: list[LibraryBusy] = []

    def second() -> None:
        try:
            with writer_lock(tmp_path):
                pass
        except LibraryBusy as error:
            refused.append(error)

    with writer_lock(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_an_error_inside_releases_the_lock(tmp_path) -> None:
    """The lock is held for one operation, however that ends, and the name goes with it."""
    with pytest.raises(RuntimeError), writer_lock(tmp_path):
        raise RuntimeError
    assert not (tmp_path / "writer.json").exists()
    with writer_lock(tmp_path):
        assert (tmp_path / "writer.json").exists()


def test_a_holder_without_a_name_still_holds(tmp_path, monkeypatch) -> None:
    """Where no name could be written, as on a full disk, the lock itself stands."""

    def full(*arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with writer_lock(tmp_path), pytest.raises(LibraryBusy, match="another process"):  # noqa: SIM117
        with writer_lock(tmp_path):
            pass
