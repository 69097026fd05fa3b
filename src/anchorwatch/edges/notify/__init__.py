"""Alerts go out: by mail, chat and webhooks (apprise), MQTT, and Cursor-on-Target. See docs/notify.md.

    rules = read(file, secrets)                                  # --notify FILE.toml
    notifier = Notifier(rules.channels, store, clock, link=rules.link)
    store.rules = notifier.rules                                 # what is due is written with the alert itself
    await notifier.run()

A letter is marked before it is sent and after. Where the process is killed in between, it is sent again and says so:
none is lost, none comes twice without a word. The libraries are loaded by the channels that use them.
"""

from __future__ import annotations

from anchorwatch.edges.notify.channel import Channel
from anchorwatch.edges.notify.notifier import Notifier
from anchorwatch.edges.notify.rules import Rules, read

__all__ = ["Channel", "Notifier", "Rules", "read"]
