"""How is Askdocs used over HTTP? An application of its own, described at ``/api/docs``.

Results leave as pydantic writes them, so that they are byte for byte what ``--json`` prints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from assistant import Answer
from assistant.assistant import installed_version
from index.errors import (
    AskdocsError,
    LibraryError,
    ModelError,
    ServerBusy,
    UnknownDocument,
    UsageError,
)
from ui.api_docs import describe
from ui.api_models import (
    AskRequest,
    DocumentList,
    DocumentText,
    Failure,
    Health,
    ReadRequest,
    SearchRequest,
    SearchResult,
    Verification,
)
from ui.desk import SECONDS_TO_RETURN, Desk
from ui.service import Service, fault_in_words
from ui.wording import page_wording

PREFIX = "/api"
MOST_PAGES = 1_000_000
_JSON = "application/json"
_UNPROCESSABLE = 422
_STATUSES: tuple[tuple[type[AskdocsError], int, str], ...] = (
    (UnknownDocument, 404, "unknown_document"),
    (UsageError, _UNPROCESSABLE, "unusable"),
    (ServerBusy, 503, "busy"),
    (LibraryError, 503, "library"),
    (ModelError, 503, "model"),
    (AskdocsError, 500, "failed"),
)
"""The first that fits: subclasses stand before what they derive from."""
_CODES = {404: "not_found", 405: "wrong_method"}
_ANSWER = {"$ref": "#/components/schemas/Answer"}
_SAVED = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {
                "schema": {
                    "anyOf": [
                        _ANSWER,
                        {
                            "type": "object",
                            "required": ["library", "turns"],
                            "properties": {
                                "library": {"type": "string"},
                                "turns": {"type": "array", "items": _ANSWER},
                            },
                        },
                    ]
                }
            },
            "text/markdown": {"schema": {"type": "string"}},
        },
    }
}
"""What ``assistant/saved_answers.py`` reads, described."""


def create_api(service: Service, answering: Desk, reading: Desk) -> FastAPI:
    """Build the API. What only reads has a desk of its own, so that it never waits for answers."""
    wording = page_wording()
    api = FastAPI(
        title=wording("api.title"),
        description=wording("api.about"),
        version=installed_version(),
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
    )
    _explain_failures(api)

    @api.post(f"{PREFIX}/ask", **_gives(Answer, 400, 404, 422))
    async def ask(request: AskRequest) -> Response:
        """Answer a question with quotations, or say that the documents do not answer it."""
        return await _result(answering, lambda: service.ask(request))

    @api.post(f"{PREFIX}/search", **_gives(SearchResult, 400, 404, 422))
    async def search(request: SearchRequest) -> Response:
        """Find passages that bear on a query, best first; answer nothing."""
        return await _result(answering, lambda: service.search(request))

    @api.get(f"{PREFIX}/documents", **_gives(DocumentList))
    async def documents() -> Response:
        """List the documents, by name."""
        return await _result(reading, service.list_documents)

    @api.get(f"{PREFIX}/documents/{{id}}/text", **_gives(DocumentText, 404, 422))
    async def text(
        id: Annotated[str, Path(description="The document's id, as it is listed.")],  # noqa: A002
        start: Annotated[int, Query(ge=0, description="First character, from 0.")] = 0,
        end: Annotated[
            int | None, Query(ge=0, description="Character after the last one; without, the end.")
        ] = None,
    ) -> Response:
        """Read a stretch of a document's stored text, at most a million characters at once."""
        request = ReadRequest(document=id, start=start, end=end)
        return await _result(reading, lambda: service.read(request))

    @api.get(f"{PREFIX}/documents/{{id}}/page", include_in_schema=False)
    async def page(
        id: str,  # noqa: A002
        number: Annotated[int, Query(ge=1, le=MOST_PAGES)],
        start: Annotated[int, Query(ge=0)],
        end: Annotated[int, Query(ge=0)],
    ) -> Response:
        # For the page of the browser: a picture for people, not a result for programs.
        drawn = await answering.run(lambda: service.picture(id, number, start, end))
        return Response(drawn, media_type="image/png")

    @api.post(f"{PREFIX}/verify", openapi_extra=_SAVED, **_gives(Verification, 422))
    async def verify(request: Request) -> Response:
        """Check every quotation of a saved answer or conversation, as JSON or as Markdown."""
        saved = await request.body()
        return await _result(answering, lambda: service.verify(saved))

    @api.get(f"{PREFIX}/health", **_gives(Health))
    async def health() -> Response:
        """Say that the server is up, and how many documents it knows."""
        return await _result(reading, service.health)

    @api.get(f"{PREFIX}/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(describe(api.openapi(), wording))

    return api


async def _result(desk: Desk, work: Callable[[], BaseModel]) -> Response:
    """Do the work, and write its result, when its turn comes."""
    content = await desk.run(lambda: work().model_dump_json())
    return Response(content, media_type=_JSON)


def _gives(model: type[BaseModel], *failures: int) -> dict[str, Any]:
    """Describe what an operation gives, and how it can fail, in words of ours."""
    statuses = (*failures, 413, 429, 500, 503)
    return {
        "response_class": Response,
        "responses": {
            200: {"model": model, "description": model.__doc__},
            **{
                status: {"model": Failure, "description": HTTPStatus(status).phrase}
                for status in statuses
            },
        },
    }


def _explain_failures(api: FastAPI) -> None:
    """Have every failure leave as a :class:`Failure`, in words, and never as a traceback."""
    wording = page_wording()

    @api.exception_handler(AskdocsError)
    async def refused(_request: Request, error: AskdocsError) -> Response:
        status, code = next((s, c) for kind, s, c in _STATUSES if isinstance(error, kind))
        return failure(status, code, str(error))

    @api.exception_handler(RequestValidationError)
    async def unusable(_request: Request, error: RequestValidationError) -> Response:
        fault = error.errors()[0]
        if fault["type"] == "json_invalid":
            return failure(400, "not_json", wording("api.not_json"))
        return failure(_UNPROCESSABLE, "unusable", fault_in_words(fault["loc"][1:], fault["msg"]))

    @api.exception_handler(HTTPException)
    async def not_here(request: Request, error: HTTPException) -> Response:
        name = {405: "api.wrong_method", 400: "api.not_json"}.get(error.status_code, "api.not_here")
        return failure(
            error.status_code,
            _CODES.get(error.status_code, "not_json"),
            wording(name, method=request.method),
            error.headers,
        )

    @api.exception_handler(Exception)
    async def failed(_request: Request, _error: Exception) -> Response:
        return failure(500, "failed", wording("api.failed"))


def failure(
    status: int, error: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the response that says why a request was not carried out."""
    waiting = {"retry-after": str(SECONDS_TO_RETURN)} if status == 503 else {}
    content = Failure(error=error, message=message).model_dump_json()
    return Response(content, status, {**(headers or {}), **waiting}, media_type=_JSON)
