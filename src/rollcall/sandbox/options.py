"""From the words of a command line to a stand-in account."""

from __future__ import annotations

from collections.abc import Sequence

from .faults import Faults
from .v1_payloads import BY_KEY


def attribute_keys(texts: Sequence[str]) -> frozenset[str]:
    """Attribute keys from words and comma lists. Raises ValueError for one that does not exist."""
    keys = frozenset(key.strip() for text in texts for key in text.split(",") if key.strip())
    unknown = sorted(keys - BY_KEY.keys())
    if unknown:
        raise ValueError(
            f"no attribute is called {', '.join(unknown)}; there are {', '.join(BY_KEY)}"
        )
    return keys


def faults(texts: Sequence[str], timeout_delay: float, seed: int) -> Faults:
    """Faults from texts like `429:0.1`. Raises ValueError with a sentence for the user."""
    if timeout_delay < 0:
        raise ValueError("a delay is a number of seconds from 0 on")
    return Faults.parse(*texts, timeout_delay=timeout_delay, seed=seed)


def environment(url: str, client_id: str, client_secret: str) -> str:
    """The lines that point a shell at the account, by one name whatever port it is at today."""
    pairs = {
        "PERSONIO_ACCOUNT": "sandbox",
        "PERSONIO_URL": url,
        "PERSONIO_CLIENT_ID": client_id,
        "PERSONIO_CLIENT_SECRET": client_secret,
    }
    return "\n".join(f"export {name}={value}" for name, value in pairs.items())
