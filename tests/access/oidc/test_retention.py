"""Tokens whose time is over are forgotten; what a second use must be known by stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rollcall.access.oidc import retention
from rollcall.access.oidc.models import AccessToken, RefreshToken, SignOn
from tests.access.oidc.relying_party import RelyingParty, read

pytestmark = pytest.mark.django_db


def test_only_what_is_over_is_forgotten(signed_in: RelyingParty) -> None:
    tokens = signed_in.tokens(scope="openid offline_access")
    signed_in.refresh(tokens["refresh_token"])
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    SignOn.objects.update(created=timezone.now() - timedelta(days=2))
    while retention.forget():
        pass
    assert not AccessToken.objects.exists()
    # The used refresh token is still known: its second use ends the sign-on.
    assert read(signed_in.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"
    assert SignOn.objects.get().revoked


def test_a_sign_on_goes_when_nothing_of_it_is_left(signed_in: RelyingParty) -> None:
    signed_in.tokens(scope="openid offline_access")
    AccessToken.objects.all().delete()
    RefreshToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    while retention.forget():
        pass
    assert SignOn.objects.exists()
    SignOn.objects.update(created=timezone.now() - timedelta(days=2))
    while retention.forget():
        pass
    assert not SignOn.objects.exists()
