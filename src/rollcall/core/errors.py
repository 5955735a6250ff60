"""The root of every error whose message an administrator can act on.

Problem
├── SealBroken       a stored secret cannot be opened (`core.key_ring`)
└── ImportProblem    an import cannot be started or go on (`imports.errors`)
"""

from __future__ import annotations


class Problem(Exception):
    """Something cannot be done; the message says what to do next, and never names a secret."""
