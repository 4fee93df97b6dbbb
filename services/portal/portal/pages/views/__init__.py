"""Questions: what a page shows, asked of this database and of the services."""
