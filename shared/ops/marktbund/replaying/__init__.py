"""What operators do about dead letters: repair, replay, discard, and what they may ask."""

from marktbund.replaying.desk import DeadLetters, Replayed

__all__ = ["DeadLetters", "Replayed"]
