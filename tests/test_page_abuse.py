"""Does script ever run on the page, wherever it is put? A real browser over a hostile library."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from index import Library

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent
HIT = "window.hasRun = (window.hasRun || 0) + 1"
IMAGE = f"<img src=x onerror='{HIT}'>"
SCRIPT = f"<script>{HIT}</script>"
REMOTE = "<img src=http://192.0.2.1/pixel.png> ![p](http://192.0.2.1/p.png) <svg onload=hasRun()>"
LINK = "[here](javascript:window.hasRun=1) <a href='javascript:window.hasRun=1'>here</a>"
QUESTION = "What does the zebra of Grunewald weigh?"
LINES = [
    {
        "id": f"{IMAGE}{SCRIPT}.txt",
        "title": f"Title {SCRIPT} {IMAGE} '\"><b>",
        "source": f"Source {IMAGE} {LINK}",
        "date": "2021-02-03",
        "text": f"The zebra of Grunewald weighs 412 kilograms {SCRIPT} {IMAGE} {REMOTE} {LINK}.",
    },
    {
        "id": "javascript:window.hasRun=1",
        "title": "{{constructor.constructor('window.hasRun=1')()}} ${window.hasRun=1}",
        "text": f"The zebra of Grunewald weighs 413 kilograms &lt;b&gt; {SCRIPT}.",
    },
]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    place = tmp_path_factory.mktemp("hostile")
    corpus = place / f"{IMAGE.replace('/', '')}.jsonl"
    corpus.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    results = Library.open(place / "library").add([corpus])
    assert {result.status for result in results} == {"added"}
    command = [sys.executable, "-m", "ui", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--library", str(place / "library")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import Error, sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-gpu"]
            )
        except Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"No browser to test the page with: {error}")
        yield started
        started.close()


@pytest.fixture
def page(browser, address):
    """The page; at the end nothing has run, nothing was shown or tried to leave."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    hosts, dialogs = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    yield page
    page.wait_for_timeout(300)
    assert page.evaluate("window.hasRun") is None
    assert dialogs == []
    assert hosts <= {"127.0.0.1", None}
    context.close()


def ask(page, question):
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")


def test_script_in_documents_does_not_run(page):
    """In text, name, title and source it is shown as it stands: list, answer, and source."""
    page.get_by_text("Title <script>").first.wait_for()
    ask(page, QUESTION)
    quotation = page.locator(".quotation").filter(has_text="412 kilograms").first
    quotation.wait_for(state="attached")
    assert quotation.text_content() in LINES[0]["text"]
    page.locator('a[href^="#cite-"]').first.click()
    page.locator("#source mark").first.wait_for()


def test_script_in_a_question_does_not_run(page):
    """A question is shown as it was typed, answered or not."""
    for question in (f"{QUESTION} {IMAGE}", f"{SCRIPT}{IMAGE}{LINK}{REMOTE}"):
        ask(page, question)
        page.locator(".question").filter(has_text=question[:30]).first.wait_for()
        page.wait_for_timeout(1500)


def test_script_in_the_name_of_a_refused_file_does_not_run(page, tmp_path):
    """What is said about a file that cannot be read names the file, and runs nothing."""
    name = f"{IMAGE}.exe"
    (tmp_path / name).write_bytes(b"MZ\x00\x01\x02\x03" * 50)
    page.locator("#drop input[type=file]").set_input_files([str(tmp_path / name)])
    page.locator("#adding").get_by_text("refused").first.wait_for()


def test_an_address_runs_nothing(page, address):
    """What stands behind the address of the page, or of the API, is never run."""
    for path in (f"/?q={IMAGE}", f"/#{SCRIPT}", f"/api/{IMAGE}", f"/api/documents/{IMAGE}/text"):
        page.goto(address + path)
