"""Seen from outside: metrics, traces across the outbox. Nothing personal is in either.

Labels and attributes are names of routes, topics, tasks and classes, numbers, and ids of traces;
never a path, a key, a subject, a name or the words of an exception.
"""
