"""How soon a connection to PostgreSQL whose other end is gone without a word is given up."""

from __future__ import annotations

from typing import Final

KEEPALIVES: Final = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""libpq's own parameters, seconds but for the last one, which is milliseconds."""
