"""Promises of the reader of plain text, of its block rules and of what it knows of a document."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.documents import Block, ReadDocument, Reading
from index.readers import read_file
from index.readers.boilerplate import is_boilerplate
from index.readers.dates import iso_date
from index.readers.metadata import line_date, line_source, read_metadata
from index.readers.paragraphs import text_blocks

NEWS = (
    "Harbour closes after storm\n"
    "\n"
    "Harbour closes after storm\n"
    "The mayor said the ferry would not sail before the pier has been repaired by the builders.\n"
    "2 min read\n"
    "21 November, 2020\n"
    "The ferry lies in the harbour of the town. [Getty]\n"
    "The harbour\u00a0of the town has been closed since Monday because of a storm that damaged the "
    "pier and two of the boats, a report said on Saturday.\n"
    "\n"
    "Read also:\u00a0Why the ferry was late\n"
    "\n"
    "The ferry was built in 1998, before which visitors came by road and over the old bridge.\n"
    "\n"
    "Follow\u00a0us on\u00a0FacebookTwitter\u00a0and\u00a0Instagram\n"
)
WRAPPED = (
    "The harbour of the town has been closed since Monday because of a storm\n"
    "that damaged the pier and two of the boats, so that visitors now go by\n"
    "Barrow Road, which the council has repaired for the purpose. The mayor\n"
    "Ada Holt said that the work would be finished before the end of the\n"
    "year.\n"
    "\n"
    "The ferry was built in 1998. Before that, visitors came by road and over\n"
    "the bridge.\n"
)


def document_of(path: Path, text: str) -> ReadDocument:
    """Write ``text`` to ``path`` and read it."""
    path.write_text(text, encoding="utf-8")
    reading = read_file(path, max_bytes=1_000_000)
    assert isinstance(reading, Reading)
    return reading.documents[0]


def parts(text: str, blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    """Pair the kind of each block with its words."""
    return [(block.kind, text[block.start : block.end]) for block in blocks]


def blocks_of(text: str, title: str | None = None) -> list[tuple[str, str]]:
    """Find the blocks of a plain text."""
    return parts(text, text_blocks(text, title=title))


class TestNews:
    """An article copied from a web page, one paragraph a line."""

    def test_each_line_is_a_block_of_its_kind(self, tmp_path: Path) -> None:
        """Title, repeated title, reading time, date, caption and body lie apart."""
        document = document_of(tmp_path / "news.txt", NEWS)
        found = parts(document.text, document.blocks)
        assert [kind for kind, _ in found] == [
            "heading", "boilerplate", "paragraph", "boilerplate", "paragraph", "paragraph",
            "paragraph", "boilerplate", "paragraph", "boilerplate",
        ]  # fmt: skip
        assert found[5][1] == "The ferry lies in the harbour of the town. [Getty]"

    def test_title_and_date_come_from_the_first_lines(self, tmp_path: Path) -> None:
        """The first line is the title, the line that is only a date the publication date."""
        document = document_of(tmp_path / "news.txt", NEWS)
        assert (document.title, document.published) == ("Harbour closes after storm", "2020-11-21")

    def test_the_text_is_stored_as_it_stands(self, tmp_path: Path) -> None:
        """Nothing but the line ends and the byte order mark is changed."""
        path = tmp_path / "news.txt"
        path.write_bytes(b"\xef\xbb\xbf" + NEWS.replace("\n", "\r\n").encode())
        reading = read_file(path, max_bytes=1_000_000)
        assert isinstance(reading, Reading)
        assert reading.documents[0].text == NEWS


class TestLines:
    """Which line ends are meant."""

    def test_wrapped_prose_is_not_split(self) -> None:
        """A line end where the next word would not have fitted is white space."""
        assert [text.replace("\n", " ") for _, text in blocks_of(WRAPPED)] == [
            paragraph.strip().replace("\n", " ") for paragraph in WRAPPED.split("\n\n")
        ]

    def test_short_lines_are_blocks_of_their_own(self) -> None:
        """Lines of an address are not joined."""
        assert len(blocks_of("Main Office\nHarbour Street 5\nMilltown")) == 3

    def test_a_line_that_goes_on_in_small_letters_is_joined(self) -> None:
        """Even without a common width, a small letter goes on with the sentence."""
        text = "The ferry that was built in the year 1998 was then\nsold to a museum."
        assert len(blocks_of(text)) == 1

    def test_lists_of_small_words_stay_lists(self) -> None:
        """Short lines that all begin with a small letter are not one paragraph."""
        assert len(blocks_of("pears\napples\nplums and damsons")) == 3

    def test_blank_lines_always_separate(self) -> None:
        """A blank line ends a paragraph, whatever follows."""
        assert len(blocks_of("It was late,\n\nand it rained.")) == 2

    def test_left_over_line_breaks_of_web_pages_separate(self) -> None:
        """A literal <br> is a line end and belongs to no block."""
        assert [text for _, text in blocks_of("One thing.<br><br/>Another one.")] == [
            "One thing.",
            "Another one.",
        ]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
    def test_all_line_ends_count(self, end: str) -> None:
        """Unix, Windows, old Macintosh and Unicode line ends separate lines."""
        assert len(blocks_of(f"First point.{end}Second point.{end}")) == 2


class TestKinds:
    """Headings, items, cells and ruling."""

    @pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1) ", "12. ", "a) ", "(2) "])
    def test_items_lose_their_mark(self, mark: str) -> None:
        """A bulleted or numbered line is an item without its mark."""
        assert blocks_of(f"{mark}Milk and honey") == [("item", "Milk and honey")]

    @pytest.mark.parametrize("line", ["1998. A good year", "J. Smith came late", "-5 degrees"])
    def test_what_looks_like_a_mark_is_kept(self, line: str) -> None:
        """Years, initials and negative numbers are no list marks."""
        assert blocks_of(line)[0][1] == line

    def test_a_wrapped_item_is_one_block(self) -> None:
        """The continuation of an item belongs to it."""
        assert blocks_of("- Milk that comes from the farm behind\n  the hill\n- Eggs") == [
            ("item", "Milk that comes from the farm behind\n  the hill"),
            ("item", "Eggs"),
        ]

    def test_headings_name_the_section_below(self) -> None:
        """A short line alone over a paragraph is its heading; so are marked ones."""
        body = "The pier was damaged by waves that came over the wall in the night to Monday."
        text = f"Damage\n\n{body}\n\n## Costs\n\n{body}\n\nPlans\n=====\n{body}\n"
        blocks = text_blocks(text)
        assert [(block.kind, block.section) for block in blocks] == [
            ("heading", "Damage"), ("paragraph", "Damage"), ("heading", "Costs"),
            ("paragraph", "Costs"), ("heading", "Plans"), ("paragraph", "Plans"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "line",
        ["It is over.", "Dec 2, 2020 | World", "Licence: free", "the end of", "New York —"],
    )
    def test_other_short_lines_are_no_headings(self, line: str) -> None:
        """Sentences, dates, labels and fragments open no section."""
        body = "The pier was damaged by waves that came over the wall in the night to Monday."
        assert blocks_of(f"Intro paragraph here.\n\n{line}\n\n{body}")[1][0] == "paragraph"

    def test_table_rows_are_cells_and_ruling_is_nothing(self) -> None:
        """A row between pipes is one cell block; lines of dashes belong to no block."""
        assert blocks_of("| Town | People |\n|---|---|\n| Mill | 300 |\n\n----\n") == [
            ("cell", "Town | People"),
            ("cell", "Mill | 300"),
        ]


class TestBoilerplate:
    """What websites put round a text."""

    @pytest.mark.parametrize(
        "line",
        [
            "Read also: Something else", "Read more", "See also: The other thing", "2 min read",
            "Follow\u00a0us on\u00a0Facebook and Twitter", "Share this article", "Advertisement",
            "Subscribe to our newsletter", "Sign up for updates", "Written by web_editor2",
            "View in full here.", "Click here", "All rights reserved.", "© 2020 Some Paper",
            "Photo: A. Person", "We use cookies to improve this site.", "5 minute read",
            "Share | Tweet | Email", "Skip to main content", "  Read\u00a0 more \u00a0»",
        ],
    )  # fmt: skip
    def test_noise_is_known(self, line: str) -> None:
        """Menus, pointers elsewhere and notices are noise, no-break spaces or not."""
        assert is_boilerplate(line)

    @pytest.mark.parametrize(
        "line",
        [
            "Readers also objected to the plan.", "The article asks you to read more of it.",
            "Photography was banned at the harbour.", "Search parties found the boat on Monday.",
            "Home prices rose by 3 percent.", "He shared this with the council.",
            "Written by two lawyers, the report blames the council.",
            "Follow-up talks began on Monday.", "The harbour is closed. [Getty]",
            "Registered voters went to the polls.", "Next week the pier opens.",
        ],
    )  # fmt: skip
    def test_sentences_are_not_noise(self, line: str) -> None:
        """A sentence that uses the same words stays evidence."""
        assert not is_boilerplate(line)

    def test_long_lines_are_not_noise(self) -> None:
        """A paragraph that begins with such words is kept."""
        assert not is_boilerplate("Click here to " + "see what the council decided " * 10)


class TestDates:
    """Which dates are read, and how precisely."""

    @pytest.mark.parametrize(
        ("written", "iso"),
        [
            ("21 November, 2020", "2020-11-21"), ("November 21, 2020", "2020-11-21"),
            ("Dec 2, 2020 | International", "2020-12-02"), ("2020-11-21", "2020-11-21"),
            ("Published: 3rd of May 2019, 10:45 GMT", "2019-05-03"),
            ("Saturday, 21 Nov. 2020", "2020-11-21"), ("2020-11-21T10:00:00Z", "2020-11-21"),
            ("November 2020", "2020-11"), ("Date: 2020", "2020"), ("31/12/2020", "2020-12-31"),
            ("02/12/2020", "2020"), ("02.12.2020", "2020-12-02"),
            ("By Ada Holt | Mill Post | Dec 2, 2020", "2020-12-02"),
            ("21\u00a0November\u00a02020", "2020-11-21"),
        ],
    )  # fmt: skip
    def test_a_line_that_is_a_date_gives_it(self, written: str, iso: str) -> None:
        """As precise as it is written, never filled up with today's date."""
        assert line_date(written) == iso

    @pytest.mark.parametrize(
        "line",
        [
            "25 November – 1 December: sanctions on the port",
            "The ferry was sold on 21 November 2020 to a museum.",
            "A harbour in the town of Mill, Wales, June 23, 2020. (AP Photo)",
            "Attacks of September 11, 2001", "2020 was a good year", "31 February 2020",
            "Room 2020", "May 2020 be better",
        ],
    )  # fmt: skip
    def test_a_date_inside_words_is_not_the_publication_date(self, line: str) -> None:
        """A date that a sentence or a title mentions says nothing of the document."""
        assert line_date(line) is None

    def test_metadata_values_may_hold_more(self) -> None:
        """A field that is meant as a date is read wherever the date stands in it."""
        assert iso_date("Posted Sat, 21 Nov 2020 10:00 +0100") == "2020-11-21"
        assert iso_date("soon") is None

    def test_impossible_days_are_no_dates(self) -> None:
        """The 31st of April does not become another day; what is left of it is the month."""
        assert iso_date("31 April 2020") in {None, "2020-04"}
        assert iso_date("2020-13-45") is None

    def test_published_counts_before_updated(self) -> None:
        """Where a page says both, the day of publication is taken."""
        text = "A title\n\nUpdated: 5 May 2020\nPublished: 3 May 2020\n\nBody of the text."
        assert read_metadata(text).published == "2020-05-03"


class TestSource:
    """Who published it."""

    @pytest.mark.parametrize(
        ("line", "source"),
        [
            ("Source: The Mill Post", "The Mill Post"), ("By Ada Holt, The Mill Post",
            "The Mill Post"), ("By Ada Holt | Mill Post | Dec 2, 2020", "Mill Post"),
            ("By noon, the harbour was closed.", None), ("By Monday", None),
        ],
    )  # fmt: skip
    def test_bylines_and_labels_name_it(self, line: str, source: str | None) -> None:
        """Only a label or a byline names a source."""
        assert line_source(line) == source


class TestTitle:
    """What the document is called."""

    def test_a_first_sentence_is_no_title(self, tmp_path: Path) -> None:
        """Without a title line the file's name stands in."""
        text = "The ferry was sold. It was old.\nThe museum paid for it.\n"
        assert document_of(tmp_path / "ferry.txt", text).title == "ferry"

    def test_a_date_is_no_title(self, tmp_path: Path) -> None:
        """A first line that is a date is the date."""
        document = document_of(tmp_path / "ferry.txt", "2020-11-21\n\nThe ferry was sold.\n")
        assert (document.title, document.published) == ("ferry", "2020-11-21")


@pytest.mark.skipif("ASKDOCS_DATA" not in os.environ, reason="needs ASKDOCS_DATA")
def test_the_clients_documents_are_read() -> None:
    """Each sample article has a title of its own first line, prose and exact blocks."""
    paths = sorted((Path(os.environ["ASKDOCS_DATA"]) / "seeds").glob("*.txt"))
    assert paths
    for path in paths:
        reading = read_file(path, max_bytes=1_000_000)
        assert isinstance(reading, Reading)
        document = reading.documents[0]
        assert document.title == document.text.strip().split("\n")[0]
        assert sum(block.kind == "paragraph" for block in document.blocks) >= 3
