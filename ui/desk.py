"""How many requests are worked on at once, and how many may wait? The others are told to return.

Answering is work for a processor: more at once than there are processors makes each of them
slower and none of them earlier. What waits is bounded, so memory and waiting times are too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from index.errors import ServerBusy
from ui.wording import page_wording

WORKERS = max(2, os.cpu_count() or 1)
MOST_WAITING = 200
"""At some 20 answers a second on two cores the last one waits 10 s."""
SECONDS_TO_RETURN = 5

T = TypeVar("T")


class Desk:
    """Runs work in a bounded number of threads, in the order in which it came."""

    def __init__(self, *, workers: int = WORKERS, waiting: int = MOST_WAITING) -> None:
        self._limiter = CapacityLimiter(workers)
        self._waiting = waiting

    async def run(self, work: Callable[[], T]) -> T:
        """Run ``work`` when its turn comes. Raises :class:`ServerBusy` when too many wait."""
        if self._limiter.statistics().tasks_waiting >= self._waiting:
            raise ServerBusy(page_wording()("api.busy"))
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)
