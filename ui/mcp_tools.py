"""Which tools does Askdocs offer to programs that speak MCP? On standard streams and at ``/mcp``.

The protocol is the package's; what a tool takes and gives is described by the models of
``ui/api_models.py``, and its text is byte for byte what ``--json`` prints.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import anyio
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope, Send

from assistant import Answer, Assistant
from assistant.assistant import installed_version
from index.errors import AskdocsError
from ui.api_models import (
    AskRequest,
    Checked,
    DocumentList,
    DocumentText,
    ListRequest,
    QuoteRequest,
    ReadRequest,
    Request,
    SearchRequest,
    SearchResult,
)
from ui.desk import Desk
from ui.page_limits import refusal
from ui.service import Service, fault_in_words
from ui.wording import page_wording

PATH = "/mcp"
MOST_READ = 20_000
"""Characters that one reading gives: what calls these tools reads into a narrow window."""


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool, with what it takes, gives and does."""

    name: str
    takes: type[Request]
    gives: type[BaseModel]
    work: Callable[[Any], BaseModel]
    """Takes an instance of ``takes`` and returns one of ``gives``."""

    def described(self) -> Tool:
        """Describe the tool as the protocol does."""
        return Tool(
            name=self.name,
            title=page_wording()(f"mcp.{self.name}.title"),
            description=page_wording()(f"mcp.{self.name}.does"),
            input_schema=self.takes.model_json_schema(),
            output_schema=self.gives.model_json_schema(mode="serialization"),
            annotations=ToolAnnotations(
                read_only_hint=True, idempotent_hint=True, open_world_hint=False
            ),
        )


def offered_tools(service: Service) -> tuple[OfferedTool, ...]:
    """List the tools over one library."""
    return (
        OfferedTool("ask", AskRequest, Answer, service.ask),
        OfferedTool("search", SearchRequest, SearchResult, service.search),
        OfferedTool(
            "list_documents", ListRequest, DocumentList, lambda _: service.list_documents()
        ),
        OfferedTool(
            "read_document",
            ReadRequest,
            DocumentText,
            lambda request: service.read(request, most=MOST_READ),
        ),
        OfferedTool("verify_quote", QuoteRequest, Checked, service.verify_quote),
    )


def create_mcp(service: Service, desk: Desk) -> Server[Any]:
    """Build the server of the protocol, for either way of transport."""
    tools = {tool.name: tool for tool in offered_tools(service)}

    async def list_tools(
        _context: ServerRequestContext[Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[tool.described() for tool in tools.values()])

    async def call_tool(
        _context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            return _failed(page_wording()("mcp.no_such_tool", tools=", ".join(tools)))
        try:
            request = tool.takes.model_validate(params.arguments or {})
            result = await desk.run(lambda: tool.work(request))
        except ValidationError as error:
            fault = error.errors()[0]
            return _failed(fault_in_words(fault["loc"], fault["msg"]))
        except AskdocsError as error:
            return _failed(str(error))
        return CallToolResult(
            content=[TextContent(text=result.model_dump_json())],
            structured_content=result.model_dump(mode="json"),
        )

    return Server(
        "askdocs",
        title=page_wording()("title"),
        version=installed_version(),
        instructions=page_wording()("mcp.instructions"),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


class McpOverHttp:
    """The protocol over HTTP, as an ASGI application. No sessions: nothing is kept in between."""

    def __init__(self, service: Service, desk: Desk) -> None:
        self._manager = StreamableHTTPSessionManager(
            create_mcp(service, desk), stateless=True, json_response=True
        )
        self.running = self._manager.run
        """The context in which requests can be served."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; without sessions there is nothing to listen to or to end."""
        if scope["method"] == "POST":
            await self._manager.handle_request(scope, receive, send)
        else:
            refused = refusal(405, page_wording()("mcp.only_post"), allow="POST")
            await refused(scope, receive, send)


def serve_streams(assistant: Assistant) -> None:
    """Serve the protocol on standard input and output until the input ends."""
    threading.Thread(target=_warm, args=[assistant], daemon=True).start()
    anyio.run(_serve_streams, create_mcp(Service(assistant), Desk()))


async def _serve_streams(server: Server[Any]) -> None:
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def _warm(assistant: Assistant) -> None:
    # What cannot be loaded is told with the first question.
    with suppress(AskdocsError):
        assistant.warm()


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=message)], is_error=True)
