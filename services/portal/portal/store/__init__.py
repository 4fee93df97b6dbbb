"""Tables, and rows from and to what portal keeps."""
