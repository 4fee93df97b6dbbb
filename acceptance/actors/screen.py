"""What the replay shows while it runs: a line per step, a bar for orders and one for suppliers."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Screen:
    """Steps and progress on a terminal; in a pipe a line now and then instead of the bars."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._begun = time.monotonic()

    def progress(self, step: str) -> None:
        """One step, with the seconds since the beginning."""
        seconds = time.monotonic() - self._begun
        self.console.print(f"[dim]{seconds:7.2f} s[/dim]  {escape(step)}", highlight=False)

    def begin(self, orders: int, supplier_orders: int) -> "Bars":
        """The bars of a replay of this size; use as a context manager."""
        return Bars(self.console, orders, supplier_orders)


class Bars:
    """Orders with orders and lines per second, and documents the suppliers have dealt with."""

    def __init__(self, console: Console, orders: int, supplier_orders: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._console = console
        self._told_every = max(orders // 10, 1)
        self._orders = self._progress.add_task("orders", total=orders, pace="")
        self._suppliers = self._progress.add_task("suppliers", total=supplier_orders, pace="")
        self._begun = time.monotonic()
        self._lines = self._placed = self._answered = 0

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def ordered(self, lines: int) -> None:
        """One more order, of so many lines, is placed."""
        self._placed += 1
        self._lines += lines
        seconds = max(time.monotonic() - self._begun, 0.001)
        pace = f"{self._placed / seconds:5.1f} orders/s {self._lines / seconds:6.1f} lines/s"
        self._progress.update(self._orders, completed=self._placed, pace=pace)
        self._tell("orders", self._placed, pace)

    def dealt_with(self, document: str) -> None:
        """A supplier is done with a document; cancellations do not count as answers."""
        if document == "order":
            self._answered += 1
            seconds = max(time.monotonic() - self._begun, 0.001)
            pace = f"{self._answered / seconds:5.1f} supplier orders/s"
            self._progress.update(self._suppliers, completed=self._answered, pace=pace)
            self._tell("supplier orders", self._answered, pace)

    def _tell(self, what: str, done: int, pace: str) -> None:
        # A pipe shows no bars before they end.
        if not self._console.is_terminal and done % self._told_every == 0:
            self._console.print(f"{done:,} {what}, {pace.strip()}", highlight=False)
