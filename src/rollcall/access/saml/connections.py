"""Sets up sign-on by SAML for applications: the only place that writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from django.db import transaction

from rollcall.access import attribute_mapping
from rollcall.access.oidc.redirect_addresses import origin
from rollcall.access.saml import certificates
from rollcall.access.saml.configuration import Configuration, certificate_of, refusals
from rollcall.access.saml.messages import sp_metadata
from rollcall.access.saml.models import FIELDS, Connection
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record
from rollcall.core.errors import Problem
from rollcall.core.refusal import Refusal
from rollcall.directory import catalogue, services
from rollcall.directory.models import Application
from rollcall.directory.services import NewApplication
from rollcall.directory.services.events import application_target

TEMPLATE: Final = "custom-saml"
_PATH: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class Unregistrable(Problem):
    """An application cannot sign people on with these values.

    `refusals` say why, each under a field of `Configuration`, `path` or `label`.
    """

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.text() for refusal in refusals))
        self.refusals = tuple(refusals)


@transaction.atomic
def create_application(
    actor: Actor, label: str, configuration: Configuration, path: str = ""
) -> Connection:
    """A new, active application that signs people on by SAML.

    Raises:
        Unregistrable: the label or one of the values cannot be taken.
    """
    entry = catalogue.template(TEMPLATE)
    values = {"name": entry.name, "displayLabel": label, "color": entry.color, "active": True}
    [made] = services.create_applications(actor, [NewApplication(values)])
    if not isinstance(made, Application):
        refused = getattr(made, "refusals", ())
        raise Unregistrable([Refusal("label", r.code, r.value, r.params) for r in refused])
    return register(actor, made, configuration, path)


@transaction.atomic
def register(
    actor: Actor, application: Application, configuration: Configuration, path: str = ""
) -> Connection:
    """Let an application sign people on by SAML, with a new certificate that signs.

    `path` stands in its addresses for good: small letters, digits and hyphens; "" takes the
    application's id.

    Raises:
        Unregistrable: one of the values cannot be taken.
    """
    path = path or application.id
    wrong = [*_path_refusals(path), *refusals(configuration)]
    if Connection.objects.filter(application=application).exists():
        wrong.append(Refusal("path", "taken", value=path))
    if wrong:
        raise Unregistrable(wrong)
    values = _columns(configuration)
    connection = Connection.objects.create(application=application, path=path, **values)
    certificates.rotate(actor, connection)
    after = {"path": path, **_shown(values)}
    record(actor, Action.SSO_CLIENT_CREATE, application_target(application), after=after)
    return connection


@transaction.atomic
def change(actor: Actor, connection: Connection, configuration: Configuration) -> Connection:
    """Replace all that is set; the path stays.

    Raises:
        Unregistrable: one of the values cannot be taken.
    """
    if wrong := refusals(configuration):
        raise Unregistrable(wrong)
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    before = _columns(row.configuration)
    after = _columns(configuration)
    changed = [name for name in FIELDS if before[name] != after[name]]
    for name, value in after.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=[*changed, "updated"])
        record(
            actor,
            Action.SSO_CLIENT_UPDATE,
            application_target(row.application),
            before=_shown({name: before[name] for name in changed}),
            after=_shown({name: after[name] for name in changed}),
        )
    return row


def upload_metadata(actor: Actor, connection: Connection, content: bytes) -> Connection:
    """Take what the application's metadata say of it; what they do not say stays.

    Raises:
        Unreadable: they are no metadata of one application (`messages.parsing`).
        Unregistrable: what they say cannot be taken.
    """
    return change(actor, connection, sp_metadata.merged(connection.configuration, content))


@transaction.atomic
def remove(actor: Actor, connection: Connection) -> None:
    """End sign-on by SAML for an application, with its certificates and sign-ons."""
    application = connection.application
    before = {"path": connection.path, "sp_entity_id": connection.sp_entity_id}
    connection.delete()
    record(actor, Action.SSO_CLIENT_UPDATE, application_target(application), before=before)


def of_path(path: str) -> Connection | None:
    """The connection at this path, with its application."""
    return Connection.objects.select_related("application").filter(path=path[:64]).first()


def of_application(application: Application) -> Connection | None:
    """How the application signs people on by SAML; None where it does not."""
    return Connection.objects.filter(application=application).first()


def leads_to(asked: Mapping[str, str]) -> str:
    """The origin that a request here leads to by redirects; "" where it ends on a page of ours.

    An answer is a form on a page of its own, which names the application itself.
    """
    if "SAMLRequest" in asked or "posted" in asked:
        return ""
    rows = Connection.objects.filter(path=asked.get("path", ""))
    address = rows.values_list("login_url", flat=True).first()
    return origin(address) if address else ""


def _path_refusals(path: str) -> list[Refusal]:
    if not _PATH.fullmatch(path):
        return [Refusal("path", "malformed", value=path[:80])]
    if Connection.objects.filter(path=path).exists():
        return [Refusal("path", "taken", value=path)]
    return []


def _columns(configuration: Configuration) -> dict[str, Any]:
    """The values as the columns hold them."""
    values = {name: getattr(configuration, name) for name in FIELDS}
    values["acs_urls"] = list(configuration.acs_urls)
    values["attributes"] = attribute_mapping.as_json(configuration.attributes)
    return values


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """The values for an event: of a certificate the beginning of its fingerprint."""
    long = ("sp_certificate", "encryption_certificate")
    return {
        name: _fingerprint(value) if name in long else value
        for name, value in values.items()
        if value not in ("", [])
    }


def _fingerprint(certificate: str) -> str:
    return certificate_of(certificate).fingerprint(SHA256()).hex()[:16] if certificate else ""
