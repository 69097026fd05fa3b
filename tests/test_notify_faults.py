"""What the notifier does when the disk, the clock, a key or a broker fails, and that it ends when it is told to."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts_at_work import an_alert
from anchorwatch.edges.store import Store
from anchorwatch.errors import BadInput
from anchorwatch.model import Vessel
from notify_receivers import Sink, SkippingClock, Webhook, listening, notifying, until

HERE = Path(__file__).resolve().parent
DAY_S = 86_400


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def store(tmp_path: Path, clock: SkippingClock) -> Iterator[Store]:
    opened = Store.open(tmp_path / "store.sqlite", clock)
    yield opened
    opened.close()


def rules(url: str, more: str = "") -> str:
    return f'[[channel]]\nname = "duty"\nurl = "{url}"\n{more}\n'


def test_what_could_not_be_written_down_is_written_later(store: Store, tmp_path: Path) -> None:
    """The message is out, and the store cannot be told: it is told as soon as it can be, and nothing goes twice."""

    async def test() -> None:
        sink = Sink(slow_s=0.3)
        refuse = (
            "CREATE TRIGGER full BEFORE UPDATE ON outbox WHEN NEW.state = 'sent' BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
        outside = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
        try:
            async with listening(sink.talk) as port, notifying(store, rules(f"cot+tcp://127.0.0.1:{port}")) as notifier:
                outside.execute(refuse)
                store.record([an_alert()], 1)
                await until(lambda: notifier.trouble != "")
                assert store.letters()[0].state == "sending"
                outside.execute("DROP TRIGGER full")
                await until(lambda: store.letters()[0].state == "sent")
                await until(lambda: notifier.trouble == "")
                assert len(sink.got) == 1
        finally:
            outside.close()

    asyncio.run(asyncio.wait_for(test(), 20))


def test_a_clock_that_was_wrong_holds_back_nothing(store: Store, clock: SkippingClock) -> None:
    async def test() -> None:
        hook = Webhook(status=500)
        clock.skip(400 * DAY_S)  # a year ahead, until somebody sets it right
        async with listening(hook.talk) as port, notifying(store, rules(f"json://127.0.0.1:{port}/")):
            store.record([an_alert()], 1)
            await until(lambda: hook.asked == 1 and store.letters()[0].state == "waiting")
            hook.status = 200
            clock.jump(-400 * DAY_S)
            clock.skip(31)
            await until(lambda: store.letters()[0].state == "sent")

    asyncio.run(asyncio.wait_for(test(), 20))


def test_a_silent_broker_does_not_hold_up_the_end(store: Store) -> None:
    async def test() -> None:
        taken = []

        async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.append(1)
            await reader.read()
            await asyncio.sleep(60)

        async with listening(says_nothing) as port:
            async with notifying(store, rules(f"mqtt://127.0.0.1:{port}/alerts")):
                store.record([an_alert()], 1)
                await until(lambda: bool(taken))
                began = time.monotonic()
            assert time.monotonic() - began < 2
        assert store.letters()[0].state == "waiting"

    asyncio.run(asyncio.wait_for(test(), 20))


HANGS = """
import asyncio, sys
from pathlib import Path
from anchorwatch.edges.store import Store
from alerts_at_work import an_alert
from notify_receivers import SkippingClock, notifying, until
async def main():
    store = Store.open(Path(sys.argv[1]), SkippingClock())
    async with notifying(store, f'[[channel]]\\nname = "duty"\\nurl = "json://127.0.0.1:{sys.argv[2]}/?rto=60"'):
        store.record([an_alert()], 1)
        await until(lambda: store.letters()[0].state == "sending")
        await asyncio.sleep(0.3)
    print(store.letters()[0].state, flush=True)
    store.close()
asyncio.run(main())
"""


def test_a_receiver_that_hangs_does_not_keep_the_process_alive(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        run = subprocess.run(
            [sys.executable, "-c", HANGS, str(tmp_path), str(silent.getsockname()[1])],
            cwd=HERE, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert (run.stdout, run.stderr, run.returncode) == ("waiting\n", "", 0)


def test_certificates_that_cannot_be_used(store: Store, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")
    )
    (tmp_path / "locked.pem").write_bytes(locked)
    (tmp_path / "no.pem").write_text("no certificate")

    async def test(more: str) -> None:
        async with notifying(store, rules("cot+tls://127.0.0.1:9", more)):
            pass

    for more in (
        f'authority = "{tmp_path / "no.pem"}"',
        f'certificate = "{tmp_path / "no.pem"}"',
        f'certificate = "{tmp_path / "no.pem"}"\nkey = "{tmp_path / "locked.pem"}"',
    ):
        with pytest.raises(BadInput, match=r"notify\.toml:3: channel\[1\]\.url: the certificates cannot be used"):
            asyncio.run(test(more))


def test_a_defect_in_the_words_is_told_and_ends_nothing(store: Store, clock: SkippingClock) -> None:
    """An alert as no program of ours would write it: its message fails, the next one goes out."""

    async def test() -> None:
        hook = Webhook()
        async with listening(hook.talk) as port, notifying(store, rules(f"json://127.0.0.1:{port}/")):
            with store.writing() as connection:
                store.record([an_alert(vessel=Vessel(1, length_m=float(10**30)))], 1)
                connection.exec_driver_sql("UPDATE alerts SET record = replace(record, '\"assets\"', '\"x\"')")
            await until(lambda: store.letters()[0].why == "it cannot be put into words (KeyError)")
            store.record([an_alert(2)], 2)
            await until(lambda: len(hook.got) == 1)

    asyncio.run(asyncio.wait_for(test(), 20))
