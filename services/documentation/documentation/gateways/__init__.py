"""Where the day's anchor goes: a folder, and whoever stamps the time."""
