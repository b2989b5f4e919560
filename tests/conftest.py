"""What do all tests share? An encoder without a model, libraries, data sets, and no network."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest

from assistant.assistant import Assistant
from index.library import Library
from index.retriever import Retriever
from index.settings import Settings

ROOT = Path(__file__).parent.parent
_NO_DATA = "ASKDOCS_DATA is not set: it names the folder with the third-party data sets"

# The same examples on every run, and no example fails for being slow.
hypothesis.settings.register_profile("askdocs", derandomize=True, deadline=None)
hypothesis.settings.load_profile("askdocs")


def _load(name: str) -> ModuleType:
    """Import a file of this folder: with importlib mode, tests see no module beside them."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tiny = _load("tiny")
browsing = _load("browsing")
office_files = _load("office_files")


# The world outside


class NetworkBlockedError(RuntimeError):
    """A test, or what it tests, reached for another machine."""


@pytest.fixture(scope="session")
def _attempts() -> list[str]:
    return []


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # AF_UNIX
    host = str(address[0])
    return host in {"", "localhost", "::1", "0.0.0.0"} or host.startswith("127.")


@pytest.fixture(scope="session", autouse=True)
def _guarded_sockets(_attempts: list[str]) -> Iterator[None]:
    def guard(owner: object, name: str, place: int) -> None:
        real = getattr(owner, name)

        def guarded(*arguments, **named):
            address = arguments[place] if len(arguments) > place else named.get("host")
            if name == "getaddrinfo":
                address = (address or "",)
            if not _is_local(address):
                _attempts.append(f"{name} {address}")
                raise NetworkBlockedError(f"{name} to {address} while testing")
            return real(*arguments, **named)

        patch.setattr(owner, name, guarded)

    with pytest.MonkeyPatch.context() as patch:
        guard(socket.socket, "connect", 1)
        guard(socket.socket, "connect_ex", 1)
        guard(socket, "getaddrinfo", 0)
        yield


@pytest.fixture(autouse=True)
def block_network(_attempts: list[str]) -> Iterator[list[str]]:
    """Fail a test that reaches for another machine, even where the error is swallowed."""
    _attempts.clear()
    yield _attempts
    assert _attempts == [], "the network was reached for"


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """Settings of the person who runs the tests do not change what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ASKDOCS_")]:
            if name != "ASKDOCS_DATA":
                patch.delenv(name)
        yield


# Data sets


@pytest.fixture(scope="session")
def data() -> Path:
    """Folder with the third-party data sets; skips without one, fails when it is not there."""
    if not os.environ.get("ASKDOCS_DATA"):
        pytest.skip(_NO_DATA)
    folder = Path(os.environ["ASKDOCS_DATA"])
    if not folder.is_dir():
        pytest.fail(f"ASKDOCS_DATA names {folder}, and there is no such folder.")
    return folder


@pytest.fixture(scope="session")
def data_set(data: Path) -> Callable[[str], Path]:
    """Path of one set under the data folder; a missing one is a failure, not a skip."""

    def find(name: str) -> Path:
        if not (data / name).exists():
            pytest.fail(f"ASKDOCS_DATA names {data}, which holds no {name}.")
        return data / name

    return find


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was not tested for want of data."""
    reports = terminalreporter.stats.get("skipped", [])
    missing = sum("ASKDOCS_DATA" in str(report.longrepr) for report in reports)
    if missing:
        terminalreporter.write_line(f"{missing} tests were skipped because {_NO_DATA}.")


# Libraries


@pytest.fixture
def tiny_encoder():
    """An encoder without a model, which counts the texts it has embedded."""
    return tiny.TinyEncoder()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files under one folder, ``{name: text}``; returns the folder."""

    def write_files(files: Mapping[str, str | bytes], folder: str = "documents") -> Path:
        for name, content in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / folder

    return write_files


@pytest.fixture
def library(tmp_path: Path, write, tiny_encoder) -> Callable[..., Library]:
    """Make a library that holds these files, ``{name: text}``, with the tiny encoder."""

    def make(files: Mapping[str, str] | None = None, name: str = "library", **options) -> Library:
        options = {"encoder": tiny_encoder, **options}
        made = Library.open(tmp_path / name, **options)
        if files:
            results = made.add([write(files)])
            assert {result.status for result in results} == {"added"}
        return made

    return make


@pytest.fixture
def retriever(tiny_encoder) -> Callable[[Library], Retriever]:
    """Open another retriever on a library, as another program would."""

    def make(library: Library) -> Retriever:
        return Retriever.open(library.folder, encoder=tiny_encoder)

    return make


@pytest.fixture(scope="session")
def make_tiny_library() -> Callable[[Path, Mapping[str, str]], Assistant]:
    """Make a library of these files in a folder, with the tiny encoder; returns who answers."""

    def make(folder: Path, files: Mapping[str, str]) -> Assistant:
        for name, content in files.items():
            path = folder / "documents" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
        encoder = tiny.TinyEncoder()
        Library.open(folder / "library", encoder=encoder).add([folder / "documents"])
        plain = Settings(judge=False)
        return Assistant.open(folder / "library", settings=plain, encoder=encoder)

    return make


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The sample documents, indexed once with the real model."""
    made = Library.open(tmp_path_factory.mktemp("sample") / "library")
    results = made.add([ROOT / "documents"])
    assert {result.status for result in results} == {"added"}
    return made


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Run code in a fresh process that sees the checkout and ``tiny``; returns its output."""

    def run(code: str, *arguments: object, **options) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def small_files() -> Callable[..., dict[str, str]]:
    """Make ``count`` small Markdown files, ``{name: text}``."""
    return tiny.small_files


@pytest.fixture
def answers(tiny_encoder) -> Callable[[Library], list[str]]:
    """What a fresh retriever finds for the questions about the small files, as JSON."""

    def ask(library: Library) -> list[str]:
        retriever = Retriever.open(library.folder, encoder=tiny_encoder)
        return [
            hit.model_dump_json()
            for question in tiny.QUESTIONS
            for hit in retriever.search(question, k=10)
        ]

    return ask


@pytest.fixture(scope="session")
def office() -> ModuleType:
    """Makes Office files and books as bytes."""
    return office_files


@pytest.fixture(scope="session")
def make_evidence():
    """Make the evidence of a passage by hand: one item for each of its sentences."""
    return tiny.make_evidence


# The page in a browser


@pytest.fixture(scope="module")
def browser():
    """A browser, headless. For one file: as long as it runs, nothing else can await anything."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=browsing.chromium(), args=browsing.FLAGS
            )
        except Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"No browser to test the page with: {error}")
        yield started
        started.close()


@pytest.fixture(scope="session")
def start_server():
    """Start a server over a library's folder, on a port if one is named."""
    return browsing.start_server


@pytest.fixture(scope="session")
def new_visit():
    """Visit an address with a browser, as somebody new."""
    return browsing.Visit


@pytest.fixture(scope="module")
def sample_copy(sample_library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a copy of the sample library, to do with as one likes."""
    folder = tmp_path_factory.mktemp("copy") / "library"
    shutil.copytree(sample_library.folder, folder)
    return folder


@pytest.fixture(scope="module")
def served(sample_copy: Path):
    """A server over a copy of the sample documents: its folder, and its address."""
    with browsing.start_server(sample_copy) as server:
        try:
            yield sample_copy, server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture
def visit(browser, served):
    """Let somebody visit the page; at the end nothing ran and nothing left the machine."""
    visits = []

    def open_page(**options):
        visits.append(browsing.Visit(browser, served[1], **options))
        return visits[-1]

    yield open_page
    for one in visits:
        one.close()


@pytest.fixture(scope="session")
def texts():
    """The text contents of elements, byte for byte."""
    return browsing.texts


@pytest.fixture(scope="session")
def verify() -> Callable[[Path, Path], tuple[int, str]]:
    """Run ``askdocs verify`` on a file; returns the exit code and what it says."""

    def run(file: Path, library: Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "ui", "verify", str(file), "--library", str(library)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run
