"""Events in the reader's words: what was done, to which fields, with which values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import Role
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.core.searching import searchable
from rollcall.directory import labels
from rollcall.imports.labels import state_label
from rollcall.web.admin.users import provenance

ACTIONS: Mapping[str, Promise] = {
    Action.ACCESS_REFUSED: _("Access refused"),
    Action.ACCOUNT_CREATE: _("Account made for a user"),
    Action.ACCOUNT_DELETE: _("Account deleted"),
    Action.ACCOUNT_SIGN_IN: _("Signed in"),
    Action.ACCOUNT_SIGN_OUT: _("Signed out"),
    Action.ACCOUNT_SIGN_IN_FAILED: _("Sign-in failed"),
    Action.ACCOUNT_SIGN_IN_REFUSED: _("Sign-in refused"),
    Action.ACCOUNT_SECOND_FACTOR_FAILED: _("Second factor refused"),
    Action.ACCOUNT_LOCKED_OUT: _("Locked out after failed sign-ins"),
    Action.ACCOUNT_PASSWORD_CHANGE: _("Own password changed"),
    Action.ACCOUNT_PASSWORD_SET: _("Own password set"),
    Action.ACCOUNT_PASSWORD_RESET: _("Forgotten password replaced"),
    Action.ACCOUNT_SECOND_FACTOR_ADD: _("Second factor added"),
    Action.ACCOUNT_SECOND_FACTOR_REMOVE: _("Second factor removed"),
    Action.ACCOUNT_SECOND_FACTOR_RENEW: _("Recovery codes renewed"),
    Action.ACCOUNT_SECOND_FACTOR_RESET: _("Second factors reset"),
    Action.ACCOUNT_LANGUAGE_CHANGE: _("Own language changed"),
    Action.ACCOUNT_RECOVERY_EMAIL: _("Recovery e-mail confirmed"),
    Action.ACCOUNT_SESSION_END: _("Signed out elsewhere"),
    Action.ACCOUNT_USER_LINK: _("Account linked to a user"),
    Action.ACCOUNT_USER_UNLINK: _("Account no longer linked to a user"),
    Action.ADMINISTRATOR_FIRST: _("First administrator set up"),
    Action.ADMINISTRATOR_CREATE: _("Administrator invited"),
    Action.ADMINISTRATOR_CHANGE: _("Administrator changed"),
    Action.ADMINISTRATOR_DELETE: _("Administrator deleted"),
    Action.ADMINISTRATOR_LINK: _("Sign-in link for an administrator"),
    Action.ADMINISTRATOR_RESET: _("Administrator's sign-in reset"),
    Action.APPLICATION_CREATE: _("Application activated for the first time"),
    Action.APPLICATION_UPDATE: _("Application changed"),
    Action.APPLICATION_DELETE: _("Application deleted"),
    Action.APPLICATION_BIND: _("Application bound to a user group"),
    Action.APPLICATION_UNBIND: _("Application no longer bound to a user group"),
    Action.BREAK_GLASS_CHANGE: _("Break-glass account named or released"),
    Action.BREAK_GLASS_USE: _("Break-glass account used"),
    Action.CREDENTIALS_KEEP: _("Credentials kept for scheduled imports"),
    Action.CREDENTIALS_REMOVE: _("Credentials for scheduled imports removed"),
    Action.SCHEDULE_CHANGE: _("Schedule of imports changed"),
    Action.DATA_BACKUP: _("Backup made"),
    Action.DATA_EXPORT: _("Data exported"),
    Action.DATA_RESTORE: _("Backup put back"),
    Action.EMAIL_TEXT_SAVE: _("E-mails of accounts changed"),
    Action.GROUP_CREATE: _("User group created"),
    Action.GROUP_UPDATE: _("User group changed"),
    Action.GROUP_DELETE: _("User group deleted"),
    Action.GROUP_LOOKALIKE: _("User group looks like another one"),
    Action.GROUP_MEMBER_ADD: _("Members added to a user group"),
    Action.GROUP_MEMBER_REMOVE: _("Members removed from a user group"),
    Action.IMPORT_START: _("Import started"),
    Action.IMPORT_CHOOSE: _("Changes chosen in the preview"),
    Action.IMPORT_TICK: _("Users ticked for employees in the preview"),
    Action.IMPORT_APPROVE: _("Preview approved"),
    Action.IMPORT_CANCEL: _("Import cancelled"),
    Action.IMPORT_RETRY: _("Failed employees tried again"),
    Action.IP_LIST_CREATE: _("IP list created"),
    Action.IP_LIST_UPDATE: _("IP list changed"),
    Action.IP_LIST_DELETE: _("IP list deleted"),
    Action.INSTALLATION_CHECK: _("Installation checked (`rollcall doctor`)"),
    Action.KEY_CREATE: _("API key created"),
    Action.KEY_REVOKE: _("API key revoked"),
    Action.KEY_REFUSED: _("API key refused"),
    Action.ORGANIZATION_UPDATE: _("Organization's settings changed"),
    Action.POLICY_CREATE: _("Access policy created"),
    Action.POLICY_UPDATE: _("Access policy changed"),
    Action.POLICY_DELETE: _("Access policy deleted"),
    Action.POLICY_DEFAULT_SAVE: _("Default of access policies changed"),
    Action.PASSWORD_POLICY_CREATE: _("Password settings created"),
    Action.PASSWORD_POLICY_UPDATE: _("Password settings changed"),
    Action.PASSWORD_POLICY_DELETE: _("Password settings deleted"),
    Action.PERSON_READMIT: _("Erased person let in again"),
    Action.PERSON_ERASE: _("Person erased"),
    Action.SEALING_KEY_ADD: _("New key for stored secrets"),
    Action.SEALING_KEYS_FORGET: _("Old keys of stored secrets forgotten"),
    Action.SEALING_RESEAL: _("Stored secrets sealed with the newest key"),
    Action.SETTINGS_DIRECTORY_SAVE: _("Directory of imports changed"),
    Action.SETTINGS_DIRECTORY_REMOVE_KEY: _("JumpCloud's API key removed"),
    Action.SETTINGS_SECOND_FACTOR_SAVE: _("Two-factor authentication required"),
    Action.SETTINGS_MFA_SAVE: _("Rules for second factors changed"),
    Action.SETTINGS_USER_PORTAL_SAVE: _("User portal's settings changed"),
    Action.SETTINGS_NOTIFICATIONS_SAVE: _("Notifications changed"),
    Action.SETTINGS_EVENTS_SAVE: _("Settings of events changed"),
    Action.SSO_SIGN_ON: _("Signed on at an application"),
    Action.SSO_REFUSED: _("Application refused to a person"),
    Action.SSO_TOKEN_REFUSED: _("Token of a person refused"),
    Action.SSO_TOKENS_REVOKE: _("Sign-on at an application ended"),
    Action.SSO_LOGOUT_FAILED: _("Application not told that somebody is signed out"),
    Action.SSO_CLIENT_CREATE: _("Single sign-on set up for an application"),
    Action.SSO_CLIENT_UPDATE: _("Single sign-on of an application changed"),
    Action.SSO_CLIENT_ROTATE: _("New client secret for an application"),
    Action.SSO_KEY_ADD: _("New key to sign with for single sign-on"),
    Action.SSO_KEY_USE: _("Another certificate signs for an application"),
    Action.SSO_KEY_REMOVE: _("Certificate of an application removed"),
    Action.SSO_SIGN_OUT: _("Signed out at an application"),
    Action.USER_CREATE: _("User created"),
    Action.USER_UPDATE: _("User changed"),
    Action.USER_DELETE: _("User deleted"),
    Action.USER_ACTIVATE: _("User activated"),
    Action.USER_ACTIVATION_EMAIL: _("Activation e-mail sent"),
    Action.USER_ACTIVATION_LINK: _("Activation link made"),
    Action.USER_SUSPEND: _("User suspended"),
    Action.USER_REACTIVATE: _("User reactivated"),
    Action.USER_LOOKALIKE: _("User's e-mail looks like another one"),
    Action.USER_UNLINK: _("User unlinked from their employee"),
    Action.USER_LOCK: _("User locked"),
    Action.USER_UNLOCK: _("User unlocked"),
    Action.USER_EXPIRE: _("User's password expired"),
    Action.USER_FACTOR_REQUIRE: _("Second factor required of a user, or no longer"),
    Action.USER_SSH_KEY_ADD: _("SSH key added"),
    Action.USER_SSH_KEY_REMOVE: _("SSH key removed"),
    Action.USER_GROUP_ADD: _("User joined a user group"),
    Action.USER_GROUP_REMOVE: _("User left a user group"),
}

FIELDS: Mapping[str, Promise] = {
    "activate_staged": _("Activate staged users whose employee is active"),
    "active": _("Active"),
    "added": _("Added"),
    "adopt": _("Take over existing users with the same e-mail"),
    "address": _("Address"),
    "applicationImport": _("Application / Directory Integrations"),
    "broken": _("Opened by no key"),
    "chosen": _("Chosen"),
    "connection": _("From"),
    "csvImport": _("CSV import"),
    "color": _("Colour"),
    "default_state": _("State of new users"),
    "break_glass": _("Break-glass account"),
    "conditions": _("Conditions"),
    "description": _("Description"),
    "directory": _("Directory"),
    "disabled": _("Switched off"),
    "displayLabel": _("Display Label"),
    "effect": _("Access"),
    "events_to": _("Events are handed on to"),
    "extra_mapping": _("Further attribute mapping"),
    "editable": _("People may change about themselves"),
    "enrolment_days": _("Enrolment period in days"),
    "everybody": _("Required of everybody"),
    "excluded_until": _("May do without until"),
    "factors": _("Factors"),
    "fingerprint": _("Fingerprint"),
    "forgotten": _("Forgotten"),
    "expires_after_days": _("Expires after days"),
    "fresh": _("Sealed with the newest key already"),
    "group": _("User group"),
    "groups": _("User Groups"),
    "has_logo": _("Logo"),
    "history": _("Earlier passwords refused"),
    "import": pgettext_lazy("noun", "Import"),
    "ips": _("IP addresses"),
    "is_active": _("May sign in"),
    "keep_other_events_days": _("Days that other events are kept"),
    "keep_sign_ins_days": _("Days that sign-ins are kept"),
    "kept": _("Kept"),
    "kind": _("Kind"),
    "live_threshold": _("Threshold for live results"),
    "locks_after": _("Locked after wrong passwords"),
    "looks like": _("Looks like"),
    "manualEntry": _("Manual creation"),
    "max_emptied": _("Most emptied"),
    "max_suspensions": _("Most suspensions"),
    "members": _("Members"),
    "members added": _("Members added"),
    "members removed": _("Members removed"),
    "members_added": _("Members added"),
    "min_length": _("Least length"),
    "min_read_share": _("Least share read"),
    "name": _("Name"),
    "needs_digit": _("Needs a digit"),
    "needs_lowercase": _("Needs a lower-case letter"),
    "needs_symbol": _("Needs a symbol"),
    "needs_uppercase": _("Needs a capital letter"),
    "organization_id": _("Organization ID"),
    "no longer in": _("Left"),
    "position": _("Place in the order"),
    "reactivation_allowed": _("Reactivation allowed"),
    "refuses_common": _("Refuses common passwords"),
    "refuses_names": _("Refuses name, username and e-mail"),
    "refuses_runs": _("Refuses characters in a row"),
    "replaced": _("Replaced"),
    "required": _("Required"),
    "resealed": _("Sealed anew"),
    "review": _("Stops for review"),
    "retry_of": _("Once more after import"),
    "language": _("Language"),
    "passkey_sign_in": _("Signing in with a passkey alone"),
    "post_logout_redirect_uris": _("Logout Redirect URIs"),
    "redirect_uris": _("Redirect URIs"),
    "role": _("Role"),
    "roles": _("Roles"),
    "same_person": _("Employees who are the same person"),
    "schedule": _("Schedule"),
    "schedule_at": _("Time"),
    "schedule_review": _("Stops for review"),
    "session_hours": _("Hours of a session"),
    "sender": _("Sender of e-mails"),
    "shown_in_portal": _("Shown in user portal"),
    "ssoUrl": _("Application URL"),
    "targets": _("Assignments"),
    "unlocks_after_minutes": _("Unlocked after minutes"),
    "url": _("Address"),
    "warns_before_days": _("Days of warning"),
    "welcomes": _("Welcome e-mail"),
    "run": pgettext_lazy("noun", "Import"),
    "without": _("Without the attributes"),
}


def action_label(action: str) -> str:
    """The words for an action; one that this version does not know stays as it is."""
    return str(ACTIONS.get(action, action))


def actions_that_say(typed: str) -> list[str]:
    """The actions whose words, in the reader's language, hold what was typed."""
    sought = searchable(typed)
    said = ((action, searchable(str(words))) for action, words in ACTIONS.items())
    return [action for action, words in said if sought and sought in words]


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, in the reader's words."""

    label: str
    before: str
    after: str


def changes(event: Event) -> Sequence[Change]:
    """What an event changed, field by field."""
    before, after = event.before, event.after
    return [
        Change(_label(name), _shown(name, before.get(name)), _shown(name, after.get(name)))
        for name in (str(change["field"]) for change in event.changes)
    ]


def values(kept: object) -> str:
    """The fields of one side of a change, as text; those without a value are left out."""
    if not isinstance(kept, dict):
        return ""
    told = ((field, _shown(field, value)) for field, value in kept.items())
    return "; ".join(f"{_label(field)}: {text}" for field, text in told if text)


def _label(field: str) -> str:
    return str(FIELDS[field]) if field in FIELDS else provenance.field_label(field)


def _shown(field: str, value: object) -> str:
    if value is None or value == {}:
        return ""
    # Before numbers and texts: to Python, True is a 1.
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple):
        return ", ".join(_shown(field, item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    if field in ("role", "roles") and text in Role:
        return str(Role(text).label)
    if field == "state" and text not in labels.STATES:
        return state_label(text)
    return labels.state_word(text)
