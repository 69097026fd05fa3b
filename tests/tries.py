"""How many examples a property is tried on: all of them with the slow tests, a share in the quick run."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

WHOLE = 100  # examples that hypothesis tries where nobody says otherwise


def tries(number: int, *suppressed: HealthCheck, least: int = 1) -> settings:
    """Return settings for so many examples in the whole run, and that share of them, but `least`, in the quick one."""
    chosen = settings.default  # the profile that conftest.py has loaded
    assert chosen is not None
    examples = max(least, round(number * chosen.max_examples / WHOLE))
    return settings(max_examples=examples, suppress_health_check=[*chosen.suppress_health_check, *suppressed])
