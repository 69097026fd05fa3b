"""Mail, chat, webhooks and the rest that apprise knows, over one URL each."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import threading
import warnings
from typing import Any
from urllib.parse import unquote

from anchorwatch.edges.notify.channel import Channel, Failed, Message
from anchorwatch.errors import BadInput

# No connection, or an answer that refuses: then it surely did not arrive (of one target). 502 and 504 say nothing.
_NOT_TAKEN = re.compile(
    r"NewConnectionError|ConnectTimeout|NameResolutionError|Connection refused|error=(4\d\d|500|501|503)\b"
)


class ChatSender:
    """One service. Importing apprise takes half a second: only a watch that uses it pays."""

    def __init__(self, channel: Channel) -> None:
        """Take what to send to; BadInput where apprise cannot use the URL."""
        apprise = _apprise()
        asset = apprise.AppriseAsset(
            app_id="Anchorwatch", app_desc="Anchorwatch", app_url="", image_url_mask="", image_url_logo="",
            async_mode=False, service_timeout=0, storage_mode="memory", pgp_autogen=False, pem_autogen=False,
            http_redirects=False, language="en", timezone="UTC",
        )  # fmt: skip
        plugin = apprise.Apprise.instantiate(channel.url, asset=asset)
        if plugin is None:
            raise BadInput(
                f"apprise cannot use the URL of this channel ({channel.shown}://...)", channel.where,
                "docs/notify.md shows some; all are in apprise's own documentation",
            )  # fmt: skip
        self.channel = channel
        self.service, self.targets = str(plugin.service_name), len(plugin)
        self.apprise = apprise.Apprise(asset=asset)
        self.apprise.add(plugin)
        self.hanging = False  # a try is not over

    async def send(self, message: Message, now_us: int) -> None:
        """Send in a thread that the process need not wait for: some services never answer."""
        if self.hanging:
            raise Failed("the try before is still hanging")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Failed | None] = loop.create_future()

        def work() -> None:
            failed = self._notify(message)
            self.hanging = False
            with contextlib.suppress(RuntimeError):  # the loop is closed: the watch has ended meanwhile
                loop.call_soon_threadsafe(_settle, done, failed)

        self.hanging = True
        threading.Thread(target=work, name=f"notify-{self.channel.name}", daemon=True).start()
        failed = await done
        if failed is not None:
            raise failed

    def _notify(self, message: Message) -> Failed | None:
        """Return how it failed, None where it went out."""
        kinds = {"alarm": "failure", "warning": "warning"}
        try:
            result = self.apprise.notify(
                body=message.body, title=message.title, notify_type=kinds.get(message.level, "info"),
                body_format="text", interpret_escapes=False, log_level=logging.DEBUG,
            )  # fmt: skip
        except Exception as error:  # a hundred services by many hands: none of them stops the watch
            return Failed(self._without_secrets(f"{type(error).__name__}: {error}"), perhaps=True)
        if result:
            return None
        logged = [(entry.level, entry.message) for entry in result.logs()]
        said = [text for level, text in logged if level in ("WARNING", "ERROR", "CRITICAL")]
        surely_not = self.targets == 1 and any(_NOT_TAKEN.search(text) for _, text in logged)
        why = said[-1] if said else f"{self.service} did not take it"
        return Failed(self._without_secrets(why), perhaps=not surely_not)

    def _without_secrets(self, text: str) -> str:
        """Return `text` without any part of the URL that could be a secret."""
        for part in sorted(_parts(self.channel.url), key=len, reverse=True):
            text = text.replace(part, "***")
        return text


def _settle(done: asyncio.Future[Failed | None], failed: Failed | None) -> None:
    if not done.done():
        done.set_result(failed)


def _parts(url: str) -> set[str]:
    """Return the parts of a URL, as written and decoded, that are long enough to be told apart from words."""
    parts = re.split(r"[/:@?&=#]+", url.partition("://")[2])
    return {p for part in parts for p in (part, unquote(part)) if len(p) >= 4} | {url}


def _apprise() -> Any:
    """Import apprise and its hundred services. Some import what Python says is old: no matter of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        _hush()
        apprise.Apprise.instantiate("json://localhost")  # loads the services
    return apprise


def _hush() -> None:
    """What apprise and its HTTP library log goes nowhere: it can name URLs, and the history has what matters."""
    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        logger.propagate = False
