"""What the tables share."""

from typing import Any

from sqlalchemy import Column, MetaData, Numeric

metadata = MetaData()


def money(name: str, *, nullable: bool = False) -> Column[Any]:
    """A net EUR amount to the cent."""
    return Column(name, Numeric(18, 2), nullable=nullable)
