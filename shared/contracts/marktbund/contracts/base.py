"""What every event shares: topic, key, version, JSON form. Additive change only."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class Topic:
    """A Kafka topic: `<owner>.<subject>.<kind>.v1`, a deployment prefix in front.

    kind `events`: facts, never compacted, kept for ever, order kept per key.
    kind `state`: one type, the whole current state, compacted, upserted by version.
    """

    owner: str
    subject: str
    kind: Literal["events", "state"]

    @property
    def name(self) -> str:
        """The name without the deployment's prefix."""
        return f"{self.owner}.{self.subject}.{self.kind}.v1"


class Message(BaseModel):
    """One event or state, the JSON value of a Kafka record.

    Money and quantities are strings in JSON, times RFC 3339 in UTC. Readers ignore fields they
    do not know. `version` counts the aggregate's messages on this topic, from 1, without gap.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[Topic]
    key_field: ClassVar[str]

    version: int = Field(ge=1)

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type: `marktbund.<owner>.<Name>.v1`."""
        return f"marktbund.{cls.topic.owner}.{cls.__name__}.v1"

    @property
    def key(self) -> str:
        """The aggregate's id, which is the record's key."""
        return str(getattr(self, self.key_field))


class Part(BaseModel):
    """A part inside a message."""

    model_config = ConfigDict(frozen=True, extra="ignore")
