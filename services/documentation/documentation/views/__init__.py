"""Questions to the file: SQL straight to the answer, or to a stream of it."""
