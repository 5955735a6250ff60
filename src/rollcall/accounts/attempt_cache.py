"""The cache in which allauth counts attempts and used codes, shared by every process.

In a process's own memory each worker, and each restart, would count from nothing: passwords and
codes could be tried so many times more, and a code that was seen would open a second time. Made
for little: a few attempts of each visitor, for minutes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from rollcall.accounts.models import RecentAttempt

SALT: Final = "rollcall.accounts.attempts"
FOR_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


class AttemptCache(BaseCache):
    """Django's cache as rows of the database; values are what JSON can say.

    No entry goes before its time: whoever filled a cache of fixed size would make room for more
    attempts. Entries that are over are deleted by `retention`.
    """

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep the value unless there is one; whether it was kept. Of two at once one is."""
        stored = self._stored(key, version)
        with transaction.atomic():
            RecentAttempt.objects.filter(key=stored, expires_at__lte=timezone.now()).delete()
            _, made = RecentAttempt.objects.get_or_create(
                key=stored, defaults={"value": value, "expires_at": self._ends(timeout)}
            )
        return made

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default where there is none."""
        rows = RecentAttempt.objects.filter(
            key=self._stored(key, version), expires_at__gt=timezone.now()
        )
        row = rows.first()
        return default if row is None else row.value

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep the value, in the place of another one."""
        row = RecentAttempt(
            key=self._stored(key, version), value=value, expires_at=self._ends(timeout)
        )
        RecentAttempt.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["value", "expires_at"],
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep the value for so long from now on; whether there is one."""
        rows = RecentAttempt.objects.filter(
            key=self._stored(key, version), expires_at__gt=timezone.now()
        )
        return rows.update(expires_at=self._ends(timeout)) > 0

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Keep the value no longer; whether there was one."""
        rows = RecentAttempt.objects.filter(key=self._stored(key, version))
        return rows.delete()[0] > 0

    def clear(self) -> None:
        """Keep nothing."""
        RecentAttempt.objects.all().delete()

    def _stored(self, key: Any, version: int | None) -> str:
        # a key names the address of whoever tries: in the database nobody is to read it
        return salted_hmac(SALT, self.make_key(key, version), algorithm="sha256").hexdigest()

    def _ends(self, timeout: Any) -> datetime:
        seconds = self.get_backend_timeout(timeout)
        return FOR_EVER if seconds is None else datetime.fromtimestamp(seconds, UTC)
