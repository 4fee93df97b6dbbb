"""The one order in which rows are held, whoever holds them."""

HELD = ("held_suppliers", "held_channels", "held_orders")
"""Names of clauses: suppliers, channels, supplier orders. Documents come last, in a statement of
their own behind them, together with the lines: what a statement reads beside a lock that it waited
for may be older than the lock. Before all of them: the table of credentials, where it is needed."""
