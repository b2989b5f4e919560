"""What happens when a person types ``askdocs``? The one place where parts are put together."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Sequence

from pydantic import ValidationError

from index.errors import AskdocsError, LibraryError, ModelError
from index.settings import Settings
from ui.arguments import build_parser
from ui.commands import COMMANDS, FELL_SHORT, NO_LIBRARY, WRONG_USAGE, complain

_INTERRUPTED = 130


def main(given: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _write_utf8()
    arguments = build_parser().parse_args(given)
    arguments.library = getattr(arguments, "library", None)
    if arguments.command is None:
        arguments.command, arguments.open = "serve", True
    if threading.current_thread() is threading.main_thread():
        # Stopped by the system, a command ends as it does by Ctrl+C: with all of it in order.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return COMMANDS[arguments.command](arguments, Settings())
    except ValidationError as error:
        fault = error.errors()[0]
        name = "_".join(map(str, fault["loc"])).upper()
        complain(f"The setting ASKDOCS_{name} is not usable: {fault['msg']}.")
        return WRONG_USAGE
    except LibraryError as error:
        complain(str(error))
        return NO_LIBRARY
    except ModelError as error:
        complain(str(error))
        return FELL_SHORT
    except AskdocsError as error:
        complain(str(error))
        return WRONG_USAGE
    except KeyboardInterrupt:
        complain("Stopped. What was reported as added stays.")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FELL_SHORT
    except OSError as error:
        complain(f"{error.strerror or error}: {error.filename or 'a file of this command'}.")
        return NO_LIBRARY


def _write_utf8() -> None:
    """Write UTF-8 wherever output goes: quotations must not depend on a machine's code page.

    Half a character, in a file's name for example, is written as the escape that JSON knows.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
