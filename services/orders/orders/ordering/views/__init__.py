"""Questions, SQL straight to the answer."""
