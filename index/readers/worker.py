"""The process that reads files on behalf of another one, within limits.

    python -m index.readers.worker MEMORY_BYTES

It takes a request on standard input, a line of JSON, and answers on standard output with the
number of bytes, a line end, and the bytes of :mod:`index.readers.messages`. It ends with its input.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from index.documents import Reading, Refusal
from index.readers.dispatch import read_file
from index.readers.limits import ReadingLimits
from index.readers.messages import write_message
from index.readers.refusals import out_of_memory, unreadable

_OPEN_FILES = 64


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = sys.stdin.buffer, _own_output()
    limit_for_good(int(sys.argv[1]))
    for line in requests:
        request = json.loads(line)
        limits = ReadingLimits(**request["limits"])
        limit_time(limits.seconds)
        data = write_message(_read(Path(os.fsdecode(bytes.fromhex(request["path"]))), limits))
        answers.write(f"{len(data)}\n".encode() + data)
        answers.flush()


def _read(path: Path, limits: ReadingLimits) -> Reading | Refusal:
    try:
        return read_file(path, limits=limits)
    except MemoryError:
        return out_of_memory(path.name)
    except Exception:  # noqa: BLE001 - a parser may raise anything; the file is refused
        return unreadable(path.name)


def _own_output() -> BinaryIO:
    """Keep standard output for answers: what a parser prints goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    return answers


def limit_for_good(memory: int) -> None:
    """Set what no file may change; a system without such limits has the clock alone."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def limit_time(seconds: int) -> None:
    """Give the next file so many seconds of processor time; the process ends beyond them."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


if __name__ == "__main__":
    main()
