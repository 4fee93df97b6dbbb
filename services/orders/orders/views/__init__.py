"""Questions: SQL straight to the answer, always inside one member."""
