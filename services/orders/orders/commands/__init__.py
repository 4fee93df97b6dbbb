"""What orders can be asked to do, parsed and valid."""

from orders.commands.base import Command
from orders.commands.ordering import MAX_LINES, CancelOrder, CreateOrder, WantedLine

__all__ = ["MAX_LINES", "CancelOrder", "Command", "CreateOrder", "WantedLine"]
