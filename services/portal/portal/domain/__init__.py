"""What portal decides by itself: plain Python, no request, no database, no clock."""
