"""Questions: SQL straight to the answer, always limited to the supplier who asks."""
