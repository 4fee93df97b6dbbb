"""The outside world: the mail server."""
