"""Does the page show words as they are? Rendering of answers and of the source pane."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Answer, Difference, Inference, Quote, Value, Version
from index.models import DocumentInfo
from ui.page_answer import Searched, answer_html
from ui.page_source import Citation, empty_source_html, source_html, window_around
from ui.rendering import (
    confidence_words,
    date_words,
    escape,
    main_indices,
    quotation_html,
    quote_html,
)
from ui.wording import page_wording

WORDING = page_wording()
HOSTILE = (
    '# 1) * <script>alert("1")</script> & $x$ \'quoted\' a\u00a0b\r\n\tשלום "مرحبا" 👩‍👩‍👧 '
    "&amp; &lt;b&gt; {{value}} ${value} `code` | [1](javascript:alert(1)) \\\\ \u202eabc\u202c"
)


def document(title: str = "A title", name: str = "a.txt") -> DocumentInfo:
    return DocumentInfo(
        id="0" * 16, name=name, title=title, source=None, published="2020-11-21", sha256="0" * 64
    )


def quote(text: str, start: int = 0, highlight: tuple[int, int] | None = None, **more) -> Quote:
    fields = {"document": document(), "page": None, "section": None, "support": (), **more}
    return Quote(text=text, start=start, end=start + len(text), highlight=highlight, **fields)


def answer(*quotes: Quote, **more) -> Answer:
    fields = {
        "question": "What?",
        "status": "answered",
        "text": "It says.",
        "rule": "answered.one",
        "confidence": 0.9,
        "quotes": quotes,
        "nearest": (),
        "searched": "What?",
        "differences": (),
        "inferred": (),
        "version": Version(askdocs="0", library="abc", model="m"),
        **more,
    }
    return Answer(**fields)


def shown(answered: Answer) -> str:
    return answer_html(answered, 1, WORDING, Searched(2, 2))


def text_of(markup: str) -> str:
    """What a browser would give as the text content of an element."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def quotations(markup: str) -> list[str]:
    found = re.findall(r'<blockquote class="quotation"[^>]*>(.*?)</blockquote>', markup, re.DOTALL)
    return [text_of(each) for each in found]


class TestEscape:
    @given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
    def test_every_text_comes_back(self, text):
        """Stripping nothing and unescaping gives the text again, whatever it is."""
        # html.unescape follows browsers in turning some control characters' references into
        # others; ours are never written as references, except the carriage return.
        assert html.unescape(escape(text)) == text

    @given(st.text())
    def test_no_tag_survives(self, text):
        """No character that opens or closes a tag or an attribute is left."""
        assert not re.search(r"[<>\"']", escape(text))


class TestQuotation:
    def test_it_is_exactly_the_quote(self):
        """Stripped of tags and unescaped, a quotation is the quote's text, byte for byte."""
        assert text_of(quotation_html(quote(HOSTILE))) == HOSTILE

    def test_the_mark_changes_nothing(self):
        """A marked quotation has the same text, and the mark holds the highlight alone."""
        found = quote(HOSTILE, start=100, highlight=(105, 120))
        markup = quotation_html(found)
        assert text_of(markup) == HOSTILE
        inside = re.search(r"<mark>(.*?)</mark>", markup, re.DOTALL)
        assert inside is not None
        assert html.unescape(inside[1]) == HOSTILE[5:20]

    def test_a_highlight_outside_the_quote_is_not_marked(self):
        """Offsets that do not lie in the quote mark nothing, and lose nothing."""
        assert text_of(quotation_html(quote("abc", highlight=(2, 9)))) == "abc"


class TestAnswer:
    def test_nothing_of_a_document_becomes_markup(self):
        """Text, title, name, source, section and question are shown, never run."""
        hostile = DocumentInfo(
            id="0" * 16,
            name=HOSTILE,
            title=HOSTILE,
            source=HOSTILE,
            published=HOSTILE,
            sha256="0" * 64,
        )
        found = quote(HOSTILE, document=hostile, section=HOSTILE, page=3)
        markup = shown(answer(found, question=HOSTILE, searched=HOSTILE + "?", text=HOSTILE))
        assert "<script" not in markup
        assert HOSTILE in text_of(markup)
        assert quotations(markup) == [HOSTILE]

    def test_main_quotes_stand_in_the_open(self):
        """The first, its support and the differing ones are open, the others folded away."""
        quotes = [quote(f"Sentence {n}.", support=(2,) if n == 0 else ()) for n in range(5)]
        difference = Difference(
            values=(Value(text="zero", quotes=(0,)), Value(text="four", quotes=(4,)))
        )
        answered = answer(*quotes, differences=(difference,))
        assert main_indices(answered) == [0, 2, 4]
        for rule in ("mentions.many", "several.found", "comparison.many"):
            assert main_indices(answered.model_copy(update={"rule": rule})) == [0, 1, 2, 3, 4]
        before, _, folded = shown(answered).partition('<details class="weaker">')
        assert quotations(before) == ["Sentence 0.", "Sentence 2.", "Sentence 4."]
        assert quotations(folded) == ["Sentence 1.", "Sentence 3."]
        assert "2 weaker passages" in folded

    def test_differing_values_link_to_their_quotes(self):
        """Values that differ are listed side by side, each with the citations that give it."""
        difference = Difference(
            values=(Value(text="04:12", quotes=(0,)), Value(text="4:30", quotes=(1,)))
        )
        markup = shown(answer(quote("a"), quote("b"), differences=(difference,)))
        listed = markup[markup.index('class="differ"') :]
        assert re.search(r"04:12</span> <a [^>]*#cite-1-1", listed)
        assert re.search(r"4:30</span> <a [^>]*#cite-1-2", listed)

    def test_differences_are_said_once(self):
        """When the template's line lists the values, they are not listed again."""
        difference = Difference(
            values=(Value(text="04:12", quotes=(0,)), Value(text="4:30", quotes=(1,)))
        )
        text = "Sources differ: 04:12 [1], 4:30 [2]."
        markup = shown(answer(quote("a"), quote("b"), text=text, differences=(difference,)))
        assert 'class="differ"' not in markup
        lead = markup[: markup.index("<ol")]
        assert 'href="#cite-1-1"' in lead
        assert 'href="#cite-1-2"' in lead

    @pytest.mark.parametrize(
        ("texts", "words"),
        [
            (("It closed.", "It was shut.", "It closed."), "3 documents, 2 with the same wording."),
            (("It closed.", "It closed."), "2 documents, all with the same wording."),
            (("It closed.", "It was shut."), "2 documents, each with its own wording."),
        ],
    )
    def test_agreement_counts_documents_and_wordings(self, texts, words):
        """Beside the first quotation it is said how many documents say so, and in whose words."""
        others = tuple(range(1, len(texts)))
        quotes = [
            quote(
                text,
                support=others if at == 0 else (),
                document=document().model_copy(update={"id": f"{at:016d}"}),
            )
            for at, text in enumerate(texts)
        ]
        assert words in text_of(shown(answer(*quotes)))
        assert "documents," not in text_of(
            shown(answer(quotes[0].model_copy(update={"support": ()})))
        )

    def test_a_selection_that_does_not_say_can_be_widened(self):
        """Where some documents were left out, a refusal offers to search all of them."""
        refused = answer(status="not_found", nearest=(quote("Something else."),))
        markup = answer_html(refused, 3, WORDING, Searched(2, 12))
        assert 'data-deed="again" data-all="true">Search all 12 documents' in markup
        assert "Search all" not in shown(refused)

    def test_a_long_quotation_folds_and_stays_whole(self):
        """A long quotation may fold on the screen, unless that would hide what is marked in it."""
        text = "One word after another. " * 60
        near, far = quote(text, highlight=(0, 8)), quote(text, highlight=(900, 908))
        assert 'class="quotation folded"' in quote_html(1, 0, near, WORDING)
        assert text_of(quotation_html(near, folds=True)) == text
        assert "folded" not in quote_html(1, 0, far, WORDING)

    def test_every_answer_asks_whether_it_was_right(self):
        """An answer and a refusal are judged in other words; a reply not at all."""
        verdicts = re.findall(r'data-verdict="(\w+)"', shown(answer(quote("a"))))
        assert verdicts == ["helpful", "wrong_passage", "should_not_answer"]
        refused = shown(answer(status="not_found", nearest=(quote("a"),)))
        assert re.findall(r'data-verdict="(\w+)"', refused) == ["rightly_refused", "missed"]
        assert "data-verdict" not in shown(answer(status="reply"))

    def test_an_inference_is_no_part_of_a_quote(self):
        """What a weekday means is said below, never inside a quotation."""
        inferred = (Inference(quote=0, text="Wednesday", means="2020-11-25"),)
        markup = shown(answer(quote("On Wednesday."), inferred=inferred))
        assert quotations(markup) == ["On Wednesday."]
        assert "“Wednesday” in [1] means 25 November 2020" in text_of(markup)

    def test_a_refusal_offers_nearest_passages_as_such(self):
        """Without an answer, the nearest passages are labelled, and nothing in them is marked."""
        near = quote("Something else.", highlight=(0, 9))
        markup = shown(answer(status="not_found", nearest=(near,), confidence=0.2))
        assert "Nearest passages" in markup
        assert "<mark>" not in markup
        assert quotations(markup) == ["Something else."]
        assert "match</span>" not in markup

    def test_a_changed_question_is_shown(self):
        """The completed question is shown when it is not the one that was typed."""
        assert "Searched for:" in shown(answer(quote("a"), searched="When was that, in May?"))
        assert "Searched for:" not in shown(answer(quote("a")))

    def test_a_reply_claims_no_search(self):
        """Small talk has neither a confidence nor a search to explain."""
        markup = shown(answer(status="reply", text="Hello."))
        assert "<details" not in markup
        assert "match</span>" not in markup

    def test_all_mentions_are_open(self):
        """In a list of mentions no quote counts as weaker."""
        markup = shown(answer(*[quote(f"m{n}") for n in range(4)], rule="mentions.many"))
        assert "weaker" not in markup


class TestWords:
    @pytest.mark.parametrize(
        ("confidence", "words"),
        [
            (0.75, "clear match"),
            (0.74, "likely match"),
            (0.5, "likely match"),
            (0.49, "possible match"),
        ],
    )
    def test_confidence_is_said_in_words(self, confidence, words):
        """Confidence is said in three words, with fixed borders."""
        assert confidence_words(confidence, WORDING) == words

    @pytest.mark.parametrize(
        ("iso", "words"),
        [
            ("2020-11-21", "21 November 2020"),
            ("2020-11", "November 2020"),
            ("2020", "2020"),
            ("2020-13", "2020-13"),
            ("soon", "soon"),
        ],
    )
    def test_dates_are_as_precise_as_they_are_known(self, iso, words):
        """A date is written as people do, and what is no date stays as it is."""
        assert date_words(iso) == words


def source_text(markup: str) -> str:
    found = re.search(r'<div class="source-text"[^>]*>(.*)</div>', markup, re.DOTALL)
    assert found is not None
    return text_of(found[1].split("</div>")[0])


def hit_text(markup: str) -> str:
    found = re.search(r'<mark id="hit">(.*?)</mark>', markup, re.DOTALL)
    assert found is not None
    return text_of(found[1])


class TestSource:
    def test_the_document_is_whole_and_marked_at_the_quote(self):
        """The pane shows the stored text unchanged; the mark holds just the quote."""
        stored = f"{HOSTILE}\n\nHere it is: {HOSTILE}\nEnd.\n"
        start = stored.index("it is")
        found = quote("it is: #", start=start, highlight=(start, start + 2), section="<b>One</b>")
        markup = source_html(Citation(answer(found), 1, 0), stored, WORDING, opened=7)
        assert source_text(markup) == stored
        assert hit_text(markup) == "it is: #"
        assert "Section: &lt;b&gt;One&lt;/b&gt;" in markup
        assert 'data-opened="7"' in markup

    def test_previous_and_next_stay_within_the_answer(self):
        """From the first quote there is no previous, from the last no next."""
        answered = answer(quote("a"), quote("a"), quote("a"))
        first, middle, last = (
            source_html(Citation(answered, 4, at), "a", WORDING, opened=0) for at in range(3)
        )
        assert re.findall(r'href="(#[^"]*)"', first) == ["#cite-4-2"]
        assert re.findall(r'href="(#[^"]*)"', middle) == ["#cite-4-1", "#cite-4-3"]
        assert re.findall(r'href="(#[^"]*)"', last) == ["#cite-4-2"]

    def test_a_long_document_is_shown_around_the_quote(self):
        """Of a long document the pane shows a part that holds the quote, and says so."""
        stored = "x" * 300_000 + "found" + "y" * 300_000
        markup = source_html(
            Citation(answer(quote("found", start=300_000)), 1, 0), stored, WORDING, opened=0
        )
        assert hit_text(markup) == "found"
        assert len(source_text(markup)) < 100_000
        assert "before character 270,000 of 600,005" in markup
        assert "after character 330,005 of 600,005" in markup

    @given(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(0, 10**6))
    def test_the_window_always_holds_the_quote(self, before, length, after):
        """Whatever the lengths, the quote lies inside the window, and the window in the text."""
        total = before + length + after
        first, last = window_around(before, before + length, total)
        assert 0 <= first <= before
        assert before + length <= last <= total

    def test_a_removed_document_is_said_to_be_removed(self):
        """Nothing of it is shown any more, not even the quotation that was open."""
        citation = Citation(answer(quote("Gone.")), 1, 0)
        markup = source_html(citation, None, WORDING, opened=0)
        assert "no longer in the library" in markup
        assert "Gone." not in markup
        assert "A title" not in markup

    def test_a_changed_document_is_not_marked_at_a_wrong_place(self):
        """Where the stored text is another by now, nothing is marked."""
        markup = source_html(Citation(answer(quote("Old.")), 1, 0), "New.", WORDING, opened=0)
        assert "has changed" in markup
        assert 'id="hit"' not in markup
        assert "Old." not in markup

    def test_the_empty_pane_says_what_it_is_for(self):
        """Before a citation was opened the pane explains itself."""
        assert "Choose a citation" in empty_source_html(WORDING)
