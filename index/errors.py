"""Every error that Askdocs raises, drawn as one tree.

    AskdocsError
    ├── UsageError               the request itself cannot be carried out
    │   └── UnknownDocument      a name that stands for no document of the library
    ├── LibraryError             the library cannot be used
    │   ├── LibraryMissing       there is no library at that place
    │   ├── LibraryUnreadable    the folder or its files cannot be opened
    │   ├── LibraryDamaged       a stored hash and the stored text disagree
    │   ├── LibraryFormat        written by a version, or with a model, that this one cannot use
    │   ├── LibraryBusy          another process is writing to it
    │   └── LibraryFull          the disk has no room left
    ├── ServerBusy               so many wait already that another would wait too long
    ├── ModelError               the embedding model is missing or not the one expected
    └── QuoteMismatch            a quotation is not the stored text at its place

Each message says what happened, where, and what to do about it. A file that cannot be read is
not an error but a result: see :class:`index.readers.Refusal`.
"""

from __future__ import annotations


class AskdocsError(Exception):
    """Base of all errors that Askdocs raises on purpose."""


class UsageError(AskdocsError):
    """The request cannot be carried out as it was written."""


class UnknownDocument(UsageError):
    """A name that stands for no document of the library."""


class LibraryError(AskdocsError):
    """The library cannot be used."""


class LibraryMissing(LibraryError):
    """There is no library at that place."""


class LibraryUnreadable(LibraryError):
    """The library's folder or files cannot be opened."""


class LibraryDamaged(LibraryError):
    """What is stored does not match its own hash."""


class LibraryFormat(LibraryError):
    """Written by a version, or with a model, that this one cannot use."""


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""


class LibraryFull(LibraryError):
    """The disk that holds the library has no room left."""


class ServerBusy(AskdocsError):
    """So many requests wait already that another one would wait too long."""


class ModelError(AskdocsError):
    """The embedding model is missing, or is not the one expected."""


class QuoteMismatch(AskdocsError):
    """A quotation is not the stored text at its place."""
