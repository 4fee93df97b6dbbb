"""The replay's result for people: the same tables on the screen and in a Markdown file.

In: checks, journal, statements. Out: tables; the file also lists every rounding difference.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from rich.console import Console

from acceptance.actors.replay import Speed
from acceptance.checks import findings
from acceptance.checks.readings import StrengthReading
from acceptance.checks.reconciliation import Check
from acceptance.checks.statements import Statements
from acceptance.checks.tables import Cell, Table
from acceptance.dataset import cpv
from acceptance.ledger.journal import Journal
from acceptance.ledger.settling import net
from acceptance.streams import Stream

_LARGEST = 10


class DemoReport:
    """Everything worth telling about one replay."""

    def __init__(
        self,
        stream: Stream,
        checks: Sequence[Check],
        journal: Journal,
        statements: Statements,
        speed: Speed,
    ) -> None:
        self._stream = stream
        self._checks = checks
        self._journal = journal
        self._statements = statements
        self._speed = speed

    @property
    def ok(self) -> bool:
        """Whether nothing is off."""
        return all(check.ok for check in self._checks)

    def show(self, console: Console) -> None:
        """Print the tables; of the rounding differences the ten largest."""
        differences = self._differences()
        largest = Table(
            f"The {_LARGEST} largest rounding differences",
            differences.headings,
            sorted(differences.rows, key=_size, reverse=True)[:_LARGEST],
        )
        of_findings = findings.tables(self._journal, self._statements)
        for table in (*self._strongest(), largest, *of_findings, *self._sections()):
            console.print(table.on_screen())
        console.print(self._stream.note, highlight=False)
        console.print(self._pace(), highlight=False)
        console.print(self._verdict(), style="green" if self.ok else "bold red", highlight=False)

    def write(self, file: Path) -> None:
        """Write all tables as Markdown."""
        parts = [f"# {self._stream.title}\n\n{self._verdict()}\n\n{self._stream.note}\n"]
        parts.append(f"{self._pace()}\n")
        of_findings = findings.tables(self._journal, self._statements)
        own = (*self._sections(), *of_findings, *self._strongest(), self._differences())
        tables = (*own, *self._stream.listed)
        parts += [table.as_markdown() for table in tables]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(parts), encoding="utf-8")

    def _verdict(self) -> str:
        off = sum(not check.ok for check in self._checks)
        if off:
            return f"{off} of {len(self._checks)} checks are off."
        return f"All {len(self._checks)} checks agree to the cent."

    def _pace(self) -> str:
        lines = sum(len(order.lines) for order in self._journal.ordered)
        seconds = max(self._speed.ordering_seconds, 0.001)
        return (
            f"{len(self._journal.ordered):,} orders with {lines:,} lines placed in "
            f"{seconds:.1f} s ({len(self._journal.ordered) / seconds:.1f} orders/s, "
            f"{lines / seconds:.1f} lines/s); all answered after "
            f"{self._speed.answering_seconds:.1f} s."
        )

    def _sections(self) -> list[Table]:
        sections = dict.fromkeys(check.section for check in self._checks)
        headings = ("figure", "data and journal", "found", "")
        return [
            Table(
                section,
                headings,
                [_row(check) for check in self._checks if check.section == section],
            )
            for section in sections
        ]

    def _strongest(self) -> list[Table]:
        headings = ("rank", "score", "members", "months", "regularity", "demand EUR net", "what")
        classes = [
            _strength(row, f"{row.cpv_class} {_label(row.cpv_class)}")
            for row in self._statements.strongest_classes
        ]
        articles = [_strength(row, row.name) for row in self._statements.strongest_articles]
        return [
            Table("Strongest classes: many members, regular, of value", headings, classes),
            Table("Strongest articles: many members, regular, of value", headings, articles),
        ]

    def _differences(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for order in self._journal.ordered:
            for line in order.lines:
                ordered = net(line.quantity, line.price)
                if ordered != line.line_value:
                    rows.append(
                        (
                            str(line.line_id),
                            f"{order.member} {order.month}",
                            line.quantity,
                            line.price,
                            ordered,
                            net(Decimal(1), line.line_value),
                            ordered - line.line_value,
                        )
                    )
        headings = ("line", "order", "quantity", "price", "ordered", "line value", "difference")
        return Table(f"Rounding differences ({len(rows)} lines)", headings, rows)


def _row(check: Check) -> tuple[Cell, ...]:
    return check.name, check.expected, check.actual, "ok" if check.ok else "off"


def _size(row: Sequence[Cell]) -> Decimal:
    difference = row[-1]
    return abs(difference) if isinstance(difference, Decimal) else Decimal(0)


def _strength(row: StrengthReading, what: str) -> tuple[Cell, ...]:
    return (
        row.rank,
        row.score,
        f"{row.members} of {row.members_total}",
        f"{row.months} of {row.months_total}",
        row.regularity,
        row.demand_net,
        what,
    )


def _label(cpv_class: str) -> str:
    try:
        return cpv.class_label(cpv_class)
    except KeyError:
        return ""
