"""A watch that sends notifications, to be killed: `python tests/notify_child.py FOLDER URL`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from alerts_at_work import an_alert
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.store import Store
from notify_receivers import notifying

ALERTS = 40


async def watch(store: Store, url: str) -> None:
    text = f'[[channel]]\nname = "duty"\nurl = "{url}"\n'
    async with notifying(store, text) as notifier:
        notifier.poll_s = 0.01
        seq, _ = store.progress()
        for number in range(seq + 1, ALERTS + 1):
            store.record([an_alert(number)], number)
            await asyncio.sleep(0.01)
        await asyncio.sleep(60)


def main() -> None:
    store = Store.open(Path(sys.argv[1]) / "store.sqlite", SystemClock())
    print("open", flush=True)
    asyncio.run(watch(store, sys.argv[2]))


if __name__ == "__main__":
    main()
