"""Which words stand in a chart or a diagram of an Office document?"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from index.readers.pieces import Piece
from index.readers.xml_parts import first

MOST_POINTS = 2_000
"""Categories of a chart that are read."""


def drawing_pieces(root: Element) -> list[Piece]:
    """Title and values of a chart, category by category; the lines of a diagram."""
    if root.tag == "c:chartSpace":
        return _chart_pieces(root)
    return [
        Piece(words, "item")
        for paragraph in root.iter("a:p")
        if (words := "".join(t.text or "" for t in paragraph.iter("a:t"))).strip()
    ]


def _chart_pieces(root: Element) -> list[Piece]:
    pieces = [
        Piece(words)
        for title in root.iter("c:title")
        if (words := "".join(t.text or "" for t in title.iter("a:t"))).strip()
    ]
    rows: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for series in root.iter("c:ser"):
        name = " ".join(value for _, value in _points(first(series, "c:tx")))
        for place, category in _points(first(series, "c:cat")):
            names.setdefault(place, category)
        values = first(series, "c:val")
        for place, value in _points(values if values is not None else first(series, "c:yVal")):
            if place in rows or len(rows) < MOST_POINTS:
                rows.setdefault(place, []).append(f"{name}: {value}" if name else value)
    for place, values_there in rows.items():
        category_there = [names[place]] if place in names else []
        pieces.append(Piece("; ".join(category_there + values_there), "cell"))
    return pieces


def _points(element: Element | None) -> list[tuple[str, str]]:
    if element is None:
        return []
    return [
        (point.get("idx", ""), " ".join(_value(point).split()))
        for point in element.iter("c:pt")
        if _value(point).strip()
    ]


def _value(point: Element) -> str:
    value = first(point, "c:v")
    return (value.text or "") if value is not None else ""
