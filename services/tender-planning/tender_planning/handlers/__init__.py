"""One function per command or stream: load, let the domain decide, save, announce."""
