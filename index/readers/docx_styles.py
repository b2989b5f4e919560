"""Which paragraphs of a Word document are headings, list items or its table of contents?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from index.readers.xml_parts import first

Role = Literal["title", "heading", "item", "contents", "text"]

_BODY_LEVEL = 9
"""Word's number for a paragraph that is no heading."""
_LONGEST_CHAIN = 30
"""Styles that are based on one another, before it must be a circle."""
_HEADING = re.compile(r"heading\s?[1-9]")


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str
    level: int | None
    numbered: bool | None


class Styles:
    """What the styles of a document make of a paragraph."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for style in root.iter("w:style") if root is not None else ():
            name = _value(first(style, "w:name")) or ""
            self._styles[style.get("w:styleId", "")] = _Style(
                name.strip().lower(),
                _value(first(style, "w:basedOn")) or "",
                _level(first(style, "w:pPr")),
                _is_numbered(first(style, "w:pPr")),
            )

    def role(self, paragraph: Element) -> Role:
        """What ``paragraph`` is: its own properties count before those of its style."""
        own = first(paragraph, "w:pPr")
        style = _value(first(own, "w:pStyle")) or ""
        named = self._named(style)
        if named in {"title", "contents"}:
            return named
        level = _level(own)
        if level is None:
            level = self._level_of(style)
        if named == "heading" or (level is not None and level < _BODY_LEVEL):
            return "heading"
        numbered = _is_numbered(own)
        if numbered is None:
            numbered = any(found.numbered for found in self._chain(style))
        return "item" if numbered else "text"

    def _named(self, style: str) -> Role:
        # Without the part that describes the styles, their ids are all there is.
        chain = [found.name for found in self._chain(style)] or [style.lower()]
        if chain[0] == "title":
            return "title"
        if re.match(r"toc\s?[1-9]", chain[0]):
            return "contents"
        return "heading" if any(map(_HEADING.fullmatch, chain)) else "text"

    def _level_of(self, style: str) -> int | None:
        return next((s.level for s in self._chain(style) if s.level is not None), None)

    def _chain(self, style: str) -> list[_Style]:
        found: list[_Style] = []
        while style in self._styles and len(found) < _LONGEST_CHAIN:
            found.append(self._styles[style])
            style = found[-1].parent
        return found


def is_on(properties: Element | None, tag: str) -> bool:
    """Whether ``properties`` switch ``tag`` on: it stands there and does not say "off"."""
    element = first(properties, tag)
    return element is not None and element.get("w:val", "1") not in {"0", "false", "off"}


def _value(element: Element | None) -> str | None:
    return element.get("w:val") if element is not None else None


def _level(properties: Element | None) -> int | None:
    value = _value(first(properties, "w:outlineLvl"))
    return int(value) if value and re.fullmatch(r"\d", value) else None


def _is_numbered(properties: Element | None) -> bool | None:
    numbering = first(properties, "w:numPr")
    if numbering is None:
        return None
    # The number 0 takes a paragraph out of the list that its style puts it in.
    return _value(first(numbering, "w:numId")) != "0"
