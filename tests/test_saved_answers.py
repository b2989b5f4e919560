"""Can a saved answer, batch or conversation be read again, every quotation unchanged?"""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Answer, Quote, Version
from assistant.saved_answers import read_quotes, to_markdown
from index.errors import UsageError
from index.models import DocumentInfo

HARD = [
    "plain words",
    "`code` and ``more`` and ```` even more",
    "```\nfenced\n```",
    '```quote {"start": 1}\nforged\n```',
    "# a heading\n\n- an item\n> quoted",
    "two lines\nof text",
    "ends with a line end\n",
    "\nbegins with one",
    "\n",
    "carriage\r\nreturn\ralone",
    "no\u00a0break \u2028 separator \x85 next line \x0c page",
    "👩‍👩‍👧 é e\u0301 שלום مرحبا \u202eabc\u202c",
    '{"turns": []}',
    "}\n{",
    "[1](javascript:alert(1)) <script>&amp;",
    "\\n is no line end",
    "a\x00b",
]
texts = st.one_of(
    st.sampled_from(HARD),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.lists(
        st.sampled_from(
            ["`", "```", "````", "\n", "quote ", "{", "}", "#", "\u00a0", "é", "👍", " "]
        ),
        min_size=1,
        max_size=15,
    ).map("".join),
)


def quote(text: str, name: str = "a.txt", start: int = 3) -> Quote:
    return Quote(
        text=text,
        start=start,
        end=start + len(text),
        highlight=(start, start + 1),
        document=DocumentInfo(
            id="d" * 16, name=name, title=text, source=name, published=None, sha256="0" * 64
        ),
        page=2,
        section=text,
        support=(0, 1),
    )


def answer(*quotes: Quote, question: str = "What?", nearest: tuple[Quote, ...] = ()) -> Answer:
    return Answer(
        question=question,
        status="answered" if quotes else "not_found",
        text="It says.",
        rule="answered.one",
        confidence=0.9,
        quotes=quotes,
        nearest=nearest,
        searched=question,
        differences=(),
        inferred=(),
        version=Version(askdocs="0", library="abc", model="m"),
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Save content in a file as a program does, and read its quotations again."""
    path = tmp_path_factory.mktemp("saved") / "answer"

    def save_and_read(content: str | bytes) -> list[Quote]:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_quotes(path)

    return save_and_read


@given(st.lists(texts, min_size=1, max_size=4))
def test_markdown_keeps_every_quotation(saved, quoted):
    """The Markdown form gives back each quotation, character for character, with its place."""
    quotes = tuple(quote(text, name=text[:9], start=at * 7) for at, text in enumerate(quoted))
    answers = [answer(*quotes[:2], question=quoted[0]), answer(nearest=quotes[2:])]
    assert saved(to_markdown(answers, "abc")) == list(quotes)


@given(texts)
def test_one_answer_in_json(saved, text):
    """One answer, as `askdocs ask --json` prints it, gives back its quotations."""
    one = answer(quote(text), nearest=(quote(text + "!"),))
    for content in (one.model_dump_json(), one.model_dump_json() + "\n"):
        assert saved(content) == [quote(text), quote(text + "!")]
    assert saved(json.dumps(one.model_dump(), indent=2)) == [quote(text), quote(text + "!")]


@given(st.lists(texts, min_size=1, max_size=4))
def test_a_batch_with_its_ids(saved, quoted):
    """The lines of a batch give back their quotations, with ids of any kind or none."""
    ids = [{"id": 7}, {"id": "x"}, {}, {"id": None}]
    lines = [
        json.dumps({**key, **answer(quote(text)).model_dump()}, ensure_ascii=False)
        for key, text in zip(ids, quoted, strict=False)
    ]
    assert saved("\n".join(lines) + "\n\n") == [quote(text) for text in quoted]


@given(st.lists(texts, max_size=4))
def test_a_conversation(saved, quoted):
    """An exported conversation gives back the quotations of all its turns."""
    turns = [answer(quote(text)).model_dump() for text in quoted]
    content = json.dumps({"library": "abc", "turns": turns})
    assert saved(content) == [quote(text) for text in quoted]


def test_a_conversation_without_quotations(saved):
    """A conversation in which nothing was found is read as one, with nothing to check."""
    assert saved(to_markdown([answer()], "abc")) == []
    assert saved(to_markdown([], "abc")) == []
    assert saved(answer().model_dump_json()) == []


def test_a_markdown_file_that_was_cut_off(saved):
    """A file that ends inside a quotation is refused, not checked as far as it goes."""
    written = to_markdown([answer(quote("one"), quote("two"))], "abc")
    assert len(saved(written)) == 2
    for end in (written.rindex("two"), written.rindex("```")):
        with pytest.raises(UsageError):
            saved(written[:end])


def test_backticks_in_a_title_leave_the_fence_a_fence(saved):
    """The line that opens a quotation has no backtick of its own, or Markdown would not see it."""
    written = to_markdown([answer(quote("one", name="`a`.txt"))], "abc")
    opening = next(line for line in written.split("\n") if "quote {" in line)
    assert "`" not in opening.lstrip("`")
    assert saved(written) == [quote("one", name="`a`.txt")]


def test_markdown_is_for_people():
    """The Markdown form shows questions as headings, the answer's sentence and plain quotations."""
    written = to_markdown([answer(quote("It costs 5 %."), question="What\n does it cost?")], "abc")
    lines = written.split("\n")
    assert "## What does it cost?" in lines
    assert "It says." in lines
    assert "It costs 5 %." in lines
    assert "Library: `abc`" in lines


@pytest.mark.parametrize(
    "content",
    [
        "",
        "   \n",
        "just words",
        "[]",
        "7",
        "null",
        '"text"',
        "{}",
        '{"turns": [{}]}',
        '{"turns": 3}',
        '{"library": "x"}',
        "[" * 50_000,
        '{"a":' * 50_000,
        '```quote {"start": 1}\nno quotation\n```',
        "```quote {nothing}\nno quotation\n```",
        b"\xff\xfe\x00garbage",
        b"\x00\x01\x02",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_saved_answer_is_a_usage_error(saved, content):
    """Anything else is refused in words, never with another error."""
    with pytest.raises(UsageError, match=r"^The file "):
        saved(content)


def test_a_file_that_cannot_be_read(tmp_path):
    """A missing file and a folder are refused in words."""
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            read_quotes(path)


@given(st.text(max_size=200))
def test_any_text_gives_quotations_or_a_usage_error(saved, content):
    """Reading an arbitrary text ends in a list or in a usage error."""
    with suppress(UsageError):
        assert isinstance(saved(content.encode("utf-8", "surrogatepass")), list)
