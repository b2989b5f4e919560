"""What do other programs send, and what do they get? The same over HTTP, MCP and ``--json``.

Field descriptions are read by people at ``/api/docs`` and by the programs that choose MCP tools.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from assistant.models import Turn
from assistant.verification import Verdict
from index.models import DocumentInfo, FrozenModel, Hit
from index.rows import LibraryDocument

MOST_TURNS = 200
"""Earlier turns that one question may bring; what a follow-up needs stands in the last few."""
MOST_TURN_CHARACTERS = 20_000
MOST_NAMES = 10_000
MOST_TEXT = 1_000_000
"""Characters of a document in one response: fifty readers at once stay bounded."""

_Documents = Annotated[
    list[str] | None,
    Field(
        max_length=MOST_NAMES,
        description="Names of the documents to search, as they are listed; without, all.",
    ),
]
_Earlier = Annotated[str, Field(max_length=MOST_TURN_CHARACTERS)]


class Request(BaseModel):
    """Something that is asked for: a field that is not known is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EarlierTurn(Turn):
    """One earlier utterance of the conversation."""

    text: _Earlier


class AskRequest(Request):
    """A question, with the conversation before it."""

    question: str = Field(min_length=1, description="The question, in plain words.")
    history: list[_Earlier | EarlierTurn] = Field(
        default=[],
        max_length=MOST_TURNS,
        description="What was said before, oldest first: earlier questions, or turns.",
    )
    documents: _Documents = None


class SearchRequest(Request):
    """A query for passages."""

    query: str = Field(min_length=1, description="What to search for.")
    k: int = Field(
        default=10, ge=1, description="How many passages; a number above 1000 counts as 1000."
    )
    documents: _Documents = None


class ReadRequest(Request):
    """A stretch of a document's stored text."""

    document: str = Field(description="The document's id or name, as it is listed.")
    start: int = Field(default=0, ge=0, description="First character, counted from 0.")
    end: int | None = Field(
        default=None, ge=0, description="Character after the last one; without, as far as it goes."
    )


class QuoteRequest(Request):
    """A quotation to compare with the stored text."""

    document: str = Field(description="The document's id or name, as it is listed.")
    text: str = Field(description="The quotation, letter for letter.")
    start: int = Field(ge=0, description="Its first character in the document, counted from 0.")
    end: int = Field(ge=0, description="The character after its last one.")


class ListRequest(Request):
    """Nothing needs to be said to list the documents."""


class SearchResult(FrozenModel):
    """The passages that bear on a query, best first."""

    query: str
    hits: tuple[Hit, ...]


class ListedDocument(DocumentInfo):
    """A document of the library, with its file and its size."""

    path: str
    """Absolute path of its file."""
    passages: int
    characters: int


class DocumentList(FrozenModel):
    """All documents of the library, by name."""

    documents: tuple[ListedDocument, ...]

    @classmethod
    def of(cls, documents: Sequence[LibraryDocument]) -> Self:
        """Describe documents as they are listed."""
        return cls(
            documents=tuple(
                ListedDocument(
                    **document.info.model_dump(),
                    path=document.path,
                    passages=document.passages,
                    characters=document.characters,
                )
                for document in documents
            )
        )


class DocumentText(FrozenModel):
    """A stretch of a document's stored text: ``text`` is exactly what stands there."""

    document: DocumentInfo
    start: int
    end: int
    """Where ``text`` really ends; read on from here while it is less than ``characters``."""
    text: str
    characters: int
    """Length of the whole document."""


class Checked(FrozenModel):
    """What became of one quotation when it was compared with the stored text."""

    document: str
    """The document's name."""
    start: int
    end: int
    exact: bool
    reason: str
    """Empty when it is exact; otherwise what is wrong, in words."""

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Describe a verdict."""
        return cls(
            document=verdict.quote.document.name,
            start=verdict.quote.start,
            end=verdict.quote.end,
            exact=verdict.is_exact,
            reason=verdict.reason,
        )


class Verification(FrozenModel):
    """Every quotation of a saved answer or conversation, compared with the stored text."""

    quotes: int
    exact: int
    checked: tuple[Checked, ...]

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> Self:
        """Sum up verdicts."""
        return cls(
            quotes=len(verdicts),
            exact=sum(verdict.is_exact for verdict in verdicts),
            checked=tuple(map(Checked.of, verdicts)),
        )


class Health(FrozenModel):
    """The server is up, and knows so many documents."""

    status: Literal["ok"] = "ok"
    documents: int


class Failure(FrozenModel):
    """Why a request was not carried out."""

    error: str
    """The kind of failure, for programs: ``unknown_document``, ``busy`` and others."""
    message: str
    """What happened and what to do, in words."""
