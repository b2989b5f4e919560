"""Promises about reading in a process of its own: whatever becomes of it, the file is refused."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Block, ReadDocument, Reading, Refusal, RefusalReason
from index.readers import ReaderPool, ReadingLimits, read_file
from index.readers.messages import MessageBroken, read_message, write_message

QUICK = ReadingLimits(seconds=1)
PAGE = "<html><body><p>The mill stands at the river.</p></body></html>"
HANGS = "import sys, time\nfor line in sys.stdin: time.sleep(600)"
DIES = "import os, sys\nfor line in sys.stdin: os._exit(3)"
LIES = "import sys\nfor line in sys.stdin: print(3); print('[1]', end='', flush=True)"
TAKES_ALL = (
    "import sys\nfrom index.readers import worker, dispatch\n"
    "worker.read_file = lambda path, limits: bytearray(10**12)\nsys.argv = ['', sys.argv[1]]\n"
    "worker.main()"
)
SPINS = (
    "import sys\nfrom index.readers import worker\n"
    "def spin(path, limits):\n    while True: pass\n"
    "worker.read_file = spin\nworker.main()"
)
FAILS = (
    "from index.readers import worker\nworker.read_file = lambda path, limits: 1 / 0\nworker.main()"
)


@pytest.fixture
def page(write):
    """A web page, which is read in a process of its own."""
    return write({"mill.html": PAGE}) / "mill.html"


@pytest.fixture
def forced(monkeypatch):
    """Have the process run this code instead of reading."""
    return lambda code: monkeypatch.setattr("index.readers.pool.COMMAND", ("-c", code))


def test_a_file_read_apart_is_read_the_same(page):
    """The process gives just what reading here would give, file after file."""
    with ReaderPool(ReadingLimits()) as pool:
        assert pool.read(page) == read_file(page) == pool.read(page)


def test_plain_text_needs_no_process(write, forced):
    """A text file is read at once, whatever the state of the process."""
    forced(DIES)
    path = write({"a.txt": "The mill stands."}) / "a.txt"
    with ReaderPool(QUICK) as pool:
        assert isinstance(pool.read(path), Reading)


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        (HANGS, RefusalReason.HOSTILE, "within 1 seconds"),
        (DIES, RefusalReason.HOSTILE, "Reading mill.html failed"),
        (LIES, RefusalReason.HOSTILE, "Reading mill.html failed"),
        (TAKES_ALL, RefusalReason.TOO_LARGE, "more memory"),
        (SPINS, RefusalReason.HOSTILE, "mill.html"),
        (FAILS, RefusalReason.DAMAGED, "seems damaged"),
    ],
    ids=["hangs", "dies", "lies", "takes all memory", "spins", "fails"],
)
def test_whatever_the_process_does_the_file_is_refused(page, monkeypatch, code, reason, words):
    """A process that hangs, dies, lies or fails costs one file, and the next one is read."""
    monkeypatch.setattr("index.readers.pool._GRACE_SECONDS", 2)
    with ReaderPool(QUICK) as pool:
        monkeypatch.setattr("index.readers.pool.COMMAND", ("-c", code))
        refusal = pool.read(page)
        assert isinstance(refusal, Refusal)
        assert refusal.reason is reason
        assert words in refusal.message
        pool.close()
        monkeypatch.setattr("index.readers.pool.COMMAND", ("-m", "index.readers.worker"))
        assert isinstance(pool.read(page), Reading)


def test_the_process_is_replaced_after_many_files(page, monkeypatch):
    """What a parser leaks stays small: after so many files another process reads."""
    monkeypatch.setattr("index.readers.pool._RENEWED_AFTER", 2)
    with ReaderPool(ReadingLimits()) as pool:
        readings = [pool.read(page) for _ in range(5)]
    assert readings == [read_file(page)] * 5


def test_threads_each_get_their_own_file(write):
    """Several threads that read at once never get each other's file."""
    folder = write({f"{n}.html": PAGE.replace("mill", f"mill {n}") for n in range(12)})
    found = {}

    def read(number: int) -> None:
        found[number] = pool.read(folder / f"{number}.html")

    with ReaderPool(ReadingLimits()) as pool:
        threads = [threading.Thread(target=read, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(f"mill {number} " in found[number].documents[0].text for number in range(12))


def test_a_file_with_an_odd_name_is_read(write):
    """Spaces, quotes, line ends and letters of any script in a name are no trouble."""
    name = "a b'\"\n–é谁.html"
    path = write({name: PAGE}) / name
    with ReaderPool(ReadingLimits()) as pool:
        assert isinstance(pool.read(path), Reading)


texts = st.text(min_size=1, max_size=40).filter(lambda text: bool(text.encode(errors="ignore")))


@given(texts, st.none() | texts, st.lists(texts, max_size=3), st.sampled_from(RefusalReason))
def test_a_message_says_what_was_said(text, source, remarks, reason):
    """A reading and a refusal come through the process unchanged, whatever their characters."""
    blocks = (Block(0, len(text), "paragraph", source, 3),)
    reading = Reading((ReadDocument(text, blocks, text, source),), tuple(remarks))
    assert read_message(write_message(reading)) == reading
    assert read_message(write_message(Refusal(reason, text))) == Refusal(reason, text)


@given(st.binary(max_size=60) | st.text('[]{}":,0123456789ntrufalse', max_size=60).map(str.encode))
def test_a_broken_message_is_noticed(data):
    """Bytes that are no reading raise one error and never anything else."""
    try:
        read_message(data)
    except MessageBroken:
        return


@pytest.mark.parametrize("block", [[0, 99, "paragraph", None, None], [0, 1, "evil", None, None]])
def test_a_block_outside_its_text_is_noticed(block):
    """No place that the process invents is ever quoted."""
    document = {"text": "ab", "blocks": [block], "title": "a", "source": None}
    document |= {"published": None, "corpus_id": None}
    with pytest.raises(MessageBroken):
        read_message(str({"documents": [document], "remarks": []}).replace("'", '"').encode())
