"""Who may sign in to the portal, and in which role."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    """What an administrator may do in the portal."""

    ADMINISTRATOR = "administrator", "Administrator"
    MANAGER = "manager", "Manager"
    READ_ONLY = "read_only", "Read only"


class AdministratorManager(BaseUserManager["Administrator"]):
    """Makes administrators with a hashed password."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Administrator:
        """A new administrator who signs in with this e-mail; the role is Administrator if not given."""
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
