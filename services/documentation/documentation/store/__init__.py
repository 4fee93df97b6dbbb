"""What is kept: records waiting and sealed, chains, checkpoints; all set-wise."""
