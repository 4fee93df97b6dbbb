"""The outside world: the process that opens documents of strangers, the scanner for malware."""
