"""One try: by the library of the channel's kind, within its time limit, and how it failed."""

from __future__ import annotations

import asyncio

from anchorwatch.edges.notify.channel import Channel, Failed, Message, Sender


async def send(sender: Sender, channel: Channel, message: Message, now_us: int) -> Failed | None:
    """Send a message; return how it failed, None where it went out."""
    try:
        async with asyncio.timeout(channel.limit_s):
            await sender.send(message, now_us)
    except TimeoutError:
        return Failed(f"no answer within {channel.limit_s:g} s", perhaps=True)
    except Failed as failed:
        return failed
    except OSError as error:
        return Failed(error.strerror or type(error).__name__)
    except Exception as error:  # a defect of a library must not end the notifier
        return Failed(f"it cannot be sent ({type(error).__name__})", perhaps=True)
    return None


def sender_of(channel: Channel) -> Sender:
    """Return what sends for a channel; only its own library is loaded."""
    if channel.scheme in ("mqtt", "mqtts"):
        from anchorwatch.edges.notify.broker import BrokerSender

        return BrokerSender(channel)
    if channel.for_machines:
        from anchorwatch.edges.notify.cot import CotSender

        return CotSender(channel)
    from anchorwatch.edges.notify.chat import ChatSender

    return ChatSender(channel)
