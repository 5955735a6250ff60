"""JumpCloud's cloud behind the directory port."""

from rollcall.directory.jumpcloud.cloud import Cloud, Identity, Pace
from rollcall.directory.jumpcloud.directory import JumpCloudDirectory
from rollcall.directory.jumpcloud.groups import CloudGroups

__all__ = ["Cloud", "CloudGroups", "Identity", "JumpCloudDirectory", "Pace"]
