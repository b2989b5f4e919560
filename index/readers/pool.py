"""Who reads a file? This process if it is plain text, a limited process of its own if not.

Parsers of PDF, Office, web and mail files are large and meet files that were made to harm them. A
child process reads with limits on memory and time; whatever becomes of it, the parent goes on and
the file is refused in words.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from index.documents import Reading, Refusal
from index.readers.dispatch import is_plain, read_file
from index.readers.limits import ReadingLimits
from index.readers.messages import MessageBroken, read_message
from index.readers.refusals import crashed, took_too_long

COMMAND = ("-m", "index.readers.worker")
"""What the process runs."""
_ENVIRONMENT = {
    "PYTHONIOENCODING": "utf-8",
    # openpyxl brings numpy in, which would set memory aside for a thread on every core.
    "OPENBLAS_NUM_THREADS": "1",
}
_RENEWED_AFTER = 200
"""Files after which a process is replaced, so that what parsers leak stays small."""
_GRACE_SECONDS = 5
"""For the start of the process, beyond what the file may take."""


class ReaderPool:
    """Reads files one after the other; safe to share between threads, each of which waits.

    A context manager: its process ends with it. It is started by the first file that needs it.
    """

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._worker: _Worker | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        worker, self._worker = self._worker, None
        if worker:
            worker.stop()

    def read(self, path: Path) -> Reading | Refusal:
        """Read one file; whatever is wrong with it comes back as a refusal."""
        if is_plain(path):
            return read_file(path, limits=self._limits)
        with self._lock:
            try:
                return self._read_apart(path)
            except BaseException:
                self.close()  # an answer that nobody waits for must not be taken for the next one
                raise

    def _read_apart(self, path: Path) -> Reading | Refusal:
        worker = self._fresh_worker()
        answer = worker.ask(path, self._limits)
        if isinstance(answer, bytes):
            with suppress(MessageBroken):
                return read_message(answer)
        self.close()
        if answer is None:
            return took_too_long(path.name, self._limits.seconds)
        return crashed(path.name)

    def _fresh_worker(self) -> _Worker:
        if self._worker and not self._worker.is_usable:
            self.close()
        if not self._worker:
            self._worker = _Worker(self._limits.memory_bytes)
        return self._worker


class _Gone:
    """The process ended without an answer."""


class _Worker:
    """One process, and the thread that waits for what it says."""

    def __init__(self, memory: int) -> None:
        # The path holds this checkout or installation only: nothing of the place we run in.
        root = str(Path(__file__).parent.parent.parent)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, *COMMAND, str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ENVIRONMENT | {"PYTHONPATH": root},
        )
        self._answers: queue.SimpleQueue[bytes | _Gone] = queue.SimpleQueue()
        self._files = 0
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def is_usable(self) -> bool:
        """Whether it is alive and has not read too many files."""
        return self._process.poll() is None and self._files < _RENEWED_AFTER

    def ask(self, path: Path, limits: ReadingLimits) -> bytes | _Gone | None:
        """Return its answer, ``None`` when the time is over."""
        self._files += 1
        request = {"path": os.fsencode(path).hex(), "limits": asdict(limits)}
        stdin = self._process.stdin
        if stdin is None:
            return _Gone()
        try:
            stdin.write(json.dumps(request).encode() + b"\n")
            stdin.flush()
            return self._answers.get(timeout=limits.seconds + _GRACE_SECONDS)
        except queue.Empty:
            return None
        except OSError:
            return _Gone()

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()

    def _listen(self) -> None:
        stdout = self._process.stdout
        with suppress(OSError, ValueError):
            while stdout and (line := stdout.readline()):
                size = int(line)
                data = stdout.read(size)
                if len(data) < size:
                    break
                self._answers.put(data)
        self._answers.put(_Gone())
