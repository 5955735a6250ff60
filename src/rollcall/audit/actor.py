"""Who does something, as events name them; the value itself stands in `core`, for every room."""

from rollcall.core.actor import ROLLCALL, Actor, Door, Initiator

__all__ = ["ROLLCALL", "Actor", "Door", "Initiator"]
