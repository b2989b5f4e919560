"""Are there words for everything that an answer can say?"""

import string
import tomllib
from importlib.resources import files

import pytest

from assistant import Assistant
from assistant.composing import Composer
from assistant.questions import Kind
from assistant.templates import Templates
from index.errors import UsageError
from index.settings import Settings

TABLES = tomllib.loads((files("assistant") / "templates.toml").read_text(encoding="utf-8"))
COUNTED = {"passage", "document", "selected"}
VALUES = {
    **dict.fromkeys(
        ("passages", "documents", "total", "topic", "values", "marks", "text", "question"), "X"
    ),
    **dict.fromkeys(("count", "limit", "n"), 2),
}


def rules(language):
    """Yield every (rule, template, sentence) of one language."""
    for rule, table in TABLES[language].items():
        if rule not in COUNTED and isinstance(table, dict):
            for template, sentence in table.items():
                yield rule, template, sentence


def keys(table, prefix=""):
    """List the dotted names of all sentences in a table."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("language", TABLES)
def test_every_template_can_be_filled(language):
    """No template has braces that the program does not know how to fill."""
    templates = Templates(language)
    for rule, template, sentence in rules(language):
        fields = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
        assert fields <= VALUES.keys(), (rule, template)
        written = templates.write(rule, template, **VALUES)
        assert written.strip(), (rule, template)
        assert "{" not in written, (rule, template)


@pytest.mark.parametrize("language", TABLES)
def test_every_language_says_the_same(language):
    """A translation has a sentence, with the same braces, for each that English has."""
    assert sorted(keys(TABLES[language])) == sorted(keys(TABLES["en"]))
    english = {(rule, template): sentence for rule, template, sentence in rules("en")}
    for rule, template, sentence in rules(language):
        fields, expected = (
            {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for text in (sentence, english[rule, template])
        )
        assert fields == expected, (rule, template)


@pytest.mark.parametrize("language", TABLES)
def test_rules_of_answers_have_all_forms(language):
    """What can answer with one quotation can answer with several, and with agreeing ones."""
    templates = Templates(language)
    for kind in ("answered", *Kind):
        if templates.has(kind, "one"):
            forms = ("one", "many") if kind == "mentions" else ("one", "many", "agreeing")
            assert all(templates.has(kind, form) for form in forms), kind
            assert templates.has(kind, "supports") == templates.has(kind, "contradicts"), kind


def test_singular_and_plural():
    """One is counted in the singular, none and several in the plural."""
    templates = Templates("en")
    assert templates.count("passage", 1) == "1 passage"
    assert templates.count("document", 1) == "1 document"
    assert templates.count("passage", 0) == "0 passages"
    assert templates.count("document", 3) == "3 documents"
    assert templates.mark(2) == "[2]"


def test_not_found_speaks_of_what_was_searched():
    """An empty library, one document and several are told apart when nothing is found."""
    composer = Composer(Templates("en"))
    assert composer.not_found(0, has_nearest=False)[0] == "not_found.empty"
    assert composer.not_found(1, has_nearest=True)[0] == "not_found.single"
    assert composer.not_found(9, has_nearest=True) == (
        "not_found.some",
        TABLES["en"]["not_found"]["some"].format(documents="9 documents"),
    )
    assert composer.not_found(9, has_nearest=False)[0] == "not_found.none"


def test_mentions_are_counted():
    """A search for mentions says how many documents there are, and how many are shown."""
    composer = Composer(Templates("en"))
    assert composer.mentions("X", 0, 0, 3) == ("mentions.none", "None of 3 documents mentions “X”.")
    assert composer.mentions("X", 1, 1, 3) == ("mentions.one", "1 of 3 documents mentions “X”.")
    assert composer.mentions("X", 2, 2, 3) == ("mentions.many", "2 of 3 documents mention “X”.")
    rule, text = composer.mentions("X", 30, 20, 50)
    assert rule == "mentions.shown"
    assert "30 of 50" in text
    assert "20" in text


@pytest.mark.parametrize("language", ["xx", "", "EN", "en.reply"])
def test_an_unknown_language_is_a_usage_error(language, library):
    """A language without templates is refused with the languages that there are."""
    with pytest.raises(UsageError, match=r"ASKDOCS_LANGUAGE can be: de, en"):
        Templates(language)
    folder = library().folder
    with pytest.raises(UsageError, match="templates in the language"):
        Assistant.open(folder, settings=Settings(language=language))
