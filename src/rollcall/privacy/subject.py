"""A subject: one person, by everything that the installation knows them by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody of whom something is kept.

    `user_id` is a user's of the directory, `account_id` an account's, each "" where there is none.
    `identities` are pairs of a source's key and the id that the source knows the person by.
    """

    user_id: str = ""
    account_id: str = ""
    usernames: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    identities: frozenset[tuple[str, str]] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """What names this person alone, wherever it stands: the user's id and the e-mails."""
        return frozenset(word for word in (self.user_id, *self.emails) if word)

    @property
    def key(self) -> str:
        """What names this person and nobody else, to be typed again."""
        if self.user_id:
            return f"user:{self.user_id}"
        if self.account_id:
            return f"account:{self.account_id}"
        at_sources = sorted(f"{source}:{id_}" for source, id_ in self.identities)
        return next(iter([*at_sources, *sorted(self.emails)]), "")

    @property
    def label(self) -> str:
        """What people call this person by: a username or an e-mail, else the key."""
        return next(iter([*sorted(self.usernames), *sorted(self.emails)]), self.key)

    def is_same(self, other: Subject) -> bool:
        """Whether the two are one person: by the user, the account or the id at a source.

        An e-mail that both have proves nothing: addresses are given to somebody else.
        """
        if self.user_id and other.user_id:
            return self.user_id == other.user_id
        if self.account_id and other.account_id:
            return self.account_id == other.account_id
        return bool(self.identities & other.identities)

    def merged(self, other: Subject) -> Subject:
        """The one person that both are."""
        return Subject(
            user_id=self.user_id or other.user_id,
            account_id=self.account_id or other.account_id,
            usernames=self.usernames | other.usernames,
            emails=self.emails | other.emails,
            identities=self.identities | other.identities,
        )
