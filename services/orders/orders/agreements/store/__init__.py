"""Tables, and aggregates as rows: plain sight, version-checked."""
