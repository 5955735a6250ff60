"""Writes tiny databases in MaxMind's format (its specification, version 2.0), for tests."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

MARKER = b"\xab\xcd\xefMaxMind.com"
BUILT = 1_790_000_000
"""21 September 2026."""


def written(records: Mapping[str, Any]) -> bytes:
    """A database of both versions with a record for each of these networks, which must not meet."""
    nodes: list[list[Any]] = [[None, None]]
    data = b""
    for network, record in records.items():
        node = 0
        *way, last = _bits(network)
        for bit in way:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        nodes[node][last] = (len(data),)
        data += encoded(record)
    tree = b"".join(_pointer(side, len(nodes)) for node in nodes for side in node)
    metadata = {
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": BUILT,
        "database_type": "Test-Country",
        "description": {"en": "Invented"},
        "ip_version": 6,
        "languages": ["en"],
        "node_count": len(nodes),
        "record_size": 24,
    }
    return tree + bytes(16) + data + MARKER + encoded(metadata)


def encoded(value: Any) -> bytes:
    """A value of the data section; sizes up to 28 and numbers of 32 bits are enough here."""
    if isinstance(value, dict):
        parts = b"".join(encoded(key) + encoded(inner) for key, inner in value.items())
        return bytes([7 << 5 | len(value)]) + parts
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(map(encoded, value))
    if isinstance(value, int):
        number = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return bytes([6 << 5 | len(number)]) + number
    text = str(value).encode()
    return bytes([2 << 5 | len(text)]) + text


def _bits(network: str) -> list[int]:
    parsed = ipaddress.ip_network(network)
    # Version 4 stands at the beginning of version 6.
    length = parsed.prefixlen + (96 if parsed.version == 4 else 0)
    number = int(parsed.network_address)
    return [number >> (127 - place) & 1 for place in range(length)]


def _pointer(side: Any, nodes: int) -> bytes:
    if side is None:
        number = nodes
    elif isinstance(side, tuple):
        number = nodes + 16 + side[0]
    else:
        number = side
    return int(number).to_bytes(3, "big")
