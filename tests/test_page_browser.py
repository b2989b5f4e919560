"""Does a first visit go as promised? A real browser on a real server over the sample documents."""

from __future__ import annotations

import os
import re
import signal

import pytest

from assistant import Assistant
from index import Library

pytestmark = pytest.mark.browser

QUESTION = "Who supports Haftar?"
EXOTIC = (
    "The zebra of Grunewald weighs 412\u00a0kilograms, # 1) * <script>alert(1)</script> "
    "<img src=x onerror=alert(2)> $x$ {{value}} ${value} \u05e9\u05dc\u05d5\u05dd "
    "\U0001f469\u200d\U0001f467 said the keeper."
)


@pytest.fixture
def folder(served):
    return served[0]


def test_the_first_screen_says_what_it_does_and_offers_questions(visit, texts):
    """What it does and does not do, privacy, and questions of which one click is answered."""
    visitor = visit()
    page = visitor.page
    words = page.locator("#conversation").inner_text()
    assert "copied exactly from your documents" in words
    assert "does not summarise, translate or guess" in words
    assert "stays on this computer" in words
    starters = page.locator("#conversation .example")
    assert 3 <= starters.count() <= 4
    question = starters.first.inner_text()
    reply = visitor.replies(starters.first.click)
    assert reply.locator(".quotation").count() > 0
    assert texts(page.locator(".question")) == [question]


def test_quotations_are_exact(visit, folder, texts):
    """The text of each quotation on the page equals the answer's quote, byte for byte."""
    reply = visit().ask(QUESTION)
    expected = Assistant.open(folder).ask(QUESTION)
    assert expected.status == "answered"
    shown = texts(reply.locator(".quotation"))
    assert sorted(shown) == sorted(quote.text for quote in expected.quotes)
    assert shown[0] == expected.quotes[0].text


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_citation_opens_its_document_at_the_mark(visit, folder, way):
    """Click or Enter on [1] shows the stored text, the quotation marked, in view and focused."""
    visitor = visit()
    page = visitor.page
    visitor.ask(QUESTION)
    first, second = Assistant.open(folder).ask(QUESTION).quotes[:2]
    chip = page.locator(".answer a.chip").first
    assert first.text in chip.get_attribute("title")
    if way == "mouse":
        chip.click()
    else:
        chip.focus()
        page.keyboard.press("Enter")
    visitor.wait_for_source(first.text)
    stored = Library.open(folder).text(first.document.id)
    assert page.locator(".source-text").evaluate("e => e.textContent") == stored
    visitor.wait_in_view("#hit")
    assert page.evaluate("document.activeElement.closest('#source') !== null")
    assert first.section is None or first.section in page.locator("#source header").inner_text()
    page.click("#source a.next")
    visitor.wait_for_source(second.text)
    visitor.wait_in_view("#hit")
    page.click("#source a.previous")
    visitor.wait_for_source(first.text)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('a.chip')")


def test_ticks_limit_the_search(visit, texts):
    """Only ticked documents are quoted; with none ticked the page says so."""
    visitor = visit()
    visitor.page.click("[data-tick=none]")
    assert "No document is ticked" in visitor.ask(QUESTION).inner_text()
    visitor.tick_only("where-the-accounts-differ.md")
    assert visitor.page.locator(".ticked").inner_text().startswith("1 of ")
    reply = visitor.ask(QUESTION)
    assert set(texts(reply.locator("cite"))) == {"Where the five accounts differ"}


def test_a_refusal_of_some_documents_can_be_widened_to_all(visit, texts):
    """Documents that do not say are counted, and one click searches all the others too."""
    visitor = visit()
    visitor.tick_only("user-guide.md")
    reply = visitor.ask(QUESTION)
    assert "Your selected document does not say." in reply.inner_text()
    assert "Nearest passages" in reply.inner_text()
    everywhere = visitor.replies(reply.locator("[data-deed=again]").click)
    assert "Who supports Haftar" in texts(visitor.page.locator(".question"))[1]
    assert "Where the five accounts differ" in texts(everywhere.locator("cite"))
    assert visitor.page.locator(".ticked").inner_text().startswith("1 of ")


def test_a_follow_up_shows_what_was_searched(visit, texts):
    """A follow-up is completed from the question before it; the completion can be changed."""
    visitor = visit()
    visitor.ask("Who is Mohammed al-Kani?")
    reply = visitor.ask("When was he sanctioned?")
    [searched] = texts(reply.locator(".searched q"))
    assert "Kani" in searched
    reply.locator("[data-deed=edit]").click()
    assert visitor.page.input_value("#question textarea") == searched
    again = visitor.replies(lambda: visitor.page.press("#question textarea", "Enter"))
    assert again.locator(".quotation").count() > 0


def test_dropped_files_are_added_or_refused_and_can_be_removed(visit, folder, tmp_path, texts):
    """A text file is added and answers at once, a bad one is refused; removing removes."""
    good, bad = tmp_path / "bridge.txt", tmp_path / "noise.pdf"
    good.write_text("The bridge of Kiel was closed on 3 May 2024 by the harbour office.\n")
    bad.write_bytes(os.urandom(4000))
    question = "When was the bridge of Kiel closed?"
    visitor = visit()
    page = visitor.page
    visitor.drop(good, bad)
    report = visitor.wait_until_added()
    assert "1 added, 1 refused" in report
    assert re.search(r"bridge\.txt\s+added", report)
    assert re.search(r"noise\.pdf\s+refused: \S+", report)
    row = page.locator('li[data-name="bridge.txt"]')
    assert row.locator("input").is_checked()
    assert texts(visitor.ask(question).locator(".quotation"))[0] == good.read_text().strip()
    assert (folder / "files" / "bridge.txt").is_file()
    assert not (folder / "files" / "noise.pdf").exists()

    good.write_text("The bridge of Kiel was closed on 9 June 2024 by the harbour office.\n")
    visitor.drop(good)
    assert "1 updated" in visitor.wait_until_added("updated")
    page.wait_for_function("!document.querySelector('#conversation').textContent.includes('3 May')")
    assert "9 June" in texts(visitor.ask(question).locator(".quotation"))[0]
    visitor.drop(good)
    assert "1 unchanged" in visitor.wait_until_added("unchanged")

    page.locator('.answer a.chip[title*="9 June"]').first.click()
    page.wait_for_selector("#hit")
    row.locator(".remove").click()
    row.locator("[data-remove=no]").click()
    assert row.count() == 1
    row.locator(".remove").click()
    row.locator("[data-remove=yes]").click()
    row.wait_for(state="detached")
    # Nothing of it stays on the screen: not in the answers of before, not in the source.
    page.wait_for_function("!document.querySelector('#rooms').textContent.includes('9 June')")
    assert "9 June" not in visitor.ask(question).inner_text()
    assert not (folder / "files" / "bridge.txt").exists()


def test_an_exotic_document_is_shown_as_it_is(visit, tmp_path, texts):
    """Markup, formulas, odd spaces, Hebrew and emoji are shown exactly, and nothing runs."""
    file = tmp_path / "# 1) zoo.txt"
    file.write_text(f"{EXOTIC}\n", encoding="utf-8")
    visitor = visit()
    visitor.drop(file)
    visitor.wait_until_added("1 added")
    reply = visitor.ask("How much does the zebra of Grunewald weigh? <b>*x*</b> # $y$")
    assert texts(reply.locator(".quotation"))[0] == EXOTIC
    assert texts(visitor.page.locator(".question"))[0].endswith("<b>*x*</b> # $y$")
    reply.locator("a.chip").first.click()
    visitor.wait_for_source(EXOTIC)
    shown = visitor.page.locator(".source-text").evaluate("e => e.textContent")
    assert shown == f"{EXOTIC}\n"


def test_a_long_addition_leaves_the_chat_usable_and_can_be_cancelled(visit, tmp_path):
    """While files are read, questions are answered; Cancel stops what has not been added."""
    files = []
    for number in range(3):
        sentences = (f"Item {number}-{n} of the inventory costs {n} euros." for n in range(900))
        files.append(tmp_path / f"inventory-{number}.txt")
        files[-1].write_text("\n\n".join(sentences))
    visitor = visit()
    page = visitor.page
    visitor.drop(*files)
    page.wait_for_selector("#cancel")
    page.wait_for_function("document.querySelector('#adding .now')?.textContent.includes('1 of 3')")
    assert visitor.ask(QUESTION).locator(".quotation").count() > 0
    assert " of 3" in page.locator("#adding .now").inner_text()
    page.click("#cancel")
    report = visitor.wait_until_added("Cancelled")
    assert "inventory-2.txt not added, cancelled" in report
    page.wait_for_selector("#cancel", state="hidden")
    assert page.locator('li[data-name="inventory-2.txt"]').count() == 0


def test_a_narrow_window_shows_one_room_below_the_other(visit):
    """On a telephone nothing is wider than the screen, and the source comes below the chat."""
    visitor = visit(width=390, height=844)
    page = visitor.page
    visitor.ask(QUESTION)
    page.locator(".answer a.chip").first.click()
    page.wait_for_selector("#hit")
    visitor.wait_in_view("#hit")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    chat, source = (page.locator(room).bounding_box() for room in ("#chat", "#source"))
    assert source["y"] >= chat["y"] + chat["height"] - 1
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, 0)")
    page.click("#show-documents")
    assert page.locator("#document-list").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#document-list").is_visible()
    page.click("#show-history")
    assert page.locator("#history-menu").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_interrupt_ends_the_server_quietly(browser, start_server, tmp_path):
    """With a page still open, Ctrl-C ends the server and prints no trace."""
    with start_server(tmp_path / "library") as server:
        page = browser.new_page()
        page.goto(server.stdout.readline().strip())
        page.wait_for_selector("#document-list .none")
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert server.stderr.read() == ""
        page.close()
