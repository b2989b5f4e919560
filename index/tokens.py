"""How is a text cut into the tokens of a model?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tokenizers import Encoding, Tokenizer

__all__ = ["Encoding", "TokenCutter", "load_tokens"]


class TokenCutter:
    """The tokenizer in a model's folder, without its limits. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def cut(self, texts: Sequence[str], *, special: bool) -> list[Encoding]:
        """Cut ``texts``; ``special`` adds the tokens that a model wants at both ends."""
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=special)

    def count(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, special tokens left out."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]


@lru_cache(maxsize=2)
def load_tokens(folder: Path) -> TokenCutter:
    """Read the tokenizer in ``folder``, which the embedding model and the judge share."""
    return TokenCutter(folder)
