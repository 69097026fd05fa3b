"""How the picture's passes are compiled: on disk once, in one piece, without counting references.

Numba counts references to every array it hands to a function; in passes over thirty columns that costs ten
times the work itself. A pass compiled with these options must not allocate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., Any])
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}


def compiled(function: F) -> F:
    """Compile a pass over columns."""
    made: F = njit(**OPTIONS)(function)
    return made


def inlined(function: F) -> F:
    """Let compiled passes take this function into themselves; in plain Python it stays as it is."""
    registered: F = register_jitable(forceinline=True)(function)
    return registered
