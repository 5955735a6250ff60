"""JumpCloud's cloud behind the directory port."""

from rollcall.targets.jumpcloud.cloud import Cloud, Identity, Pace
from rollcall.targets.jumpcloud.groups import CloudGroups
from rollcall.targets.jumpcloud.target import JumpCloudTarget

__all__ = ["Cloud", "CloudGroups", "Identity", "JumpCloudTarget", "Pace"]
