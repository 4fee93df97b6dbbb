"""What ordering can be asked to do, parsed and valid."""
