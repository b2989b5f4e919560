"""What does an Office package say of its own title, date and source?"""

from __future__ import annotations

import re

from index.readers.dates import iso_date
from index.readers.metadata import Metadata
from index.readers.package import Package, PartFault
from index.readers.refusals import Refused
from index.readers.xml_parts import read_links, read_xml, words_of

# Titles that programs write when nobody gave one, and names of programs as authors.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|(?:word|powerpoint|excel) "
    r"(?:document|presentation|template)|presentation|document\d*|untitled.*|title|slide 1|unnamed"
    r"|.*\.(?:docx?|pptx?|xlsx?|odt|rtf|tmp))",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:microsoft.*|python-(?:docx|pptx)|openpyxl|xlsxwriter|apache poi|libreoffice.*|user"
    r"|admin.*|author|unknown|office|windows.*|root|default)",
    re.IGNORECASE,
)


def read_office_metadata(package: Package) -> Metadata:
    """Title, publisher or author, and the day of the last change.

    The day of the last change, not of making: many documents begin as a copy of an older one.
    """
    links = {link.kind: link.target for link in read_links(package, "").values()}
    fields: dict[str, str | None] = {}
    for part in (
        links.get("core-properties", "docProps/core.xml"),
        links.get("extended-properties", "docProps/app.xml"),
    ):
        try:
            root = read_xml(package, part).root
        except (PartFault, Refused):
            continue
        for element in root:
            fields.setdefault(element.tag.partition(":")[2], words_of(element))
    author = fields.get("creator") or fields.get("lastModifiedBy")
    return Metadata(
        clean_title(fields.get("title")),
        fields.get("publisher") or fields.get("Company") or clean_author(author),
        iso_date(fields.get("modified") or fields.get("created") or ""),
    )


def clean_title(title: str | None) -> str | None:
    """The title, unless it is one that a program made up."""
    return None if title is None or _NO_TITLE.fullmatch(title) else title


def clean_author(author: str | None) -> str | None:
    """The author, unless it is the name of a program."""
    return None if author is None or _NO_AUTHOR.fullmatch(author) else author
