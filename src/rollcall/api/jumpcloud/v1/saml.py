"""What is set of an application that signs people on by SAML, as the vendor's `config` (v1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from rollcall.access import attribute_mapping
from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.saml import addresses, certificates, connections
from rollcall.access.saml.models import Connection
from rollcall.api.jumpcloud.errors import bad_request
from rollcall.core.actor import Actor
from rollcall.directory.models import Application

T = TypeVar("T")

TEXTS: Final = (
    ("idpEntityId", "IdP Entity ID", "idp_entity_id"),
    ("spEntityId", "SP Entity ID", "sp_entity_id"),
    ("spCertificate", "SP Certificate", "sp_certificate"),
    ("subjectField", "SAMLSubject NameID", "name_id_attribute"),
    ("overrideNameIdFormat", "SAMLSubject NameID Format", "name_id_format"),
    ("signatureAlgorithm", "Signature Algorithm", "signature_algorithm"),
    ("defaultTargetUrl", "Default RelayState", "default_relay_state"),
    ("idpInitUrl", "Login URL", "login_url"),
)
"""Keys of `config` that hold a text: the vendor's key and label, our field."""

SWITCHES: Final = (
    ("signAssertion", "Sign Assertion", "sign_assertion"),
    ("signResponse", "Sign Response", "sign_response"),
    ("declareRedirectEndpoint", "Declare Redirect Endpoint", "declare_redirect"),
    ("spErrorFlow", "Return errors to the SP", "errors_to_sp"),
)
"""Keys of `config` that are on or off."""


def connection_of(application: Application) -> Connection | None:
    """How it signs on by SAML; None where it does not."""
    return getattr(application, "saml_connection", None)


def sso_url(application: Application) -> str:
    """Where a sign-on begins: for SAML our own address (`ssoUrl`)."""
    connection = connection_of(application)
    return addresses.sso_url(connection) if connection else application.ssoUrl


def config(application: Application) -> dict[str, Any]:
    """The vendor's `config`: of SAML each field with its label, type and value.

    The private key is in no answer.
    """
    connection = connection_of(application)
    if connection is None:
        return dict(application.config)
    fields = [_field(key, label, "text", getattr(connection, name)) for key, label, name in TEXTS]
    fields += [
        _field(key, label, "boolean", getattr(connection, name)) for key, label, name in SWITCHES
    ]
    fields.append(_addresses(connection))
    fields.append(_certificate(connection))
    fields += _attributes(connection)
    return {key: {**field, "position": place} for place, (key, field) in enumerate(fields)}


def change(actor: Actor, application: Application, given: Mapping[str, Any] | None) -> None:
    """Set what these fields of `config` say; what is left out stays, what is read-only too.

    Raises:
        Problem: 400 where one of them cannot be taken.
    """
    connection = connection_of(application)
    if connection is None or not given:
        return
    values = {key: field.get("value") for key, field in given.items() if isinstance(field, dict)}
    kinds = [(names, str) for names in TEXTS] + [(names, bool) for names in SWITCHES]
    wanted: dict[str, Any] = {}
    for (key, _, name), kind in kinds:
        if key in values:
            wanted[name] = _of_kind(key, values[key], kind)
    if "acsUrl" in values:
        wanted["acs_urls"] = tuple(_of_kind("acsUrl", values["acsUrl"], str).split())
    try:
        configuration = dataclasses.replace(
            connection.configuration, **wanted, attributes=_rules(connection, values)
        )
        connections.change(actor, connection, configuration)
    except connections.Unregistrable as error:
        raise bad_request(f"Bad Request: {error}") from None
    application.refresh_from_db()


def _rules(connection: Connection, values: Mapping[str, Any]) -> tuple[ClaimRule, ...]:
    kept = attribute_mapping.from_json(connection.attributes)
    rules = []
    for key, kind in (
        ("databaseAttributes", Kind.ATTRIBUTE),
        ("constantAttributes", Kind.CONSTANT),
    ):
        if key not in values:
            rules += [rule for rule in kept if rule.kind is kind]
            continue
        for row in _of_kind(key, values[key], list):
            pair = _of_kind(key, row, dict)
            texts = (_of_kind(key, pair.get(part), str) for part in ("name", "value"))
            name, value = texts
            rules.append(ClaimRule(name, kind, value))
    before = next((rule.name for rule in kept if rule.kind is Kind.GROUPS), "")
    named = _of_kind("groupsAttributeName", values.get("groupsAttributeName", before), str)
    if _of_kind("includeGroups", values.get("includeGroups", bool(before)), bool):
        rules.append(ClaimRule(named or "memberOf", Kind.GROUPS))
    return tuple(rules)


def _of_kind(key: str, value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise bad_request(f"Bad Request: config.{key} has a value of another kind")
    return value


def _addresses(connection: Connection) -> tuple[str, dict[str, Any]]:
    """The addresses in the one text that the vendor has for them: no address holds a space."""
    return _field("acsUrl", "ACS URLs", "multiUrl", " ".join(connection.acs_urls))


def _attributes(connection: Connection) -> list[tuple[str, dict[str, Any]]]:
    rules = attribute_mapping.from_json(connection.attributes)
    groups = next((rule.name for rule in rules if rule.kind is Kind.GROUPS), "")
    by_kind = {
        kind: [
            {"name": rule.name, "value": rule.value, "readOnly": False, "visible": True}
            for rule in rules
            if rule.kind is kind
        ]
        for kind in (Kind.ATTRIBUTE, Kind.CONSTANT)
    }
    return [
        _field("databaseAttributes", "User Attributes", "array", by_kind[Kind.ATTRIBUTE]),
        _field("constantAttributes", "Constant Attributes", "array", by_kind[Kind.CONSTANT]),
        _field("includeGroups", "Include group attribute", "boolean", bool(groups)),
        _field("groupsAttributeName", "Group attribute name", "text", groups or "memberOf"),
    ]


def _certificate(connection: Connection) -> tuple[str, dict[str, Any]]:
    key, field = _field(
        "idpCertificate", "IdP Certificate", "file", certificates.current(connection).certificate
    )
    return key, {**field, "readOnly": True}


def _field(key: str, label: str, type_: str, value: Any) -> tuple[str, dict[str, Any]]:
    shape = {
        "label": label,
        "type": type_,
        "value": value,
        "required": key in ("spEntityId", "acsUrl"),
        "readOnly": False,
        "visible": True,
    }
    return key, shape
