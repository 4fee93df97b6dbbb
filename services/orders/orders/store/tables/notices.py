"""Notices to people: how many each was given, and of which supplier orders lateness was told."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Table, Uuid

from orders.store.tables.base import metadata

notice_count = Table(
    "notice_count",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
)
told_late = Table(
    "told_late",
    metadata,
    Column(
        "supplier_order_id",
        Uuid,
        ForeignKey("supplier_order.supplier_order_id"),
        primary_key=True,
    ),
    Column("told_on", Date, nullable=False),
)
