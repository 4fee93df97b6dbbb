"""One function per command or stream: gather, decide, write."""
