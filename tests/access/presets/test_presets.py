"""The presets of vendors: each makes what its protocol takes, and the catalogue offers them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rollcall.access.oidc.redirect_addresses import refusal
from rollcall.access.presets import PRESETS
from rollcall.access.presets.preset import (
    Blank,
    Kind,
    Misfit,
    OidcPreset,
    Preset,
    Protocol,
    SamlPreset,
    filled,
)
from rollcall.directory import catalogue

EXAMPLES: Mapping[Kind, str] = {
    Kind.HOST: "app.example.com",
    Kind.WORD: "mycompany",
    Kind.ADDRESS: "https://app.example.com/callback",
}
OIDC = [preset for preset in PRESETS.values() if preset.protocol is Protocol.OIDC]
SAML = [preset for preset in PRESETS.values() if preset.protocol is Protocol.SAML]


def name(preset: Preset) -> str:
    return preset.name


def values(preset: Preset) -> dict[str, str]:
    return {blank.name: blank.read(EXAMPLES[blank.kind]) for blank in preset.blanks}


@pytest.mark.parametrize("preset", OIDC, ids=name)
def test_every_address_of_a_preset_may_be_registered(preset: Preset) -> None:
    settings = preset.settings
    assert isinstance(settings, OidcPreset)
    patterns = [*settings.redirect_uris, *settings.post_logout_redirect_uris]
    for pattern in filter(None, [*patterns, settings.initiate_login_uri]):
        assert refusal(filled(pattern, values(preset))) == ""


@pytest.mark.parametrize("preset", SAML, ids=name)
def test_every_address_of_a_saml_preset_is_one(preset: Preset) -> None:
    settings = preset.settings
    assert isinstance(settings, SamlPreset)
    for pattern in filter(None, [*settings.acs_urls, settings.login_url]):
        assert refusal(filled(pattern, values(preset))) == ""
    assert filled(settings.entity_id, values(preset)) or not preset.blanks


@pytest.mark.parametrize("preset", PRESETS.values(), ids=name)
def test_every_preset_has_a_guide_of_whole_sentences(preset: Preset) -> None:
    assert len(preset.guide) >= 3
    assert {step[-1] for step in preset.guide} == {"."}
    assert preset.source.startswith("https://") or preset.name.startswith("custom-")


def test_the_catalogue_offers_each_by_the_protocol_of_its_preset() -> None:
    offered = {entry.name: entry.sso for entry in catalogue.templates() if entry.sso}
    assert offered == {preset.name: preset.protocol.value for preset in PRESETS.values()}


@pytest.mark.parametrize(
    ("kind", "typed", "taken"),
    [
        (Kind.HOST, " https://Wiki.example.com/ ", "wiki.example.com"),
        (Kind.HOST, "wiki.example.com:8443", "wiki.example.com:8443"),
        (Kind.WORD, "my-company/", "my-company"),
        (Kind.ADDRESS, "https://x.example.com/a?b=1", "https://x.example.com/a?b=1"),
    ],
)
def test_a_blank_takes_what_people_copy(kind: Kind, typed: str, taken: str) -> None:
    assert Blank("x", "X", "x", kind).read(typed) == taken


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.HOST, ""),
        (Kind.HOST, "wiki"),
        (Kind.HOST, "wiki.example.com/start"),
        (Kind.HOST, "a@b.example.com"),
        (Kind.HOST, "{host}.example.com"),
        (Kind.WORD, "my company"),
        (Kind.WORD, "../x"),
        (Kind.ADDRESS, "http://x.example.com"),
    ],
)
def test_a_blank_takes_nothing_else(kind: Kind, typed: str) -> None:
    with pytest.raises(Misfit):
        Blank("x", "X", "x", kind).read(typed)
