"""Does a first visit go as promised? A real browser on a real server over the sample documents.

Set CI=true to make a missing browser a failure instead of a skip.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant import Assistant
from index import Library

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent
SERVE = """
import sys
from pathlib import Path
from index import Settings
from ui.server import serve
serve(Path(sys.argv[1]), Settings(port=0), open_browser=False,
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
QUESTION = "Who supports Haftar?"
EXOTIC = (
    "The zebra of Grunewald weighs 412\u00a0kilograms, # 1) * <script>alert(1)</script> "
    "<img src=x onerror=alert(2)> $x$ {{value}} ${value} \u05e9\u05dc\u05d5\u05dd "
    "\U0001f469\u200d\U0001f467 said the keeper."
)


def chromium():
    """The path of a browser to drive, ``None`` for the one that comes with Playwright."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        except Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"No browser to test the page with: {error}")
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library") / "library"
    results = Library.open(folder).add([ROOT / "documents"])
    assert {result.status for result in results} == {"added"}
    return folder


def start(folder):
    """Start a server; its address is the first line that it prints."""
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def address(folder):
    with start(folder) as server:
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture
def visit(browser, address):
    """Opens the page, and at the end checks that nothing ran and nothing left the machine."""
    contexts = []
    hosts, dialogs, errors = set(), [], []

    def open_page(width=1440, height=900):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#conversation .example")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert hosts <= {"127.0.0.1", None}
    assert dialogs == []
    assert errors == []


def ask(page, question):
    """Type a question, press Enter, and return the element of its answer."""
    before = page.locator("#conversation .question").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    replies = page.locator("#conversation :is(.answer, .notice)")
    page.wait_for_function(
        "count => document.querySelectorAll('#conversation :is(.answer, .notice)').length > count",
        arg=before,
    )
    return replies.nth(before)


def texts(locator):
    return locator.evaluate_all("elements => elements.map(element => element.textContent)")


def wait_for_source(page, words):
    page.wait_for_function(
        "words => document.querySelector('#hit')?.textContent === words", arg=words
    )


def drop(page, *files):
    page.set_input_files("#drop input[type=file]", [str(file) for file in files])


def wait_until_added(page, words="Done"):
    page.wait_for_function(
        "words => document.querySelector('#adding .now')?.textContent.includes(words)",
        arg=words,
        timeout=60_000,
    )
    return page.locator("#adding").inner_text()


def in_view(page, selector):
    """Whether every line of an element can be seen: inside the window, and nothing before it."""
    return page.locator(selector).first.evaluate(
        """element => [...element.getClientRects()].every(line => {
            const seen = document.elementFromPoint(line.left + line.width / 2, line.top + 5);
            return line.top >= 0 && line.bottom <= innerHeight && element.contains(seen);
        })"""
    )


def test_the_first_screen_says_what_it_does_and_offers_questions(visit):
    """What it does and does not do, privacy, and questions of which one click is answered."""
    page = visit()
    words = page.locator("#conversation").inner_text()
    assert "copied exactly from your documents" in words
    assert "does not summarise, translate or guess" in words
    assert "stays on this computer" in words
    starters = page.locator("#conversation .example")
    assert 3 <= starters.count() <= 4
    question = starters.first.inner_text()
    starters.first.click()
    page.wait_for_selector(".answer.answered .quotation")
    assert texts(page.locator(".question")) == [question]


def test_four_starter_questions_of_the_samples_are_answered(folder):
    """The samples answer at least four of the questions that were written for them."""
    from ui.page_starters import starter_questions
    from ui.wording import page_wording

    library, assistant = Library.open(folder), Assistant.open(folder)
    samples = [one for one in library.documents() if Path(one.path).parent.name == "documents"]
    questions = starter_questions(
        samples, page_wording(), lambda question: assistant.ask(question).status == "answered"
    )
    assert len(questions) == 4


def test_quotations_are_exact(visit, folder):
    """The text of each quotation on the page equals the answer's quote, byte for byte."""
    page = visit()
    reply = ask(page, QUESTION)
    expected = Assistant.open(folder).ask(QUESTION)
    assert expected.status == "answered"
    shown = texts(reply.locator(".quotation"))
    assert sorted(shown) == sorted(quote.text for quote in expected.quotes)
    assert shown[0] == expected.quotes[0].text


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_citation_opens_its_document_at_the_mark(visit, folder, way):
    """Click or Enter on [1] shows the stored text, the quotation marked, in view and focused."""
    page = visit()
    ask(page, QUESTION)
    quote = Assistant.open(folder).ask(QUESTION).quotes[0]
    chip = page.locator(".answer a.chip").first
    if way == "mouse":
        chip.click()
    else:
        chip.focus()
        page.keyboard.press("Enter")
    wait_for_source(page, quote.text)
    stored = Library.open(folder).text(quote.document.id)
    assert page.locator(".source-text").evaluate("e => e.textContent") == stored
    assert in_view(page, "#hit")
    assert page.evaluate("document.activeElement.closest('#source') !== null")
    assert quote.section is None or quote.section in page.locator("#source header").inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('a.chip')")


def test_previous_and_next_go_through_the_quotations(visit, folder):
    """From the first quotation one can go to the next, and back."""
    page = visit()
    ask(page, QUESTION)
    first, second = Assistant.open(folder).ask(QUESTION).quotes[:2]
    page.locator(".answer a.chip").first.click()
    wait_for_source(page, first.text)
    page.click("#source a.next")
    wait_for_source(page, second.text)
    page.wait_for_timeout(100)
    assert in_view(page, "#hit")
    page.click("#source a.previous")
    wait_for_source(page, first.text)


def test_ticks_limit_the_search(visit):
    """Only ticked documents are quoted; with none ticked the page says so."""
    page = visit()
    page.click("[data-tick=none]")
    assert "No document is ticked" in ask(page, QUESTION).inner_text()
    row = page.locator('li[data-name="where-the-accounts-differ.md"]')
    row.locator("input").check()
    assert page.locator(".ticked").inner_text().startswith("1 of ")
    reply = ask(page, QUESTION)
    titles = set(texts(reply.locator("cite")))
    assert titles == {"Where the five accounts differ"}


def test_a_follow_up_shows_what_was_searched(visit):
    """A follow-up is completed from the question before it, and the completion is shown."""
    page = visit()
    ask(page, "Who is Mohammed al-Kani?")
    reply = ask(page, "When was he sanctioned?")
    assert "Kani" in reply.locator(".searched q").inner_text()


def test_sessions_do_not_see_each_other(visit):
    """What one visitor asks is not shown to another, and a new conversation begins empty."""
    one, other = visit(), visit()
    ask(one, QUESTION)
    assert other.locator(".question").count() == 0
    ask(other, "Who is Mohammed al-Kani?")
    assert texts(one.locator(".question")) == [QUESTION]
    one.locator(".answer a.chip").first.click()
    one.wait_for_selector("#hit")
    one.click("#anew")
    one.wait_for_selector("#conversation .example")
    assert one.locator(".question").count() == 0
    assert one.locator("#hit").count() == 0


def test_files_are_added_updated_refused_and_removed(visit, folder, tmp_path):
    """Each file gets its own line; a new document answers; a removed one is quoted no more."""
    good, bad = tmp_path / "bridge.txt", tmp_path / "noise.pdf"
    good.write_text("The bridge of Kiel was closed on 3 May 2024 by the harbour office.\n")
    bad.write_bytes(os.urandom(4000))
    question = "When was the bridge of Kiel closed?"
    page = visit()
    drop(page, good, bad)
    report = wait_until_added(page)
    assert "1 added, 1 refused" in report
    assert re.search(r"bridge\.txt\s+added", report)
    assert re.search(r"noise\.pdf\s+refused: \S+", report)
    row = page.locator('li[data-name="bridge.txt"]')
    assert row.locator("input").is_checked()
    assert texts(ask(page, question).locator(".quotation"))[0] == good.read_text().strip()
    assert (folder / "files" / "bridge.txt").is_file()
    assert not (folder / "files" / "noise.pdf").exists()

    good.write_text("The bridge of Kiel was closed on 9 June 2024 by the harbour office.\n")
    drop(page, good)
    assert "1 updated" in wait_until_added(page, "updated")
    assert "9 June" in texts(ask(page, question).locator(".quotation"))[0]
    drop(page, good)
    assert "1 unchanged" in wait_until_added(page, "unchanged")

    row.locator(".remove").click()
    row.locator("[data-remove=no]").click()
    assert row.count() == 1
    row.locator(".remove").click()
    row.locator("[data-remove=yes]").click()
    row.wait_for(state="detached")
    assert "9 June" not in ask(page, question).inner_text()
    assert not (folder / "files" / "bridge.txt").exists()
    page.locator('.answer a.chip[title*="9 June"]').first.click()
    page.wait_for_selector("#source .remark")
    assert "no longer in the library" in page.locator("#source").inner_text()


def test_an_exotic_document_is_shown_as_it_is(visit, tmp_path):
    """Markup, formulas, odd spaces, Hebrew and emoji are shown exactly, and nothing runs."""
    file = tmp_path / "# 1) zoo.txt"
    file.write_text(f"{EXOTIC}\n", encoding="utf-8")
    page = visit()
    drop(page, file)
    wait_until_added(page, "1 added")
    reply = ask(page, "How much does the zebra of Grunewald weigh? <b>*x*</b> # $y$")
    assert texts(reply.locator(".quotation"))[0] == EXOTIC
    assert texts(page.locator(".question"))[0].endswith("<b>*x*</b> # $y$")
    reply.locator("a.chip").first.click()
    wait_for_source(page, EXOTIC)
    assert page.locator(".source-text").evaluate("e => e.textContent") == f"{EXOTIC}\n"


def test_a_long_addition_leaves_the_chat_usable_and_can_be_cancelled(visit, tmp_path):
    """While a large file is read, questions are answered; Cancel stops what has not been added."""
    files = []
    for number in range(3):
        sentences = (f"Item {number}-{n} of the inventory costs {n} euros." for n in range(2500))
        files.append(tmp_path / f"inventory-{number}.txt")
        files[-1].write_text("\n\n".join(sentences))
    page = visit()
    drop(page, *files)
    page.wait_for_selector("#cancel")
    page.wait_for_function("document.querySelector('#adding .now')?.textContent.includes('1 of 3')")
    started = time.monotonic()
    assert ask(page, QUESTION).locator(".quotation").count() > 0
    assert time.monotonic() - started < 15
    assert "1 of 3" in page.locator("#adding .now").inner_text()
    page.click("#cancel")
    report = wait_until_added(page, "Cancelled")
    assert "inventory-2.txt not added, cancelled" in report
    page.wait_for_selector("#cancel", state="hidden")
    assert page.locator('li[data-name="inventory-2.txt"]').count() == 0


def test_a_narrow_window_shows_one_room_below_the_other(visit):
    """On a telephone nothing is wider than the screen, and the source comes below the chat."""
    page = visit(390, 844)
    ask(page, QUESTION)
    page.locator(".answer a.chip").first.click()
    page.wait_for_selector("#hit")
    page.wait_for_timeout(100)
    assert in_view(page, "#hit")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    chat, source = (page.locator(room).bounding_box() for room in ("#chat", "#source"))
    assert source["y"] >= chat["y"] + chat["height"] - 1
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, 0)")
    page.click("#show-documents")
    assert page.locator("#document-list").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#document-list").is_visible()


def test_an_interrupt_ends_the_server_quietly(browser, tmp_path):
    """With a page still open, Ctrl-C ends the server within seconds and prints no trace."""
    with start(tmp_path / "library") as server:
        page = browser.new_page()
        page.goto(server.stdout.readline().strip())
        page.wait_for_selector("#document-list .none")
        started = time.monotonic()
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert time.monotonic() - started < 10
        assert server.stderr.read() == ""
        page.close()
