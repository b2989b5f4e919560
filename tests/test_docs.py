"""Promises about the documentation: what it shows is what happens, and all there is, is in it.

Run as a program, this writes the settings and the sessions anew from what the code does now:
``python tests/test_docs.py``. Read the difference before you keep it.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import os
import re
import shlex
import shutil
import socket
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.models import Answer, Difference, Inference, Quote, Value, Version
from eval.tables import COLUMNS
from index.models import DocumentInfo, FrozenModel, Hit
from index.settings import Settings
from ui.arguments import build_parser
from ui.commands import COMMANDS
from ui.wording import page_wording

ROOT = Path(__file__).parent.parent
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
"""What people who use Askdocs read."""
PAGES = [*GUIDES, *(ROOT / f"{name}.md" for name in ("ARCHITECTURE", "CHANGELOG", "CONTRIBUTING"))]
LETTERS = {
    "letters/offer.txt": "We offer to repair the roof of the mill for 4,200 euros. "
    "The work would begin on 4 May 2026.",
    "letters/reply.txt": "We accept the offer for the roof. "
    "Please begin on 11 May 2026, because the mill is rented out before.",
}
"""The files that the pages speak of without showing them."""
HOME = "/home/you"
"""How the pages write the folder in which a person works."""
ADDRESS = "http://127.0.0.1:7860"
"""Where the pages say that the server is."""
REST = "…"
"""A line of output that stands for all that follows."""
FEW = ["--limit", "5"]
"""Questions of a set that are asked here: what is promised is that the command runs."""

_BLOCK = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n)?^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SETTINGS = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_SURE = re.compile(r"\((?:clear|likely|possible) match\)")
_REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted|download\.pytorch|npmjs|huggingface\.co|anaconda|conda-forge|ghcr\.io"
)
_OUR_MACHINES = re.compile(
    r"(?<![\w.~-])/(?:work|tmp|root|mnt|Users|home/(?!you/))|\bshared\b", re.IGNORECASE
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Reading the pages


@dataclass
class Shown:
    """A command that a page shows, and the output that it shows under it."""

    line: str
    output: list[str] = field(default_factory=list)


def blocks(page: Path, *languages: str) -> Iterator[re.Match[str]]:
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["language"] in languages:
            yield block


def shown_commands(page: Path) -> list[Shown]:
    """Every command of a page, in order; only a ``console`` block shows output."""
    shown: list[Shown] = []
    for block in blocks(page, "console", "sh"):
        if block["language"] == "sh":
            lines = [line.split("  #")[0].strip() for line in block["body"].splitlines()]
            shown += [Shown(line) for line in lines if line]
        else:
            shown += _session(block["body"])
    return shown


def _session(body: str) -> list[Shown]:
    session: list[Shown] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            session.append(Shown(line[2:]))
        else:
            session[-1].output.append(line)
    for shown in session:
        while shown.output and not shown.output[-1]:
            shown.output.pop()
    return session


def words_of(command: str) -> list[str]:
    """The command's words, without the redirection at its end."""
    return shlex.split(command.partition(" > ")[0])


def headings(page: Path) -> set[str]:
    """The anchors that a page has, as forges make them of headings."""
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in plain}


# Running what they show


def write_files(page: Path, folder: Path) -> None:
    """Write the files that the page speaks of."""
    files = LETTERS | {
        block["file"]: block["body"] for block in blocks(page, "jsonl") if block["file"]
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def run_command(line: str) -> tuple[int, str]:
    """Run a command of Askdocs here, in the present folder; return its code and its output."""
    from ui.command_line import main

    given = words_of(line)[1:]
    if not given or given[0] == "serve":
        build_parser().parse_args(given)  # it would serve until somebody stops it
        return 0, ""
    if given[0] == "eval":
        given += FEW
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main(given)
    _, _, target = line.partition(" > ")
    if target:
        Path(target.strip()).write_text(output.getvalue(), encoding="utf-8")
    return code, "" if target else output.getvalue().replace(str(Path.cwd()), HOME)


def fold(lines: list[str]) -> list[str]:
    """What is compared: how sure an answer is changes with every fitting of the weights."""
    return [_SURE.sub("(match)", line).rstrip() for line in lines]


def present(shown: Shown, output: str) -> list[str]:
    """The output as the page shows it: as many lines, where it leaves a rest out."""
    lines = output.splitlines()
    if shown.output and shown.output[-1] == REST:
        return [*lines[: len(shown.output) - 1], REST]
    return lines


@pytest.fixture(scope="module")
def load_once() -> Iterator[None]:
    """Load the model once, not once a command."""
    from index.encoder import load_encoder

    load = functools.cache(load_encoder)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("index.library_encoder", "ui.doctor"):
            patch.setattr(f"{module}.load_encoder", load)
        yield


@pytest.fixture
def workplace(
    tmp_path: Path, sample_library, load_once, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path], None]:
    """A folder with the files of a page, where the library of the first day is the default."""
    shutil.copytree(sample_library.folder, tmp_path / ".library")
    monkeypatch.setenv("ASKDOCS_LIBRARY", str(tmp_path / ".library"))
    # The set about the sample documents finds them embedded; a library is named by its set alone.
    shutil.copytree(sample_library.folder, tmp_path / ".cache" / "documents-made")
    monkeypatch.setattr("eval.libraries.default_cache", lambda: tmp_path / ".cache")
    monkeypatch.setattr("eval.libraries.library_key", lambda *_: "made")
    monkeypatch.delenv("ASKDOCS_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda page: write_files(page, tmp_path)


@pytest.mark.model
@pytest.mark.parametrize("page", GUIDES, ids=relative)
def test_commands_do_what_is_shown(page: Path, workplace) -> None:
    """Every command of Askdocs that a page shows succeeds, and prints what the page shows."""
    workplace(page)
    for shown in shown_commands(page):
        if words_of(shown.line)[0] != "askdocs":
            continue
        code, output = run_command(shown.line)
        assert code == 0, f"{shown.line} ended with {code}"
        if shown.output:
            assert fold(present(shown, output)) == fold(shown.output), shown.line


@pytest.mark.model
def test_python_does_what_is_shown(workplace) -> None:
    """The Python of the page on embedding runs, and prints what the page shows."""
    page = ROOT / "docs" / "embedding.md"
    workplace(page)
    names: dict[str, object] = {}
    printed = ""
    with contextlib.ExitStack() as open_things:
        address = ""
        for block in blocks(page, "python", "text"):
            if block["language"] == "text":
                assert printed == block["body"]
                continue
            code = block["body"]
            if ADDRESS in code:
                address = address or open_things.enter_context(served(Path("my-library")))
                code = code.replace(ADDRESS, address)
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                exec(compile(code, relative(page), "exec"), names)
            printed = output.getvalue()
    assert "assistant" in names
    assert address


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the library in ``folder`` without the page; yield the address."""
    import uvicorn
    from fastapi import FastAPI

    from assistant import Assistant
    from ui.rooms import Rooms

    with socket.create_server(("127.0.0.1", 0)) as listener:
        rooms = Rooms(Assistant.open(folder), FastAPI)
        server = uvicorn.Server(uvicorn.Config(rooms, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


# Commands and settings


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of every command, by its name."""
    choices = next(
        action.choices
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(choices)


def options(parser: argparse.ArgumentParser) -> set[str]:
    return {
        option
        for action in parser._actions
        for option in action.option_strings
        if action.dest != "help"
    }


def guide_text() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command: str) -> None:
    """Each command, with each of its options, is described to those who use it."""
    text = guide_text()
    assert f"`askdocs {command}" in text
    written = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
    assert options(parsers()[command]) - written == set()


def test_only_what_there_is_is_documented() -> None:
    """No page names a command of Askdocs that there is not, or an option that it does not have."""
    known, general = parsers(), options(build_parser())
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        commands = [shown.line for shown in shown_commands(page)] + _CODE.findall(text)
        for line in commands:
            if not re.match(r"askdocs(?: |$)", line):
                continue
            given = [word.split("=")[0] for word in line.split()[1:]]
            name = next((word for word in given if not word.startswith("-")), None)
            assert name is None or name in known, f"{relative(page)}: {line}"
            allowed = general | (options(known[name]) if name else set())
            asked = {word for word in given if re.fullmatch(r"--?[a-z][a-z-]*", word)}
            assert asked <= allowed, f"{relative(page)}: {line}"


def test_make_targets_exist() -> None:
    """Every ``make`` target that a page names is in the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        (relative(page), target)
        for page in PAGES
        for target in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert ("README.md", "run") in named
    assert {(page, target) for page, target in named if target not in targets} == set()


def settings_table() -> str:
    """The settings as the page on configuration shows them."""
    rows = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for name, setting in Settings.model_fields.items():
        default = "none" if setting.default is None else f"`{setting.default}`"
        meaning = str(setting.description)
        if limits := _limits(setting.metadata):
            meaning += f" {limits}"
        rows.append(f"| `ASKDOCS_{name.upper()}` | {default} | {meaning} |")
    return "\n".join(rows) + "\n"


def _limits(metadata: list[object]) -> str:
    least = next((str(limit.ge) for limit in metadata if hasattr(limit, "ge")), "")
    most = next((str(limit.le) for limit in metadata if hasattr(limit, "le")), "")
    if least and most:
        return f"From {least} to {most}."
    return f"At least {least}." if least else ""


def test_settings_are_those_of_the_code() -> None:
    """The page on configuration lists every setting with default, meaning and limits."""
    found = _SETTINGS.search((ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"))
    assert found is not None
    assert found.group() == settings_table()


def test_no_setting_is_invented() -> None:
    """Every ``ASKDOCS_…`` variable that a page names is a setting."""
    known = {f"ASKDOCS_{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        named = set(re.findall(r"\bASKDOCS_[A-Z_]+\b", page.read_text(encoding="utf-8")))
        assert named <= known, relative(page)


# What programs, evaluators and people at the page read


def test_every_field_is_documented() -> None:
    """Each field of an answer, a quote, a hit and a document stands on the page on embedding."""
    text = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    models: tuple[type[FrozenModel], ...] = (
        *(Answer, Quote, Hit, DocumentInfo),
        *(Difference, Value, Inference, Version),
    )
    for model in models:
        for name in model.model_fields:
            assert re.search(rf'[`"]{name}[`"]', text), f"{model.__name__}.{name}"


def test_every_column_is_documented() -> None:
    """Each column of the table of measures stands on the page on evaluating."""
    text = (ROOT / "docs" / "evaluating.md").read_text(encoding="utf-8")
    assert {column.heading for column in COLUMNS if f"`{column.heading}`" not in text} == set()


def test_words_of_the_page_are_on_the_page() -> None:
    """What the page on asking sets in bold is what a person reads on the screen."""
    shown = " ".join(page_wording()._sentences.values())
    text = (ROOT / "docs" / "asking.md").read_text(encoding="utf-8")
    bold = set(re.findall(r"\*\*(.+?)\*\*", text))
    assert bold
    assert {words for words in bold if words not in shown} == set()


# Links, names and versions


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link and picture of a page leads to a file, and to a heading of it, that is there."""
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    for found in _LINK.finditer(text):
        link = found[1] or found[2]
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), f"{relative(page)} leads to {link}"
        assert not anchor or anchor in headings(target), f"{relative(page)} leads to {link}"


def test_paths_of_the_architecture_exist() -> None:
    """Every file that the page on the architecture names is there."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = {
        name
        for name in _CODE.findall(text)
        if re.fullmatch(r"(?:index|assistant|eval|ui|tests|docs|documents)/[\w./-]*", name)
    }
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_pages_belong_to_nobody_s_machine(page: Path) -> None:
    """No page names a folder of one machine, or a host that hands out packages or models."""
    text = page.read_text(encoding="utf-8")
    assert [found.group() for found in _OUR_MACHINES.finditer(text)] == []
    assert _REGISTRIES.findall(text) == []


def test_the_version_has_its_changes() -> None:
    """The changelog has an entry, with its day, for the version that is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(
        rf"^## \[{re.escape(project['version'])}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE
    )


# Writing the pages anew


def rewrite() -> None:
    """Put the settings and the output of every session into the pages, as they are now."""
    from tempfile import TemporaryDirectory

    from index.library import Library

    page = ROOT / "docs" / "configuration.md"
    page.write_text(
        _SETTINGS.sub(lambda _: settings_table(), page.read_text("utf-8")), encoding="utf-8"
    )
    with TemporaryDirectory() as folder:
        library = Library.open(f"{folder}/library")
        library.add([ROOT / "documents"])
        for page in GUIDES:
            place = Path(folder) / page.stem
            shutil.copytree(library.folder, place / ".library")
            os.environ["ASKDOCS_LIBRARY"] = str(place / ".library")
            os.chdir(place)
            write_files(page, place)
            text = _BLOCK.sub(_run_again, page.read_text(encoding="utf-8"))
            os.chdir(ROOT)
            page.write_text(text, encoding="utf-8")


def _run_again(block: re.Match[str]) -> str:
    if block["language"] != "console":
        return block.group()
    parts = []
    for shown in _session(block["body"]):
        _, output = run_command(shown.line)
        parts.append("\n".join([f"$ {shown.line}", *present(shown, output)]))
    return block.group().replace(block["body"], "\n\n".join(parts) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    rewrite()
