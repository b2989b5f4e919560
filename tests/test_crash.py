"""Promise 5: killed at any instant, a library opens again with all that was reported."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.retriever import Retriever

ROOT = Path(__file__).parent.parent

# Loads everything once and forks a child for each order, because starting Python takes a second
# and a fork a hundredth. The child reports as ``askdocs add --json`` does, and is killed after so
# many seconds, or kills itself at a named step.
CHILD = r"""
import json, os, signal, sys, time
import apsw
from tiny import TinyEncoder
import index.library, index.retriever
from index import database, library, snapshot, writing

def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

def patch(owner, name, count, after):
    real, seen = getattr(owner, name), [0]
    def stepped(*arguments, **named):
        seen[0] += 1
        if seen[0] == count and not after:
            die()
        result = real(*arguments, **named)
        if seen[0] == count:
            die()
        return result
    setattr(owner, name, stepped)

STEPS = {
    "make folder": lambda n: patch(library.Path, "mkdir", n, False),
    "open file": lambda n: patch(database, "_connect", n, True),
    "create tables": lambda n: patch(database.Database, "create", 1, True),
    "delete document": lambda n: patch(writing, "_delete", n, True),
    "put document": lambda n: patch(writing, "_put", n, True),
    "count change": lambda n: patch(writing, "_count_change", n, True),
    "empty log": lambda n: patch(database.Database, "truncate_log", n, False),
    "log emptied": lambda n: patch(database.Database, "truncate_log", n, True),
    "publish": lambda n: patch(library, "publish_snapshot", 1, False),
    "build": lambda n: patch(snapshot, "_build", 1, True),
    "write pointer": lambda n: patch(snapshot, "_replace", 1, False),
    "pointer written": lambda n: patch(snapshot, "_replace", 1, True),
    "sync": lambda n: patch(snapshot, "_sync", n, True),
    "clear away": lambda n: patch(snapshot.shutil, "rmtree", 1, False),
    "cleared away": lambda n: patch(snapshot.shutil, "rmtree", 1, True),
}

def work(order):
    report = os.open(order["report"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    def say(**line):
        os.write(report, json.dumps(line).encode() + b"\n")
    if order.get("step"):
        STEPS[order["step"]](order["count"])
    made = library.Library.open(order["library"], encoder=TinyEncoder())
    if order["remove"]:
        say(removed=made.remove(order["remove"]))
    if order.get("prune"):
        say(pruned=made.prune([order["prune"]]))
    for event in made.add_each(order["add"]):
        if isinstance(event, library.AddResult):
            say(path=event.path, status=event.status)
    say(done=True)

print(json.dumps(sorted(STEPS)), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        try:
            work(order)
        finally:
            os._exit(0)
    if order.get("seconds") is not None:
        time.sleep(order["seconds"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print(json.dumps(os.WIFSIGNALED(status)), flush=True)
"""


@pytest.fixture(scope="module")
def child(tmp_path_factory) -> Iterator[subprocess.Popen[str]]:
    """The process that does as it is told and is killed for it."""
    script = tmp_path_factory.mktemp("crash") / "child.py"
    script.write_text(CHILD)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert len(json.loads(process.stdout.readline())) == len(STEPS)
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


class World:
    """A library, the files it is made from, and what must be, or may be, in it."""

    def __init__(self, folder: Path, child, encoder) -> None:
        self.folder = folder
        self.documents = folder / "documents"
        self.documents.mkdir(parents=True)
        self.child = child
        self.encoder = encoder
        self.held: dict[str, str] = {}
        """Text by name: what the library is known to hold."""

    def run(self, files: dict[str, str], *, remove: list[str], **kill) -> tuple[bool, set[str]]:
        """Add and remove in the child; return whether it was killed, and what it reported."""
        for name, text in files.items():
            (self.documents / name).write_text(text)
        report = self.folder / "report.jsonl"
        report.unlink(missing_ok=True)
        order = {
            "library": str(self.folder / "library"),
            "report": str(report),
            "add": [str(self.documents / name) for name in sorted(files)],
            "remove": remove,
            **kill,
        }
        self.child.stdin.write(json.dumps(order) + "\n")
        self.child.stdin.flush()
        killed = json.loads(self.child.stdout.readline())
        lines = report.read_text().splitlines() if report.exists() else []
        reported = [json.loads(line) for line in lines]
        assert all(line.get("status", "added") != "refused" for line in reported)
        assert killed or reported[-1] == {"done": True}
        names = {Path(line["path"]).name for line in reported if "path" in line}
        names |= {"removed"} if any("removed" in line for line in reported) else set()
        return killed, names

    def check(self, files: dict[str, str], remove: list[str], reported: set[str]) -> None:
        """Reported changes are there; others whole or not at all; what is there can be found."""
        library = Library.open(self.folder / "library", encoder=self.encoder)
        assert library.store.database.rows("PRAGMA integrity_check") == [("ok",)]
        found = {d.info.name: library.text(d.info.id) for d in library.documents()}
        for name in self.held.keys() | files.keys():
            before = self.held.get(name)
            allowed = {before}
            if name in remove:
                allowed = {None} if "removed" in reported else {before, None}
            if name in files:
                allowed = {files[name]} if name in reported else allowed | {files[name]}
            assert found.get(name) in allowed, name
        assert found.keys() <= self.held.keys() | files.keys()
        for document in library.documents():
            assert document.passages > 0
        self.held = found
        search = Retriever.open(self.folder / "library", encoder=self.encoder)
        hits = search.search("graves near Tarhuna", k=1000)
        assert {hit.document.name for hit in hits} == found.keys()
        for hit in hits:
            assert found[hit.document.name][hit.start : hit.end] == hit.text

    def check_against_fresh(self, answers) -> None:
        """What is found is what a library finds that nothing ever happened to."""
        for name, text in self.held.items():
            (self.documents / name).write_text(text)
        library = Library.open(self.folder / "library", encoder=self.encoder)
        library.add([])  # repairs what is derived
        derived = self.folder / "library" / "derived"
        assert sum(path.is_dir() for path in derived.iterdir()) == 1
        fresh = Library.open(self.folder / "fresh", encoder=self.encoder)
        fresh.add([self.documents / name for name in sorted(self.held)])
        assert library.store.digest() == fresh.store.digest()
        assert answers(library) == answers(fresh)


@pytest.fixture
def world(tmp_path, child, tiny_encoder) -> World:
    return World(tmp_path / "world", child, tiny_encoder)


def some_change(rng: random.Random, small_files, held) -> tuple[dict[str, str], list[str]]:
    files = small_files(16, seed=rng.randrange(1000))
    chosen = {name: files[name] for name in rng.sample(sorted(files), rng.randint(4, 12))}
    remove = rng.sample(sorted(held), min(len(held), rng.randint(0, 2)))
    return chosen, remove


LOOPS = int(os.environ.get("CRASH_LOOPS", "5"))
"""Times eight kills: a long run sets more."""


@pytest.mark.parametrize("seed", range(LOOPS))
def test_killed_at_random_moments(world, small_files, answers, seed: int) -> None:
    """Eight times in a row on one library, anywhere between its start and its end."""
    rng = random.Random(seed)
    kills = 0
    files = small_files(8)
    assert world.run(files, remove=[]) == (False, set(files))
    world.check(files, [], set(files))
    # A change of a library is over sooner than its making: killed later, it would never be met.
    files, remove = some_change(rng, small_files, world.held)
    started = time.monotonic()
    killed, reported = world.run(files, remove=remove)
    whole = time.monotonic() - started
    assert not killed
    world.check(files, remove, reported)
    for _ in range(8):
        files, remove = some_change(rng, small_files, world.held)
        killed, reported = world.run(files, remove=remove, seconds=rng.uniform(0.0, whole))
        kills += killed
        world.check(files, remove, reported)
    assert kills >= 2
    world.check_against_fresh(answers)


STEPS = (
    ("make folder", 1),
    ("open file", 1),
    ("create tables", 1),
    ("delete document", 1),
    ("put document", 3),
    ("count change", 2),
    ("empty log", 1),
    ("log emptied", 1),
    ("publish", 1),
    ("build", 1),
    ("write pointer", 1),
    ("pointer written", 1),
    ("sync", 2),
    ("clear away", 1),
    ("cleared away", 1),
)
FROM_THE_START = {"make folder", "open file", "create tables"}


@pytest.mark.parametrize(("step", "count"), STEPS, ids=[step for step, _ in STEPS])
def test_killed_at_each_step(world, small_files, answers, step: str, count: int) -> None:
    """Twice at one step: in a library of some documents, or where there is none yet."""
    rng = random.Random(step)
    if step not in FROM_THE_START:
        files = small_files(6)
        killed, reported = world.run(files, remove=[])
        assert not killed
        world.check(files, [], reported)
    for turn in range(2):
        files, remove = some_change(rng, small_files, world.held)
        if step not in FROM_THE_START:
            remove = sorted(world.held)[:1]
        killed, reported = world.run(files, remove=remove, step=step, count=count)
        assert killed or (step in FROM_THE_START and turn)
        world.check(files, remove, reported)
    files, remove = some_change(rng, small_files, world.held)
    killed, reported = world.run(files, remove=remove)
    assert not killed
    world.check(files, remove, reported)
    world.check_against_fresh(answers)


CHANGING = (("put document", 1), ("delete document", 1), ("count change", 1), ("empty log", 1))


@pytest.mark.parametrize(("step", "count"), CHANGING, ids=[step for step, _ in CHANGING])
def test_killed_while_a_renamed_file_moves(world, small_files, step: str, count: int) -> None:
    """Its documents are under the old name or under the new one, never under both or neither."""
    files = small_files(4)
    assert not world.run(files, remove=[])[0]
    old, new = "report-001.md", "renamed.md"
    (world.documents / old).rename(world.documents / new)
    killed, reported = world.run({new: files[old]}, remove=[], step=step, count=count)
    assert killed
    assert not reported
    library = Library.open(world.folder / "library", encoder=world.encoder)
    names = {document.info.name for document in library.documents()}
    assert len(names & {old, new}) == 1
    assert names | {old, new} == files.keys() | {new}
    embedded = world.encoder.texts_encoded
    library.add([world.documents])
    assert world.encoder.texts_encoded == embedded
    assert {d.info.name for d in library.documents()} == files.keys() - {old} | {new}


@pytest.mark.parametrize("step", ["delete document", "count change", "empty log", "publish"])
def test_killed_while_pruning(world, small_files, step: str) -> None:
    """What vanished is there or gone, what did not is there, and pruning again finishes."""
    files = small_files(4)
    assert not world.run(files, remove=[])[0]
    vanished = {"report-001.md", "report-002.md"}
    for name in vanished:
        (world.documents / name).unlink()
    killed, _ = world.run({}, remove=[], prune=str(world.documents), step=step, count=1)
    assert killed
    library = Library.open(world.folder / "library", encoder=world.encoder)
    names = {document.info.name for document in library.documents()}
    assert names in (set(files), files.keys() - vanished)
    library.prune([world.documents])
    assert {document.info.name for document in library.documents()} == files.keys() - vanished
    hits = Retriever.open(world.folder / "library", encoder=world.encoder).search("report", k=99)
    assert {hit.document.name for hit in hits} == files.keys() - vanished
