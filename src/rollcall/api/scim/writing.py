"""What a SCIM client writes, carried out on the users and groups of the directory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from scim2_models import InvalidValueException, NotFoundException, UniquenessException

from rollcall.api.jumpcloud import writing
from rollcall.api.jumpcloud.errors import Problem
from rollcall.api.jumpcloud.refusals import messages, sentence
from rollcall.api.jumpcloud.request_schemas import UserFields
from rollcall.api.models import ScimGroupRecord, ScimRecord
from rollcall.api.scim.filters import EMAIL_TYPES
from rollcall.api.scim.group_patch import GroupPatch
from rollcall.api.scim.reading import PARTS, user_name
from rollcall.api.scim.resources import EnterpriseUser, Group
from rollcall.audit.actor import Actor
from rollcall.core import usernames
from rollcall.core.refusal import refuse_invisible
from rollcall.core.user_texts import TEXTS
from rollcall.directory import services
from rollcall.directory.models import Organization, User, UserGroup
from rollcall.directory.rules import next_free_username
from rollcall.directory.services import GroupChange, GroupResult, NewGroup, Refused
from rollcall.provisioning.usernames import username_base

CREATION_SOURCE: Final = "jumpcloud:scim"


def create_user(resource: Any, actor: Actor) -> User:
    """The user made from this resource.

    Raises:
        Problem: a value cannot be saved, or is taken.
        SCIMException: the userName is taken.
    """
    name = resource.user_name or ""
    # Among the names of other SCIM clients; usernames are checked where they are written.
    _free(name)
    usable = _is_username(name)
    fields = _fields(resource)
    fields["username"] = name if usable else _username_for(name)
    state = _state(resource.active, Organization.the().manualEntry)
    given = UserFields.model_validate({**fields, "state": state})
    [made] = writing.create([given], state, CREATION_SOURCE, actor)
    user = _written(made)
    _keep(user, resource, "" if usable else name)
    return user


def replace_user(user: User, resource: Any, actor: Actor) -> User:
    """The user, changed to what this resource says.

    Raises:
        Problem: a value cannot be saved, or is taken.
        SCIMException: the userName is taken.
    """
    record = ScimRecord.objects.filter(pk=user.pk).first()
    name = resource.user_name or ""
    fields = _fields(resource)
    kept_name = record.user_name if record else ""
    # Only a name that changes: the username made for an e-mail must stay when the rest is replaced.
    if name != user_name(user, record):
        _free(name, but=user)
        usable = _is_username(name)
        kept_name = "" if usable else name
        if usable:
            fields["username"] = name
    state = _state(resource.active, user.state)
    if state != user.state:
        fields["state"] = state
    [changed] = writing.update([(user.id, UserFields.model_validate(fields))], actor)
    user = _written(changed)
    _keep(user, resource, kept_name)
    return user


@transaction.atomic
def write_group(group: UserGroup | None, resource: Group, actor: Actor) -> UserGroup:
    """The group with this resource's name and members; a new one where there is none.

    Raises:
        SCIMException: the name is empty or taken, or a member is not a user.
    """
    name = resource.display_name or ""
    if group is None:
        (written,) = services.create_groups(actor, [NewGroup(name)])
    else:
        (written,) = services.update_groups(actor, [GroupChange(group.pk, {"name": name})])
    group = _group(written)
    _set_members(actor, group, {member.value or "" for member in resource.members or ()})
    ScimGroupRecord.objects.update_or_create(
        group=group, defaults={"external_id": _short(resource.external_id)}
    )
    return group


@transaction.atomic
def patch_group(group: UserGroup, change: GroupPatch, actor: Actor) -> UserGroup:
    """The group, with what the patch changes of it.

    Raises:
        SCIMException: the name is empty or taken, or a member is not a user.
    """
    name = change.resource.display_name or ""
    if name != group.name:
        (written,) = services.update_groups(actor, [GroupChange(group.pk, {"name": name})])
        group = _group(written)
    _must_be_users(change.joining)
    services.set_members(actor, group, add=change.joining, remove=change.leaving)
    external_id = _short(change.resource.external_id)
    if external_id != change.external_id:
        ScimGroupRecord.objects.update_or_create(group=group, defaults={"external_id": external_id})
    return group


def _group(written: GroupResult) -> UserGroup:
    if not isinstance(written, Refused):
        return written
    if "taken" in written.codes:
        raise UniquenessException(detail="Another group has this displayName")
    if "gone" in written.codes:
        raise NotFoundException(detail="No group has this id")
    named = (replace(refusal, field="displayName") for refusal in written.refusals)
    raise InvalidValueException(detail="; ".join(messages(named)))


def _set_members(actor: Actor, group: UserGroup, wanted: set[str]) -> None:
    _must_be_users(wanted)
    services.replace_members(actor, group, wanted)


def _must_be_users(ids: Collection[str]) -> None:
    known = set(User.objects.filter(id__in=ids).values_list("id", flat=True)) if ids else set()
    if set(ids) - known:
        raise InvalidValueException(detail="A member is not the id of a user")


def _fields(resource: Any) -> dict[str, Any]:
    """The directory's fields that the resource sets; what it leaves out is emptied."""
    more = resource[EnterpriseUser] or EnterpriseUser()
    parts = {"": resource, "name": resource.name, "enterprise": more}
    primary, alternate = _emails(resource)
    fields = {
        "email": primary,
        "alternateEmail": alternate,
        **{name: _text(parts, text.scim) for name, text in TEXTS.items() if text.scim},
        "phoneNumbers": [
            {"number": phone.value, "type": phone.type} for phone in resource.phone_numbers or ()
        ],
        "addresses": [
            {key: getattr(address, name) for name, key in PARTS}
            for address in resource.addresses or ()
        ],
        "employeeIdentifier": more.employee_number,
        "manager": more.manager.value if more.manager else None,
    }
    if resource.password:
        fields["password"] = resource.password
    return fields


def _text(parts: Mapping[str, Any], path: str) -> str | None:
    """The text at this path of the resource; None where it, or the part it is in, is left out."""
    part, _, attribute = path.rpartition(".")
    return getattr(parts[part], attribute, None)


def _emails(resource: Any) -> tuple[str | None, str | None]:
    """The user's address and the alternate one; the directory has no place for more.

    What is left out the answer shows, which has the addresses that were kept.
    """
    primary, alternate = _kept(resource)
    return (primary.value if primary else None), (alternate.value if alternate else None)


def _kept(resource: Any) -> tuple[Any, Any]:
    given = resource.emails or []
    primary = next((email for email in given if email.primary), given[0] if given else None)
    return primary, next((email for email in given if email is not primary), None)


def _state(active: bool | None, current: str) -> str:
    """The state for `active`; a staged user is as little active as a suspended one, and stays."""
    if active:
        return "ACTIVATED"
    return "STAGED" if current == "STAGED" else "SUSPENDED"


def _keep(user: User, resource: Any, name: str) -> None:
    kept = dict(zip(EMAIL_TYPES, _kept(resource), strict=True))
    types = {name: email.type.lower() for name, email in kept.items() if email and email.type}
    emails = [email.model_dump(exclude_none=True) for email in kept.values() if email]
    ScimRecord.objects.update_or_create(
        user=user,
        defaults={
            "user_name": name,
            "external_id": _short(resource.external_id),
            # As written: some clients compare what they sent with what they get, and send it again
            # for ever.
            "more": {"emails": emails, "types": types},
        },
    )


def _short(external_id: str | None) -> str:
    if external_id and len(external_id) > 255:
        raise InvalidValueException(detail="externalId is longer than 255 characters")
    return external_id or ""


def _is_username(name: str) -> bool:
    return usernames.is_valid(name) and len(name) <= usernames.LIMIT


def _free(name: str, but: User | None = None) -> None:
    if not name.strip() or len(name) > 255:
        raise InvalidValueException(detail="userName has 1 to 255 characters")
    if refusal := refuse_invisible("userName", name, written=False):
        raise InvalidValueException(detail=sentence(refusal))
    others = ScimRecord.objects.filter(user_name__iexact=name)
    if others.exclude(user=but).exists() if but else others.exists():
        raise UniquenessException(detail="Another user has this userName")


def _username_for(name: str) -> str:
    # The same rule as the import has, so that Ada gets the same username by either door.
    length = Organization.the().username_length
    base = username_base(name, length)
    taken = User.objects.filter(username__iexact=base).exists()
    return next_free_username(base, limit=length) if taken else base


def _written(result: writing.Written) -> User:
    if isinstance(result, Problem):
        raise result
    return result
