"""A table that can be shown on a terminal and written as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rich.markup import escape
from rich.table import Table as RichTable

Cell = Decimal | int | str | date


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows; numbers stand to the right, with commas between thousands."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def on_screen(self) -> RichTable:
        """The table for a terminal; a cell that reads `off` is red."""
        shown = RichTable(title=escape(self.title), title_justify="left")
        for column, heading in enumerate(self.headings):
            shown.add_column(heading, justify="right" if self._numeric(column) else "left")
        for row in self.rows:
            shown.add_row(*(_coloured(spelled(cell)) for cell in row))
        return shown

    def as_markdown(self) -> str:
        """The table with its title as a heading of the second level."""
        sides = ["---:" if self._numeric(column) else "---" for column in range(len(self.headings))]
        lines = [_line(self.headings), _line(sides)]
        lines += [_line([spelled(cell).replace("|", "\\|") for cell in row]) for row in self.rows]
        return f"## {self.title}\n\n" + "\n".join(lines) + "\n"

    def _numeric(self, column: int) -> bool:
        return any(isinstance(row[column], Decimal | int) for row in self.rows)


def spelled(cell: Cell) -> str:
    """A cell as text: amounts and numbers with commas between thousands."""
    return f"{cell:,}" if isinstance(cell, Decimal | int) else str(cell)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _coloured(text: str) -> str:
    return "[bold red]off[/]" if text == "off" else escape(text)
