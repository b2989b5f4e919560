"""Are the measures what their definitions say? Every figure here was worked out by hand."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Answer, Quote, Version
from eval.confidence import auroc, calibration_bins, calibration_error, refusal_curve
from eval.gold import can_be_judged, is_right, right_rank, span_f1
from eval.judgements import judge
from eval.measures import measure, percentile
from eval.normal_text import best_f1, holds, normalise, token_f1, weighty_f1, weighty_words
from eval.question_sets import EvalQuestion
from eval.ranking import distinct, ndcg, reciprocal_rank
from eval.records import Record
from index.models import DocumentInfo

STORED = "The militia fled. Kani was shot dead in Benghazi on 24 July 2021 by gunmen, it is said."
SENTENCE = STORED[18:]  # 69 characters: long enough to count as an evidence sentence


def quote(text=SENTENCE, name="a.md", start=18, highlight=None):
    """Make a quote of a document."""
    document = DocumentInfo(
        id=f"id-{name}", name=name, title="A", source=None, published=None, sha256="0" * 64
    )
    return Quote(
        text=text,
        start=start,
        end=start + len(text),
        highlight=highlight,
        document=document,
        page=None,
        section=None,
        support=(),
    )


def answer(*quotes, status="answered", confidence=0.5, searched="q"):
    """Make an answer with these quotes, or for a refusal these nearest passages."""
    return Answer(
        question="q",
        status=status,
        text="",
        rule="",
        confidence=confidence,
        quotes=quotes if status == "answered" else (),
        nearest=quotes if status == "not_found" else (),
        searched=searched,
        differences=(),
        inferred=(),
        version=Version(askdocs="0", library="0", model="0"),
    )


def gold(answers=("24 July 2021",), evidence=None, answerable=True, **others):
    """Make a question with one evidence sentence, or an unanswerable one without."""
    if evidence is None:
        evidence = [{"doc_id": "a.md", "text": SENTENCE, "start": 18, "end": len(STORED)}]
    return EvalQuestion(
        id=others.pop("id", "1"),
        question="When?",
        answerable=answerable,
        answers=answers if answerable else (),
        evidence=evidence if answerable else (),
        **others,
    )


class TestNormalText:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("The  U.S.'\n budget", "us budget"),
            ("“Silence”, a note — said…", "silence note said"),
            ("An anathema to the theatre", "anathema to theatre"),
            ("the a an", ""),
            ("$1,000", "1000"),
        ],
    )
    def test_normalise(self, text, expected):
        """Case, punctuation of any script, whole articles and spare spaces do not count."""
        assert normalise(text) == expected

    def test_holds_whole_words_only(self):
        """An answer is found as whole words: 'Iran' is not in 'Tirana', nor '2' in '2020'."""
        assert holds("He fled to Iran.", "iran")
        assert not holds("He fled to Tirana.", "Iran")
        assert not holds("In 2020.", "2")

    def test_nothing_is_held_nowhere(self):
        """An answer that is empty in normal form is never found."""
        assert not holds("The end", "the")
        assert not holds("The end", "")
        assert not holds("The", "a")

    def test_token_f1(self):
        """F1 is the harmonic mean of precision and recall of the words, repeats counted."""
        # 'july 2021' against '24 july 2021': p = 2/2, r = 2/3, F1 = 2·1·(2/3)/(5/3) = 0.8
        assert token_f1("July 2021", "24 July 2021") == pytest.approx(0.8)
        # 'no no' against 'no': shared 1, p = 1/2, r = 1, F1 = 2/3
        assert token_f1("no no", "no") == pytest.approx(2 / 3)
        assert token_f1("the", "a") == 1
        assert token_f1("x", "a") == 0

    def test_best_f1(self):
        """The gold answer that fits best counts."""
        assert best_f1("July 2021", ["2019", "24 July 2021", "July 2021"]) == 1
        assert best_f1("July 2021", []) == 0

    def test_weighty_words(self):
        """Function words, question words and possessives are dropped."""
        assert weighty_words("When did Zappa's band, the Mothers, disband?") == {
            "zappa",
            "band",
            "mothers",
            "disband",
        }

    def test_weighty_f1(self):
        """Follow-up resolution is scored on the distinct weighty words."""
        # searched {disband, mothers}; rewrite {zappa, mothers, invention, disband}:
        # p = 2/2, r = 2/4, F1 = 2/3
        rewrite = "When did Zappa and the Mothers of Invention disband?"
        assert weighty_f1("disband Mothers, Mothers", rewrite) == pytest.approx(2 / 3)
        assert weighty_f1(rewrite, rewrite) == 1
        # 'When did they disband?' has {disband}: p = 1, r = 1/4, F1 = 0.4
        assert weighty_f1("When did they disband?", rewrite) == pytest.approx(0.4)


class TestRightQuotes:
    def test_gold_answer_in_gold_document(self):
        """A quote that holds a gold answer in a gold document is right, whatever it overlaps."""
        assert is_right(quote("It was on 24 July, 2021.", start=900), gold())

    def test_gold_answer_in_another_document(self):
        """The same words in a document that is not gold are not right."""
        assert not is_right(quote(name="b.md"), gold())

    def test_overlap_with_an_evidence_sentence(self):
        """Without the answer's words, one shared character of an evidence sentence is enough."""
        assert is_right(quote("The militia fled. K", start=0), gold(answers=("yes",)))
        assert not is_right(quote("The militia fled. ", start=0), gold(answers=("yes",)))
        assert not is_right(quote("And more.", start=len(STORED)), gold(answers=("yes",)))

    def test_short_evidence_proves_nothing(self):
        """Evidence of 40 characters is a bare answer: to overlap it is not enough; 41 is."""
        for length, expected in ((40, False), (41, True)):
            evidence = [{"doc_id": "a.md", "text": "x" * length, "start": 18, "end": 18 + length}]
            assert is_right(quote(), gold(answers=("none",), evidence=evidence)) is expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Kani was shot dead in Benghazi", True),  # the evidence holds the quote
            (f"So: {SENTENCE} And more.", True),  # the quote holds the evidence
            ("The militia fled. Kani was shot", False),  # neither, though they overlap
        ],
    )
    def test_evidence_without_offsets(self, text, expected):
        """Where evidence has no place, one text must hold the other."""
        question = gold(answers=("yes",), evidence=[{"doc_id": "a.md", "text": SENTENCE}])
        assert is_right(quote(text), question) is expected

    def test_evidence_of_another_document_at_the_same_offsets(self):
        """Offsets are compared within one document."""
        evidence = [
            {"doc_id": "a.md", "text": ""},
            {"doc_id": "b.md", "text": SENTENCE, "start": 18, "end": len(STORED)},
        ]
        assert not is_right(quote(), gold(answers=("yes",), evidence=evidence))

    def test_unanswerable_questions_have_no_right_quote(self):
        """No quote answers a question that the documents do not answer."""
        assert not is_right(quote(), gold(answerable=False))

    def test_rank_is_of_the_ranking_alone(self):
        """A refusal is judged on its nearest passages; beyond the third, nothing counts."""
        wrong, right = quote("Nothing.", start=0), quote()
        assert right_rank(answer(wrong, right), gold()) == 2
        assert right_rank(answer(wrong, right, status="not_found"), gold()) == 2
        assert right_rank(answer(wrong, wrong, right), gold()) == 3
        assert right_rank(answer(wrong, wrong, wrong, right), gold()) is None
        assert right_rank(answer(), gold()) is None

    def test_what_cannot_be_judged(self):
        """A question that names a document alone has no right quote to be found."""
        assert not can_be_judged(gold(answers=(), evidence=[{"doc_id": "a.md", "text": ""}]))
        assert can_be_judged(gold(answers=()))
        assert can_be_judged(gold(evidence=[{"doc_id": "a.md", "text": ""}]))
        assert not can_be_judged(gold(answerable=False))

    def test_span_f1(self):
        """The highlight is compared with the gold answers, at its offsets in the document."""
        start = STORED.index("July 2021")
        marked = quote(highlight=(start, start + len("July 2021")))
        assert span_f1(answer(marked), gold()) == pytest.approx(0.8)
        assert span_f1(answer(marked, status="not_found"), gold()) == pytest.approx(0.8)

    def test_span_f1_without_a_highlight(self):
        """A right quote without a highlight scores 0; a wrong one is not compared."""
        assert span_f1(answer(quote()), gold()) == 0
        assert span_f1(answer(quote(name="b.md")), gold()) is None
        assert span_f1(answer(quote()), gold(answers=())) is None
        assert span_f1(answer(), gold()) is None


class TestRanking:
    def test_distinct(self):
        """A document counts where it comes first."""
        assert distinct("abacb") == ("a", "b", "c")

    def test_reciprocal_rank_counts_documents_not_passages(self):
        """Three passages of one document take one place."""
        assert reciprocal_rank(["a", "a", "a", "b"], {"b"}) == 1 / 2
        assert reciprocal_rank(["a"], {"b"}) == 0

    def test_cut_at_ten_documents(self):
        """The tenth document counts, the eleventh does not."""
        names = [str(number) for number in range(11)]
        assert reciprocal_rank(names, {"9"}) == 1 / 10
        assert reciprocal_rank(names, {"10"}) == 0
        assert ndcg(names, {"10"}) == 0

    def test_ndcg_worked_example(self):
        """Two of three gold documents at ranks 1 and 4."""
        # DCG = 1/log2(2) + 1/log2(5) = 1 + 0.430677 = 1.430677
        # ideal = 1 + 1/log2(3) + 1/log2(4) = 1 + 0.630930 + 0.5 = 2.130930
        # and 1.430677 by 2.130930 is 0.671386
        assert ndcg(["g", "x", "y", "h"], {"g", "h", "i"}) == pytest.approx(0.671386, abs=1e-6)
        assert ndcg(["h", "g"], {"g", "h"}) == 1

    def test_ndcg_of_more_gold_than_places(self):
        """With twelve gold documents, ten of them in ten places are perfect."""
        names = [str(number) for number in range(12)]
        assert ndcg(names, set(names)) == pytest.approx(1)
        ideal = sum(1 / log2(rank + 1) for rank in range(1, 11))
        assert ndcg(names[:1], set(names)) == pytest.approx(1 / ideal)


class TestConfidence:
    def test_auroc_worked_example(self):
        """Wins count 1, ties a half, over all pairs."""
        # pairs (.9,.5) 1, (.9,.1) 1, (.5,.5) 1/2, (.5,.1) 1, (.3,.5) 0, (.3,.1) 1: 4.5 of 6
        assert auroc([0.9, 0.5, 0.3], [0.5, 0.1]) == 0.75

    def test_auroc_needs_both_classes(self):
        """Without a class there is nothing to tell apart."""
        assert auroc([], [0.1]) is None
        assert auroc([0.1], []) is None

    @given(
        st.lists(st.integers(0, 8).map(lambda n: n / 8), min_size=1, max_size=30),
        st.lists(st.integers(0, 8).map(lambda n: n / 8), min_size=1, max_size=30),
    )
    def test_auroc_against_every_pair(self, positives, negatives):
        """The sorted count equals the count over all pairs."""
        wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
        assert auroc(positives, negatives) == pytest.approx(
            wins / (len(positives) * len(negatives)), abs=1e-12
        )

    def test_calibration_worked_example(self):
        """Two bins: two questions at .8 and .9 (one each), two in the first, none right."""
        # bin .0-.1: .05 and .09, mean .07, right 0 -> .07, weight 2/4
        # bin .8-.9: .80, right 1 -> .20, weight 1/4; bin .9-1: .95, right 0 -> .95, weight 1/4
        # .035 + .05 + .2375 = .3225
        confidences, rights = [0.05, 0.09, 0.8, 0.95], [False, False, True, False]
        assert calibration_error(confidences, rights) == pytest.approx(0.3225)

    def test_calibration_of_perfect_and_absent(self):
        """Certain and right is 0, certain and wrong is 1, nothing is None."""
        assert calibration_error([1.0, 0.0], [True, False]) == 0
        assert calibration_error([1.0, 0.0], [False, True]) == 1
        assert calibration_error([], []) is None

    def test_bins_hold_every_question_once(self):
        """Bins are closed below and open above; 1.0 is in the last."""
        bins = calibration_bins([0.0, 0.1, 0.1999, 0.5, 1.0], [True] * 5)
        assert [b.count for b in bins] == [1, 2, 0, 0, 0, 1, 0, 0, 0, 1]
        assert (bins[1].lower, bins[1].upper) == (0.1, 0.2)
        assert bins[1].confidence == pytest.approx(0.14995)
        assert bins[1].right == 1

    def test_refusal_curve(self):
        """At a threshold equal to a confidence, that question is answered."""
        curve = refusal_curve([0.5, 1.0], [0.25, 0.5, 0.0, 0.75], steps=4)
        assert [point.threshold for point in curve] == [0, 0.25, 0.5, 0.75, 1]
        assert [point.false_answers for point in curve] == [1, 0.75, 0.5, 0.25, 0]
        assert [point.false_refusals for point in curve] == [0, 0, 0, 0.5, 0.5]
        assert refusal_curve([0.5], []) == ()


class TestPercentile:
    def test_nearest_rank(self):
        """The 95th percentile of 20 values is the 19th, of 21 the 20th; the 50th of 4 the 2nd."""
        assert percentile([float(n) for n in range(20, 0, -1)], 95) == 19
        assert percentile([float(n) for n in range(1, 22)], 95) == 20
        assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2
        assert percentile([7.0], 50) == 7
        assert percentile([], 50) is None


def judged(question, given_answer, **others):
    """Judge an answer by way of its record."""
    record = Record(
        id=question.id,
        searched=given_answer.searched if given_answer else others.pop("searched"),
        answer=given_answer,
        **{"milliseconds": 1.0, **others},
    )
    return judge(question, record)


class TestMeasures:
    def test_a_small_set(self):
        """Every figure of a set of six questions, worked out by hand."""
        start = STORED.index("24 July")
        right = quote(highlight=(start, start + 12))  # '24 July 2021': F1 1
        also_right = quote(highlight=(start, start + 7))  # '24 July' of three words: F1 .8
        barely = quote(highlight=(18, 22))  # 'Kani': F1 0
        wrong = quote("Nothing.", start=0)
        judgements = [
            judged(
                gold(), answer(right, confidence=0.9), ranking=("a.md",), exact=(True,),
                milliseconds=10.0,
            ),
            judged(
                gold(), answer(also_right, wrong, status="not_found", confidence=0.4),
                ranking=("b.md", "a.md"), exact=(True, False), milliseconds=20.0,
            ),
            judged(
                gold(), answer(wrong, barely, confidence=0.8), ranking=("b.md",),
                exact=(True, True), milliseconds=30.0,
            ),
            judged(gold(), answer(barely, confidence=0.7), ranking=("a.md",), exact=(True,)),
            judged(gold(answerable=False), answer(wrong, confidence=0.6), exact=(True,)),
            judged(gold(answerable=False), answer(status="reply", confidence=0.0)),
        ]  # fmt: skip
        found = measure(judgements)
        assert found.questions == 6
        assert found.quote_at_1 == 3 / 4
        assert found.quote_at_3 == 1
        assert found.span_f1 == pytest.approx((1 + 0.8 + 0) / 3)
        assert found.span_good == pytest.approx(2 / 3)
        assert found.false_answers == 1 / 2
        assert found.false_refusals == 1 / 4
        assert found.underspecified_answered is None
        # .9 .4 .8 .7 against .6 0: .9>, .9>, .4<, .4>, .8>, .8>, .7>, .7> = 7 of 8
        assert found.auroc == 7 / 8
        # one question a bin: |.9-1| .1, |.4-1| .6, |.8-0| .8, |.7-1| .3, |.6-0| .6, 0: 2.4/6
        assert found.calibration_error == pytest.approx(0.4)
        assert found.document_mrr == (1 + 1 / 2 + 0 + 1) / 4
        assert found.document_ndcg == pytest.approx((1 + 1 / log2(3) + 0 + 1) / 4)
        assert found.exact_quotes == 6 / 7
        assert found.milliseconds_p50 == 1
        assert found.milliseconds_p95 == 30
        assert found.quote_words_max == len(SENTENCE.split()) == 15
        assert found.quote_words_median == 15  # 15 15 1 1 15 15 1
        assert found.followup_f1 is None

    def test_underspecified_questions_count_apart(self):
        """An answered underspecified question is neither a false answer nor in the AUROC."""
        question = gold(answerable=False, kind="underspecified")
        judgements = [
            judged(question, answer(quote(), confidence=0.9)),
            judged(question, answer(status="reply", confidence=0.1)),
            judged(question, answer(status="not_found", confidence=0.1)),
            judged(gold(), answer(quote(), confidence=0.5)),
        ]
        found = measure(judgements)
        assert found.underspecified_answered == pytest.approx(1 / 3)
        assert found.false_answers is None
        assert found.auroc is None
        assert not judgements[0].is_false_answer
        # all questions calibrate: .9 wrong .9, .1 wrong .1 twice, .5 right .5: 1.6/4
        assert found.calibration_error == pytest.approx(0.4)

    def test_a_reply_refuses(self):
        """A reply to an answerable question is a false refusal."""
        assert measure([judged(gold(), answer(status="reply"))]).false_refusals == 1

    def test_questions_whose_right_quote_is_unknown(self):
        """A claim with a gold document alone counts for retrieval, and for no quote measure."""
        question = gold(answers=(), evidence=[{"doc_id": "a.md", "text": ""}])
        found = measure([judged(question, answer(quote()), ranking=("a.md",))])
        assert found.document_mrr == 1
        assert found.quote_at_1 is None
        assert found.calibration_error is None

    def test_followups_without_documents(self):
        """A set without documents has follow-up measures and times, and nothing else."""
        question = gold(answers=(), evidence=[], rewrite="When did Zappa disband?")
        found = measure([judged(question, None, searched="disband Zappa")])
        assert found.followup_f1 == 1
        assert found.unresolved_f1 == 0
        assert found.milliseconds_p50 == 1
        assert found.false_refusals is None
        assert found.quote_at_1 is None

    def test_nothing(self):
        """No questions: no figures, and no error."""
        found = measure([])
        assert found.questions == 0
        assert found.quote_at_1 is None
        assert found.milliseconds_p95 is None
