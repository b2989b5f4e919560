"""What is offered after an answer, what can be done with it, and what becomes of a verdict?"""

from __future__ import annotations

import pytest

from eval.accepting import accept
from eval.pending import pending_cases
from eval.question_sets import load_question_set
from index import Library

pytestmark = pytest.mark.browser

QUESTION = "Who supports Haftar?"
OFFERED = "#offers [data-shown=true] .offer"
HOLD = """
    // From now on nothing that the page sends arrives: what is on the screen is what it did itself.
    const real = window.fetch;
    window.fetch = (...given) => String(given[0]?.url ?? given[0]).includes("/queue/join")
        ? new Promise((go) => { window.release = () => go(real(...given)); })
        : real(...given);
"""


@pytest.mark.parametrize("way", ["Enter", "button", "offer"])
def test_offers_go_before_the_next_question_leaves(visit, way):
    """The moment a question is sent, questions offered for the older answer are gone."""
    visitor = visit()
    page = visitor.page
    visitor.ask(QUESTION)
    page.wait_for_selector(OFFERED)
    page.evaluate(HOLD)
    page.fill("#question textarea", "Who is Mohammed al-Kani?")
    if way == "Enter":
        page.press("#question textarea", "Enter")
    elif way == "button":
        page.click("#question .submit-button")
    else:
        page.locator(OFFERED).first.click()
    page.wait_for_function("window.release !== undefined")
    assert page.locator(OFFERED).count() == 0
    assert page.locator("#conversation .question").count() == 1
    visitor.replies(lambda: page.evaluate("window.release()"))
    assert page.locator("#conversation .question").count() == 2


def test_from_an_answer_one_goes_on(visit, texts):
    """Two or three questions are offered after an answer, and each that is taken up is answered."""
    visitor = visit()
    page = visitor.page
    visitor.ask(QUESTION)
    page.wait_for_selector(OFFERED)
    offered = texts(page.locator(OFFERED))
    assert 1 <= len(offered) <= 3
    reply = visitor.replies(page.locator(OFFERED).first.click)
    assert texts(page.locator("#conversation .question")) == [QUESTION, offered[0]]
    assert "answered" in reply.get_attribute("class")
    page.wait_for_function(
        "old => ![...document.querySelectorAll('#offers [data-shown=true] .offer')]"
        ".some(each => each.textContent === old)",
        arg=offered[0],
    )


def test_a_quotation_is_copied_with_its_citation(visit, texts):
    """Copy puts the exact words on the clipboard, and where they come from."""
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    reply = visitor.ask(QUESTION)
    reply.locator("[data-deed=copy]").first.click()
    page.wait_for_function("document.querySelector('[data-deed=copy]').textContent === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{texts(reply.locator('.quotation'))[0]}”\n— ")
    assert texts(reply.locator("cite"))[0] in copied


def judge(visitor, reply, verdict):
    reply.locator(f"[data-verdict={verdict}]").click()
    visitor.page.wait_for_function(
        "verdict => document.querySelector(`[data-verdict=${verdict}]`).ariaPressed === 'true'"
        " && document.querySelector('.noted').textContent !== ''",
        arg=verdict,
    )


def test_a_verdict_becomes_a_question_of_a_set(visit, served, tmp_path):
    """What is said about an answer arrives as a pending case, and can be accepted into a set."""
    folder, _ = served
    library = Library.open(folder)
    visitor = visit()
    reply = visitor.ask(QUESTION)
    judge(visitor, reply, "helpful")
    [case] = pending_cases(folder)
    assert (case.said, case.question) == ("helpful", QUESTION)
    judge(visitor, reply, "wrong_passage")
    reply.locator(".right-words input").fill("Russia")
    reply.locator(".right-words button").click()
    visitor.page.wait_for_selector(".right-words", state="hidden")
    visitor.page.wait_for_function("document.querySelector('.noted').textContent !== ''")
    for _ in range(50):
        [case] = pending_cases(folder)
        if case.answers:
            break
        visitor.page.wait_for_function("new Promise(requestAnimationFrame).then(() => true)")
    assert (case.said, case.answers) == ("wrong_passage", ("Russia",))
    accept(folder, case, library, tmp_path / "mine", None)
    assert pending_cases(folder) == []
    [question] = load_question_set(tmp_path / "mine").questions
    assert question.question == QUESTION
    assert "where-the-accounts-differ.md" in question.gold_documents
