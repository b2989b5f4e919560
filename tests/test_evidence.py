"""Does what speaks for a sentence mean what its name says?"""

import pytest

from assistant import Assistant
from assistant.evidence import FEATURES
from index import Settings
from index.library import Library

TEXT = """The council closed the old bridge.

In spring the council closed the old bridge because frost had cracked two of its pillars.

It stays shut until masons from the next valley have rebuilt both pillars with harder stone.
"""


@pytest.fixture
def weighed(tmp_path, tiny_encoder):
    """The features of each sentence for one question, by their names."""
    folder = tmp_path
    (folder / "bridge.txt").write_text(TEXT, encoding="utf-8")
    library = Library.open(folder / "library", encoder=tiny_encoder)
    list(library.add_each([folder / "bridge.txt"]))
    assistant = Assistant.open(
        folder / "library", settings=Settings(judge=False), encoder=tiny_encoder
    )
    considered = assistant.consider("Why did the council close the old bridge?")
    return {
        item.sentence_text: dict(zip(FEATURES, item.features.tolist(), strict=True))
        for item in considered.evidence
    }


def test_what_repeats_the_question_adds_nothing(weighed):
    """A sentence is worth more by each word that it says beyond the question, up to two."""
    adds = {text: features["adds"] for text, features in weighed.items()}
    assert adds["The council closed the old bridge."] == 0
    because = next(text for text in adds if "because" in text)
    assert adds[because] == 1
    assert max(adds.values()) <= 1


def test_a_reason_is_seen_where_one_is_asked_for(weighed):
    """For "Why …?", the sentence with "because" gives a reason, and the others do not."""
    giving = [text for text, features in weighed.items() if features["gives_reason"]]
    assert len(giving) == 1
    assert "because" in giving[0]
