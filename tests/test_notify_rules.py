"""Notification rules: what a file may say, how errors name the place, quiet hours, and when a message goes out."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts_at_work import MINUTE, T0, an_alert, next_word
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.notify import quiet
from anchorwatch.edges.notify.channel import EVENTS, Channel, what
from anchorwatch.edges.notify.pacing import ALARM_US, HOUR_US, MOST_AT_ONCE, Waiting, turn
from anchorwatch.edges.notify.rules import COT, KEYS, of_text, read
from anchorwatch.errors import BadInput
from anchorwatch.judgement.work import Event
from anchorwatch.model import LEVELS

SECRETS = Secrets({"ANCHORWATCH_MAIL_PASSWORD": "p@ss/word", "ANCHORWATCH_TEAM_CHAT": "slack://Ta/Tb/Tc"})
HEAD = '[[channel]]\nname = "duty"\n'


def one(text: str) -> Channel:
    return of_text(HEAD + text, "rules.toml", SECRETS).channels[0]


def test_a_file_of_rules(tmp_path: Path) -> None:
    file = tmp_path / "notify.toml"
    file.write_text(
        'link = "https://watch.example.org/alerts/{id}"\n'
        '[[channel]]\nname = "mail"\nurl = "mailtos://watch:${MAIL_PASSWORD}@example.org?to=duty@example.org"\n'
        'quiet = "22:00-06:00"\nmost_per_hour = 6\nkinds = ["anchor_drag"]\nassets = ["estlink-2"]\n'
        '[[channel]]\nname = "chat"\nurl = "${TEAM_CHAT}"\nat_least = "alarm"\n'
        '[[channel]]\nname = "mqtt"\nurl = "mqtt://user:${MAIL_PASSWORD}@[::1]:1884/a%20b/c"\n'
    )
    rules = read(file, SECRETS)
    mail, chat, mqtt = rules.channels
    assert rules.link.endswith("{id}")
    assert mail.url == "mailtos://watch:p%40ss%2Fword@example.org?to=duty@example.org"
    assert (mail.shown, mail.most_per_hour, mail.kinds) == ("mailtos", 6, ("anchor_drag",))
    assert (chat.url, chat.shown, chat.at_least) == ("slack://Ta/Tb/Tc", "slack", "alarm")
    assert (mqtt.shown, mqtt.for_machines) == ("mqtt://[::1]:1884/a b/c", True)
    for secret in ("p@ss", "p%40ss", "Ta/Tb"):
        assert secret not in repr(rules)


def test_the_example_of_the_docs() -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "notify.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    secrets = Secrets({f"ANCHORWATCH_{n}": "json://x" for n in ("MAIL_PASSWORD", "TEAM_CHAT", "MQTT_PASSWORD")})
    assert len(of_text(example[1], "notify.toml", secrets).channels) == 4
    for word in (*KEYS, *EVENTS, *COT):
        assert f"`{word}" in page or f" {word}" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "r.toml: there are 0 channels"),
        ('channel = "x"', "r.toml:1: channel: this is a text, not an array"),
        ("a = ", "r.toml:1: this is no TOML"),
        ("\n\nkanal = 1", "r.toml:3: kanal: unknown key 'kanal'"),
        (HEAD, "r.toml:1: channel[1]: 'url' is missing"),
        ('[[channel]]\nname = "Über"\nurl = "json://x"', "r.toml:2: channel[1].name: this cannot be a name"),
        (
            HEAD + 'url = "json://x"\n' + HEAD + 'url = "json://x"',
            "r.toml:5: channel[2].name: there is a channel 'duty'",
        ),
        (HEAD + 'url = "json:/x"', "r.toml:3: channel[1].url: this is no URL"),
        (HEAD + 'url = "json://x y"', "r.toml:3: channel[1].url: this is no URL"),
        (HEAD + 'url = "mailto://me:secret@x"', "r.toml:3: channel[1].url: a password stands in this file"),
        (HEAD + 'url = "json://${NOT_GIVEN}"', "r.toml:3: channel[1].url: the secret NOT_GIVEN is not given"),
        (HEAD + 'url = "json://${lower}"', "r.toml:3: channel[1].url: this ${...} is no name"),
        (HEAD + 'url = "json://x"\nquiet = "22-6"', "r.toml:4: channel[1].quiet: these are no quiet hours"),
        (HEAD + 'url = "json://x"\nquiet = "22:00-22:00"', "r.toml:4: channel[1].quiet: these quiet hours begin and"),
        (HEAD + 'url = "json://x"\nquiet = "22:00-06:00 Baltic/Sea"', "there is no time zone 'Baltic/Sea'"),
        (HEAD + 'url = "json://x"\nquiet = "22:00-06:00 ../etc"', "r.toml:4: channel[1].quiet"),
        (HEAD + 'url = "json://x"\nat_least = "danger"', "r.toml:4: channel[1].at_least: 'danger' is not known"),
        (HEAD + 'url = "json://x"\nkinds = [\n"anchor_drag",\n"anchor"]', "r.toml:6: channel[1].kinds[2]: 'anchor' is"),
        (HEAD + 'url = "json://x"\nevents = ["risn"]', "Did you mean 'risen'?"),
        (HEAD + 'url = "json://x"\nmost_per_hour = 0', "r.toml:4: channel[1].most_per_hour: 0 is below 1"),
        (HEAD + 'url = "json://x"\nlimit_s = 1e9', "r.toml:4: channel[1].limit_s: 1e+09 is above 300"),
        (HEAD + 'url = "json://x"\nkey = "k.pem"', "'key' goes with cot+tls and mqtts only"),
        (HEAD + 'url = "mqtts://x/y"\nkey = "/no/k.pem"', "r.toml:4: channel[1].key: there is no file '/no/k.pem'"),
        (HEAD + 'url = "mqtt://x"', "r.toml:3: channel[1].url: this is no topic to publish to"),
        (HEAD + 'url = "mqtt://x/a/%23"', "r.toml:3: channel[1].url: this is no topic to publish to"),
        (HEAD + 'url = "mqtt://x:99999/a"', "r.toml:3: channel[1].url: host and port cannot be read"),
        (
            HEAD + 'url = "mqtt://x/a"\nquiet = "22:00-06:00"',
            "r.toml:4: channel[1].quiet: 'quiet' does not go with mqtt",
        ),
        (HEAD + 'url = "cot+udp://239.2.3.1"', "r.toml:3: channel[1].url: Cursor-on-Target takes a host and a port"),
        (HEAD + 'url = "cot+sctp://x:1"', "r.toml:3: channel[1].url: 'cot+sctp' is not known here"),
        ('link = "ftp://x/{id}"\n' + HEAD + 'url = "json://x"', "r.toml:1: link: this cannot lead to an alert"),
    ],
)
def test_an_error_names_file_line_and_key(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        of_text(text, "r.toml", SECRETS)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret@" not in str(caught.value)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_text_is_a_traceback(text: str | bytes) -> None:
    with pytest.raises(BadInput):
        of_text(text, "r.toml", SECRETS)


@given(st.text(max_size=60))
def test_no_url_is_a_traceback(url: str) -> None:
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 0xD800 else "x" for c in url)
    for scheme in ("", "mqtt://", "cot+udp://", "json://${"):
        with contextlib.suppress(BadInput):
            of_text(f'{HEAD}url = "{scheme}{escaped}"', "r.toml", SECRETS)


def events_of(*shown: str) -> Any:
    """The last event of an alert that was shown as these levels in turn, and the alert."""
    alert = an_alert(1, shown[0])
    for word in shown[1:]:
        alert = next_word(alert, word)
    if len(shown) == 1:
        return Event(1, T0, alert.id, "watch", "raised", {"level": shown[0]}), alert
    verb = "withdrawn" if shown[-1] == "withdrawn" else "changed"
    return Event(2, T0, alert.id, "watch", verb, {"level": shown[-1], "was": shown[-2]}), alert


@pytest.mark.parametrize(
    ("shown", "word", "told"),
    [
        (["caution"], "raised", False),
        (["warning"], "raised", True),
        (["caution", "warning"], "risen", True),
        (["warning", "caution"], "changed", False),  # not worth a beep
        (["caution", "withdrawn"], "withdrawn", False),  # nobody was told of it
        (["warning", "withdrawn"], "withdrawn", True),
        (["alarm", "caution", "withdrawn"], "withdrawn", True),
        (["warning", "withdrawn", "warning"], "risen", True),
    ],
)
def test_what_is_told_to_people(shown: list[str], word: str, told: bool) -> None:
    event, alert = events_of(*shown)
    assert what(event) == word
    assert one('url = "json://x"').wants(event, alert) is told


def test_what_a_channel_wants() -> None:
    event, alert = events_of("alarm")
    assert one('url = "json://x"\nkinds = ["anchor_drag"]\nassets = ["x", "estlink-2"]').wants(event, alert)
    assert not one('url = "json://x"\nkinds = ["loitering"]').wants(event, alert)
    assert not one('url = "json://x"\nassets = ["estlink-1"]').wants(event, alert)
    nowhere = replace(alert, lon_deg=float("nan"), lat_deg=float("nan"))
    assert one('url = "mqtt://x/y"').wants(event, nowhere)
    assert not one('url = "cot+udp://x:1"').wants(event, nowhere)
    for verb, word in (("escalate", "escalated"), ("reopen", "risen"), ("note", "worked"), ("silence", "")):
        assert what(Event(3, T0, alert.id, "anna", verb, {})) == word


@given(
    st.integers(0, 4_102_444_800_000_000),
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda t: t[0] != t[1]),
    st.sampled_from(["", " UTC", " Europe/Helsinki", " America/St_Johns"]),
)
def test_quiet_hours_end(now_us: int, times: tuple[int, int], zone: str) -> None:
    begins, ends = (f"{t // 60:02d}:{t % 60:02d}" for t in times)
    hours = quiet.read(f"{begins}-{ends}{zone}")
    if hours.covers(now_us):
        end_us = hours.ends_us(now_us)
        assert now_us < end_us <= now_us + 25 * HOUR_US
        assert zone in (" Europe/Helsinki", " America/St_Johns") or not hours.covers(end_us)


def test_quiet_hours_by_the_clock_on_the_wall() -> None:
    hours = quiet.read("22:00-06:00 Europe/Helsinki")  # T0: 12:26 in Helsinki
    assert [hours.covers(T0 + h * HOUR_US) for h in (9, 10, 17, 18)] == [False, True, True, False]
    assert hours.ends_us(T0 + 10 * HOUR_US) == T0 + 17 * HOUR_US + 33 * MINUTE + 50_000_000  # 04:00 UTC


def waiting(*levels: str) -> list[Waiting]:
    return [Waiting(n, level) for n, level in enumerate(levels, 1)]


def test_quiet_hours_hold_back_all_but_alarms() -> None:
    night = T0 + 12 * HOUR_US
    loud = one('url = "json://x"\nquiet = "22:00-06:00"')
    assert loud.quiet is not None
    done = turn(loud, waiting("warning", "alarm", "caution"), [], night)
    assert done.send == ((2,),)
    assert [(h.ids, h.until_us, h.why) for h in done.hold] == [((1, 3), loud.quiet.ends_us(night), "quiet hours")]
    hushed = one('url = "json://x"\nquiet = "22:00-06:00"\nquiet_alarms = true')
    assert turn(hushed, waiting("alarm"), [], night).send == ()


def test_a_burst_is_one_digest_with_alarms_of_their_own() -> None:
    channel = one('url = "json://x"')
    assert turn(channel, waiting("caution", "warning"), [], T0).send == ((2,), (1,))
    done = turn(channel, waiting("caution", "alarm", *["warning"] * 8), [], T0)
    assert done.send[0] == (2,)
    assert len(done.send) == 2
    machine = one('url = "mqtt://x/y"')
    assert len(turn(machine, waiting(*["warning"] * 8), [], T0).send) == 8


def test_an_alarm_beyond_the_limit_waits_a_minute_at_most() -> None:
    channel = one('url = "json://x"\nmost_per_hour = 2')
    sent = [T0 - 30 * MINUTE, T0 - 10_000_000]
    held = turn(channel, waiting("warning"), sent, T0)
    assert [(h.until_us, h.why) for h in held.hold] == [(sent[0] + HOUR_US, "most_per_hour")]
    assert turn(channel, waiting("warning", "alarm"), sent, T0).hold[0].until_us == sent[1] + ALARM_US
    assert turn(channel, waiting("warning", "alarm"), sent, T0 + MINUTE).send == ((1, 2),)


@given(
    st.lists(st.sampled_from(LEVELS), max_size=30),
    st.lists(st.integers(0, 2 * HOUR_US), max_size=20),
    st.sampled_from(["", "most_per_hour = 1", "most_per_hour = 5"]),
    st.sampled_from(["", 'quiet = "00:00-12:00"']),
)
def test_no_letter_is_forgotten_or_sent_twice(levels: list[str], ago: list[int], most: str, hours: str) -> None:
    channel = one(f'url = "json://x"\n{most}\n{hours}')
    sent = sorted(T0 - a for a in ago)
    done = turn(channel, waiting(*levels), sent, T0)
    ids = [i for group in done.send for i in group] + [i for h in done.hold for i in h.ids]
    assert sorted(ids) == list(range(1, len(levels) + 1))
    assert all(h.until_us > T0 for h in done.hold)
    assert len(done.send) <= MOST_AT_ONCE
    recent = sum(at > T0 - HOUR_US for at in sent)
    if channel.most_per_hour and recent < channel.most_per_hour:
        assert recent + len(done.send) <= channel.most_per_hour
