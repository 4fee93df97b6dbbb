"""The human front door: pages for every role. It owns sessions and carts, nothing else."""
