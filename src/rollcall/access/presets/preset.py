"""What a preset says of one vendor's single sign-on: frozen values, and how its blanks are filled.

No preset has code of its own: whatever differs between vendors is a value here.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rollcall.access.oidc.redirect_addresses import refusal

_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+(:[0-9]{1,5})?")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}")


class Protocol(enum.StrEnum):
    """How an application signs people on."""

    OIDC = "oidc"
    SAML = "saml"


class Kind(enum.StrEnum):
    """What is filled into a blank."""

    HOST = "host"
    WORD = "word"
    ADDRESS = "address"


class Misfit(ValueError):
    """What was typed does not fit the blank."""


@dataclass(frozen=True, slots=True)
class Blank:
    """What only the organization knows of its account there: `{name}` in the preset's addresses."""

    name: str
    label: str
    example: str
    kind: Kind = Kind.HOST

    def read(self, typed: str) -> str:
        """What is filled in for what was typed: of a host also its whole address is taken.

        Raises:
            Misfit: it is nothing of this kind.
        """
        text = typed.strip()
        if self.kind is Kind.HOST:
            text = text.lower().removeprefix("https://").rstrip("/")
            fits = len(text) <= 253 and bool(_HOST.fullmatch(text))
        elif self.kind is Kind.WORD:
            text = text.strip("/")
            fits = bool(_WORD.fullmatch(text))
        else:
            fits = not refusal(text)
        if not fits:
            raise Misfit(self.name)
        return text


@dataclass(frozen=True, slots=True)
class OidcPreset:
    """How an application that signs people on by OpenID Connect is registered."""

    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    initiate_login_uri: str = ""


@dataclass(frozen=True, slots=True)
class SamlPreset:
    """How an application that signs people on by SAML is registered.

    `name_id` is the user's field that says who it is, `name_id_format` SAML's short word for its
    kind (`emailAddress`, `persistent`, `unspecified`). `attributes` are pairs of the name that is
    sent and the user's field; `groups` is the name under which groups are sent, "" for none.
    `login_url` is where a sign-on begins that takes no answer without a request, "" for others.
    """

    entity_id: str = ""
    acs_urls: tuple[str, ...] = ()
    name_id: str = "email"
    name_id_format: str = "emailAddress"
    attributes: tuple[tuple[str, str], ...] = ()
    groups: str = ""
    login_url: str = ""
    signs_response: bool = True


@dataclass(frozen=True, slots=True)
class Preset:
    """One template's single sign-on.

    `name` is the template's in the catalogue. `guide` are whole sentences in English, which pages
    translate: what to do at the vendor's. `source` is the vendor's page that says so.
    """

    name: str
    settings: OidcPreset | SamlPreset
    guide: tuple[str, ...]
    blanks: tuple[Blank, ...] = ()
    source: str = ""

    @property
    def protocol(self) -> Protocol:
        """How it signs people on."""
        return Protocol.OIDC if isinstance(self.settings, OidcPreset) else Protocol.SAML


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with its blanks filled in.

    Raises:
        KeyError: one of them is not among the values.
    """
    return pattern.format_map(dict(values))
