"""Who may come in: users, sessions, tokens, the local key, the limits, and whether a request was meant for us."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from alerts_at_work import HOSTILE
from anchorwatch.console import local_key
from anchorwatch.console.limits import LoginThrottle, Places, Rate, address_key
from anchorwatch.console.login import inside
from anchorwatch.console.origin import host_is_ours, origin_is_ours
from anchorwatch.console.security import NEEDS, Person, scopes_of, with_implied
from anchorwatch.console.settings import Settings, is_loopback
from anchorwatch.edges.store import Store, names, passwords, people_tables
from anchorwatch.edges.store.people import IDLE_US, LONGEST_US, People
from anchorwatch.errors import BadStore, BadUse
from room import PASSWORD
from watch_room import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    made = Store.open(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def people(store: Store, clock: SetClock, quick_passwords: None) -> People:
    return People(store, clock)


# users


@pytest.mark.parametrize(
    "name",
    ["", " ", " anna", "anna ", "an  na", HOSTILE, "<img src=x onerror=alert(1)>", "a\nb", "a\x1b[2J", "a\u202eb",
     "a/b", "a" * 65, "local", "LOCAL", "watch", ".anna", "a\u200bb", "\ud800", "a;b", 'a"b'],
)  # fmt: skip
def test_a_user_name_that_could_do_harm_or_deceive_is_refused(people: People, name: str) -> None:
    with pytest.raises(BadUse) as refused:
        people.add(name, "officer", PASSWORD, "test")
    assert str(refused.value).isprintable() and "\x1b" not in str(refused.value)
    assert people.users() == [] and people.entries() == []


@pytest.mark.parametrize("name", ["anna", "Åsa Lindqvist", "O'Brien", "juha.k@rajavartio", "Łukasz-2", "Юрий"])
def test_names_of_people_are_names(people: People, name: str) -> None:
    people.add(name, "viewer", PASSWORD, "test")
    assert people.check_password(name.upper(), PASSWORD) is not None
    with pytest.raises(BadUse, match="there is a user of this name"):
        people.add(name.upper(), "admin", PASSWORD, "test")


@given(st.text(max_size=80))
def test_a_name_that_is_let_in_is_plain_and_stays_itself(name: str) -> None:
    try:
        checked = names.checked(name)
    except BadUse:
        return
    assert checked.isprintable() and not set(checked) & set('<>&"\\/:;=%?#')
    assert names.checked(checked) == checked


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaa", "annaannaanna1234", "x" * 257])
def test_a_password_easy_to_guess_is_refused_and_not_repeated(people: People, password: str) -> None:
    with pytest.raises(BadUse) as refused:
        people.add("anna", "officer", password, "test")
    assert not password or password not in str(refused.value)


def test_a_password_is_kept_as_argon2id_of_the_strength_that_is_advised() -> None:
    kept, advised = passwords.hashed(PASSWORD, "anna"), "$argon2id$v=19$m=65536,t=3,p=1$"  # RFC 9106, in one lane
    assert kept.startswith(advised)
    passwords._nobodys.cache_clear()
    assert passwords._nobodys().startswith(advised)  # a name that nobody has takes as long
    passwords._nobodys.cache_clear()
    assert passwords.matches(kept, PASSWORD) and not passwords.matches(kept, PASSWORD[1:])
    assert not passwords.matches(None, PASSWORD) and not passwords.outdated(kept)


def test_secrets_are_kept_nowhere_in_the_clear(people: People, store: Store, tmp_path: Path) -> None:
    people.add("anna", "officer", PASSWORD, "test")
    secret = people.open_session("anna")
    _, token = people.make_token("anna", ["read"], 1, "test")
    kept = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
    for text in (PASSWORD, secret, token.split("_", 2)[2]):
        assert text.encode() not in kept


def test_only_the_right_password_lets_in(people: People) -> None:
    people.add("anna", "officer", PASSWORD, "test")
    assert people.check_password("anna", PASSWORD + "x") is None
    assert people.check_password("nobody", PASSWORD) is None
    assert people.check_password("anna", PASSWORD * 50) is None
    assert people.check_password("\ud800\x00", "\ud800") is None
    found = people.check_password("ANNA", PASSWORD)
    assert found is not None and (found.name, found.role) == ("anna", "officer")


def test_a_password_is_the_same_however_its_letters_are_composed(people: People) -> None:
    people.add("anna", "officer", "pa\u0308rla\u0308 helmi hyva\u0308", "test")
    assert people.check_password("anna", "pärlä helmi hyvä") is not None


# sessions


def test_a_session_ends_when_idle_and_after_a_day(people: People, clock: SetClock) -> None:
    people.add("anna", "officer", PASSWORD, "test")
    idle, busy = people.open_session("anna"), people.open_session("anna")
    for _ in range(23):
        clock.forward(3600)
        assert people.session(busy) is not None
    assert people.session(idle) is None
    clock.forward(3700)
    assert people.session(busy) is None
    assert IDLE_US < LONGEST_US


def test_a_change_of_role_holds_at_once_and_a_change_of_password_ends_sessions(people: People) -> None:
    people.add("anna", "officer", PASSWORD, "test")
    secret = people.open_session("anna")
    people.set_role("anna", "viewer", "test")
    found = people.session(secret)
    assert found is not None and found.role == "viewer"
    people.set_password("anna", "another fine long one", "test")
    assert people.session(secret) is None
    assert people.check_password("anna", PASSWORD) is None


def test_a_removed_user_is_out_in_every_way(people: People) -> None:
    people.add("anna", "officer", PASSWORD, "test")
    secret, (_, token) = people.open_session("anna"), people.make_token("anna", ["read"], 1, "test")
    people.remove("ANNA", "test")
    assert people.session(secret) is None and people.token(token) is None and not people.any()
    people.add("anna", "admin", PASSWORD, "test")  # another person of that name begins anew
    assert people.session(secret) is None and people.token(token) is None


def test_the_first_user_ends_the_sessions_of_the_local_key(people: People) -> None:
    secret = people.open_session("local")
    assert people.session(secret) is not None
    people.add("anna", "officer", PASSWORD, "test")
    assert people.session(secret) is None


# tokens


def test_a_token_can_do_no_more_than_its_scopes_and_its_user(people: People, clock: SetClock) -> None:
    people.add("anna", "officer", PASSWORD, "test")
    made, text = people.make_token("anna", ["work"], 2, "test")
    assert text.startswith(f"aw_{made.id}_") and len(text) > 50
    found = people.token(text)
    assert found is not None and found[0].role == "officer" and found[1].scopes == ("work",)
    for wrong in (text[:-1], text + "a", text.replace("aw_", "ax_"), f"aw_{made.id}_", "aw__", "", f"aw_x_{text}"):
        assert people.token(wrong) is None
    clock.forward(2 * 86400 + 1)
    assert people.token(text) is None


@pytest.mark.parametrize(("scopes", "days"), [([], 1), (["everything"], 1), (["read"], 0), (["read"], 1e9)])
def test_a_token_without_bounds_is_refused(people: People, scopes: list[str], days: float) -> None:
    people.add("anna", "officer", PASSWORD, "test")
    with pytest.raises(BadUse):
        people.make_token("anna", scopes, days, "test")
    assert people.tokens() == []


@pytest.mark.parametrize(
    ("role", "scopes", "may"),
    [
        ("viewer", None, {"read", "metrics"}),
        ("officer", None, {"read", "metrics", "work"}),
        ("supervisor", None, {"read", "metrics", "work", "supervise"}),
        ("admin", None, set(NEEDS)),
        ("admin", ["metrics"], {"metrics"}),
        ("admin", ["read"], {"read"}),
        ("viewer", ["admin", "work"], {"read", "metrics"}),
        ("officer", ["work"], {"read", "work"}),
        ("supervisor", ["work"], {"read", "work", "supervise"}),
    ],
)
def test_who_may_do_what(role: str, scopes: list[str] | None, may: set[str]) -> None:
    person = Person("anna", role, scopes_of(role) if scopes is None else with_implied(scopes))
    assert {need for need in NEEDS if person.may(need)} == may


# audit


def test_the_audit_only_grows(people: People, store: Store) -> None:
    people.audit("anna", "read asset", HOSTILE)
    for statement in (delete(people_tables.audit), update(people_tables.audit).values(actor="ben")):
        with pytest.raises((DBAPIError, BadStore), match="append-only"), store.writing() as link:
            link.execute(statement)
    (entry,) = people.entries()
    assert entry.actor == "anna" and entry.about.isprintable() and "\x1b" not in entry.about


def test_reading_the_same_again_within_ten_minutes_is_noted_once(people: People, clock: SetClock) -> None:
    for _ in range(3):
        people.audit_reading("anna", "read asset", "estlink-2")
    people.audit_reading("ben", "read asset", "estlink-2")
    clock.forward(601)
    people.audit_reading("anna", "read asset", "estlink-2")
    assert [e.actor for e in people.entries()] == ["anna", "ben", "anna"]


# the local key


def test_the_local_key_is_for_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key = local_key.read_or_make(tmp_path)
    finally:
        os.umask(before)
    path = tmp_path / "local_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and len(key) == 43
    assert local_key.read_or_make(tmp_path) == key  # a restart logs nobody out


@pytest.mark.parametrize("spoil", ["mode", "link", "short", "folder-like"])
def test_a_local_key_that_others_may_know_is_made_anew(tmp_path: Path, spoil: str) -> None:
    key, path = local_key.read_or_make(tmp_path), tmp_path / "local_key"
    if spoil == "mode":
        path.chmod(0o644)
    elif spoil == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    elif spoil == "short":
        path.write_text("abc\n")
    else:
        path.unlink()
        os.mkfifo(path, 0o600)  # opening it must not hang
    new = local_key.read_or_make(tmp_path)
    assert new != key and stat.S_IMODE(path.lstat().st_mode) == 0o600 and stat.S_ISREG(path.lstat().st_mode)


def test_a_folder_that_cannot_hold_the_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "local_key").mkdir()
    with pytest.raises(BadUse, match="cannot make the local key"):
        local_key.read_or_make(tmp_path)


# limits


def test_a_client_may_ask_steadily_but_not_without_end() -> None:
    clock = SetClock()
    rate = Rate(10.0, 20, clock)
    assert sum(rate.wait_s("a") == 0 for _ in range(50)) == 20
    assert 0 < rate.wait_s("a") <= 0.1 and rate.wait_s("b") == 0
    clock.forward(1.0)
    assert sum(rate.wait_s("a") == 0 for _ in range(50)) == 10


def test_guessing_passwords_becomes_slow() -> None:
    clock = SetClock()
    throttle, tried = LoginThrottle(clock), 0
    for _ in range(24 * 3600):
        tried += throttle.wait_s("anna", "192.0.2.1") == 0
        clock.forward(1.0)
    assert tried < 120  # a day of trying from one address

    tried = 0
    for second in range(24 * 360):  # from everywhere at once, every ten seconds
        tried += throttle.wait_s("ben", f"192.0.2.{second % 250}") == 0
        clock.forward(10.0)
    assert tried < 1600


def test_an_officer_is_not_kept_out_by_an_attacker() -> None:
    clock = SetClock()
    throttle = LoginThrottle(clock)
    for number in range(5000):
        throttle.wait_s("anna", f"198.51.100.{number % 250}")
        clock.forward(1.0)
    assert throttle.wait_s("anna", "192.0.2.7") <= 60.0
    assert throttle.wait_s("ben", "192.0.2.7") == 0.0


def test_a_right_password_forgets_the_mistakes() -> None:
    throttle = LoginThrottle(SetClock())
    for _ in range(40):
        assert throttle.wait_s("anna", "192.0.2.7") == 0.0
        throttle.succeeded("anna", "192.0.2.7")


@given(st.text())
def test_any_address_has_a_key(address: str) -> None:
    assert len(address_key(address)) <= 64


def test_one_household_is_one_client() -> None:
    assert address_key("2001:db8:1:2:aaaa::1") == address_key("2001:db8:1:2:bbbb::9%eth0")
    assert address_key("2001:db8:1:2::1") != address_key("2001:db8:1:3::1")
    assert address_key("::ffff:192.0.2.1") == "192.0.2.1"


def test_places_are_given_back() -> None:
    places = Places(3, 2)
    assert [places.take(k) for k in "aaabb"] == [True, True, False, True, False]
    places.leave("a")
    assert places.take("b") and len(places) == 3


# was it meant for us


def scope(host: str, *, here: str = "127.0.0.1", scheme: str = "http", **headers: str) -> dict[str, Any]:
    raw = [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in {"host": host, **headers}.items()]
    return {"type": "http", "scheme": scheme, "method": "POST", "headers": raw, "server": (here, 8741)}


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8741", True), ("localhost:9000", True), ("LOCALHOST", True), ("[::1]:8741", True),
        ("evil.example", False), ("127.0.0.1.evil.example", False), ("localhost.evil.example:8741", False),
        ("", False), ("192.0.2.1:8741", False), ("127.0.0.1:8741@evil.example", False), ("0.0.0.0:8741", False),
        ("watch.example", True), ("localhost:8741/x", False), ("2130706433", False), ("0x7f.1", False),
    ],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_refused(host: str, ours: bool) -> None:
    assert host_is_ours(scope(host), Settings(allow_hosts=("Watch.example",))) is ours


def test_a_watch_that_listens_everywhere_goes_by_the_address_it_was_reached_at() -> None:
    everywhere = Settings(host="0.0.0.0")
    assert host_is_ours(scope("192.0.2.1:8741", here="192.0.2.1"), everywhere)
    assert not host_is_ours(scope("192.0.2.9:8741", here="192.0.2.1"), everywhere)
    assert not host_is_ours(scope("0.0.0.0:8741", here="192.0.2.1"), everywhere)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"origin": "http://127.0.0.1:8741"}, True),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"origin": "https://127.0.0.1:8741"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "null", "sec_fetch_site": "same-origin"}, True),
        ({"origin": "null", "sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "none"}, True),
        ({"origin": "https://watch.example"}, True),
        ({"origin": "https://watch.example.evil.example"}, False),
    ],
)
def test_a_request_made_by_another_site_is_refused(headers: dict[str, str], ours: bool) -> None:
    settings = Settings(public_url="https://watch.example/")
    assert origin_is_ours(scope("127.0.0.1:8741", **headers), settings) is ours


@pytest.mark.parametrize(
    ("path", "to"),
    [("/alerts", "/alerts"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"),
     ("", "/"), ("/a\r\nSet-Cookie: x=y", "/"), ("javascript:alert(1)", "/"), ("/" + "a" * 2600, "/")],
)  # fmt: skip
def test_after_the_login_one_stays_here(path: str, to: str) -> None:
    assert inside(path) == to


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "", "example.org", "localhost.example.org", "::ffff:0.0.0.0"]
)
def test_anything_else_is_not(host: str) -> None:
    assert not is_loopback(host)
