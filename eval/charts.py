"""How do refusal and calibration look, as SVG that needs nothing from outside?"""

from __future__ import annotations

from collections.abc import Sequence

from eval.confidence import Bin, Operation

# Units of the drawing; the plot is the square between the margins.
_SIZE = 260
_LEFT = 44
_TOP = 28
_WIDTH = _LEFT + _SIZE + 14
_HEIGHT = _TOP + _SIZE + 42
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def refusal_chart(curve: Sequence[Operation], threshold: float | None) -> str:
    """Draw false answers and false refusals against the threshold, and where it stands now."""
    answers = [(point.threshold, point.false_answers) for point in curve]
    refusals = [(point.threshold, point.false_refusals) for point in curve]
    marks = [_line(answers, "answers"), _line(refusals, "refusals")]
    if threshold is not None:
        marks.append(_line([(threshold, 0), (threshold, 1)], "guide"))
    marks.append(_label(0, 1.03, "false answers", "answers"))
    marks.append(_label(1, 1.03, "false refusals", "refusals", anchor="end"))
    return _frame("Refusal", "threshold of the confidence", "share", marks)


def reliability_chart(bins: Sequence[Bin]) -> str:
    """Draw the share of right answers against the confidence, a bar per bin with questions.

    A perfectly calibrated confidence has its bars end on the diagonal. A bar is more opaque the
    more questions it stands for; its tool tip gives the figures.
    """
    largest = max((b.count for b in bins), default=0)
    marks = [_bar(b, largest) for b in bins if b.count]
    marks.append(_line([(0, 0), (1, 1)], "guide"))
    return _frame("Calibration", "confidence", "share right", marks)


def _bar(b: Bin, largest: int) -> str:
    opacity = 0.3 + 0.7 * b.count / largest
    return (
        f'<rect class="bar" x="{_x(b.lower) + 1:.1f}" y="{_y(b.right):.1f}" '
        f'width="{_SIZE / 10 - 2:.1f}" height="{_SIZE * b.right:.1f}" '
        f'fill-opacity="{opacity:.2f}"><title>{b.count} questions, mean confidence '
        f"{b.confidence:.2f}, right {b.right:.2f}</title></rect>"
        f'<circle class="dot" cx="{_x(b.confidence):.1f}" cy="{_y(b.right):.1f}" r="3"/>'
    )


def _line(points: Sequence[tuple[float, float]], style: str) -> str:
    places = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{style}" points="{places}"/>'


def _label(x: float, y: float, text: str, style: str, *, anchor: str = "start") -> str:
    return (
        f'<text class="{style}" x="{_x(x):.1f}" y="{_y(y):.1f}" '
        f'text-anchor="{anchor}">{text}</text>'
    )


def _frame(name: str, below: str, beside: str, marks: Sequence[str]) -> str:
    middle = _TOP + _SIZE / 2
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{name}">',
        f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_SIZE}" height="{_SIZE}"/>',
    ]
    parts += [
        f'<text x="{_x(tick):.1f}" y="{_TOP + _SIZE + 16}" text-anchor="middle">{tick:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        for tick in _TICKS
    ]
    parts += marks
    parts.append(
        f'<text x="{_x(0.5):.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{below}</text>'
        f'<text transform="translate(12 {middle:.0f}) rotate(-90)" '
        f'text-anchor="middle">{beside}</text></svg>'
    )
    return "".join(parts)


def _x(value: float) -> float:
    return _LEFT + _SIZE * value


def _y(value: float) -> float:
    return _TOP + _SIZE * (1 - value)
