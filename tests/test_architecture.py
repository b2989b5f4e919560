"""Promises about which part of the house may know which."""

from __future__ import annotations

import ast
import json
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("ui", "eval", "assistant", "index")
"""From left to right: an import never points left."""
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]

WALLS = {
    "faiss": {"index/vector_ranking.py", "eval/benchmark_peers.py"},  # which sets the peers up
    "tantivy": {"index/word_ranking.py"},
    "pypdfium2": {"index/readers/pdf_pages.py", "index/readers/pdf_picture.py"},
    "pypdf": {"index/readers/pdf_pages.py"},
    "striprtf": {"index/readers/rtf.py"},
    "sentence_transformers": {"index/reference_encoder.py", "eval/benchmark_peers.py"},
    "apsw": {"index/database.py", "index/writing.py"},
    "onnxruntime": {"index/inference.py"},
    "onnx": {"index/compiled_graph.py", "eval/judge/export.py", "eval/judge/starting.py"},
    "tokenizers": {"index/tokens.py", "eval/judge/encoded.py"},
    "filelock": {"index/lock.py"},
    "openpyxl": {"index/readers/xlsx.py"},
    "defusedxml": {"index/readers/xml_parts.py"},
    "zipfile": {"index/archive.py", "index/readers/package.py"},
    "watchfiles": {"ui/watching.py"},
    "rapidfuzz": {"index/spelling.py"},
    "anyascii": {"index/words.py"},
    "Stemmer": {"index/words.py", "eval/benchmark_peers.py"},
    "mcp": {"ui/mcp_tools.py"},
    "fastapi": {"ui/api.py", "ui/rooms.py", "ui/server.py"},
    "uvicorn": {"ui/connections.py"},
}
NOT_FOR_A_QUESTION = {
    *("torch", "transformers", "sentence_transformers", "onnx", "scipy", "sklearn", "pandas"),
    *("gradio", "fastapi", "uvicorn", "starlette", "mcp", "watchfiles", "asyncio", "rich"),
    *("pydantic_settings", "markdown_it", "yaml", "selectolax", "pypdf", "pypdfium2", "openpyxl"),
}
HEAVY = ("torch", "gradio", "faiss", "sentence_transformers", "onnxruntime", "tantivy")


def imported(path: Path) -> set[str]:
    """Full names of the modules that a file imports, at its top or inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names.add(str(node.module))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return names


def packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_check() -> None:
    """Each room has its files."""
    assert {relative(path).partition("/")[0] for path in FILES} == set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_imports_point_to_the_right(path: Path) -> None:
    """The page knows eval, eval knows assistant, assistant knows index, and none looks back."""
    room = relative(path).partition("/")[0]
    left = set(ROOMS[: ROOMS.index(room)])
    assert packages(path) & left == set()
    assert "tests" not in packages(path)


@pytest.mark.parametrize("library", WALLS)
def test_one_file_knows_a_foreign_library(library: str) -> None:
    """Changing a library means changing the file that knows it."""
    assert {relative(path) for path in FILES if library in packages(path)} == WALLS[library]


def test_gradio_stays_in_ui() -> None:
    """The page's library is known to the page alone."""
    knowing = {
        relative(path) for path in FILES if packages(path) & {"gradio", "fastapi", "uvicorn"}
    }
    assert knowing
    assert all(name.startswith("ui/") for name in knowing)


def test_torch_is_for_training_alone() -> None:
    """Beside sentence-transformers itself, only the fitting of the judge needs torch."""
    knowing = [relative(path) for path in FILES if "torch" in packages(path)]
    assert set(knowing) == {"eval/judge/starting.py", "eval/judge/training.py"}


def test_no_file_talks_to_the_network() -> None:
    """Nothing in the house imports a client for other machines."""
    clients = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib"}
    assert [relative(path) for path in FILES if imported(path) & clients] == []


def test_documents_holds_documents() -> None:
    """The sample corpus is data: Markdown files and never Python."""
    files = [path for path in (ROOT / "documents").rglob("*") if path.is_file()]
    assert files
    assert {path.suffix for path in files} == {".md"}


def test_tests_are_flat() -> None:
    """A package among the tests would hide the package that it tests."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def loaded_by(run_python, module: str) -> set[str]:
    code = (
        f"import sys; import {module}\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    return set(run_python(code).split())


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_package_is_free(run_python, room: str) -> None:
    """Importing a package loads no model, no index and no page."""
    loaded = loaded_by(run_python, room)
    assert room in loaded
    assert loaded & set(HEAVY) == set()


def test_the_command_line_starts_without_page_and_torch(run_python) -> None:
    """A question asked in the terminal waits for neither."""
    loaded = loaded_by(run_python, "ui.command_line")
    assert "ui" in loaded
    assert loaded & {"torch", "gradio", "sentence_transformers", "fastapi"} == set()


@pytest.mark.parametrize("room", ROOMS)
def test_importing_opens_nothing(run_python, room: str, tmp_path) -> None:
    """Importing a package makes no file and opens no socket."""
    code = (
        "import os, socket, sys\n"
        "opened = []\n"
        "def watch(event, arguments):\n"
        "    writes = event == 'open' and isinstance(arguments[2], int) and \\\n"
        "        arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)\n"
        "    if event in ('socket.connect', 'socket.bind') or (\n"
        "        writes and '__pycache__' not in str(arguments[0])):\n"
        "        opened.append((event, str(arguments)))\n"
        "sys.addaudithook(watch)\n"
        f"import {room}\n"
        "print(opened)"
    )
    assert run_python(code) == "[]"


@pytest.mark.parametrize("name", ["192.0.2.1", "example.com", "2001:db8::1"])
def test_tests_reach_no_other_machine(block_network, name: str) -> None:
    """Whatever a test starts in its process gets an error before a packet leaves."""
    with pytest.raises(RuntimeError, match="while testing"):
        socket.create_connection((name, 80), timeout=1)
    assert len(block_network) == 1
    block_network.clear()
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


def test_what_a_package_offers_is_there(run_python) -> None:
    """Every name of ``index.__all__`` can be had, and an unknown one is the usual error."""
    code = (
        "import index\n"
        "print(all(getattr(index, name).__name__ == name for name in index.__all__))\n"
        "print(hasattr(index, 'nothing'))"
    )
    assert run_python(code).split() == ["True", "False"]


def test_a_question_in_the_terminal_loads_what_answers_it_alone(run_python, tmp_path) -> None:
    """``askdocs ask`` imports no page, no training, no reader of files and nothing for them."""
    notes = tmp_path / "notes.txt"
    notes.write_text("The mill stood by the river for two hundred years. It burned down in 1871.")
    library = str(tmp_path / "library")
    run_python(
        f"from ui.command_line import main; main(['add', {str(notes)!r}, '--library', {library!r}])"
    )
    code = (
        "import sys; from ui.command_line import main\n"
        f"main(['ask', 'When did the mill burn down?', '--json', '--library', {library!r}])\n"
        "print(*sorted(sys.modules))"
    )
    told, loaded = run_python(code).splitlines()
    assert json.loads(told)["quotes"]
    modules = set(loaded.split())
    assert {"onnxruntime", "assistant.judge", "index.compiled_encoder"} <= modules
    assert {name.partition(".")[0] for name in modules} & NOT_FOR_A_QUESTION == set()
    assert {name for name in modules if name.startswith("index.readers")} == set()
