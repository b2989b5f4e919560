"""Do the MCP tools keep their promises? Asked by the protocol's own client, without a network."""

from __future__ import annotations

import json
import subprocess
import sys

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from index.errors import LibraryDamaged
from ui.desk import Desk
from ui.mcp_tools import MOST_READ, create_mcp
from ui.service import Service

TOOLS = {"ask", "search", "list_documents", "read_document", "verify_quote"}
FILES = {
    "offer.txt": "We offer to repair the roof of the mill for 4,200 euros. "
    "The work would begin on 4 May 2026.",
    "long.txt": "Straße 😀 and so on. " * 3000,
}
QUESTION = "When would the work begin?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory, make_tiny_library):
    return make_tiny_library(tmp_path_factory.mktemp("mcp"), FILES)


@pytest.fixture
def call(assistant):
    """Call a tool, as a program would; returns the result."""

    def call_tool(name, /, **arguments):
        async def run():
            async with Client(create_mcp(Service(assistant), Desk())) as client:
                return await client.call_tool(name, arguments)

        return anyio.run(run)

    return call_tool


def given(result):
    """What a tool gave, after a look at its two forms."""
    assert not result.is_error, result
    [content] = result.content
    assert json.loads(content.text) == result.structured_content
    return result.structured_content


def refused(result):
    assert result.is_error
    [content] = result.content
    assert "Traceback" not in content.text
    return content.text


def test_every_tool_says_what_it_takes_and_gives(assistant):
    """Each tool has words, a schema for what it takes and one for what it gives, and only reads."""

    async def run():
        async with Client(create_mcp(Service(assistant), Desk())) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(run)
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.title
        assert tool.description
        assert tool.input_schema["type"] == "object"
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint


def test_an_answer_is_that_of_the_assistant(call, assistant):
    """What ``ask`` gives is byte for byte what the assistant answers."""
    result = call("ask", question=QUESTION)
    given(result)
    assert result.content[0].text == assistant.ask(QUESTION).model_dump_json()


def test_a_quotation_can_be_read_and_verified(call):
    """Every quotation of an answer stands in the document, and one that was altered is found."""
    answer = given(call("ask", question=QUESTION))
    quotes = [*answer["quotes"], *answer["nearest"]]
    assert quotes
    for quote in quotes:
        place = {name: quote[name] for name in ("start", "end")}
        document = quote["document"]
        assert (
            given(call("read_document", document=document["id"], **place))["text"]
            == (quote["text"])
        )
        checked = given(
            call("verify_quote", document=document["name"], text=quote["text"], **place)
        )
        assert checked["exact"]
        altered = quote["text"].replace("e", "a", 1)
        checked = given(call("verify_quote", document=document["name"], text=altered, **place))
        assert not checked["exact"]
        assert checked["reason"]


def test_a_long_document_is_read_in_pieces(call):
    """Reading on from each end gives the whole text, letter for letter."""
    text = ""
    while True:
        piece = given(call("read_document", document="long.txt", start=len(text)))
        assert len(piece["text"]) <= MOST_READ
        text += piece["text"]
        if piece["end"] == piece["characters"]:
            break
    assert text == FILES["long.txt"]


def test_documents_and_passages_are_found(call):
    """The list names every document, and a search finds passages in their places."""
    listed = given(call("list_documents"))["documents"]
    assert {document["name"] for document in listed} == set(FILES)
    hits = given(call("search", query="roof", k=1))["hits"]
    assert [hit["document"]["name"] for hit in hits] == ["offer.txt"]
    assert hits[0]["text"] == FILES["offer.txt"][hits[0]["start"] : hits[0]["end"]]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": " "}, "question"),
        ("ask", {"question": "x" * 1_000_000}, "4000"),
        ("ask", {"question": QUESTION, "documents": ["none.txt"]}, "none.txt"),
        ("search", {"query": "x", "k": 0}, "k"),
        ("read_document", {"document": "../../etc/passwd"}, "no such document"),
        ("read_document", {"document": "offer.txt", "start": 2, "end": 1}, "before"),
        ("verify_quote", {"document": "offer.txt"}, "text"),
        ("remove", {}, "list_documents"),
    ],
)
def test_what_cannot_be_done_is_told(call, name, arguments, words):
    """A call that cannot be carried out gets a sentence, not a traceback."""
    assert words in refused(call(name, **arguments))


def test_a_damaged_library_is_told(call, assistant, monkeypatch):
    """When the library cannot be used, its own words say so."""

    def ask(*_arguments):
        raise LibraryDamaged("The stored text of x has been damaged.")

    monkeypatch.setattr(assistant, "ask", ask)
    assert refused(call("ask", question=QUESTION)) == "The stored text of x has been damaged."


@pytest.mark.model
def test_standard_streams_carry_the_tools(sample_library):
    """``askdocs mcp`` answers on its standard streams with what the command line prints."""
    arguments = ["-m", "ui", "mcp", "--library", str(sample_library.folder)]
    server = StdioServerParameters(command=sys.executable, args=arguments)

    async def run():
        async with Client(stdio_client(server)) as client:
            tools = await client.list_tools()
            answer = await client.call_tool("ask", {"question": "Who is Mohammed al-Kani?"})
            return tools.tools, answer

    tools, answer = anyio.run(run)
    assert {tool.name for tool in tools} == TOOLS
    assert given(answer)["status"] == "answered"


def test_standard_output_carries_nothing_else(assistant, tmp_path):
    """Whatever comes in, each line that goes out is a message of the protocol."""
    folder = assistant.retriever.store.database.path.parent
    done = subprocess.run(
        [sys.executable, "-m", "ui", "mcp", "--library", str(folder)],
        input=b'hello\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n{"jsonrpc":"2.0","id":2}\n\xff\n',
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in lines)


def test_no_library_is_told(tmp_path):
    """Without a library the command ends with its code, and says nothing on standard output."""
    arguments = ["-m", "ui", "mcp", "--library", str(tmp_path / "none")]
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 3
    assert done.stdout == b""
    assert b"no library" in done.stderr


def test_the_tools_start_without_page_and_torch(run_python):
    """A program that starts ``askdocs mcp`` waits for neither."""
    loaded = run_python("import sys, ui.mcp_tools; print(*sys.modules)").split()
    assert "mcp.server" in loaded
    assert set(loaded) & {"torch", "gradio", "sentence_transformers", "fastapi"} == set()
