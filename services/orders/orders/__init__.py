"""From cart to receipt: spot orders, split into supplier orders, and what became of them."""
