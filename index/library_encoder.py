"""Which encoder may be used with a library? Only the one that embedded what is in it."""

from __future__ import annotations

import threading

from index.database import Database
from index.encoder import Encoder, load_encoder
from index.errors import LibraryFormat
from index.settings import Settings


class LibraryEncoder:
    """The encoder of one library, loaded and compared with the library at its first use."""

    def __init__(self, database: Database, settings: Settings, given: Encoder | None) -> None:
        self._database = database
        self._settings = settings
        self._encoder = given
        self._lock = threading.Lock()

    def get(self) -> Encoder:
        """Return the encoder; raise :class:`LibraryFormat` when it is not the library's."""
        with self._lock:
            if self._encoder is None:
                self._encoder = load_encoder(
                    self._settings.model, self._settings.engine, self._settings.cache
                )
        written = self._database.meta("model")
        if self._encoder.identity != written:
            raise LibraryFormat(
                f"The library was made with the model {written}, and {self._encoder.identity} is "
                "set. Set ASKDOCS_MODEL to the first, or add your documents to a new library."
            )
        return self._encoder
