"""What Directory Insights calls each action: the one table between our words and the vendor's.

Names that JumpCloud documents are used where there is one (reference: jumpcloud-platform, section
7); what JumpCloud has no event for (imports, keys, exports, refusals) is named in the same manner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rollcall.audit.actions import Action

DIRECTORY: Final = "directory"
"""The service of all that happens in portal, API and terminal."""

SSO: Final = "sso"
"""The service of what happens between people and their applications."""

_OF_SSO: Final = frozenset(
    {
        Action.SSO_SIGN_ON,
        Action.SSO_REFUSED,
        Action.SSO_TOKEN_REFUSED,
        Action.SSO_TOKENS_REVOKE,
        Action.SSO_LOGOUT_FAILED,
        Action.SSO_SIGN_OUT,
    }
)

_OF_ACCOUNTS: Final[Mapping[Action, str]] = {
    Action.ACCOUNT_CREATE: "account_create",
    Action.ACCOUNT_DELETE: "account_delete",
    Action.ACCOUNT_SIGN_IN: "login_attempt",
    Action.ACCOUNT_SIGN_OUT: "logout",
    # One type with the one that went well; `success` tells them apart.
    Action.ACCOUNT_SIGN_IN_FAILED: "login_attempt",
    Action.ACCOUNT_SECOND_FACTOR_FAILED: "login_attempt",
    Action.ACCOUNT_LOCKED_OUT: "lockout",
    Action.ACCOUNT_PASSWORD_CHANGE: "password_change",
    Action.ACCOUNT_PASSWORD_SET: "password_set",
    Action.ACCOUNT_PASSWORD_RESET: "password_change",
    Action.ACCOUNT_SECOND_FACTOR_ADD: "totp_finish_enrollment",
    Action.ACCOUNT_SECOND_FACTOR_REMOVE: "totp_delete_enrollment",
    Action.ACCOUNT_SECOND_FACTOR_RENEW: "recovery_codes_renew",
    Action.ACCOUNT_SECOND_FACTOR_RESET: "mfa_reset",
    Action.ACCOUNT_SIGN_IN_REFUSED: "login_attempt",
    Action.ACCOUNT_LANGUAGE_CHANGE: "update",
    Action.ACCOUNT_RECOVERY_EMAIL: "recovery_email_verified",
    Action.ACCOUNT_SESSION_END: "logout",
    Action.ACCOUNT_USER_LINK: "user_link",
    Action.ACCOUNT_USER_UNLINK: "user_unlink",
}
"""What an account does, without `admin_` or `user_`, whichever the account is."""

EVENT_TYPES: Final[Mapping[Action, str]] = {
    Action.ACCESS_REFUSED: "access_refused",
    Action.ADMINISTRATOR_FIRST: "admin_create",
    Action.ADMINISTRATOR_CREATE: "admin_create",
    Action.ADMINISTRATOR_CHANGE: "admin_update",
    Action.ADMINISTRATOR_DELETE: "admin_delete",
    Action.ADMINISTRATOR_LINK: "admin_password_reset_request",
    Action.ADMINISTRATOR_RESET: "admin_reset",
    Action.APPLICATION_CREATE: "application_create",
    Action.APPLICATION_UPDATE: "application_update",
    Action.APPLICATION_DELETE: "application_delete",
    Action.APPLICATION_BIND: "association_change",
    Action.APPLICATION_UNBIND: "association_change",
    Action.BREAK_GLASS_CHANGE: "admin_update",
    Action.BREAK_GLASS_USE: "admin_break_glass",
    Action.CREDENTIALS_KEEP: "credentials_update",
    Action.CREDENTIALS_REMOVE: "credentials_delete",
    Action.SCHEDULE_CHANGE: "import_schedule_update",
    Action.DATA_BACKUP: "data_backup",
    Action.DATA_EXPORT: "data_export",
    Action.DATA_RESTORE: "data_restore",
    Action.EMAIL_TEXT_SAVE: "organization_update",
    Action.GROUP_CREATE: "group_create",
    Action.GROUP_UPDATE: "group_update",
    Action.GROUP_DELETE: "group_delete",
    Action.GROUP_LOOKALIKE: "group_lookalike",
    Action.GROUP_MEMBER_ADD: "association_change",
    Action.GROUP_MEMBER_REMOVE: "association_change",
    Action.IMPORT_START: "import_start",
    Action.IMPORT_CHOOSE: "import_choose",
    Action.IMPORT_TICK: "import_tick",
    Action.IMPORT_APPROVE: "import_approve",
    Action.IMPORT_CANCEL: "import_cancel",
    Action.IMPORT_RETRY: "import_retry",
    Action.IP_LIST_CREATE: "iplist_create",
    Action.IP_LIST_UPDATE: "iplist_update",
    Action.IP_LIST_DELETE: "iplist_delete",
    Action.INSTALLATION_CHECK: "installation_check",
    Action.KEY_CREATE: "api_key_create",
    Action.KEY_REVOKE: "api_key_delete",
    Action.KEY_REFUSED: "api_key_refused",
    Action.ORGANIZATION_UPDATE: "organization_update",
    Action.PASSWORD_POLICY_CREATE: "password_policy_create",
    Action.PASSWORD_POLICY_UPDATE: "password_policy_update",
    Action.PASSWORD_POLICY_DELETE: "password_policy_delete",
    Action.PERSON_ERASE: "person_erase",
    Action.PERSON_READMIT: "person_readmit",
    # Without the n, as the vendor spells the second of them.
    Action.POLICY_CREATE: "authnpolicy_create",
    Action.POLICY_UPDATE: "authpolicy_update",
    Action.POLICY_DELETE: "authnpolicy_delete",
    Action.POLICY_DEFAULT_SAVE: "authnpolicy_fallback_update",
    Action.SEALING_KEY_ADD: "sealing_key_create",
    Action.SEALING_KEYS_FORGET: "sealing_key_delete",
    Action.SEALING_RESEAL: "sealing_reseal",
    Action.SETTINGS_DIRECTORY_SAVE: "organization_update",
    Action.SETTINGS_DIRECTORY_REMOVE_KEY: "organization_update",
    Action.SETTINGS_SECOND_FACTOR_SAVE: "organization_update",
    Action.SETTINGS_MFA_SAVE: "organization_update",
    Action.SETTINGS_USER_PORTAL_SAVE: "organization_update",
    Action.SETTINGS_NOTIFICATIONS_SAVE: "organization_update",
    Action.SETTINGS_EVENTS_SAVE: "organization_update",
    Action.SSO_SIGN_ON: "sso_auth",
    Action.SSO_REFUSED: "sso_auth",
    Action.SSO_TOKEN_REFUSED: "sso_token_refused",
    Action.SSO_TOKENS_REVOKE: "sso_token_revoked",
    Action.SSO_LOGOUT_FAILED: "sso_logout_failed",
    Action.SSO_CLIENT_CREATE: "application_update",
    Action.SSO_CLIENT_UPDATE: "application_update",
    Action.SSO_CLIENT_ROTATE: "application_update",
    Action.SSO_KEY_ADD: "sso_key_create",
    Action.SSO_KEY_USE: "sso_key_update",
    Action.SSO_KEY_REMOVE: "sso_key_delete",
    Action.SSO_SIGN_OUT: "sso_logout",
    Action.USER_CREATE: "user_create",
    Action.USER_UPDATE: "user_update",
    Action.USER_DELETE: "user_delete",
    Action.USER_ACTIVATE: "user_activated",
    Action.USER_ACTIVATION_EMAIL: "user_activation_email",
    Action.USER_ACTIVATION_LINK: "user_activation_link",
    Action.USER_SUSPEND: "user_suspended",
    Action.USER_REACTIVATE: "user_unsuspended",
    Action.USER_LOOKALIKE: "user_lookalike",
    Action.USER_UNLINK: "user_unlinked",
    Action.USER_LOCK: "user_lockout",
    Action.USER_UNLOCK: "user_unlocked",
    Action.USER_EXPIRE: "user_password_expired",
    Action.USER_FACTOR_REQUIRE: "user_update",
    Action.USER_SSH_KEY_ADD: "user_ssh_key_create",
    Action.USER_SSH_KEY_REMOVE: "user_ssh_key_delete",
    Action.USER_GROUP_ADD: "association_change",
    Action.USER_GROUP_REMOVE: "association_change",
}


def service(action: Action) -> str:
    """The service under which Directory Insights files an action."""
    return SSO if action in _OF_SSO else DIRECTORY


def actions_of_service(name: str) -> list[Action]:
    """The actions that are filed under a service."""
    return [action for action in Action if service(action) == name]


def event_type(action: Action, *, of_user: bool = False) -> str:
    """The vendor's name for an action; `of_user` where the account is no administrator's."""
    if action in _OF_ACCOUNTS:
        # The vendor names a user's own with no word before it, and an administrator's with one.
        if of_user and _OF_ACCOUNTS[action].startswith("totp_"):
            return _OF_ACCOUNTS[action]
        return f"{'user' if of_user else 'admin'}_{_OF_ACCOUNTS[action]}"
    return EVENT_TYPES[action]


def actions_of(name: str) -> list[Action]:
    """The actions that an event of this type may be."""
    return [
        action
        for action in Action
        if name in (event_type(action), event_type(action, of_user=True))
    ]


def is_whole_type(name: str) -> bool:
    """Whether every event of the actions of this type is of this type, whoever it is about."""
    return all(
        event_type(action) == event_type(action, of_user=True) for action in actions_of(name)
    )
