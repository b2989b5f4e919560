"""How is a library kept in step with folders? By adding what changes in them, as it changes.

The only file that knows watchfiles.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from watchfiles import watch

from index import AddResult, Library
from index.errors import LibraryBusy, UsageError
from index.folders import find_files

_QUIET_MS = 1_600
"""Changes are looked at when nothing else changed for so long: a file may still be written."""
_LOOK_MS = 500
"""Between two looks at whether to stop, and whether a busy library is free."""

Report = Callable[[AddResult], None]


def follow(
    library: Library,
    folders: Sequence[str],
    *,
    prune: bool,
    report: Report,
    stop: threading.Event | None = None,
) -> None:
    """Add what is in ``folders`` now, then every change, until interrupted or told to stop."""
    missing = [folder for folder in folders if not Path(folder).is_dir()]
    if missing:
        raise UsageError(f"{missing[0]} is no folder. Name folders to watch.")
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    # The watch begins before the first look, so that nothing changes unseen between the two.
    rounds = watch(
        *folders,
        watch_filter=None,
        debounce=_QUIET_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
    )
    waiting: set[str] | None = None
    is_first = True
    for changes in rounds:
        changed = {path for _, path in changes}
        if is_first:
            waiting, is_first = None, False
        elif not changed and not waiting:
            continue
        else:
            waiting = (waiting or set()) | changed
        try:
            _bring_up(library, folders, waiting, prune=prune, report=report)
            waiting = set()
        except LibraryBusy as error:
            _say(str(error))
            waiting = waiting or {str(Path(folder).absolute()) for folder in folders}


def _bring_up(
    library: Library,
    folders: Sequence[str],
    changed: Collection[str] | None,
    *,
    prune: bool,
    report: Report,
) -> None:
    """Add the files that changed, or all of them; remove those that are gone, if asked to."""
    only = None if changed is None else _files_among(folders, changed)
    if only is None or only:
        for event in library.add_each(folders, only=only):
            if isinstance(event, AddResult) and (changed is None or event.status != "unchanged"):
                report(event)
    if prune and library.vanished(folders):
        for path in library.prune(folders):
            _say(f"removed   {path}, which is no longer there")


def _files_among(folders: Sequence[str], changed: Collection[str]) -> set[str]:
    """Return the files to add that changed, or that stand in a folder that did."""
    places = {Path(path) for path in changed}
    return {
        str(file.path)
        for file in find_files(folders)
        if not file.is_empty_folder and not places.isdisjoint({file.path, *file.path.parents})
    }


def _say(text: str) -> None:
    sys.stderr.write(f"askdocs: {text}\n")
    sys.stderr.flush()
