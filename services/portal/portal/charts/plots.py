"""Plots as SVG, made here so that no script is needed: bars, stacked bars, a Pareto curve, a heat
map, boxes with whiskers.

Colours come from classes, never from style attributes, which the page's policy forbids; every
figure that a plot shows stands in the table beside it, so the SVG itself is decoration.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from portal.words.figures import number

WIDTH, HEIGHT = 720, 260
_LEFT, _BOTTOM, _TOP = 64, 40, 12
_SHADES = 6
_THICKEST = Decimal(60)
_ROW_LABEL = Decimal(170)
"""Width of a row's label."""
_FINE = 8
"""Below this, quarters of the highest value are told in hundredths."""
_SIGN, _SLANTED = Decimal("6.5"), Decimal(110)
"""How wide a sign of a label is, and how much room one has that stands aslant."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled figure, in EUR net."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Stack:
    """A labelled column of several figures, in EUR net, the lowest part first."""

    label: str
    parts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Prices of something, EUR net: where they begin and end, and their quartiles."""

    label: str
    lowest: Decimal
    quartile_1: Decimal
    median: Decimal
    quartile_3: Decimal
    highest: Decimal


def bars(data: Sequence[Bar], *, curve: bool = False) -> Markup:
    """Columns side by side; with `curve` the cumulated share over them (Pareto)."""
    drawn = _columns([Stack(bar.label, (bar.value,)) for bar in data])
    if curve:
        drawn.append(_curve(data, _step(len(data))))
    return _svg(drawn, HEIGHT)


def stacked(data: Sequence[Stack]) -> Markup:
    """Columns side by side, each of several parts; what the parts are stands in a legend."""
    return _svg(_columns(data), HEIGHT)


def _columns(data: Sequence[Stack]) -> list[str]:
    sums = [sum((max(Decimal(0), part) for part in stack.parts), Decimal(0)) for stack in data]
    top = max(sums, default=Decimal(0)) or Decimal(1)
    width = _step(len(data))
    drawn = [_axis(top)]
    thick = min(_THICKEST, max(Decimal(1), width - 2))
    for position, stack in enumerate(data):
        x, y = _LEFT + width * position, Decimal(_base())
        for kind, part in enumerate(stack.parts):
            height = _share(part, top) * _inner()
            y -= height
            drawn.append(
                f'<rect class="bar part-{kind}" x="{x + (width - thick) / 2:.1f}" y="{y:.1f}" '
                f'width="{thick:.1f}" height="{height:.1f}"></rect>'
            )
        if position % max(1, len(data) // 12) == 0:
            drawn.append(
                f'<text class="tick" x="{x + width / 2:.1f}" y="{_base() + 16}" '
                f'text-anchor="middle">{_fitted(stack.label, width)}</text>'
            )
    return drawn


def _fitted(label: str, width: Decimal) -> Markup:
    # A label may be as wide as its column; twelve columns have room for nine signs.
    room = max(9, int(width / _SIGN))
    return Markup.escape(label if len(label) <= room else label[: room - 1].rstrip(" ,") + "…")


def _step(columns: int) -> Decimal:
    return Decimal(WIDTH - _LEFT - 8) / max(1, columns)


def _curve(data: Sequence[Bar], width: Decimal) -> str:
    total = sum((bar.value for bar in data), Decimal(0)) or Decimal(1)
    points, running = [], Decimal(0)
    for position, bar in enumerate(data):
        running += bar.value
        y = _base() - running / total * _inner()
        points.append(f"{_LEFT + width * position + width / 2:.1f},{y:.1f}")
    return f'<polyline class="curve" points="{" ".join(points)}"></polyline>'


def heat_map(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Decimal]]
) -> Markup:
    """A square per row and column, darker for more; rows and columns as labelled."""
    left, cell_height, head = 190, 26, 84
    width = Decimal(WIDTH - left - 8) / max(1, len(columns))
    top = max((value for row in cells for value in row), default=Decimal(0)) or Decimal(1)
    drawn = [
        f'<text class="tick" x="{left + width * column + 6:.1f}" y="{head - 8}" '
        f'transform="rotate(-35 {left + width * column + 6:.1f} {head - 8})">'
        f"{_fitted(label, max(width, _SLANTED))}</text>"
        for column, label in enumerate(columns)
    ]
    for line, (label, values) in enumerate(zip(rows, cells, strict=True)):
        y = head + line * cell_height
        drawn.append(f'<text class="tick" x="4" y="{y + 17}">{_fitted(label, _ROW_LABEL)}</text>')
        for column, value in enumerate(values):
            drawn.append(
                f'<rect class="heat heat-{_shade(value, top)}" x="{left + width * column:.1f}" '
                f'y="{y}" width="{width - 2:.1f}" height="{cell_height - 2}"></rect>'
            )
    return _svg(drawn, head + cell_height * len(rows) + 8)


def spreads(data: Sequence[Spread]) -> Markup:
    """A box per row over the middle half of its prices, a line from the lowest to the highest."""
    left, row, head = 190, 34, 28
    low = min((spread.lowest for spread in data), default=Decimal(0))
    span = max((spread.highest for spread in data), default=Decimal(0)) - low or Decimal(1)
    scale = (WIDTH - left - 40) / span
    drawn = []
    for quarter in range(5):
        x = left + (WIDTH - left - 40) * quarter / 4
        drawn.append(
            f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{head}" '
            f'y2="{head + row * len(data)}"></line><text class="tick" x="{x:.1f}" y="{head - 10}" '
            f'text-anchor="middle">{number(low + span * quarter / 4, 2)}</text>'
        )
    for line, spread in enumerate(data):
        figures = spread.lowest, spread.quartile_1, spread.median, spread.quartile_3, spread.highest
        drawn.append(
            _box(
                spread.label,
                [left + (price - low) * scale for price in figures],
                head + row * line + 17,
            )
        )
    return _svg(drawn, head + row * len(data) + 8)


def _box(label: str, places: Sequence[Decimal], y: int) -> str:
    lowest, first, middle, _, highest = (f"{position:.1f}" for position in places)
    width = max(Decimal(2), places[3] - places[1])
    return (
        f'<text class="tick" x="4" y="{y + 4}">{_fitted(label, _ROW_LABEL)}</text>'
        f'<line class="whisker" x1="{lowest}" x2="{highest}" y1="{y}" y2="{y}"></line>'
        f'<rect class="box" x="{first}" y="{y - 9}" width="{width:.1f}" height="18"></rect>'
        f'<line class="median" x1="{middle}" x2="{middle}" y1="{y - 9}" y2="{y + 9}"></line>'
    )


def _shade(value: Decimal, top: Decimal) -> int:
    # By the square root: one large purchase would otherwise leave all others white.
    if value <= 0:
        return 0
    return 1 + min(_SHADES - 2, int(float(value / top) ** 0.5 * (_SHADES - 1)))


def _axis(top: Decimal) -> str:
    lines = []
    for quarter in range(5):
        y = _base() - _inner() * quarter / 4
        label = _short(top * quarter / 4, 2 if top < _FINE else 0)
        lines.append(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"></line>'
            f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
        )
    return "".join(lines)


def _short(value: Decimal, places: int) -> str:
    for limit, unit in ((10**6, " Mio."), (10**3, " Tsd.")):
        # What would be shown as 1.000,0 of the smaller unit is 1,0 of the larger.
        if value >= limit - Decimal(limit) / 20_000:
            return number(value / limit, 1) + unit
    return number(value, places)


def _share(value: Decimal, top: Decimal) -> Decimal:
    return max(Decimal(0), value) / top


def _inner() -> Decimal:
    return Decimal(HEIGHT - _BOTTOM - _TOP)


def _base() -> int:
    return HEIGHT - _BOTTOM


def _svg(drawn: Sequence[str], height: int) -> Markup:
    # Labels are escaped where they are put in; everything else here is made of numbers.
    opening = f'<svg viewBox="0 0 {WIDTH} {height}" class="plot" aria-hidden="true">'
    return Markup(opening + "".join(drawn) + "</svg>")  # noqa: S704
