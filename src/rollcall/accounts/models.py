"""What is stored of those who can sign in: accounts, their roles, one-time links, API keys."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rollcall.accounts.letters import DEFAULT_COLOR, LONGEST_SUBJECT, Kind, Look
from rollcall.accounts.password_rules import PasswordSettings
from rollcall.core import emails
from rollcall.directory.models import User, UserGroup, new_id
from rollcall.provisioning.user import State


class Role(models.TextChoices):
    """What somebody may do as an administrator; `permissions.GRANTED` says what that is."""

    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", pgettext_lazy("role", "Manager")
    HELP_DESK = "help_desk", _("Help Desk")
    COMMAND_RUNNER = "command_runner", _("Command Runner")
    READ_ONLY = "read_only", _("Read only")


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts, with the questions that are asked of many."""

    def administrators(self) -> AccountQuerySet:
        """Those with at least one role: the people of Settings → Administrators."""
        return self.filter(role_grants__isnull=False).distinct().with_roles()

    def with_roles(self) -> AccountQuerySet:
        """The same, with their roles there already."""
        return self.prefetch_related("role_grants")

    def whole(self) -> AccountQuerySet:
        """The same, with all that decides what they may do: their roles, and their user."""
        return self.with_roles().select_related("user")

    def with_role(self, role: Role) -> AccountQuerySet:
        """Those who have this role, perhaps among others."""
        return self.filter(role_grants__role=role)

    def admitted(self) -> AccountQuerySet:
        """Those whom nothing keeps outside for longer than a new password takes."""
        within = models.Q(user__state=State.ACTIVATED, user__account_locked=False)
        return self.filter(models.Q(user=None) | within, is_active=True)

    def by_email(self, email: str) -> Account | None:
        """Who signs in with this e-mail, however it is typed."""
        return self.filter(email=emails.normalize(email)).first()


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts; the one that is signed in comes together with its roles and its user.

    Every page asks for them, and a page that is answered asynchronously cannot fetch them when it
    asks. Whoever only tries to sign in brings none: known and unknown e-mails cost the same.
    """

    def get_queryset(self) -> AccountQuerySet:
        """All accounts."""
        return AccountQuerySet(self.model, using=self._db)

    def get(self, *conditions: Any, **values: Any) -> Account:
        """The account of these values, with its roles and its user."""
        return self.get_queryset().whole().get(*conditions, **values)

    async def aget(self, *conditions: Any, **values: Any) -> Account:
        """The same, from an asynchronous page."""
        return await self.get_queryset().whole().aget(*conditions, **values)

    def administrators(self) -> AccountQuerySet:
        """See `AccountQuerySet.administrators`."""
        return self.get_queryset().administrators()

    def with_role(self, role: Role) -> AccountQuerySet:
        """See `AccountQuerySet.with_role`."""
        return self.get_queryset().with_role(role)

    def by_email(self, email: str) -> Account | None:
        """See `AccountQuerySet.by_email`."""
        return self.get_queryset().by_email(email)


class Account(AbstractBaseUser):
    """Somebody who signs in with an e-mail and a password.

    `user` is the person in the directory whose account this is. It is set by `services.link` alone:
    an e-mail that both happen to have proves nothing, and whoever writes the directory could
    otherwise make themselves an administrator by giving a user an administrator's e-mail.
    """

    email = models.EmailField(unique=True)
    user = models.OneToOneField(
        # A user is deleted by people who know nothing of accounts, often many at a time; the
        # account stays, without a person, and whoever is an administrator stays one.
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="account",
    )
    language = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    password_set_at = models.DateTimeField(null=True, blank=True)
    # As the settings said when it was set: new ones hold from the next password on.
    password_expires_at = models.DateTimeField(null=True, blank=True)
    password_warned_on = models.DateField(null=True, blank=True)
    # None where nobody but an administrator unlocks.
    unlocks_at = models.DateTimeField(null=True, blank=True)
    # The recovery e-mail stands with the user, where others write it too: a link goes there only
    # where it is the one of this digest, whose owner has followed a link to it.
    recovery_verified = models.CharField(max_length=64, blank=True, default="")
    recovery_pending = models.CharField(max_length=254, blank=True, default="")

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = [
            models.Index(
                fields=["password_expires_at"],
                condition=models.Q(password_expires_at__isnull=False),
                name="account_password_expires",
            ),
            models.Index(
                fields=["unlocks_at"],
                condition=models.Q(unlocks_at__isnull=False),
                name="account_unlocks",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def roles(self) -> frozenset[Role]:
        """The roles this account has; none where somebody is no administrator."""
        return frozenset(Role(grant.role) for grant in self.role_grants.all())

    @property
    def address(self) -> str:
        """Where its owner is written to: a user's address is the one that the directory has today.

        An administrator's is the account's own: whoever merely writes users cannot change it.
        """
        return self.email if self.user is None or self.roles else self.user.email

    @property
    def role_labels(self) -> list[str]:
        """The roles as people read them, the widest first."""
        return [str(role.label) for role in Role if role in self.roles]


class AccountRole(models.Model):
    """One role of an account.

    A row for each, and no list in the account: "who is an active administrator?" is asked at every
    change of a role and must find two people among a hundred thousand by an index, on both engines.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=32, choices=Role)

    class Meta:
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(fields=["role", "account"], name="account_role_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="account_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.account_id}"


class RoleRule(models.Model):
    """What holds for everybody in a role; a role without a row has no rule of its own.

    `second_factor`: whoever has the role sets one up before anything else, and cannot do without.
    """

    role = models.CharField(max_length=32, primary_key=True, choices=Role)
    second_factor = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"rules of {self.role}"


class PasswordPolicy(models.Model):
    """What is asked of passwords, and of sign-in with them; of everybody, or of user groups.

    The one without a name is the default, and has no `position`; of the others the one with the
    lowest is asked first. `history`: see `PasswordSettings`. None in `expires_after_days`: never;
    in `locks_after`: no user is locked by wrong passwords; in `unlocks_after_minutes`: only an
    administrator unlocks. Ranges are JumpCloud's where it has one (`settings.passwordPolicy`).
    """

    name = models.CharField(max_length=255, blank=True, default="", unique=True)
    position = models.PositiveIntegerField(null=True, blank=True)
    groups = models.ManyToManyField(UserGroup, related_name="+")
    min_length = models.PositiveSmallIntegerField(default=12)
    needs_lowercase = models.BooleanField(default=False)
    needs_uppercase = models.BooleanField(default=False)
    needs_digit = models.BooleanField(default=False)
    needs_symbol = models.BooleanField(default=False)
    refuses_common = models.BooleanField(default=True)
    refuses_names = models.BooleanField(default=True)
    refuses_runs = models.BooleanField(default=False)
    history = models.PositiveSmallIntegerField(default=5)
    expires_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    warns_before_days = models.PositiveSmallIntegerField(default=7)
    locks_after = models.PositiveSmallIntegerField(null=True, blank=True, default=10)
    unlocks_after_minutes = models.PositiveSmallIntegerField(null=True, blank=True, default=15)
    session_hours = models.PositiveSmallIntegerField(default=12)

    def __str__(self) -> str:
        return self.name

    @property
    def is_default(self) -> bool:
        """Whether it holds for everybody for whom no other does."""
        return not self.name

    @property
    def settings(self) -> PasswordSettings:
        """What it asks of a password."""
        return PasswordSettings(
            min_length=self.min_length,
            needs_lowercase=self.needs_lowercase,
            needs_uppercase=self.needs_uppercase,
            needs_digit=self.needs_digit,
            needs_symbol=self.needs_symbol,
            refuses_common=self.refuses_common,
            refuses_names=self.refuses_names,
            refuses_runs=self.refuses_runs,
            history=self.history,
        )


class EmailText(models.Model):
    """What an e-mail about accounts says in one language, where the organization has written it."""

    kind = models.CharField(max_length=32, choices=[(kind.value, kind.value) for kind in Kind])
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="email_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


class EmailLook(models.Model):
    """How the e-mails about accounts look, and whether one welcomes: one row.

    `logo` is a small picture as a `data:` address, "" for none.
    """

    color = models.CharField(max_length=7, default=DEFAULT_COLOR)
    logo = models.TextField(blank=True, default="")
    welcomes = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.color

    @classmethod
    def the(cls) -> EmailLook:
        """The organization's choice; the defaults until one was made."""
        return cls.objects.first() or cls()

    def shown(self, organization: str) -> Look:
        """The same as the letters take it, with the organization's name."""
        return Look(organization, self.color, bool(self.logo))


class OldPassword(models.Model):
    """A password that an account had before, as its hash: it is not taken again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="old_passwords")
    hashed = models.CharField(max_length=255)

    def __str__(self) -> str:
        return f"an earlier password of {self.account_id}"


class OneTimeLink(models.Model):
    """A link that sets a password once: the first administrator's, an invitation's, or a reset's.

    Only a hash of the link's token is stored. `account` is None for the first start. `address` is a
    keyed digest of where the link was sent: it opens nothing once that is no address of its owner
    any more. "" for a link that somebody hands over, and for one to an address that was typed.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"link until {self.expires_at}"


class ApiKey(models.Model):
    """A key of the API, a credential with a role; only the SHA-256 of its secret is stored.

    `prefix` is the secret's beginning, for people to tell keys apart. `form` is what names
    the form it was made with: sent twice, it makes one key. A revoked key stays, so that the audit
    trail can name it.
    """

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    name = models.CharField(max_length=255)
    prefix = models.CharField(max_length=16)
    hashed = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=32, choices=Role)
    created = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=255, blank=True, default="")
    form = models.CharField(max_length=64, blank=True, default="", editable=False)
    last_used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created"]
        constraints = [
            models.UniqueConstraint(
                fields=["form"], condition=~models.Q(form=""), name="api_key_one_of_a_form"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def read_only(self) -> bool:
        """Whether the key reads and searches, and changes nothing."""
        return self.role == Role.READ_ONLY


class RecentAttempt(models.Model):
    """One entry of the cache in which attempts are counted (`attempt_cache`), for some minutes.

    `key` is a keyed digest, from which nobody can be read; `value` holds moments, or that a code
    was used.
    """

    key = models.CharField(max_length=64, primary_key=True)
    value: models.JSONField[Any, Any] = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"until {self.expires_at}"


class SentForm(models.Model):
    """A form of the portal that has made something: sent again, it leads to `address` instead.

    `digest` is over the form's key and everything that was typed into it: the same form with other
    values makes another thing.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    address = models.CharField(max_length=255, blank=True, default="")
    created = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.address


# Django looks for models here alone; they stand in a file of their own by what they are about.
from rollcall.accounts import user_models  # noqa: E402, F401
