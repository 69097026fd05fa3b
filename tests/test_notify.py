"""Alerts reach those who listen: webhook, mail, MQTT, Cursor-on-Target; each a real one on loopback."""

from __future__ import annotations

import asyncio
import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from alerts_at_work import ANNA, HOSTILE, an_alert, next_word
from anchorwatch.edges.store import Store
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.judgement.work import Action
from anchorwatch.model import Vessel
from notify_receivers import MailServer, Sink, SkippingClock, Webhook, datagrams, listening, notifying, until
from service_peers import CA, Listening, broker, free_port, server_tls

HOUR_S = 3600


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def store(tmp_path: Path, clock: SkippingClock) -> Iterator[Store]:
    opened = Store.open(tmp_path / "store.sqlite", clock)
    yield opened
    opened.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(20):
            await test()

    asyncio.run(limited())


def rules(name: str, url: str, more: str = "") -> str:
    return f'[[channel]]\nname = "{name}"\nurl = "{url}"\n{more}\n'


def states(store: Store) -> list[str]:
    return [letter.state for letter in reversed(store.letters())]


def test_a_webhook_is_told(store: Store) -> None:
    async def test() -> None:
        hook = Webhook()
        async with listening(hook.talk) as port, notifying(store, rules("duty", f"json://127.0.0.1:{port}/")):
            alert = an_alert(vessel=Vessel(230_000_001, name=HOSTILE))
            store.record([alert, an_alert(2, "caution")], 1)
            await until(lambda: states(store) == ["sent"])
            store.record([next_word(alert, "alarm")], 2)
            store.act(alert.id, Action("note", {"text": "called on 16"}), ANNA)
            store.act(alert.id, Action("escalate", {"to": "coast guard", "reason": "no answer"}), ANNA)
            store.record([next_word(next_word(alert, "alarm"), "withdrawn")], 3)
            await until(lambda: states(store) == ["sent"] * 4)
        titles = [said["title"] for said in hook.got]
        assert titles[0] == "WARNING anchor drag: \uff1cimg src=x onerror=alert(1)\uff1eu+001b\uff3b2Ju+202e, Estlink 2"
        assert titles[-1].startswith("WITHDRAWN")
        assert "Escalated to coast guard by anna" in "".join(said["message"] for said in hook.got)
        assert [e.verb for e in store.history(alert.id)].count("notified") == 4

    run(test)


def test_mail_keeps_a_hostile_name_in_its_subject(store: Store) -> None:
    async def test() -> None:
        server = MailServer()
        name = "A\r\nBcc: all@example.org\r\n\r\n<b>EVIL.EXAMPLE"
        async with listening(server.talk) as port:
            url = f"mailto://127.0.0.1:{port}?from=watch@example.org&to=duty@example.org"
            async with notifying(store, rules("mail", url)):
                store.record([an_alert(vessel=Vessel(230_000_001, name=name), explanation=f"{name} slows down")], 1)
                await until(lambda: states(store) == ["sent"])
        (mail,) = server.got
        assert [line.upper().startswith("RCPT TO:<DUTY@EXAMPLE.ORG>") for line in server.to] == [True]
        assert mail["bcc"] is None
        assert "Bcc: all\uff20example. org" in mail["subject"]
        body = mail.get_body(("html", "plain"))
        assert body is not None
        assert "<b>" not in body.get_content()
        assert "github" not in mail.as_string()  # apprise's own pictures

    run(test)


def test_mqtt_gets_event_and_alert(store: Store, tmp_path: Path) -> None:
    async def test() -> None:
        async with broker(tmp_path) as nats, aiomqtt.Client("127.0.0.1", nats.mqtt) as listener:
            await listener.subscribe("watch/alerts", qos=1)
            async with notifying(store, rules("integration", f"mqtt://127.0.0.1:{nats.mqtt}/watch/alerts")) as notifier:
                alert = an_alert(vessel=Vessel(230_000_001, name=HOSTILE))
                store.record([alert], 1)
                store.act(alert.id, Action("take"), ANNA)
                got: list[dict[str, Any]] = []
                async for message in listener.messages:
                    assert isinstance(message.payload, bytes)
                    assert b"\x1b" not in message.payload
                    got.append(json.loads(message.payload))
                    if len(got) == 2:
                        break
                assert (await notifier.test("integration"))["sent"]
        raised, taken = got
        assert raised["schema"] == "anchorwatch.notice/1"
        assert raised["event"]["verb"] == "raised"
        assert raised["alert"]["vessel"]["name"] == HOSTILE  # as data, whole
        assert (taken["event"]["verb"], taken["event"]["actor"], taken["work"]["state"]) == ("take", "anna", "in_hand")
        assert not taken["perhaps_sent_before"]

    run(test)


def test_no_broker_then_one(store: Store, clock: SkippingClock, tmp_path: Path) -> None:
    async def test() -> None:
        port = free_port()
        async with notifying(store, rules("integration", f"mqtt://127.0.0.1:{port}/alerts")) as notifier:
            store.record([an_alert()], 1)
            await until(lambda: store.letters()[0].tries == 1 and states(store) == ["waiting"])
            letter = store.letters()[0]
            assert letter.next_us == clock.now_us() + 30_000_000
            assert letter.why.startswith("the broker did not take it")
            assert not letter.perhaps_sent
            assert notifier.channels()[0]["trouble"] == letter.why
            clock.skip(30)
            await until(lambda: store.letters()[0].tries == 2 and states(store) == ["waiting"])
            assert store.letters()[0].next_us == clock.now_us() + 60_000_000

    run(test)


@pytest.mark.parametrize("scheme", ["udp", "tcp", "tls"])
def test_cursor_on_target(store: Store, scheme: str, tmp_path: Path) -> None:
    async def test() -> None:
        sink = Sink()
        CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        more = f'authority = "{tmp_path / "ca.pem"}"' if scheme == "tls" else ""
        with datagrams() as sock:
            async with listening(sink.talk, server_tls() if scheme == "tls" else None) as tcp:
                port = sock.getsockname()[1] if scheme == "udp" else tcp
                async with notifying(store, rules("boats", f"cot+{scheme}://localhost:{port}", more)) as notifier:
                    vessel = Vessel(230_000_001, name="</contact><x>\x00")
                    store.record([an_alert(vessel=vessel), replace(an_alert(2), lon_deg=float("nan"))], 1)
                    await until(lambda: states(store) == ["sent"])
                    assert (await notifier.test("boats"))["sent"]
                    await until(lambda: scheme == "udp" or (len(sink.got) == 2 and b"</event>" in sink.got[-1]))
            data = sock.recv(65_536) if scheme == "udp" else sink.got[0]
        event = ET.fromstring(data)
        assert (event.get("type"), event.get("uid")) == ("a-u-S-X-M", "MMSI-230000001")
        assert [child.tag for child in event.iter()] == ["event", "point", "detail", "remarks", "contact"]

    run(test)


def test_a_certificate_of_nobody_is_refused(store: Store) -> None:
    async def test() -> None:
        sink = Sink()
        async with (
            listening(sink.talk, server_tls()) as port,
            notifying(store, rules("x", f"cot+tls://localhost:{port}")),
        ):
            store.record([an_alert()], 1)
            await until(lambda: "CERTIFICATE_VERIFY_FAILED" in store.letters()[0].why)
        assert sink.got == []

    run(test)


def test_a_failure_is_tried_again_and_given_up_after_a_day(store: Store, clock: SkippingClock) -> None:
    async def test() -> None:
        hook = Webhook(status=500)
        url = "json://user:${HOOK_PASSWORD}@127.0.0.1:%d/token-in-path"
        async with listening(hook.talk) as port:
            with Listening() as heard:
                async with notifying(store, rules("duty", url % port), {"HOOK_PASSWORD": "s3cret-word"}):
                    store.record([an_alert()], 1)
                    waits = []
                    while states(store) != ["given_up"]:
                        tries = store.letters()[0].tries
                        await until(lambda n=tries: hook.asked > n or states(store) == ["given_up"])  # type: ignore[misc]
                        await until(lambda: states(store) != ["sending"])
                        waits.append((store.letters()[0].next_us - clock.now_us()) / 1e6)
                        clock.us = max(store.letters()[0].next_us, clock.us)
        assert waits[:9] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
        assert len(waits) == pytest.approx(31, abs=1)
        why = store.history(an_alert().id)[-1]
        assert why.verb == "not_notified"
        assert "500" in why.data["why"]
        assert not store.letters()[0].perhaps_sent  # it was refused each time
        for text in (*heard.lines, str(store.history(an_alert().id))):
            assert "s3cret-word" not in text
            assert "token-in-path" not in text

    run(test)


def test_who_hangs_holds_up_nobody(store: Store, clock: SkippingClock) -> None:
    async def test() -> None:
        tarpit, hook = Webhook(status=0), Webhook()
        async with listening(tarpit.talk) as slow, listening(hook.talk) as fast:
            text = rules("slow", f"json://127.0.0.1:{slow}/", "limit_s = 1") + rules(
                "fast", f"json://127.0.0.1:{fast}/"
            )
            began = time.monotonic()
            async with notifying(store, text):
                store.record([an_alert()], 1)
                await until(lambda: len(hook.got) == 1)
                assert time.monotonic() - began < 1
                await until(lambda: sorted(states(store)) == ["sent", "waiting"])
                (letter,) = store.letters(state="waiting")
                assert (letter.why, letter.perhaps_sent) == ("no answer within 1 s", True)
                store.record([an_alert(2)], 2)
                await until(lambda: len(hook.got) == 2)
                clock.skip(31)
                await until(lambda: any("still hanging" in x.why for x in store.letters(state="waiting")))
                tarpit.status = 200
        await asyncio.sleep(0.1)  # the thread that was left ends with its server

    run(test)


def test_what_may_have_arrived_says_so(store: Store, clock: SkippingClock) -> None:
    async def test() -> None:
        hook = Webhook(status=504)  # a gateway that does not know either
        async with listening(hook.talk) as port, notifying(store, rules("duty", f"json://127.0.0.1:{port}/")):
            store.record([an_alert()], 1)
            await until(lambda: hook.asked == 1 and states(store) == ["waiting"])
            hook.status = 200
            clock.skip(31)
            await until(lambda: states(store) == ["sent"])
        assert "may have been sent before" in hook.got[0]["message"]
        assert store.history(an_alert().id)[-1].data["perhaps_before"]

    run(test)


def test_ended_while_sending(store: Store) -> None:
    async def test() -> None:
        hook = Webhook(status=0)
        async with listening(hook.talk) as port:
            async with notifying(store, rules("duty", f"json://127.0.0.1:{port}/")):
                store.record([an_alert()], 1)
                await until(lambda: hook.asked == 1)
            assert [(x.state, x.perhaps_sent) for x in store.letters()] == [("waiting", True)]
            hook.status = 200
            async with notifying(store, rules("duty", f"json://127.0.0.1:{port}/")):
                await until(lambda: states(store) == ["sent"])
        assert "may have been sent before" in hook.got[0]["message"]

    run(test)


def test_a_storm_is_a_digest_and_the_night_is_quiet(store: Store, clock: SkippingClock) -> None:
    async def test() -> None:
        hook = Webhook()
        clock.skip(12 * HOUR_S)  # 22:26 UTC
        more = 'quiet = "22:00-06:00"\nmost_per_hour = 2'
        async with listening(hook.talk) as port, notifying(store, rules("duty", f"json://127.0.0.1:{port}/", more)):
            store.record([an_alert(n, "alarm" if n == 7 else "warning") for n in range(1, 31)], 1)
            await until(lambda: sorted(states(store)) == ["sent"] + ["waiting"] * 29)
            assert hook.got[0]["title"] == "ALARM anchor drag: SHIP 7, Estlink 2"
            assert {x.why for x in store.letters(state="waiting")} == {"quiet hours"}
            clock.skip(8 * HOUR_S)
            await until(lambda: states(store) == ["sent"] * 30)
            assert len(hook.got) == 2
            assert hook.got[1]["title"] == "29 messages on alerts, the worst: WARNING"
            store.record([an_alert(31), an_alert(32)], 2)  # one message may go, so both go in it
            await until(lambda: states(store) == ["sent"] * 32)
            assert hook.got[2]["title"] == "2 messages on alerts, the worst: WARNING"
            store.record([an_alert(33, "alarm")], 3)
            await until(lambda: store.letters()[0].why == "most_per_hour")
            clock.skip(61)
            await until(lambda: len(hook.got) == 4)

    run(test)


def test_the_test_button_and_what_the_api_shows(store: Store) -> None:
    async def test() -> None:
        hook = Webhook()
        async with listening(hook.talk) as port:
            url = f"json://user:${{WORD}}@127.0.0.1:{port}/token"
            async with notifying(store, rules("duty", url, 'quiet = "00:00-23:59"'), {"WORD": "s3cret"}) as notifier:
                done = await notifier.test("duty")
                hook.status = 403
                refused = await notifier.test("duty")
                shown = json.dumps(notifier.channels())
                with pytest.raises(BadUse, match="Did you mean 'duty'") as caught:
                    await notifier.test("dutty")
        assert (done["sent"], done["why"]) == (True, "")
        assert hook.got[0]["title"] == "TEST of Anchorwatch"
        assert not refused["sent"]
        assert "403" in refused["why"]
        assert "\x1b" not in str(caught.value)
        for secret in ("s3cret", "token", "user"):
            assert secret not in shown + refused["why"]

    run(test)


def test_a_channel_that_is_gone_gives_up_its_letters(store: Store) -> None:
    async def test() -> None:
        store.rules = lambda *_: ["old"]
        store.record([an_alert()], 1)
        async with notifying(store, rules("new", "json://127.0.0.1:9/")):
            await until(lambda: states(store) == ["given_up"])
        assert store.letters()[0].why == "the rules have no such channel any more"

    run(test)


def test_what_apprise_cannot_use_is_one_line(store: Store) -> None:
    async def test() -> None:
        with pytest.raises(BadInput) as caught:
            async with notifying(store, rules("duty", "jsn://127.0.0.1/token")):
                pass
        assert str(caught.value).startswith("notify.toml:3: channel[1].url: apprise cannot use the URL of this channel")
        assert "token" not in str(caught.value)

    run(test)
