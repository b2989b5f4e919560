"""How does the server bear many people at once? They ask over HTTP, and what came of it is told.

    python tests/load.py --library DIR --people 50 --seconds 60

The library is copied first, and a note about each person is added to the copy: an answer says
whose it is, so one that went to somebody else is noticed. Nothing but loopback is used.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_ANSWER = 60
NAMES = "Abel Bruno Clara Dagmar Edgar Fiona Gustav Hedwig Ingrid Julius".split()
THINGS = "lantern violin compass saddle kettle ladder mirror anchor barrel trumpet".split()


@dataclass
class Tally:
    """What came of all questions."""

    seconds: list[float] = field(default_factory=list)
    answered: int = 0
    told_to_wait: int = 0
    lost: int = 0
    mixed_up: int = 0
    faults: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        asked = self.answered + self.told_to_wait + self.lost
        share = 100 * self.answered / max(1, asked)
        asking = f"{asked} asked, {share:.1f}% answered, {self.told_to_wait} told to wait"
        lines = [f"{asking}, {self.lost} lost, {self.mixed_up} mixed up"]
        if len(self.seconds) > 1:
            cuts = statistics.quantiles(self.seconds, n=20)
            lines.append(
                f"p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, longest {max(self.seconds):.2f} s"
            )
        return "\n".join([*lines, *sorted(self.faults)])


@dataclass(frozen=True)
class Person:
    """Somebody with a thing of their own, which a note in the library tells of."""

    number: int

    @property
    def name(self) -> str:
        """A name that nobody else has."""
        return f"{NAMES[self.number % 10]} Number{self.number}"

    @property
    def sentence(self) -> str:
        """What the note says."""
        return f"{self.name} keeps {self.number + 1000} {THINGS[self.number // 10 % 10]}s."

    @property
    def questions(self) -> list[str]:
        """Questions that the note answers."""
        thing = THINGS[self.number // 10 % 10]
        return [f"How many {thing}s does {self.name} keep?", f"What does {self.name} keep?"]


def main() -> int:
    """Ask as many people would; return 1 when an answer was lost or mixed up."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", type=Path, required=True, help="it is copied, not changed")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    people = [Person(number) for number in range(arguments.people)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "library"
        shutil.copytree(arguments.library, folder)
        add_notes(folder, people)
        with served(folder) as (process, address):
            warm_up(address, people[0])
            before = memory(process)
            tally = anyio.run(ask_all, address, people, arguments.seconds)
            after = memory(process)
    sys.stdout.write(f"{tally}\nmemory {before} MB before, {after} MB after\n")
    return 1 if tally.lost or tally.mixed_up else 0


def add_notes(folder: Path, people: list[Person]) -> None:
    """Add a note about each person to the library in ``folder``."""
    notes = folder.parent / "people.jsonl"
    lines = [
        json.dumps({"id": f"person-{person.number}", "text": person.sentence}) for person in people
    ]
    notes.write_text("\n".join(lines), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "ui", "add", str(notes), "--library", str(folder)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the library in ``folder``; yield the server and its address."""
    command = [sys.executable, "-m", "ui", "serve", "--port", "0", "--library", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.terminate()


def environment() -> dict[str, str]:
    """Where a child process finds this checkout."""
    return os.environ | {"PYTHONPATH": str(ROOT)}


def warm_up(address: str, person: Person) -> None:
    """Wait until the page is there, and have everything loaded by a few answers."""
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        client.get("/").raise_for_status()
        for question in person.questions * 10:
            client.post("/api/ask", json={"question": question}).raise_for_status()


def memory(process: subprocess.Popen[str]) -> int:
    """Megabytes of memory that the server holds; 0 where the system does not say."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return 0
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return round(int(line.split()[1]) / 1024)


async def ask_all(address: str, people: list[Person], seconds: float) -> Tally:
    """Have all people ask, each one question after the other, until the time is over."""
    tally = Tally()
    end = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=len(people), max_keepalive_connections=len(people))
    async with (
        httpx.AsyncClient(
            base_url=address, timeout=SECONDS_TO_ANSWER, limits=limits, trust_env=False
        ) as client,
        anyio.create_task_group() as group,
    ):
        for person in people:
            group.start_soon(ask_on, client, person, end, tally)
    return tally


async def ask_on(client: httpx.AsyncClient, person: Person, end: float, tally: Tally) -> None:
    """Ask one person's questions until the time is over."""
    turn = 0
    while time.monotonic() < end:
        question = person.questions[turn % 2]
        turn += 1
        begun = time.monotonic()
        try:
            response = await client.post("/api/ask", json={"question": question})
        except httpx.HTTPError as error:
            tally.lost += 1
            tally.faults.add(repr(error))
            continue
        if response.status_code in (429, 503):
            tally.told_to_wait += 1
            await anyio.sleep(float(response.headers.get("retry-after", 1)))
        elif response.status_code == 200:
            tally.seconds.append(time.monotonic() - begun)
            tally.answered += 1
            if not is_own(response.json(), question, person):
                tally.mixed_up += 1
                tally.faults.add(f"{question} got {response.text[:200]}")
        else:
            tally.lost += 1
            tally.faults.add(f"{response.status_code} {response.text[:200]}")


def is_own(answer: dict[str, object], question: str, person: Person) -> bool:
    """Whether this is the answer to the person's own question, with the person's own note."""
    quotes = answer["quotes"]
    assert isinstance(quotes, list)
    texts = [quote["text"] for quote in quotes]
    return answer["question"] == question and person.sentence in texts


if __name__ == "__main__":
    sys.exit(main())
