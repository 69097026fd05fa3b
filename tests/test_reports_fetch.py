"""Feeds fetched, against real servers on loopback."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from anchorwatch.edges.press.addresses import is_public, is_url, named, parse, shown
from anchorwatch.edges.press.fetch import AGENT, Fetched, Fetcher, Limits, resolve
from anchorwatch.edges.press.poll import Poller, subscriptions
from anchorwatch.errors import BadUse
from notify_receivers import SkippingClock
from press_servers import QUICK, RSS, Request, always, answer, got, site
from service_peers import client_tls, server_tls

T = TypeVar("T")
CLOCK = SkippingClock()


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def fetcher(limits: Limits = QUICK, **more: Any) -> Fetcher:
    return Fetcher(SkippingClock(), limits, **more)


# ---- fetching


def test_what_is_there_is_fetched_with_its_validators() -> None:
    async def work() -> None:
        async with site(always(answer(ETag='"v1"', Last_Modified="Mon, 23 Nov 2026 03:00:00 GMT"))) as here:
            came = await got(fetcher(), here.url())
            assert came == Fetched(RSS.encode(), '"v1"', "Mon, 23 Nov 2026 03:00:00 GMT")
            (asked,) = here.asked
            assert asked.headers["user-agent"] == AGENT and asked.headers["accept-encoding"] == "gzip"
            assert asked.headers["host"] == f"127.0.0.1:{here.port}"
            assert not {"if-none-match", "if-modified-since", "authorization", "cookie"} & asked.headers.keys()

    run(work())


def test_what_is_known_is_not_sent_again() -> None:
    async def work() -> None:
        async with site(always(answer(b"", "304 Not Modified", ETag='"v1"'))) as here:
            came = await got(fetcher(), here.url(), etag='"v1"', modified="Mon, 23 Nov 2026 03:00:00 GMT")
            assert came == Fetched(b"", '"v1"', same=True)
            assert here.asked[0].headers["if-none-match"] == '"v1"'
            assert here.asked[0].headers["if-modified-since"] == "Mon, 23 Nov 2026 03:00:00 GMT"

    run(work())


def test_over_tls_the_certificate_is_that_of_the_name() -> None:
    async def work() -> None:
        async def lookup(host: str, port: int) -> list[str]:
            return ["127.0.0.1"]

        async with site(always(answer()), server_tls()) as here:
            mine = fetcher(tls=client_tls(), lookup=lookup)
            assert isinstance(await got(mine, here.url(host="localhost", scheme="https")), Fetched)
            assert "certificate" in str(await got(mine, here.url(host="other.example", scheme="https")))
            assert "certificate" in str(await got(fetcher(), here.url(host="localhost", scheme="https")))

    run(work())


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (answer(b"", "404 Not Found"), "it answers with HTTP status 404"),
        (answer(b"", "500 Oops"), "it answers with HTTP status 500"),
        (answer(b"", "206 Partial"), "it answers with HTTP status 206"),
        (answer(b"", "429 Slow", Retry_After="7"), "it was asked too often (429)"),
        (answer(b"", "503 Down"), "it is not available (503)"),
        (answer(b"xx", Content_Encoding="br"), "the answer is packed in a way that was not asked for"),
        (answer(b"no gzip", Content_Encoding="gzip"), "it is packed wrongly"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "it broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "it broke off"),
        (b"", "it broke off"),
    ],
)
def test_what_is_no_answer_is_said(reply: bytes, why: str) -> None:
    async def work() -> None:
        async with site(always(reply)) as here:
            assert await got(fetcher(), here.url()) == why

    run(work())


def test_nobody_there() -> None:
    async def work() -> None:
        async with site(always(answer())) as here:
            url = here.url()
        assert "cannot be reached" in str(await got(fetcher(), url))
        assert await got(fetcher(), "http://no-such-name.invalid/") == "the name no-such-name.invalid is not known"

    run(work())


def test_gzip_and_a_gzip_bomb() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(bytes(1 << 20) * 200) + packer.flush()  # 200 MB in 200 KB

    async def work() -> None:
        async with site(always(answer(gzip.compress(RSS.encode()), Content_Encoding="gzip", ETag='"z"'))) as here:
            assert await got(fetcher(), here.url()) == Fetched(RSS.encode(), '"z"')
        async with site(always(answer(bomb, Content_Encoding="gzip", ETag='"z"'))) as here:
            came = await got(fetcher(), here.url())
            assert isinstance(came, Fetched) and len(came.data) == QUICK.bytes
            assert came.cut and not came.etag

    run(work())


def test_a_feed_that_never_ends_is_cut_and_understood() -> None:
    async def reply(_request: Request, writer: Any) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\n\r\n<rss version='2.0'><channel><title>Endless</title>")
        number = 0
        while True:
            number += 1
            writer.write(f"<item><title>Ship number {number} was boarded.</title></item>\n".encode())
            await writer.drain()
            if "slow" in _request.path:
                await asyncio.sleep(0.05)

    async def work() -> None:
        async with site(reply) as here:
            came = await got(fetcher(), here.url())
            assert isinstance(came, Fetched) and len(came.data) == QUICK.bytes and came.cut and not came.etag
            slow = await got(fetcher(Limits(100_000, 2.0, 2.0)), here.url("/slow"))
            assert isinstance(slow, Fetched) and slow.data and "did not end" in slow.cut
            poller = Poller(subscriptions([here.url()]), SkippingClock(), fetcher=fetcher())
            (batch,) = await poller.run_once()
            assert len(batch.items) == 1000 and not batch.why and batch.notes["feed_cut"] == 1
            assert batch.items[0].text == "Ship number 1 was boarded." and batch.state.etag == ""

    run(work())


def test_one_that_is_silent_is_left() -> None:
    async def reply(_request: Request, writer: Any) -> None:
        await asyncio.sleep(60)

    async def work() -> None:
        async with site(reply) as here:
            assert await got(fetcher(Limits(100, 10.0, 0.2)), here.url()) == "it does not answer"
            assert await got(fetcher(Limits(100, 0.2, 10.0)), here.url()) == "no answer within 0.2 s"

    run(work())


# ---- redirects


def redirects(to: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, Location=to)


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_to_public_places_are_followed(status: str) -> None:
    async def work() -> None:
        async def reply(request: Request, writer: Any) -> None:
            writer.write(answer() if request.path == "/there?x=1" else redirects("/there?x=1", status))

        async with site(reply) as here, site(always(redirects(here.url("/a"), status))) as other:
            mine = fetcher(may_lead_to=lambda number: True)
            assert isinstance(await got(mine, other.url()), Fetched)
            assert [r.path for r in here.asked] == ["/a", "/there?x=1"]

    run(work())


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f000001", "127.1",
     "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]"],
)  # fmt: skip
def test_no_redirect_leads_into_this_machine(host: str) -> None:
    async def work() -> None:
        async with site(always(answer("secrets of this machine"))) as inside:
            async with site(always(redirects(f"http://{host}:{inside.port}/secret"))) as outside:
                why = await got(fetcher(), outside.url())
                assert isinstance(why, str) and ("not public" in why or "not known" in why or "no http" in why), why
            assert inside.asked == []

    run(work())


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("http://169.254.169.254/latest/meta-data/", "not public"),
        ("http://10.0.0.1/", "not public"),
        ("http://192.168.1.1/", "not public"),
        ("http://[fe80::1]/", "not public"),
        ("http://[fd00::1]/", "not public"),
        ("file:///etc/passwd", "no http address"),
        ("gopher://127.0.0.1/", "no http address"),
        ("javascript:alert(1)", "it cannot be reached"),
        ("http://user:word@news.example/", "password"),
        ("http://[", "no http address"),
        ("", "more than 5 times"),
        ("/again", "more than 5 times"),
    ],
)
def test_redirects_that_are_not_followed(to: str, why: str) -> None:
    async def work() -> None:
        async with site(always(redirects(to))) as here:
            said = await got(fetcher(), here.url())
            assert isinstance(said, str) and why in said, said
            assert len(here.asked) <= 6

    run(work())


def test_never_from_https_to_http() -> None:
    async def work() -> None:
        async with site(always(answer())) as plain, site(always(redirects(plain.url())), server_tls()) as here:
            mine = fetcher(tls=client_tls(), may_lead_to=lambda number: True)
            why = await got(mine, here.url(host="localhost", scheme="https"))
            assert why == "it is redirected from https to http" and plain.asked == []

    run(work())


def test_a_name_that_turns_to_this_machine_is_not_asked() -> None:
    """DNS rebinding: looked up once, checked, connected to by number; the next time the name means another machine."""

    async def work() -> None:
        async with site(always(answer("secrets"))) as inside:
            numbers = [["203.0.113.1"], ["127.0.0.1"]]

            async def lookup(host: str, port: int) -> list[str]:
                return numbers.pop(0) if host == "turns.example" else await resolve(host, port)

            mine = fetcher(lookup=lookup, may_lead_to=lambda n: n == "203.0.113.1", limits=Limits(1000, 0.3, 0.2))
            await got(mine, f"http://turns.example:{inside.port}/")  # nobody answers there
            assert "its name stood for a public machine" in str(await got(mine, f"http://turns.example:{inside.port}/"))
            assert inside.asked == []

    run(work())


def test_one_private_number_among_public_ones_is_enough_to_refuse() -> None:
    async def work() -> None:
        async with site(always(answer())) as inside:
            async with site(always(redirects(f"http://both.example:{inside.port}/"))) as here:

                async def lookup(host: str, port: int) -> list[str]:
                    return ["93.184.216.34", "127.0.0.1"] if host == "both.example" else await resolve(host, port)

                assert "not public" in str(await got(fetcher(lookup=lookup), here.url()))
            assert inside.asked == []

    run(work())


def test_a_password_goes_to_the_place_that_it_is_for_and_is_never_shown() -> None:
    async def work() -> None:
        async with site(always(answer())) as other, site(always(redirects(other.url()))) as here:
            url = f"http://ben:pa55w0rd@127.0.0.1:{here.port}/feed?token=s3cret&x=1"
            mine = fetcher(may_lead_to=lambda number: True)
            assert isinstance(await got(mine, url), Fetched)
            assert here.asked[0].headers["authorization"] == "Basic YmVuOnBhNTV3MHJk"
            assert "authorization" not in other.asked[0].headers
            assert "s3cret" in here.asked[0].path
        poller = Poller(subscriptions([url]), SkippingClock(), fetcher=fetcher())
        (batch,) = await poller.run_once()
        for text in (shown(url), repr(batch), repr(poller.health()), repr(poller.states)):
            assert "pa55w0rd" not in text and "s3cret" not in text and "ben" not in text
        assert batch.why

    run(work())


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::127.0.0.1",
     "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1", "no number"],
)  # fmt: skip
def test_numbers_that_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_numbers_that_are_public(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "url",
    ["ftp://news.example/", "file:///etc/passwd", "http://", "http:///x", "https://a b/", "http://x:0/", "http://x:99999/",
     "http://x/\n", "http://[1", "http://" + "a" * 3000, "http://a..b/", "//x", "http://x\\@y/"],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(BadUse):
        parse(url)


def test_addresses() -> None:
    address = parse("HTTPS://Käse.example:8443/a b?q=ä&key=abc#part")
    assert (address.scheme, address.host, address.port) == ("https", "xn--kse-qla.example", 8443)
    assert address.target == "/a%20b?q=%C3%A4&key=abc" and "abc" not in address.shown
    assert parse("http://[::1]:80/").at("::1") == "http://[::1]:80/" and parse("http://[::1]/").place == "[::1]"
    assert named("Coast News=https://x/?a=b") == ("Coast News", "https://x/?a=b")
    assert named("https://x/?a=http://y") == (None, "https://x/?a=http://y")
    assert is_url("ERR=https://x/") and is_url("HTTP://x") and not is_url("reports.txt") and not is_url("a/b=http.txt")


@pytest.mark.parametrize("name", ["k", "sid", "code", "hash", "access", "jwt", "Policy", "api_key", "X-Amz-Signature"])
def test_what_names_a_secret_is_not_shown(name: str) -> None:
    assert shown(f"https://h.example/rss?q=cable&{name}=geheim&mode=list") == (
        f"https://h.example/rss?q=cable&{name}=***&mode=list"
    )
