"""Can everybody use the page: by keyboard alone, with a screen reader, in light and in dark?"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

QUESTION = "Who supports Haftar?"


def serious_faults(page):
    """What axe-core finds, of weight, as lines to read."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_serious_fault(visit, scheme, width):
    """On the first screen, with an answer, its source and the menu open, nothing is in the way."""
    visitor = visit(width=width, color_scheme=scheme)
    page = visitor.page
    assert serious_faults(page) == []
    visitor.ask(QUESTION)
    page.wait_for_selector("#offers [data-shown=true] .offer")
    for summary in page.locator("summary").all():
        summary.click()
    page.locator(".answer a.chip").first.click()
    page.wait_for_selector("#hit")
    page.click("#show-history")
    if width < 1180:
        page.click("#show-documents")
    page.locator("#document-list .remove").first.click()
    assert serious_faults(page) == []


def test_the_keyboard_alone_is_enough(visit):
    """Asking, opening a citation, coming back, unticking and beginning anew need no mouse."""
    visitor = visit()
    page = visitor.page

    def tab_to(selector, most=60):
        for _ in range(most):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"Tab never came to {selector}.")

    tab_to("#question textarea")
    page.keyboard.type(QUESTION)
    visitor.replies(lambda: page.keyboard.press("Enter"))
    page.locator("#conversation").evaluate("each => each.querySelector('a.chip').focus()")
    page.keyboard.press("Enter")
    page.wait_for_selector("#hit")
    page.wait_for_function("document.activeElement.closest('#source') !== null")
    tab_to("#source a.next")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#source .count').textContent.includes('2 of')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('a.chip')")
    tab_to("#show-history", 200)
    page.keyboard.press("Enter")
    tab_to("#history-menu .new")
    page.keyboard.press("Enter")
    page.wait_for_selector("#conversation .example")
    assert page.evaluate("document.activeElement.matches('#question textarea')")


def test_everything_has_a_name(visit):
    """Rooms, buttons and fields say to a screen reader what they are."""
    visitor = visit()
    page = visitor.page
    visitor.ask(QUESTION)
    for room in ("Documents", "Conversation", "Source"):
        assert page.get_by_role("region", name=room, exact=True).count() == 1
    assert page.get_by_role("log").count() == 1
    assert page.get_by_role("textbox", name="Your question").count() == 1
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, a[href], input:not([type=file]), summary")]
           .filter(each => each.checkVisibility({visibilityProperty: true}))
           .filter(each => !(each.ariaLabel || each.textContent.trim() || each.labels?.length
                             || each.title))
           .map(each => each.outerHTML)"""
    )
    assert nameless == []
