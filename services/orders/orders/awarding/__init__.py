"""Which way a purchase may go: needs, rules, pots, decisions and the offers behind them."""
