"""The rules: who is a supplier, and what it may answer. Pure; time and ids are passed in."""
