"""In which words is an answer presented?

The words stand in ``templates.toml``, so that a change of wording, or a translation, needs no
code.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from index.errors import UsageError


class Templates:
    """The templates of one language."""

    def __init__(self, language: str) -> None:
        every = _read()
        if language not in every:
            raise UsageError(
                f"There are no templates in the language {language!r}. "
                f"ASKDOCS_LANGUAGE can be: {', '.join(sorted(every))}."
            )
        self._tables: dict[str, Any] = every[language]

    def has(self, rule: str, template: str) -> bool:
        """Whether ``rule`` has a template of this name."""
        return template in self._tables.get(rule, {})

    def write(self, rule: str, template: str, **values: object) -> str:
        """Fill in a template."""
        return str(self._tables[rule][template]).format(**values)

    def count(self, noun: str, number: int) -> str:
        """Write a number with its noun: "1 passage", "3 documents"."""
        form = self._tables[noun]["one" if number == 1 else "many"]
        return str(form).format(n=number)

    def mark(self, number: int) -> str:
        """Write the mark of quotation ``number``, counted from 1: "[1]"."""
        return str(self._tables["numbered"]).format(n=number)


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("assistant") / "templates.toml").read_text(encoding="utf-8"))
