"""How do tests use the page? A real browser on a real server, as a person would.

Set CI=true to make a missing browser a failure instead of a skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SERVE = """
import sys
from pathlib import Path
from index import Settings
from ui.server import serve
serve(Path(sys.argv[1]), Settings(port=int(sys.argv[2])), open_browser=False,
      announce=lambda address: print(address, flush=True))
"""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium():
    """The path of a browser to drive, ``None`` for the one that comes with Playwright."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class Server(subprocess.Popen):
    """A server that never outlives its block: a failed test fails, and waits for nothing."""

    def __exit__(self, kind, *raised):
        """Give an ended server time to close, and end one that goes on."""
        try:
            self.wait(0 if kind else 30)
        except subprocess.TimeoutExpired:
            self.kill()
        super().__exit__(kind, *raised)


def start_server(folder, port=0):
    """Start a server; its address is the first line that it prints."""
    return Server(
        [sys.executable, "-c", SERVE, str(folder), str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Visit:
    """One person's browser: what they do, and what must not happen meanwhile."""

    def __init__(self, browser, address, *, width=1440, height=900, **options):
        self.address = address
        self.hosts, self.dialogs, self.errors = set(), [], []
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page = self.open()

    def open(self):
        """Open the page in a window of its own, as far as it can be used."""
        page = self.context.new_page()
        page.set_default_timeout(90_000)
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.address)
        page.wait_for_selector("#conversation :is(.example, .answer)")
        return page

    def reload(self):
        """Load the page again."""
        self.page.goto(self.address)
        self.page.wait_for_selector("#conversation :is(.example, .answer)")

    def ask(self, question):
        """Type a question, press Enter, and return the element of its answer."""
        self.page.fill("#question textarea", question)
        return self.replies(lambda: self.page.press("#question textarea", "Enter"))

    def replies(self, act):
        """Do what asks a question, and return the element of its answer."""
        page = self.page
        before = page.locator("#conversation .question").count()
        act()
        page.wait_for_function(
            "count => document.querySelectorAll('#conversation :is(.answer, .notice)').length"
            " > count",
            arg=before,
        )
        return page.locator("#conversation :is(.answer, .notice)").nth(before)

    def tick_only(self, name):
        """Leave one document ticked."""
        self.page.click("[data-tick=none]")
        self.page.locator(f'li[data-name="{name}"] input').check()

    def drop(self, *files):
        """Drop files on the page."""
        self.page.set_input_files("#drop input[type=file]", [str(file) for file in files])

    def wait_until_added(self, words="Done"):
        """Wait until the line about an addition has these words; return all it says."""
        self.page.wait_for_function(
            "words => document.querySelector('#adding .now')?.textContent.includes(words)",
            arg=words,
            timeout=90_000,
        )
        return self.page.locator("#adding").inner_text()

    def wait_for_source(self, words):
        """Wait until the source is open at these words, and scrolled there."""
        self.page.wait_for_function(
            "words => document.querySelector('#hit')?.textContent === words", arg=words
        )

    def wait_in_view(self, selector):
        """Wait until every line of an element is seen: in the window, and nothing before it."""
        self.page.wait_for_function(
            """selector => [...document.querySelector(selector).getClientRects()].every(line => {
                const seen = document.elementFromPoint(line.left + line.width / 2, line.top + 5);
                const element = document.querySelector(selector);
                return line.top >= 0 && line.bottom <= innerHeight && element.contains(seen);
            })""",
            arg=selector,
        )

    def close(self):
        """Leave; nothing ran that a document brought, and nothing left the machine."""
        self.context.close()
        assert self.hosts <= {"127.0.0.1", None}
        assert self.dialogs == []
        assert self.errors == []


def texts(locator):
    """The text contents of elements, byte for byte."""
    return locator.evaluate_all("elements => elements.map(element => element.textContent)")
