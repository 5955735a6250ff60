"""Numbers that look random and depend only on a seed, a purpose and a position."""

from __future__ import annotations

from math import gcd

_MASK = (1 << 64) - 1


def mix(seed: int, purpose: int, position: int) -> int:
    """64 well-mixed bits (SplitMix64's finalizer), the same for the same three numbers."""
    z = (
        seed * 0x9E3779B97F4A7C15 + purpose * 0xD1B54A32D192ED03 + position * 0x8CB92BA72F3D8DD7
    ) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def scatter(seed: int, purpose: int, size: int) -> tuple[int, int]:
    """Factor and shift of a one-to-one map `(factor * n + shift) % size` over `range(size)`."""
    factor = mix(seed, purpose, 0) % size or 1
    while gcd(factor, size) != 1:
        factor += 1
    return factor, mix(seed, purpose, 1) % size
