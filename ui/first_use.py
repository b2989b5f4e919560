"""Which library is meant, and what is in it on the first day?"""

from __future__ import annotations

from pathlib import Path

import platformdirs

from index.errors import LibraryMissing, LibraryUnreadable
from index.settings import Settings

_HERE = Path(__file__).parent


def sample_documents() -> Path:
    """Return the folder of the sample documents: in the wheel, or beside this package."""
    installed = _HERE / "documents"
    return installed if installed.is_dir() else _HERE.parent / "documents"


def default_library() -> Path:
    """Return the folder of the library that is used when none is named."""
    return Path(platformdirs.user_data_dir("askdocs", appauthor=False)) / "library"


def find_library(named: Path | None, settings: Settings, *, create: bool = False) -> Path:
    """Return the folder of the library to use.

    One that was named must be there, unless ``create`` lets the command make it. The default
    library is made on its first use, with the sample documents in it.
    """
    folder = named or settings.library
    if folder is not None:
        if not create and not _has_library(folder):
            raise LibraryMissing(
                f"There is no library at {folder}. Make one by adding documents: "
                f"askdocs add FILES --library {folder}"
            )
        return folder
    folder = default_library()
    if not _has_library(folder):
        from index.library import Library
        from ui.progress import show_adding

        library = Library.open(folder, settings=settings)
        show_adding(library.add_each([sample_documents()]), "Reading the sample documents")
    return folder


def _has_library(folder: Path) -> bool:
    from index.database import FILE_NAME

    try:
        return (folder / FILE_NAME).is_file()
    except OSError as error:  # no such place can be: too long a name, a folder that is closed to us
        raise LibraryUnreadable(
            f"The folder {folder} cannot be used for a library ({error.strerror})."
        ) from error
