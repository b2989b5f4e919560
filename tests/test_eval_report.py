"""Does the report show the figures, escape all text and load nothing?"""

import re
from html.parser import HTMLParser

from assistant.models import Answer, Quote, Version
from eval.question_sets import EvalQuestion, QuestionSet
from eval.records import Record
from eval.report import WRONG_ANSWERS, format_report, write_report, wrong_answers
from eval.runner import score
from eval.tables import COLUMNS, cells, format_kinds, format_table
from index.models import DocumentInfo

SCRIPT = "<script>alert('x')</script>&"


def make_result(tmp_path, count=2, name="small", text=SCRIPT):
    """Score a set whose answers are all wrong, with ``text`` in every place."""
    questions, records = [], []
    for number in range(count):
        answerable = number % 2 == 0
        questions.append(
            EvalQuestion.model_validate(
                {"id": f"q{number}", "question": f"{text} {number}?", "answerable": answerable,
                 "answers": [f"gold {text}"] if answerable else [], "kind": f"kind {text}",
                 "evidence": [{"doc_id": f"gold {text}"}] if answerable else []}
            )
        )  # fmt: skip
        document = DocumentInfo(
            id="d", name=f"{text}.md", title="", source=None, published=None, sha256=""
        )
        quote = Quote(
            text=f"So {text} it is", start=10, end=10 + len(text) + 9, highlight=(13, 13 + 8),
            document=document, page=None, section=None, support=(),
        )  # fmt: skip
        answer = Answer(
            question="", status="answered", text="", rule="", confidence=number / count,
            quotes=(quote,), nearest=(), searched="", differences=(), inferred=(),
            version=Version(askdocs="", library="", model=""),
        )  # fmt: skip
        records.append(
            Record(id=f"q{number}", searched="", answer=answer, exact=(True,), milliseconds=1.5)
        )
    return score(QuestionSet(name, tmp_path, (), tuple(questions)), records)


class _Tags(HTMLParser):
    """Collects tags and attribute names, and the text outside of style."""

    def __init__(self):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.text = ""
        self.open = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def parse(html):
    """Read the page as a browser would."""
    parser = _Tags()
    parser.feed(html)
    parser.close()
    return parser


def test_everything_from_outside_is_escaped(tmp_path):
    """Script in a question, gold answer, quote, kind, document or set name is shown, not run."""
    result = make_result(tmp_path, name=f"set {SCRIPT}")
    html = format_report([result], remarks=[SCRIPT])
    page = parse(html)
    assert "script" not in page.tags
    assert "<script" not in html
    assert page.open == []
    for text in (f"{SCRIPT} 0?", f"gold {SCRIPT}", f"So {SCRIPT} it is", f"kind {SCRIPT}",
                 f"{SCRIPT}.md", f"set {SCRIPT}"):  # fmt: skip
        assert text in page.text


def test_nothing_is_loaded(tmp_path):
    """The page has no address in it, and forbids itself to load anything."""
    page = parse(format_report([make_result(tmp_path)]))
    assert not {"link", "img", "script", "iframe", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in {"src", "href", "xlink:href"}]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert not re.search(r"url\(|@import", format_report([make_result(tmp_path)]))


def test_the_highlight_is_marked_where_it_stands(tmp_path):
    """The mark is laid round the highlighted characters before they are escaped."""
    assert "So <mark>&lt;script&gt;</mark>alert" in format_report([make_result(tmp_path)])


def test_both_charts_are_drawn(tmp_path):
    """A set with both kinds of question has a refusal curve and a reliability diagram."""
    html = format_report([make_result(tmp_path)], threshold=0.5)
    assert html.count("<svg ") == 2
    # 101 thresholds for each of two curves, the guide of the threshold and of the diagonal
    lines = re.findall(r'<polyline class="(\w+)" points="([^"]+)"', html)
    assert [(style, len(points.split())) for style, points in lines] == [
        ("answers", 101),
        ("refusals", 101),
        ("guide", 2),
        ("guide", 2),
    ]
    # the answerable question has confidence 0, the other 0.5: two bars, nothing right
    assert html.count('class="bar"') == 2
    # threshold 0 answers everything: top left (44, 28); threshold 1 nothing: bottom right
    assert lines[0][1].startswith("44.0,28.0 ")
    assert lines[0][1].endswith(" 304.0,288.0")


def test_at_most_twenty_wrong_answers_the_most_confident_first(tmp_path):
    """Wrong answers are picked by confidence, and no more than twenty."""
    wrong = wrong_answers(make_result(tmp_path, count=50).judgements)
    assert len(wrong) == WRONG_ANSWERS == 20
    confidences = [judgement.answer.confidence for _, judgement in wrong]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[0] == 49 / 50
    assert {fault for fault, _ in wrong} == {
        "wrong first quote",
        "answered; the documents do not say",
    }


def test_it_is_written_as_utf_8(tmp_path):
    """The file holds the report, in a folder that is made for it."""
    path = tmp_path / "reports" / "eval.html"
    write_report([make_result(tmp_path, text="Ä“")], path)
    assert "Ä“ 0?" in path.read_text(encoding="utf-8")


class TestTable:
    def test_one_aligned_row_per_set(self, tmp_path):
        """Columns end at the same place, and those that say nothing of any set are left out."""
        results = [make_result(tmp_path), make_result(tmp_path, count=10, name="a longer name")]
        lines = format_table(results).splitlines()
        assert len(lines) == 3
        assert lines[0].split()[:4] == ["set", "n", "q@1", "q@3"]
        assert "follow-up" not in lines[0]
        end = lines[0].index("q@1") + 3
        assert lines[1][:end].endswith(" 0.000")
        assert lines[2][:end].endswith(" 0.000")
        assert lines[2].startswith("a longer name  10  ")

    def test_kinds(self, tmp_path):
        """The kinds of one set stand in the same columns."""
        lines = format_kinds(make_result(tmp_path, text="who")).splitlines()
        assert len(lines) == 2
        assert lines[1].startswith("kind who  2")

    def test_every_measure_has_a_column(self, tmp_path):
        """No measure is computed and then not shown, and each column shows another one."""
        measures = make_result(tmp_path).measures
        assert len(COLUMNS) == len(measures.__dataclass_fields__) == len(cells(measures))
        assert len({column.heading for column in COLUMNS}) == len(COLUMNS)

    def test_no_sets(self):
        """A table of nothing is its headings."""
        assert format_table([]).split()[:2] == ["set", "n"]
