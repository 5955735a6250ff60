"""JumpCloud as a kind of target: the form of its account, and how an organization is opened."""

from __future__ import annotations

from typing import Final

from rollcall.core.account_fields import AccountField, FieldType
from rollcall.provisioning.reason import gettext_noop
from rollcall.targets.base import Origin, Target, TargetKind
from rollcall.targets.jumpcloud.account import Account
from rollcall.targets.jumpcloud.settings import DEFAULT_URL

IDENTIFIER: Final = "employeeIdentifier"

FIELDS: Final = (
    AccountField(
        "url",
        "JUMPCLOUD_URL",
        gettext_noop("Address"),
        FieldType.ADDRESS,
        required=False,
        default=DEFAULT_URL,
        correction=gettext_noop("Write the address alone, such as {example}."),
    ),
    AccountField(
        "organization_id",
        "JUMPCLOUD_ORG_ID",
        gettext_noop("Organization ID"),
        required=False,
        help=gettext_noop("Only for keys that have several organizations."),
    ),
    AccountField("api_key", "JUMPCLOUD_API_KEY", gettext_noop("API key"), FieldType.SECRET),
)


def lacks(account: Account) -> str:
    """What has to be set before the organization can be opened."""
    if account.api_key:
        return ""
    return (
        "JumpCloud has no API key yet: set JUMPCLOUD_API_KEY, or enter one in the portal "
        "under Settings → Directory"
    )


def open_target(account: Account, origin: Origin) -> Target:
    """The organization, whose users carry the ids of the account at `origin`."""
    from rollcall.targets.jumpcloud.identity import Identity, attribute_of
    from rollcall.targets.jumpcloud.target import JumpCloudTarget

    if not origin.source:
        return JumpCloudTarget(account, actor=origin.actor)
    fills_identifier = origin.mapping.source_of(IDENTIFIER) is not None
    identity = Identity(attribute_of(origin.source), in_identifier=not fills_identifier)
    return JumpCloudTarget(account, identity=identity, actor=origin.actor)


KIND: Final = TargetKind(
    key="jumpcloud",
    label="JumpCloud",
    account=Account.of,
    open=open_target,
    fields=FIELDS,
    lacks=lacks,
)
