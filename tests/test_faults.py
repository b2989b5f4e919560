"""Promises about what machines do: full disks, no file handles, being stopped, odd clocks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.archive import export_library
from index.library import Library

ROOT = Path(__file__).parent.parent

# In a process of its own: limits are for a whole process, and a signal ends one. For each limit
# a child is forked that adds to its own copy of the library, and says how that ended.
LIMITED = r"""
import json, os, resource, signal, sys
from tiny import TinyEncoder
from index.errors import LibraryError
from index.library import AddResult, Library
import index.snapshot, index.retriever

def work(kind, limit, library, more, report):
    if kind == "bytes":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    else:
        used = len(os.listdir("/proc/self/fd"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (used - 1 + limit, 4096))
    added, end = [], "done"
    try:
        for event in Library.open(library, encoder=TinyEncoder()).add_each([more]):
            if isinstance(event, AddResult):
                assert event.status in {"added", "refused"}, event
                added += [event.path] if event.status == "added" else []
    except LibraryError as error:
        end = type(error).__name__
        assert len(str(error)) > 30
    except BaseException as error:
        end = f"not typed: {type(error).__name__} {error}"
    os.write(report, json.dumps([end, added]).encode())

kind, more, *cases = sys.argv[1:]
for case in cases:
    limit, library = case.split(":", 1)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        work(kind, int(limit), library, more, writing)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        print(stream.read(), flush=True)
"""
MORE = {f"{n}.md": f"# {n}\n\n" + f"The court froze {n}. " * 200 for n in range(4)}

needs_limits = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="limits are set as Linux has them"
)


@pytest.fixture
def limited(  # noqa: PLR0917
    library, write, small_files, tmp_path, run_python, tiny_encoder, answers
):
    """Add under each limit to a copy of one library, and check what is left of every copy."""
    made = library(small_files(5))
    before = answers(made)
    held = {document.path for document in made.documents()}
    made.store.database.truncate_log()
    made.store.database.close()
    more = write(MORE, "more")

    def run(kind: str, limits: list[int]) -> set[str]:
        copies = [tmp_path / f"{kind}-{limit}" for limit in limits]
        for copy in copies:
            shutil.copytree(made.folder, copy)
        cases = [f"{limit}:{copy}" for limit, copy in zip(limits, copies, strict=True)]
        lines = run_python(LIMITED, kind, more, *cases).splitlines()
        ends = set()
        for copy, line in zip(copies, lines, strict=True):
            end, added = json.loads(line)
            assert not end.startswith("not typed"), (copy, end)
            ends.add(end)
            again = Library.open(copy, encoder=tiny_encoder)
            assert again.store.database.rows("PRAGMA integrity_check") == [("ok",)]
            there = {document.path for document in again.documents()}
            assert held | set(added) <= there
            for document in again.documents():
                assert again.text(document.info.id) == Path(document.path).read_text()
            if there == held:
                assert answers(again) == before
            assert {result.status for result in again.add([more])} <= {"added", "unchanged"}
        return ends

    return run


@needs_limits
def test_no_file_may_grow_any_more(limited) -> None:
    """Wherever writing fails, the error is ours, and what was reported is there and answers."""
    limits = [0, 100, 4096, 33_000, 60_000, 100_000, 150_000, 200_000, 300_000, 400_000]
    ends = limited("bytes", [*limits, 100_000_000])
    assert "done" in ends
    assert len(ends) > 1


@needs_limits
def test_no_file_handles_left(limited) -> None:
    """With none to very few left, the error is ours, and nothing that was there is lost."""
    ends = limited("handles", [0, 1, 2, 3, 4, 5, 6, 8, 12, 1000])
    assert "done" in ends
    assert len(ends) > 1


STOPPED = r"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # where tests run in the background
from tiny import TinyEncoder
import index.library_encoder
from ui.command_line import main

class Slow(TinyEncoder):
    def encode(self, texts):
        import time
        time.sleep(0.2)
        return super().encode(texts)

index.library_encoder.load_encoder = lambda *_: Slow()
sys.exit(main(["add", sys.argv[2], "--json", "--library", sys.argv[1]]))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_stopped_addition_goes_on_later(  # noqa: PLR0917
    library, write, small_files, tiny_encoder, answers, name: str
) -> None:
    """Stopped in the middle it ends in order; adding again does the rest, and nothing twice."""
    made = library()
    files = small_files(12)
    folder = write(files)
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(made.folder), str(folder)],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.send_signal(getattr(signal, name))
        rest, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. What was reported as added stays." in complaint
    assert "Traceback" not in complaint
    reported = [json.loads(line)["path"] for line in [*lines, *rest.splitlines()]]
    assert 3 <= len(reported) < 12
    held = {document.path for document in made.documents()}
    assert set(reported) <= held
    assert len(list((made.folder / "derived").glob("*-*"))) <= 1
    results = {result.path: result.status for result in made.add([folder])}
    assert {path for path, status in results.items() if status == "unchanged"} == held
    assert len(made.documents()) == 12
    fresh = Library.open(made.folder.parent / "fresh", encoder=tiny_encoder)
    fresh.add([folder])
    assert answers(made) == answers(fresh)


def test_clocks_say_nothing_about_a_file(library, write, tiny_encoder) -> None:
    """A file is known by its bytes: neither a jump of the clock nor an old time deceives."""
    made = library({"a.md": "# A\n\nThe court froze accounts.\n"})
    path = write({}) / "a.md"
    for seconds in (0, 1, 4_000_000_000):
        os.utime(path, (seconds, seconds))
        embedded = tiny_encoder.texts_encoded
        assert [result.status for result in made.add([path])] == ["unchanged"]
        assert tiny_encoder.texts_encoded == embedded
    times = path.stat()
    path.write_text("# A\n\nThe court freed accounts.\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_size == times.st_size + 0
    assert [result.status for result in made.add([path])] == ["updated"]


IMPORTING = r"""
import os, signal, sys
from pathlib import Path
from index import archive

step, after = sys.argv[3], sys.argv[4] == "after"
owner = archive.os if step == "replace" else archive
real = getattr(owner, step)

def stepped(*arguments, **named):
    if after:
        real(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, step, stepped)
archive.import_library(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed here so")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["_unpack", "_check", "publish_snapshot", "replace"])
def test_a_killed_import(  # noqa: PLR0917
    library, small_files, tmp_path, tiny_encoder, step: str, when: str
) -> None:
    """There is no library or the whole one; the next import leaves nothing of the killed one."""
    made = library(small_files(4))
    packed, target = tmp_path / "packed.askdocs", tmp_path / "there" / "new"
    export_library(made.folder, packed)
    process = subprocess.run(
        [sys.executable, "-c", IMPORTING, str(packed), str(target), step, when],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr
    if target.exists():
        assert (step, when) == ("replace", "after")
        shutil.rmtree(target)
    from index.archive import import_library

    assert import_library(packed, target) == 4
    assert Library.open(target, encoder=tiny_encoder).store.digest() == made.store.digest()
    assert [path.name for path in target.parent.iterdir()] == ["new"]
