"""Does a conversation outlive the page, for one person alone, and can it be taken away?"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

from index import Library

pytestmark = pytest.mark.browser

QUESTION = "Who supports Haftar?"
OTHER = "Who is Mohammed al-Kani?"


@pytest.fixture(scope="module")
def library(served):
    """The library of the server, beside it."""
    return Library.open(served[0])


def asked_on(page, texts):
    return texts(page.locator("#conversation .question"))


def wait_for_questions(page, *questions):
    page.wait_for_function(
        "questions => JSON.stringify([...document.querySelectorAll('#conversation .question')]"
        ".map(each => each.textContent)) === JSON.stringify(questions)",
        arg=list(questions),
    )


def test_sessions_do_not_see_each_other(visit, texts):
    """What one person asks or unticks is not shown to another; each has their own list."""
    one, other = visit(), visit()
    one.tick_only("where-the-accounts-differ.md")
    one.ask(QUESTION)
    assert other.page.locator(".question").count() == 0
    other.ask(OTHER)
    assert asked_on(one.page, texts) == [QUESTION]
    for visitor, question, ticked in ((one, QUESTION, "1 of"), (other, OTHER, "10 of")):
        visitor.reload()
        wait_for_questions(visitor.page, question)
        assert visitor.page.locator(".ticked").inner_text().startswith(ticked)
        visitor.page.click("#show-history")
        assert texts(visitor.page.locator("#history-menu .title")) == [question]


def test_a_reload_keeps_the_conversation(visit, texts):
    """After a reload the same quotations stand there, and the next question builds on them."""
    visitor = visit()
    before = texts(visitor.ask(OTHER).locator(".quotation"))
    visitor.reload()
    wait_for_questions(visitor.page, OTHER)
    assert texts(visitor.page.locator(".quotation")) == before
    reply = visitor.ask("When was he sanctioned?")
    assert "Kani" in reply.locator(".searched q").inner_text()
    visitor.page.locator(".answer a.chip").first.click()
    visitor.wait_for_source(before[0])


def test_a_restart_keeps_the_conversation(browser, start_server, new_visit, sample_copy, texts):
    """A server that was stopped and started again shows the conversation as it was."""
    with start_server(sample_copy) as server:
        address = server.stdout.readline().strip()
        visitor = new_visit(browser, address)
        before = texts(visitor.ask(QUESTION).locator(".quotation"))
        server.terminate()
        server.wait(20)
    with start_server(sample_copy, urlsplit(address).port) as server:
        assert server.stdout.readline().strip() == address
        # Not loaded again in its window: that does so itself when its server is back, at any
        # moment, and would break off a load of ours.
        visitor.page.close()
        visitor.page = visitor.open()
        wait_for_questions(visitor.page, QUESTION)
        assert texts(visitor.page.locator(".quotation")) == before
        visitor.ask(OTHER)
        visitor.close()
        server.terminate()


def test_several_conversations(visit, texts):
    """One can begin another conversation, go back to the first, and delete it for good."""
    visitor = visit()
    page = visitor.page
    visitor.ask(QUESTION)
    page.locator(".answer a.chip").first.click()
    page.wait_for_selector("#hit")
    page.click("#anew button")
    page.wait_for_selector("#conversation .example")
    assert page.locator("#hit").count() == 0
    visitor.ask(OTHER)
    page.click("#show-history")
    page.wait_for_function("document.querySelectorAll('#history-menu .title').length === 2")
    assert texts(page.locator("#history-menu .title")) == [OTHER, QUESTION]
    page.locator("#history-menu .open", has_text=QUESTION).click()
    wait_for_questions(page, QUESTION)
    page.click("#show-history")
    row = page.locator("#history-menu li", has_text=QUESTION)
    row.locator(".remove").click()
    row.locator("[data-delete=yes]").click()
    page.wait_for_selector("#conversation .example")
    page.click("#show-history")
    page.wait_for_function("document.querySelectorAll('#history-menu .title').length === 1")
    assert texts(page.locator("#history-menu .title")) == [OTHER]


def test_a_removed_document_is_never_shown_again(visit, served, library, tmp_path, texts):
    """Of a document that was removed elsewhere nothing is shown after a reload, nor kept."""
    words = "The lighthouse of Wismar was painted green on 7 July 2021."
    file = tmp_path / "lighthouse.txt"
    file.write_text(f"{words}\n")
    library.add([file])
    visitor = visit()
    assert texts(visitor.ask("When was the lighthouse painted?").locator(".quotation"))[0] == words
    library.remove(["lighthouse.txt"])
    visitor.reload()
    visitor.page.wait_for_selector(".answer")
    assert "removed or changed" in visitor.page.locator(".answer .lead").inner_text()
    assert words not in visitor.page.content()
    again = visitor.replies(visitor.page.locator("[data-deed=again]").first.click)
    assert words not in again.inner_text()
    for path in served[0].rglob("*"):
        if path.is_file():
            assert b"painted green" not in path.read_bytes(), path


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_a_saved_conversation_passes_its_check(visit, served, form, tmp_path, verify):
    """What is saved holds every quotation exactly; after one changed letter the check fails."""
    visitor = visit()
    page = visitor.page
    visitor.ask(QUESTION)
    visitor.ask("What is the population of Libya?")
    page.click("#show-history")
    with page.expect_download() as downloading:
        page.click(f"[data-save={form}]")
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert file.suffix == {"markdown": ".md", "json": ".json"}[form]
    code, output = verify(file, served[0])
    assert code == 0, output
    count = int(re.match(r"(\d+) of \1 quotations are exact", output)[1])
    assert count == page.locator(".quotation").count()
    if form == "json":
        assert len(json.loads(file.read_text("utf-8"))["turns"]) == 2
    quotation = page.locator(".quotation").first.evaluate("each => each.textContent")
    content = file.read_text("utf-8")
    escaped = json.dumps(quotation, ensure_ascii=False)[1:-1] if form == "json" else quotation
    at = content.rindex(escaped)
    changed = "x" if content[at] != "x" else "y"
    file.write_text(content[:at] + changed + content[at + 1 :], "utf-8")
    code, output = verify(file, served[0])
    assert code == 1
    assert "WRONG" in output
