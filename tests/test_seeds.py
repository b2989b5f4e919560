"""Does the client's first issue get its answers, from the client's own five articles?"""

import pytest

from assistant import Assistant
from index import Library

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def assistant(data, tmp_path_factory):
    """An assistant on the five articles."""
    folder = tmp_path_factory.mktemp("seeds") / "library"
    results = Library.open(folder).add([data / "seeds"])
    assert [result.status for result in results] == ["added"] * 5
    return Assistant.open(folder)


def test_the_reason_that_moscow_gave(assistant):
    """Why the listing was stopped is answered with the wish for more evidence."""
    answer = assistant.ask("What reason did Moscow give for stopping the listing?")
    assert answer.status == "answered"
    assert "evidence" in answer.quotes[0].text


def test_the_countries_behind_haftar(assistant):
    """Both articles that name backers are quoted early, and shown to differ."""
    answer = assistant.ask("Which countries support Haftar?")
    assert answer.status == "answered"
    backers = [
        {word for word in ("Russia", "Egypt", "Emirates") if word in quote.text}
        for quote in answer.quotes
    ]
    articles = [quote.document.name[:3] for quote in answer.quotes]
    early = {article for article, named in list(zip(articles, backers, strict=True))[:3] if named}
    assert early == {"000", "001"}, [quote.text for quote in answer.quotes]
    (difference,) = answer.differences
    accounts = {frozenset(articles[at] for at in value.quotes) for value in difference.values}
    assert accounts == {frozenset({"000"}), frozenset({"001"})}
    assert all(backers[at] for value in difference.values for at in value.quotes)


def test_a_question_full_of_typing_errors(assistant):
    """Misspelt words are mended, and what was searched is shown."""
    answer = assistant.ask("wich side does turky suport")
    assert answer.status == "answered"
    assert "Turkey backs the GNA" in answer.quotes[0].text
    assert answer.searched.lower() == "which side does turkey support"


def test_what_the_commission_is(assistant):
    """The 5+5 commission is found by that name, though the article calls it JMC."""
    answer = assistant.ask("What is the 5+5 commission?")
    assert answer.status == "answered"
    assert "5+5 Joint Military Commission" in answer.quotes[0].text


def test_whom_it_briefed(assistant):
    """The follow-up knows that "it" is the commission."""
    answer = assistant.ask("Whom did it brief?", ["What is the 5+5 commission?"])
    assert "5+5" in answer.searched
    assert answer.status == "answered"
    assert "international community" in answer.quotes[0].text


def test_what_the_articles_do_not_say(assistant):
    """How many people live in Tripoli is not in the articles, and the answer says so."""
    answer = assistant.ask("How many people live in Tripoli?")
    assert answer.status == "not_found"
    assert answer.quotes == ()
    assert answer.text.startswith("Your 5 documents do not say.")
