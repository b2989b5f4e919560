"""Which words does the page use? Those of ``assistant/page_wording.toml``, by dotted name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

WORDING_FILE = "page_wording.toml"


class Wording:
    """Sentences of the page by name: ``wording("ask.label")``."""

    def __init__(self, tables: Mapping[str, object]) -> None:
        self._sentences = dict(_flatten(tables))

    def __call__(self, name: str, /, **values: object) -> str:
        """Return the sentence called ``name``, its braces filled in with ``values``.

        :raises KeyError: no sentence has that name, or a brace has no value.
        """
        return self._sentences[name].format(**values)

    def count(self, name: str, number: int) -> str:
        """Return the sentence for ``number`` things: ``name_one`` for one, else ``name``."""
        return self(f"{name}_one" if number == 1 else name, count=f"{number:,}")

    def table(self, name: str) -> dict[str, str]:
        """Return all sentences below ``name``, in the order of the file."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): sentence
            for key, sentence in self._sentences.items()
            if key.startswith(prefix)
        }


@cache
def page_wording() -> Wording:
    """Return the wording that comes with Askdocs, read once, on first use."""
    return Wording(tomllib.loads((files("assistant") / WORDING_FILE).read_text("utf-8")))


def _flatten(tables: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tables.items():
        if isinstance(value, Mapping):
            pairs += _flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs
