"""What does a web page say of its own title, date and source?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from index.readers.dates import iso_date
from index.readers.metadata import Metadata

_DATE_FIELDS = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.created", "pubdate", "publishdate", "publish_date", "publication_date",
    "parsely-pub-date", "sailthru.date", "citation_publication_date", "og:published_time",
)  # fmt: skip
_SOURCE_FIELDS = ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "author")
_TITLE_FIELDS = ("og:title", "dc.title", "twitter:title")
_DATE_IN_JSON = re.compile(r'"datePublished"\s*:\s*"([^"\\]{4,40})"')


def read_html_metadata(tree: LexborHTMLParser) -> Metadata:
    """Title, source and date from ``<meta>``, JSON-LD, ``<time>``, ``<title>`` and ``<h1>``."""
    fields = _fields(tree)
    title = _first(fields, _TITLE_FIELDS) or _text(tree, "title") or _text(tree, "h1")
    source = _first(fields, _SOURCE_FIELDS) or _host(tree)
    return Metadata(title, source, _published(tree, fields))


def _fields(tree: LexborHTMLParser) -> dict[str, str]:
    fields: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = _words(attributes.get("content"))
        if name and content:
            fields.setdefault(name.strip().lower(), content)
    return fields


def _published(tree: LexborHTMLParser, fields: dict[str, str]) -> str | None:
    stated: list[str | None] = [fields.get(name) for name in _DATE_FIELDS]
    for script in tree.css('script[type="application/ld+json"]'):
        found = _DATE_IN_JSON.search(script.text() or "")
        stated.append(found[1] if found else None)
    stated.extend(node.attributes.get("datetime") for node in tree.css("time[datetime]")[:3])
    return next((date for date in map(iso_date, filter(None, stated)) if date), None)


def _host(tree: LexborHTMLParser) -> str | None:
    link = tree.css_first('link[rel="canonical"]')
    address = link.attributes.get("href") if link else None
    try:
        host = urlsplit(address or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _first(fields: dict[str, str], names: Iterable[str]) -> str | None:
    return next((fields[name] for name in names if fields.get(name)), None)


def _text(tree: LexborHTMLParser, selector: str) -> str | None:
    node = tree.css_first(selector)
    return _words(node.text()) if node else None


def _words(value: str | None) -> str | None:
    return " ".join(value.split())[:500] or None if value else None
