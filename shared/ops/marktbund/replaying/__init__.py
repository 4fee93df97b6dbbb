"""What operators do about dead letters: repair, replay, discard, and what they may ask."""

from marktbund.replaying.desk import DeadLetters, ReplayAnswer

__all__ = ["DeadLetters", "ReplayAnswer"]
