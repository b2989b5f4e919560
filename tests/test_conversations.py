"""Are conversations kept for the one person, and never mixed or damaged?"""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.kept_answers import KeptAnswer
from assistant.models import Version
from ui.conversations import FOLDER, Conversations, KeptExchange, Place

ONE, OTHER = "1" * 32, "2" * 32


def exchange(question):
    """An exchange with a reply, which quotes nothing."""
    answer = KeptAnswer(
        question=question, status="reply", text="Hello.", lists_differences=False, rule="reply.x",
        confidence=0.0, quotes=(), searched=question, differences=(),
        version=Version(askdocs="0", library="l", model="m"),
    )  # fmt: skip
    return KeptExchange(
        question=question, asked="2026-01-02T03:04:05+00:00", answer=answer, ticked=None,
        documents=2,
    )  # fmt: skip


@pytest.fixture
def conversations(tmp_path):
    """An empty store in a folder of its own."""
    return Conversations(tmp_path)


@given(questions=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4))
def test_what_was_said_comes_back(tmp_path_factory, questions):
    """Exchanges are read as they were written, in order, whatever was asked."""
    store = Conversations(tmp_path_factory.mktemp("library"))
    place = Place(ONE, "a" * 32)
    for question in questions:
        store.append(place, exchange(question))
    assert [one.question for one in store.read(place)] == questions


def test_people_and_conversations_never_mix(conversations):
    """Each person sees their own conversations, each conversation its own questions."""
    for person in (ONE, OTHER):
        for conversation in ("a" * 32, "b" * 32):
            conversations.append(Place(person, conversation), exchange(person + conversation))
    place = Place(ONE, "a" * 32)
    assert [one.question for one in conversations.read(place)] == [ONE + "a" * 32]
    assert {one.question[:32] for one in conversations.of_person(place)} == {ONE}
    conversations.delete(place)
    assert conversations.read(place) == []
    assert [one.id for one in conversations.of_person(place)] == ["b" * 32]
    assert len(conversations.of_person(Place(OTHER, "a" * 32))) == 2


def test_the_latest_comes_first(conversations):
    """The list begins with the conversation in which something was asked last."""
    for conversation in ("a" * 32, "b" * 32, "a" * 32):
        conversations.append(Place(ONE, conversation), exchange(conversation))
    listed = conversations.of_person(Place(ONE, "c" * 32))
    assert [one.id for one in listed] == ["a" * 32, "b" * 32]
    assert listed[0].question == "a" * 32


def test_a_line_cut_off_by_a_crash_loses_no_other(conversations, tmp_path):
    """Of a file that ends in the middle of a line, all whole lines are read."""
    place = Place(ONE, "a" * 32)
    conversations.append(place, exchange("first"))
    [file] = (tmp_path / FOLDER).rglob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:40])
    assert [one.question for one in conversations.read(place)] == ["first"]


def test_after_a_cut_line_the_next_is_whole(conversations, tmp_path):
    """What is asked after a crash is kept, too."""
    place = Place(ONE, "a" * 32)
    conversations.append(place, exchange("first"))
    [file] = (tmp_path / FOLDER).rglob("*.jsonl")
    with file.open("ab") as end:
        end.write(b'{"question": "cut')
    conversations.append(place, exchange("second"))
    assert [one.question for one in conversations.read(place)] == ["first", "second"]


def test_only_the_owner_can_read_them(conversations, tmp_path):
    """The folders are closed to other users of the machine, and do not name the person."""
    conversations.append(Place(ONE, "a" * 32), exchange("?"))
    [folder] = (tmp_path / FOLDER).iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert ONE not in str(folder)


@pytest.mark.parametrize(
    "bad", ["", "a", "../" * 11, "A" * 32, "g" * 32, "a" * 33, "a" * 31 + "\n", "é" * 32]
)
def test_no_place_leads_out_of_the_folder(bad):
    """What a browser sends is taken for a place only if it is 32 hexadecimal digits."""
    for person, conversation in ((bad, ONE), (ONE, bad)):
        with pytest.raises(ValueError, match="hexadecimal"):
            Place(person, conversation)
    assert Path(Place(ONE, OTHER).person).name == ONE
