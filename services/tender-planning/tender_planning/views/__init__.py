"""Questions: SQL straight to the answer. All amounts are net EUR."""
