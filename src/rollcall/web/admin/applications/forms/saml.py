"""The forms of the SSO tab for an application that signs people on by SAML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.attribute_mapping import USER_ATTRIBUTES, ClaimRule, Kind
from rollcall.access.presets.preset import Preset, SamlPreset, filled
from rollcall.access.saml.configuration import Configuration, NameIdFormat, SignatureAlgorithm
from rollcall.access.saml.messages import sp_metadata
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.core.refusal import Refusal
from rollcall.web.admin.applications.forms import addresses, blanks, mapping_rows
from rollcall.web.admin.applications.forms.addresses import AddressesField
from rollcall.web.shell.merging import MergingForm

LARGEST_METADATA: Final = 256_000
"""Bytes of a metadata file that are read."""
FORMATS: Final = {
    "emailAddress": NameIdFormat.EMAIL,
    "persistent": NameIdFormat.PERSISTENT,
    "unspecified": NameIdFormat.UNSPECIFIED,
    "transient": NameIdFormat.TRANSIENT,
}
TEXT: Final = {"spellcheck": "false", "autocapitalize": "off"}
ADVANCED: Final = (
    "idp_entity_id",
    "signature_algorithm",
    "sp_certificate",
    "signed_requests",
    "encryption_certificate",
    "default_relay_state",
    "declare_redirect",
    "slo_url",
    "slo_soap_url",
    "errors_to_sp",
    "assertion_seconds",
    "session_seconds",
)


class SamlForm(MergingForm):
    """All that may be set of an application that signs people on by SAML."""

    sp_entity_id = forms.CharField(
        label=_("SP entity ID"), max_length=1024, widget=forms.TextInput(attrs=TEXT)
    )
    acs_urls = AddressesField(
        label=_("ACS addresses"),
        help_text=_("Where the application takes answers, one on each line; the first is usual."),
    )
    name_id_attribute = forms.ChoiceField(
        label=_("NameID"), choices=[(name, name) for name in USER_ATTRIBUTES]
    )
    name_id_format = forms.ChoiceField(label=_("NameID format"), choices=NameIdFormat.choices)
    sign_response = forms.BooleanField(label=_("Sign the response"), required=False)
    sign_assertion = forms.BooleanField(label=_("Sign the assertion"), required=False)
    login_url = forms.CharField(
        label=_("Login address"),
        max_length=2048,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_(
            "Where the application begins a sign-on itself; the tile leads there. Without it the "
            "tile signs people on at once."
        ),
    )
    idp_entity_id = forms.CharField(
        label=_("IdP entity ID"),
        max_length=1024,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("What Rollcall is called there; empty: the metadata address."),
    )
    signature_algorithm = forms.ChoiceField(
        label=_("Signature algorithm"), choices=SignatureAlgorithm.choices
    )
    sp_certificate = forms.CharField(
        label=_("SP certificate"),
        max_length=16_384,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **TEXT}),
        help_text=_("What the application signs its requests with: PEM, or base64 alone."),
    )
    signed_requests = forms.BooleanField(label=_("Take signed requests only"), required=False)
    encryption_certificate = forms.CharField(
        label=_("Encryption certificate"),
        max_length=16_384,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **TEXT}),
        help_text=_("Assertions are encrypted for it; empty: they are not."),
    )
    default_relay_state = forms.CharField(
        label=_("Default RelayState"),
        max_length=2048,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    declare_redirect = forms.BooleanField(
        label=_("Declare HTTP-Redirect in the metadata"), required=False
    )
    slo_url = forms.CharField(
        label=_("Sign-out address (browser)"),
        max_length=2048,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    slo_soap_url = forms.CharField(
        label=_("Sign-out address (SOAP)"),
        max_length=2048,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("Rollcall tells the application there at once when somebody is shut out."),
    )
    errors_to_sp = forms.BooleanField(label=_("Tell the application of errors"), required=False)
    assertion_seconds = forms.IntegerField(label=_("An assertion is good for (seconds)"))
    session_seconds = forms.IntegerField(label=_("A session there lasts at most (seconds)"))

    def __init__(self, data: QueryDict | None, *, configuration: Configuration) -> None:
        self.configuration = configuration
        super().__init__(data, now=values_of(configuration), auto_id="sso_%s")
        mapping_rows.add_fields(self, configuration.attributes)

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that most people need."""
        rows = {name for name in self.fields if name.startswith("rule_")}
        hidden = {*ADVANCED, *rows, "seen"}
        return [self[name] for name in self.fields if name not in hidden]

    @property
    def advanced(self) -> list[forms.BoundField]:
        """The others."""
        return [self[name] for name in ADVANCED]

    @property
    def advanced_open(self) -> bool:
        """Whether the others are to be seen at once: something there is wrong."""
        return self.is_bound and any(name in self.errors for name in ADVANCED)

    @property
    def rows(self) -> list[mapping_rows.Row]:
        """The attribute mapping."""
        return list(mapping_rows.rows_of(self))

    @property
    def user_attributes(self) -> tuple[str, ...]:
        """What a row may name of a user."""
        return USER_ATTRIBUTES

    def clean(self) -> dict[str, Any]:
        """The rows of the attribute mapping can be kept."""
        data: dict[str, Any] = super().clean() or {}
        mapping_rows.read(self, data)
        return data

    def wanted(self, now: Configuration) -> Configuration:
        """What is to be kept: as it is now, with what was changed here; only of a valid form."""
        values = {**values_of(now), **self.edited(self.cleaned_data)}
        names = {field.name for field in fields(Configuration)} - {"acs_urls", "attributes"}
        return replace(
            now,
            **{name: values[name] for name in names},
            acs_urls=tuple(addresses.lines(values["acs_urls"])),
            attributes=mapping_rows.read(self, values),
        )


class NewSamlForm(forms.Form):
    """Sets an application up: from its metadata, from its preset, or from what is typed."""

    metadata = forms.FileField(
        label=_("The application's metadata"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
        help_text=_("An XML file; it fills in everything. Else enter the fields below."),
    )
    sp_entity_id = forms.CharField(
        label=_("SP entity ID"),
        max_length=1024,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    acs_urls = AddressesField(
        label=_("ACS addresses"),
        required=False,
        help_text=_("Where the application takes answers, one on each line; the first is usual."),
    )

    def __init__(self, request: HttpRequest | None, *, preset: Preset | None) -> None:
        data, files = (request.POST, request.FILES) if request else (None, None)
        super().__init__(data, files, auto_id="sso_%s")
        self.blanks = preset.blanks if preset else ()
        settings = preset.settings if preset else None
        self.settings = settings if isinstance(settings, SamlPreset) else SamlPreset()
        blanks.add_fields(self, self.blanks)
        if self.settings.acs_urls:
            for name in ("sp_entity_id", "acs_urls"):
                self.fields[name].help_text = gettext(
                    "Leave it empty to take the usual ones; they can be changed later."
                )
        self._configuration: Configuration | None = None

    def clean(self) -> dict[str, Any]:
        """A configuration comes of it."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._configuration = self._read(data)
        return data

    def configuration(self) -> Configuration:
        """What was uploaded, filled in or typed; only of a valid form."""
        assert self._configuration is not None  # noqa: S101 - `clean` has made it
        return self._configuration

    def _read(self, data: dict[str, Any]) -> Configuration | None:
        if file := data.get("metadata"):
            return self._uploaded(file.read(LARGEST_METADATA + 1))
        if not self.settings.acs_urls or data.get("acs_urls"):
            return self._typed(data)
        values = blanks.read(self, self.blanks)
        return None if values is None else with_preset(self.settings, values)

    def _uploaded(self, content: bytes) -> Configuration | None:
        plain = replace(with_preset(self.settings, None), sp_entity_id="", acs_urls=())
        try:
            if len(content) > LARGEST_METADATA:
                raise Unreadable("too large")
            return sp_metadata.merged(plain, content)
        except Unreadable:
            self.add_error(
                "metadata", gettext("This is not the metadata of one application that takes SAML.")
            )
            return None

    def _typed(self, data: dict[str, Any]) -> Configuration | None:
        for name in ("sp_entity_id", "acs_urls"):
            if not data.get(name):
                self.add_error(name, gettext("Enter it, or upload the metadata."))
        if self.errors:
            return None
        plain = with_preset(self.settings, None)
        listed = tuple(addresses.lines(data["acs_urls"]))
        return replace(plain, sp_entity_id=data["sp_entity_id"], acs_urls=listed)


def with_preset(settings: SamlPreset, values: dict[str, str] | None) -> Configuration:
    """The preset's configuration; its addresses with these blanks filled in, if there are any."""
    rules = [ClaimRule(name, Kind.ATTRIBUTE, field) for name, field in settings.attributes]
    if settings.groups:
        rules.append(ClaimRule(settings.groups, Kind.GROUPS))
    known = values is not None
    return Configuration(
        sp_entity_id=filled(settings.entity_id, values or {}) if known else "",
        acs_urls=tuple(filled(url, values or {}) for url in settings.acs_urls) if known else (),
        name_id_format=FORMATS[settings.name_id_format].value,
        name_id_attribute=settings.name_id,
        sign_response=settings.signs_response,
        login_url=filled(settings.login_url, values or {}) if known else "",
        attributes=tuple(rules),
    )


def values_of(configuration: Configuration) -> dict[str, Any]:
    """The configuration as the form shows it."""
    plain = {field.name for field in fields(Configuration)} - {"acs_urls", "attributes"}
    return {
        **{name: getattr(configuration, name) for name in plain},
        "acs_urls": "\n".join(configuration.acs_urls),
        **mapping_rows.values_of(configuration.attributes),
    }


def add_refusals(form: forms.Form, refusals: Iterable[Refusal]) -> None:
    """Say beside its field what cannot be kept."""
    said = {
        "required": gettext("This field is required."),
        "address_malformed": gettext(
            "An address has to begin with https:// (http:// only for localhost)."
        ),
        "out_of_range": gettext("This number is out of range."),
    }
    for refusal in refusals:
        message = said.get(refusal.code, gettext("This cannot be taken as it stands."))
        if refusal.field in ("sp_certificate", "encryption_certificate") and not refusal.value:
            message = gettext("This is no certificate of RSA with at least 2,048 bits.")
        if refusal.code == "required" and refusal.field == "sign_response":
            message = gettext("Sign the response or the assertion: unsigned, nobody believes it.")
        form.add_error(refusal.field if refusal.field in form.fields else None, message)
