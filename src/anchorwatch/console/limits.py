"""How much one client may ask: requests, logins, sockets. Everything here forgets, so that it never fills up."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from ipaddress import ip_address

from anchorwatch.edges.clock import Clock

MOST_KEYS = 20_000  # clients and names remembered; the oldest are forgotten


def address_key(address: str) -> str:
    """Return what stands for one client: the address, of IPv6 the /64 that one household has."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    mapped = getattr(ip, "ipv4_mapped", None)
    if ip.version == 4 or mapped:
        return str(mapped or ip)
    return f"{ip.exploded[:19]}::/64"


class Rate:
    """So many requests a second on average, and a burst: a bucket that fills at a steady rate."""

    def __init__(self, per_s: float, burst: int, clock: Clock) -> None:
        """Take the rate, the size of the bucket and the clock."""
        self._per_s, self._burst, self._clock = per_s, float(burst), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, key: str) -> float:
        """Take one request out of the bucket of `key`; return 0, or after how long there is one again."""
        now = self._clock.monotonic_s()
        with self._lock:
            left, since = self._buckets.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - since) * self._per_s)
            allowed = left >= 1.0
            self._buckets[key] = (left - 1.0 if allowed else left, now)
            if len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - left) / self._per_s


class LoginThrottle:
    """Makes guessing passwords slow, and never locks an officer out for long.

    Tries are counted when they begin, so that many at once gain nothing. A right password forgets the tries of that
    name from that address. What counts: (free tries, then a wait that doubles from 1 s up to the most).
    """

    # name from one address: a person who mistypes. Address: one who tries many names. Name: one who has many addresses;
    # its wait stays short, because an attacker must not be able to keep an officer out during an attack. 60 s for each
    # guess at one name are at most 1440 a day: hopeless against 12 characters.
    PAIR, ADDRESS, NAME = (5, 900.0), (20, 900.0), (20, 60.0)
    FORGET_S = 24 * 3600.0

    def __init__(self, clock: Clock) -> None:
        """Take the clock."""
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, name: str, address: str) -> float:
        """Count one try; return 0, or how long to wait until the next. A try that must wait is not counted."""
        now, keys = self._clock.monotonic_s(), self._keys(name, address)
        with self._lock:
            wait = max(self._left_s(key, rule, now) for key, rule in keys)
            if wait > 0:
                return wait
            for key, _ in keys:
                count, since = self._tries.pop(key, (0, now))
                self._tries[key] = ((count if now - since < self.FORGET_S else 0) + 1, now)
                if len(self._tries) > MOST_KEYS:
                    self._tries.popitem(last=False)
        return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """Forget the tries of a name from an address, and one of each of the two."""
        with self._lock:
            pair, *others = (key for key, _ in self._keys(name, address))
            self._tries.pop(pair, None)
            for key in others:
                count, since = self._tries.get(key, (0, 0.0))
                if count > 0:
                    self._tries[key] = (count - 1, since)

    def _left_s(self, key: tuple[str, str], rule: tuple[int, float], now: float) -> float:
        count, since = self._tries.get(key, (0, now))
        free, most = rule
        if count < free:
            return 0.0
        return max(0.0, since + min(most, 2.0 ** min(count - free, 20)) - now)

    def _keys(self, name: str, address: str) -> list[tuple[tuple[str, str], tuple[int, float]]]:
        name = f"-{name}"  # so that no name and no address is the empty text
        return [((name, f"@{address}"), self.PAIR), (("", f"@{address}"), self.ADDRESS), ((name, ""), self.NAME)]


class Places:
    """So many at a time in all, and so many of each."""

    def __init__(self, most: int, most_each: int) -> None:
        """Take both limits."""
        self._most, self._most_each = most, most_each
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Take a place; False where there is none."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[key] >= self._most_each:
                return False
            self._taken[key] += 1
            return True

    def leave(self, key: str) -> None:
        """Give a place back."""
        with self._lock:
            self._taken[key] -= 1
            if self._taken[key] <= 0:
                del self._taken[key]

    def __len__(self) -> int:
        """Return how many are taken."""
        return self._taken.total()
