"""Who may sign in to the portal, and in which role."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What an administrator may do in the portal."""

    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", pgettext_lazy("role", "Manager")
    READ_ONLY = "read_only", _("Read only")


class AdministratorManager(BaseUserManager["Administrator"]):
    """Makes administrators with a hashed password."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Administrator:
        """A new administrator who signs in with this e-mail; Administrator if no role is given."""
        administrator = self.model(email=self.normalize_email(email).lower(), **more)
        administrator.set_password(password)
        administrator.save(using=self._db)
        return administrator


class Administrator(AbstractBaseUser):
    """A person who signs in to the portal with an e-mail and a password."""

    email = models.EmailField(unique=True)
    role = models.CharField(max_length=16, choices=Role, default=Role.ADMINISTRATOR)
    language = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AdministratorManager] = AdministratorManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email


class OneTimeLink(models.Model):
    """A link that sets a password once: the first administrator's, an invitation's, or a reset's.

    Only a hash of the link's token is stored. `administrator` is None for the first start.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    administrator = models.ForeignKey(Administrator, null=True, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link until {self.expires_at}"
