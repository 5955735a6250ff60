"""Rotation of the keys that seal secrets: a new key, everything sealed anew, old keys forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target, record
from rollcall.core import key_ring
from rollcall.core.errors import Problem
from rollcall.core.text import counted
from rollcall.database import sealed_columns
from rollcall.database.sealed_columns import SealedColumn, Tally

KEYS = Target("sealing_keys", name=key_ring.KEY_FILE)


class OldKeysNeeded(Problem):
    """Something that is stored can only be opened with a key other than the newest."""


def rotate(actor: Actor) -> Mapping[SealedColumn, Tally]:
    """Make a new key and seal with it all that is stored; by column, what became of its values.

    While old keys are still there, an earlier rotation is gone on with and no further key is made.
    A value sealed by a process that read the keys just before keeps its old key: asking again finds
    it, and `forget_old_keys` refuses until then.

    Raises:
        SealBroken: the file of the keys is damaged.
    """
    # The key before anything is sealed with it: killed in between, every value still opens.
    if key_ring.size() == 1:
        key_ring.add()
        record(actor, Action.SEALING_KEY_ADD, KEYS)
    tallies = {column: sealed_columns.reseal(column) for column in sealed_columns.columns()}
    total = asdict(sum(tallies.values(), Tally()))
    record(actor, Action.SEALING_RESEAL, KEYS, after=total)
    return tallies


def forget_old_keys(actor: Actor) -> int:
    """Remove every key but the newest from the file; how many there were.

    Raises:
        OldKeysNeeded: something is not sealed with the newest key yet.
        SealBroken: the file of the keys is damaged.
    """
    left = sum(sealed_columns.count(column).resealed for column in sealed_columns.columns())
    if left:
        secrets, need = counted(left, "stored secret"), "needs" if left == 1 else "need"
        raise OldKeysNeeded(
            f"{secrets} still {need} an older key: run `rollcall secrets rotate` first"
        )
    old = key_ring.size() - 1
    if old:
        key_ring.keep_newest()
        record(actor, Action.SEALING_KEYS_FORGET, KEYS, after={"forgotten": old})
    return old
