"""MQTT: each event with its alert as one JSON object, QoS 1 (at least once), `anchorwatch.notice/1`."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import unquote, urlsplit

from anchorwatch.edges.notify.channel import Channel, Failed, Message, Note
from anchorwatch.edges.notify.tls import context
from anchorwatch.edges.records import json_line
from anchorwatch.model import rfc3339

SCHEMA = "anchorwatch.notice/1"
_QUIET = logging.getLogger("anchorwatch.notify.mqtt")  # the library's own log names hosts and topics
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


def notice(channel: str, note: Note, now_us: int) -> dict[str, Any]:
    """Return what is published."""
    event = note.event._asdict() | {"at": rfc3339(note.event.at_us)}
    del event["at_us"]
    return {
        "schema": SCHEMA,
        "channel": channel,
        "sent": rfc3339(now_us),
        "perhaps_sent_before": note.sent_before,
        "event": event,
        "alert": note.alert,
        "work": note.work,
    }


class BrokerSender:
    """Publishes to one topic; a connection for each message: alerts are rare."""

    def __init__(self, channel: Channel) -> None:
        """Take where to publish."""
        parts = urlsplit(channel.url)
        self.channel, self.host, self.topic = channel, parts.hostname or "", unquote(parts.path[1:])
        self.tls = context(channel) if channel.scheme == "mqtts" else None
        self.port = parts.port or (8883 if self.tls else 1883)
        self.user, self.password = (None if x is None else unquote(x) for x in (parts.username, parts.password))

    async def send(self, message: Message, now_us: int) -> None:
        """Publish each note, and wait until the broker has taken it."""
        import aiomqtt

        test = {"schema": SCHEMA, "channel": self.channel.name, "sent": rfc3339(now_us), "test": True}
        notices = [notice(self.channel.name, note, now_us) for note in message.notes] or [test]
        connected = False
        try:
            async with aiomqtt.Client(
                self.host, self.port, username=self.user, password=self.password, tls_context=self.tls,
                timeout=self.channel.limit_s, logger=_QUIET,
            ) as client:  # fmt: skip
                connected = True
                for said in notices:
                    await client.publish(self.topic, json_line(said), qos=1)
        except aiomqtt.MqttError as error:
            raise Failed(f"the broker did not take it ({error})", perhaps=connected) from error
