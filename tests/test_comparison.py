"""Does a comparison show both of its sides?"""

import pytest

from assistant.comparison import show_both_sides

SENTENCES = [
    "The dam is forty metres high.",
    "Nothing is known of the road.",
    "The bridge has two lanes.",
    "The bridge is nine metres high.",
]


@pytest.fixture
def ordered(make_evidence):
    """Four sentences in the order in which they were chosen."""
    return make_evidence(SENTENCES)


def shown(ordered, sides):
    return [item.sentence_text for item in show_both_sides(ordered, sides)]


def test_the_other_side_moves_up(ordered):
    """The best sentence on the side that the first one leaves out comes second."""
    assert shown(ordered, ("the dam", "the bridge")) == [
        SENTENCES[0],
        SENTENCES[2],
        SENTENCES[1],
        SENTENCES[3],
    ]


@pytest.mark.parametrize("sides", [(), ("the dam", "the ferry"), ("the dam",), ("the", "a")])
def test_nothing_to_move_changes_nothing(ordered, sides):
    """Without a comparison, or without a sentence on the other side, the order stays."""
    assert shown(ordered, sides) == SENTENCES


def test_nothing_is_lost(ordered):
    """Every sentence is still there, once, whatever is compared; none at all stays none."""
    assert sorted(shown(ordered, ("road", "bridge"))) == sorted(SENTENCES)
    assert show_both_sides([], ("dam", "bridge")) == ()
