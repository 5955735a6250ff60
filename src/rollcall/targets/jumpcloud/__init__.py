"""JumpCloud's cloud behind the directory port."""

from rollcall.targets.jumpcloud.account import Account
from rollcall.targets.jumpcloud.groups import CloudGroups
from rollcall.targets.jumpcloud.identity import Identity
from rollcall.targets.jumpcloud.pace import Pace
from rollcall.targets.jumpcloud.target import JumpCloudTarget

__all__ = ["Account", "CloudGroups", "Identity", "JumpCloudTarget", "Pace"]
