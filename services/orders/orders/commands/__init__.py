"""What orders can be asked to do, parsed and valid."""

from orders.commands.base import Command
from orders.commands.ordering import MAX_LINES, CancelOrder, CheckRoute, CreateOrder, WantedLine

__all__ = ["MAX_LINES", "CancelOrder", "CheckRoute", "Command", "CreateOrder", "WantedLine"]
