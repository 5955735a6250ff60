"""Why an account is not written: one tree, for the pages and the terminal to put into words.

AccountError
├── NameMalformedError        no name, too long a one, or one with control characters
├── EmailMalformedError       no address that a letter could reach
├── EmailTakenError           somebody signs in with it already
├── LastAdministratorError    nobody could administer Rollcall any more
├── AlreadyLinkedError        the account or the user belongs to somebody else
├── NothingOfferedError       no free user of the directory has the account's address
├── ActivationRefusedError    a user can have no account, or has an administrator's
└── SshKeyRefusedError        no public SSH key that is taken, or one that is there already
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rollcall.accounts.holders import Obstacle
    from rollcall.accounts.ssh_keys import Fault


class AccountError(Exception):
    """What was asked of an account is not done; nothing has changed."""


class NameMalformedError(AccountError):
    """A key's name is empty, longer than 255 characters, or holds control characters."""


class EmailMalformedError(AccountError):
    """This is not an e-mail address, or one longer than the 254 characters of RFC 5321."""


class EmailTakenError(AccountError):
    """Another account has this e-mail already."""


class LastAdministratorError(AccountError):
    """It would leave no active account with the role Administrator."""


class AlreadyLinkedError(AccountError):
    """The account has another user, or the user another account; unlink that first."""


class NothingOfferedError(AccountError):
    """No Active user without an account has the e-mail that the account signs in with."""


class ActivationRefusedError(AccountError):
    """This user's account cannot be made or given a password; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


class SshKeyRefusedError(AccountError):
    """This SSH key is not added; `fault` says why, and holds nothing of what was sent."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
