"""The headers of every record as JSON Schema: CloudEvents attributes and ours, all text.

In: nothing. Out: the schema that all messages of the AsyncAPI document share.
"""

from pydantic import JsonValue

COMMON = "CloudEventsHeaders"
_TIME = {"type": "string", "format": "date-time"}

SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "description": "CloudEvents 1.0, Kafka binary mode. Readers ignore headers they do not know.",
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_source": {
            "type": "string",
            "pattern": "^/marktbund/",
            "description": "The service that announced it",
        },
        "ce_type": {"type": "string", "pattern": "^marktbund\\."},
        "ce_time": {**_TIME, "description": "System time of the announcement"},
        "ce_subject": {"type": "string", "description": "The record's key"},
        "content-type": {"const": "application/json"},
        "correlation_id": {
            "type": "string",
            "description": "The request that began it, the same in all it causes",
        },
        "aggregate_version": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "`version` of the payload",
        },
        "demo": {"enum": ["true", "false"], "description": "Whether the deployment is a demo"},
        "business_time": {
            **_TIME,
            "description": "The time that dates it, in a demo; without it `ce_time` does",
        },
        "traceparent": {
            "type": "string",
            "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
            "description": "W3C trace context of what announced it, where traces are on",
        },
    },
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "aggregate_version"],
}
