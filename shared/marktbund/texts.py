"""Text from outside: what a one-line field may hold."""

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
"""Pattern of a text on one line: no control characters. PostgreSQL stores no NUL, and a line break
in a name breaks lists, logs and CSV files."""
