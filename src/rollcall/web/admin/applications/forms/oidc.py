"""The form of the SSO tab for an application that signs people on by OpenID Connect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.attribute_mapping import USER_ATTRIBUTES, ClaimRule
from rollcall.access.oidc import mapped_claims
from rollcall.access.oidc.clients import Registration, registration_of
from rollcall.access.oidc.models import Algorithm, Client
from rollcall.access.oidc.redirect_addresses import MOST
from rollcall.access.presets.preset import OidcPreset, Preset
from rollcall.core.outgoing.addresses import is_allowed
from rollcall.web.admin.applications.forms import addresses, blanks, mapping_rows
from rollcall.web.admin.applications.forms.addresses import AddressesField
from rollcall.web.shell.merging import MergingForm

CONFIDENTIAL: Final = "confidential"
PUBLIC: Final = "public"
ADDRESSES: Final = (
    "redirect_uris",
    "post_logout_redirect_uris",
    "initiate_login_uri",
    "backchannel_logout_uri",
)
REDIRECTS: Final = ADDRESSES[:2]
"""Where a browser comes back to: an app's own scheme will do there, and nowhere else."""


class OidcForm(MergingForm):
    """Where the application is answered at, and where its sign-on begins."""

    redirect_uris = AddressesField(
        label=_("Redirect addresses"),
        help_text=_(
            "Where people come back to after signing in, one on each line; compared letter by "
            "letter."
        ),
    )
    post_logout_redirect_uris = AddressesField(
        label=_("Addresses after sign-out"),
        required=False,
        help_text=_("Where people may be sent after signing out, one on each line."),
    )
    initiate_login_uri = forms.CharField(
        label=_("Login address"),
        required=False,
        max_length=2048,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text=_(
            "Where the application begins a sign-on by itself (initiate_login_uri). The tile in "
            "the user portal leads there; without it, to the Application URL."
        ),
    )
    backchannel_logout_uri = forms.CharField(
        label=_("Back-channel logout address"),
        required=False,
        max_length=2048,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text=_("Rollcall tells the application there at once when somebody is shut out."),
    )
    backchannel_logout_session_required = forms.BooleanField(
        label=_("Name the session there (sid)"), required=False
    )
    id_token_signed_response_alg = forms.ChoiceField(
        label=_("Signature of ID tokens"), choices=Algorithm.choices
    )
    has_own_tokens = forms.BooleanField(
        label=_("Tokens of its own (client credentials)"), required=False
    )

    def __init__(self, data: QueryDict | None, *, client: Client) -> None:
        super().__init__(data, now=values_of(client), auto_id="sso_%s")
        self.is_public = client.is_public
        if client.is_public:
            del self.fields["has_own_tokens"]
        mapping_rows.add_fields(self, mapped_claims.rules_of(client))

    @property
    def settings(self) -> list[forms.BoundField]:
        """The fields beside the attribute mapping, as they are shown."""
        return [self[name] for name in self.fields if not name.startswith("rule_")]

    @property
    def rows(self) -> list[mapping_rows.Row]:
        """The attribute mapping."""
        return list(mapping_rows.rows_of(self))

    @property
    def user_attributes(self) -> tuple[str, ...]:
        """What a row may name of a user."""
        return USER_ATTRIBUTES

    def clean(self) -> dict[str, Any]:
        """Every address can be registered."""
        data: dict[str, Any] = super().clean() or {}
        _check(self, data, public=self.is_public)
        for rule in mapping_rows.read(self, data):
            if rule.name in mapped_claims.RESERVED:
                row = mapping_rows.row_named(self, rule.name)
                self.add_error(row, gettext("This name is the protocol's own."))
        logout = data.get("backchannel_logout_uri", "")
        # Rollcall itself calls it: no machine of the inner network that nobody has listed.
        if logout and "backchannel_logout_uri" not in self.errors and not is_allowed(logout):
            self.add_error(
                "backchannel_logout_uri",
                gettext(
                    "The operator lists the addresses that Rollcall may call in "
                    "ROLLCALL_ALLOWED_ADDRESSES."
                ),
            )
        return data

    def rules(self, client: Client) -> tuple[ClaimRule, ...]:
        """The attribute mapping, as it is with what was changed here."""
        return mapping_rows.read(self, {**values_of(client), **self.edited(self.cleaned_data)})

    def registration(self, client: Client) -> Registration:
        """How the client is to be registered: as it is, with what was changed here."""
        values = {**values_of(client), **self.edited(self.cleaned_data)}
        return replace(
            registration_of(client),
            redirect_uris=tuple(addresses.lines(values["redirect_uris"])),
            post_logout_redirect_uris=tuple(addresses.lines(values["post_logout_redirect_uris"])),
            id_token_signed_response_alg=Algorithm(values["id_token_signed_response_alg"]),
            backchannel_logout_uri=values["backchannel_logout_uri"],
            backchannel_logout_session_required=values["backchannel_logout_session_required"],
            has_own_tokens=values["has_own_tokens"] and not client.is_public,
        )


class NewClientForm(forms.Form):
    """Makes an application a client: of a preset, what only the organization knows of it."""

    redirect_uris = AddressesField(
        label=_("Redirect addresses"),
        required=False,
        help_text=OidcForm.base_fields["redirect_uris"].help_text,
    )
    client_type = forms.ChoiceField(
        label=_("Client type"),
        choices=(
            (CONFIDENTIAL, _("Confidential: it keeps a secret on its server")),
            (PUBLIC, _("Public: a page in a browser or an app, which can keep none")),
        ),
        initial=CONFIDENTIAL,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None, *, preset: Preset | None) -> None:
        super().__init__(data, auto_id="sso_%s")
        self.blanks = preset.blanks if preset else ()
        settings = preset.settings if preset else None
        self.settings = settings if isinstance(settings, OidcPreset) else OidcPreset()
        blanks.add_fields(self, self.blanks)
        if self.blanks:
            self.fields["redirect_uris"].help_text = gettext(
                "Leave it empty to take the usual ones; they can be changed later."
            )

    def clean(self) -> dict[str, Any]:
        """The addresses that were typed, or else those of the preset, can be registered."""
        data: dict[str, Any] = super().clean() or {}
        data.update(post_logout_redirect_uris="", initiate_login_uri="")
        if not data.get("redirect_uris") and not self.errors:
            self._fill(data)
        _check(self, data, public=data.get("client_type") == PUBLIC)
        return data

    def registration(self) -> Registration:
        """What was typed, as the provider takes it; only of a valid form."""
        data = self.cleaned_data
        return Registration(
            addresses.lines(data["redirect_uris"]),
            addresses.lines(data["post_logout_redirect_uris"]),
            public=data["client_type"] == PUBLIC,
        )

    def _fill(self, data: dict[str, Any]) -> None:
        if not self.settings.redirect_uris:
            self.add_error("redirect_uris", gettext("Enter at least one address."))
            return
        values = blanks.read(self, self.blanks)
        if values is None:
            return
        for name in ("redirect_uris", "post_logout_redirect_uris"):
            data[name] = blanks.filled_lines(getattr(self.settings, name), values)
        data["initiate_login_uri"] = blanks.filled_lines(
            filter(None, [self.settings.initiate_login_uri]), values
        )


def values_of(client: Client) -> dict[str, Any]:
    """The client's registration as the form shows it."""
    return {
        "redirect_uris": "\n".join(client.redirect_addresses),
        "post_logout_redirect_uris": "\n".join(client.post_logout_addresses),
        "initiate_login_uri": client.initiate_login_uri,
        "backchannel_logout_uri": client.backchannel_logout_uri,
        "backchannel_logout_session_required": client.backchannel_logout_session_required,
        "id_token_signed_response_alg": client.id_token_signed_response_alg,
        "has_own_tokens": client.has_own_tokens,
        **mapping_rows.values_of(mapped_claims.rules_of(client)),
    }


def _check(form: forms.Form, data: dict[str, Any], *, public: bool) -> None:
    both = [addresses.lines(data.get(name, "")) for name in REDIRECTS]
    if sum(map(len, both)) > MOST:
        form.add_error("redirect_uris", gettext("At most {n} addresses.").format(n=MOST))
        return
    for name in ADDRESSES:
        try:
            addresses.check(data.get(name, ""), public=public and name in REDIRECTS)
        except ValidationError as error:
            form.add_error(name if name in form.fields else None, error)
