"""What can be typed after ``askdocs``?"""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_DESCRIPTION = (
    "Answers questions with quotations from your own documents, each cited to its exact place. "
    "Without a command, opens the chat page in the browser."
)
_LIBRARY_HELP = "folder of the library (default: ASKDOCS_LIBRARY, or one in your user data)"


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--library", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=_LIBRARY_HELP
    )
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print JSON and nothing else")

    parser = argparse.ArgumentParser(prog="askdocs", description=_DESCRIPTION, parents=[common])
    parser.add_argument("--version", action="version", version=f"askdocs {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    serve = commands.add_parser("serve", parents=[common], help="serve the chat page")
    serve.add_argument("--host", help="address to serve on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to serve on; 0 picks a free one")
    opening = serve.add_mutually_exclusive_group()
    opening.add_argument("--open", action="store_true", help="open the page in the browser")
    opening.add_argument("--no-open", dest="open", action="store_false", help="do not (default)")
    serve.add_argument(
        "--password-file", type=Path, metavar="FILE", help="file whose first line is the password"
    )

    commands.add_parser(
        "mcp", parents=[common], help="serve the tools of MCP on standard input and output"
    )

    add = commands.add_parser("add", parents=[common, as_json], help="add files and folders")
    add.add_argument("paths", nargs="+", metavar="PATH")
    add.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and change nothing"
    )
    _prune(add)

    watch = commands.add_parser(
        "watch", parents=[common, as_json], help="keep the library in step with folders"
    )
    watch.add_argument("paths", nargs="+", metavar="FOLDER")
    _prune(watch)

    remove = commands.add_parser("remove", parents=[common, as_json], help="remove documents")
    remove.add_argument("names", nargs="+", metavar="NAME")

    commands.add_parser("list", parents=[common, as_json], help="list the documents")

    ask = commands.add_parser("ask", parents=[common, as_json], help="ask a question")
    _question_or_batch(ask, "question", "QUESTION")
    ask.add_argument(
        "--history",
        action="append",
        default=[],
        metavar="EARLIER",
        help="an earlier question of the conversation, oldest first; may be repeated",
    )
    _documents(ask)

    search = commands.add_parser("search", parents=[common, as_json], help="find passages")
    _question_or_batch(search, "query", "QUERY")
    search.add_argument("-k", type=int, default=10, help="number of passages (default: 10)")
    _documents(search)

    verify = commands.add_parser(
        "verify", parents=[common, as_json], help="check the quotations of a saved answer"
    )
    verify.add_argument("file", type=Path, metavar="FILE")

    evaluate = commands.add_parser(
        "eval", parents=[common, as_json], help="measure the answers on question sets"
    )
    evaluate.add_argument("names", nargs="*", metavar="NAME", help="set names or folders")
    evaluate.add_argument("--report", type=Path, metavar="FILE", help="write an HTML report")
    evaluate.add_argument("--limit", type=int, metavar="N", help="ask only N questions of a set")
    said = evaluate.add_mutually_exclusive_group()
    said.add_argument("--pending", action="store_true", help="list what people said on the page")
    said.add_argument("--accept", metavar="ID", help="write a pending case into the set NAME")
    said.add_argument("--dismiss", metavar="ID", help="forget a pending case")
    evaluate.add_argument(
        "--answer", metavar="WORDS", help="with --accept: what is right, as a document has it"
    )

    _archives(commands, [common, as_json])

    doctor = commands.add_parser(
        "doctor", parents=[common, as_json], help="say what works on this machine"
    )
    doctor.add_argument(
        "--deep", action="store_true", help="check every text, place and vector; repair the rest"
    )
    return parser


def _archives(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: list[argparse.ArgumentParser],
) -> None:
    export = commands.add_parser("export", parents=parents, help="write the library as one file")
    export.add_argument("file", type=Path, metavar="FILE")

    importing = commands.add_parser(
        "import", parents=parents, help="make a new library from an exported file"
    )
    importing.add_argument("file", type=Path, metavar="FILE")


def _prune(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--prune",
        action="store_true",
        help="remove the documents of files that are no longer in the folders",
    )


def _question_or_batch(parser: argparse.ArgumentParser, name: str, metavar: str) -> None:
    parser.add_argument(name, nargs="?", metavar=metavar)
    parser.add_argument(
        "--batch",
        type=Path,
        metavar="FILE",
        help=f'JSON lines, each with "{name}" and optionally "id"; one answer a line',
    )


def _documents(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--document",
        dest="documents",
        action="append",
        metavar="NAME",
        help="search only this document; may be repeated",
    )


def _version() -> str:
    try:
        return version("askdocs")
    except PackageNotFoundError:
        return "(not installed)"
