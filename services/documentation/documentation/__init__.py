"""The file that stands up: records every decision of the platform and proves it unchanged."""
