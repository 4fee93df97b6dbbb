"""What tender-planning can be asked, parsed and valid."""
