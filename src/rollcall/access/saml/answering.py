"""Makes what an application is answered: who somebody is there, signed and perhaps encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from rollcall.access import attribute_mapping, entitlement
from rollcall.access.oidc.authentication import acr_of
from rollcall.access.saml import asking, certificates
from rollcall.access.saml.asking import NameIdWish
from rollcall.access.saml.configuration import Configuration, NameIdFormat, certificate_of
from rollcall.access.saml.messages.building import new_id
from rollcall.access.saml.messages.requests import AuthnRequest
from rollcall.access.saml.messages.responses import Answer, Sealing, Subject, failure, success
from rollcall.access.saml.models import Connection
from rollcall.accounts.proofs import Proof
from rollcall.directory.models import User


class Nameless(Exception):
    """The person has nothing in the field that is to name them at the application."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be answered: by whom, at which address, and to which request (None for none)."""

    connection: Connection
    configuration: Configuration
    issuer: str
    acs_url: str
    request: AuthnRequest | None


def subject_of(asked: Asked, user: User, wish: NameIdWish, proof: Proof) -> Subject:
    """Who the person is at the application.

    Raises:
        Nameless: nobody; an empty name would be everybody's.
    """
    facts = attribute_mapping.facts_of(user)
    name_id = facts.get(wish.attribute, "") if wish.attribute else new_id()
    if not name_id:
        raise Nameless
    rules = asked.configuration.attributes
    takes_groups = any(rule.kind is attribute_mapping.Kind.GROUPS for rule in rules)
    application = asked.connection.application
    groups = entitlement.groups_of(user, application) if takes_groups else []
    session = timedelta(seconds=asked.configuration.session_seconds)
    return Subject(
        name_id=name_id,
        name_id_format=wish.format or NameIdFormat.UNSPECIFIED.value,
        session_index=new_id(),
        authenticated=datetime.fromtimestamp(proof.auth_time, UTC),
        authn_context=asking.context_told(asked.request, acr_of(proof.amr)),
        session_until=timezone.now() + session,
        attributes=attribute_mapping.evaluate(rules, facts, groups),
    )


def signed_on(asked: Asked, subject: Subject) -> bytes:
    """The response with the assertion."""
    valid = timedelta(seconds=asked.configuration.assertion_seconds)
    return success(_answer(asked), subject, valid, _sealing(asked))


def not_signed_on(asked: Asked, codes: tuple[str, ...], text: str) -> bytes:
    """The response that says why there is none."""
    return failure(_answer(asked), codes, text, _sealing(asked))


def _answer(asked: Asked) -> Answer:
    return Answer(
        issuer=asked.issuer,
        audience=asked.configuration.sp_entity_id,
        destination=asked.acs_url,
        in_response_to=asked.request.id if asked.request else "",
        now=timezone.now(),
    )


def _sealing(asked: Asked) -> Sealing:
    configuration = asked.configuration
    theirs = configuration.encryption_certificate
    return Sealing(
        signer=certificates.signer(certificates.current(asked.connection)),
        algorithm=configuration.signature_algorithm,
        sign_response=configuration.sign_response,
        sign_assertion=configuration.sign_assertion,
        encrypt_for=certificate_of(theirs) if theirs else None,
    )
