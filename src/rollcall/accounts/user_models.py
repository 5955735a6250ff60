"""What is stored of second factors and SSH keys: what holds for everybody, and what is a user's."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rollcall.directory.models import User, UserGroup, new_id

LONGEST_PERIOD: Final = 365
"""Days that an enrolment period has at the most (as JumpCloud's has)."""


class FactorSettings(models.Model):
    """What holds for second factors in the whole organization, in one row.

    `enrolment_days` is how long whoever comes to need a factor has to set one up; 0: no time.
    `required_since` says since when everybody needs one, None where not everybody does.
    `passkey_sign_in`: a passkey signs in without a password.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    totp = models.BooleanField(default=True)
    webauthn = models.BooleanField(default=True)
    recovery_codes = models.BooleanField(default=True)
    passkey_sign_in = models.BooleanField(default=True)
    enrolment_days = models.PositiveSmallIntegerField(default=7)
    required_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="factor_settings_one_row"),
            models.CheckConstraint(
                condition=Q(totp=True) | Q(webauthn=True), name="factor_settings_one_allowed"
            ),
            models.CheckConstraint(
                condition=Q(enrolment_days__lte=LONGEST_PERIOD), name="factor_settings_period"
            ),
        ]

    def __str__(self) -> str:
        return "second factors"


class FactorGroup(models.Model):
    """A user group whose members need a second factor."""

    group = models.OneToOneField(UserGroup, on_delete=models.CASCADE, related_name="factor_rule")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"second factor for {self.group_id}"


class UserFactors(models.Model):
    """What holds for one user's second factors, whether or not they have an account yet.

    `required_since` is JumpCloud's `enable_user_portal_multifactor`, with the time when it was
    switched on; `excluded_until` its `mfa.exclusionUntil`, where an administrator has set one.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="factors")
    required_since = models.DateTimeField(null=True, blank=True)
    excluded_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"second factors of {self.user_id}"


class SshKey(models.Model):
    """A public SSH key of a user (JumpCloud v1, `sshkeylist`); one key is there once a user."""

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ssh_keys")
    name = models.CharField(max_length=255)
    public_key = models.TextField()
    fingerprint = models.CharField(max_length=64)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "fingerprint"], name="ssh_key_once_a_user")
        ]

    def __str__(self) -> str:
        return self.name


class EditableAttribute(models.Model):
    """An attribute of themselves that people may change in the user portal."""

    name = models.CharField(primary_key=True, max_length=64)

    def __str__(self) -> str:
        return self.name
