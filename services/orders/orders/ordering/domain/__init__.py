"""The rules. Pure; time and ids are passed in, events are returned."""
