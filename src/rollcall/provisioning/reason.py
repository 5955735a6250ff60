"""Reasons in words: a code and its parameters, with the English sentence that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a sentence for the portal's translators; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change is made, or what to know about it.

    `code` is stable and for machines; `params` fill the sentence of that code in `SENTENCES`.
    Parameters may be values of a person: a reason belongs on a page or in a run's record, never
    in a log.

    Raises:
        KeyError: (from `text`) the code has no sentence.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def text(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The sentence, through `translate` where the reader's language is not English."""
        return translate(SENTENCES[self.code]).format(**self.params)

    def to_record(self) -> dict[str, Any]:
        """The reason as JSON-able data."""
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Reason:
        """The reason that `to_record` wrote down."""
        return cls(record["code"], record["params"])


SENTENCES: Mapping[str, str] = {
    "new": gettext_noop(
        "New in Personio ({status}); no user of the directory carries this employee."
    ),
    "email_taken": gettext_noop(
        "The e-mail {email} belongs to another user of the directory ({with_whom})."
    ),
    "username_taken": gettext_noop(
        "The username {username} belongs to another user of the directory ({with_whom})."
    ),
    "identifier_taken": gettext_noop(
        "The employee identifier {identifier} belongs to another user of the directory ({with_whom})."
    ),
    "employee_taken": gettext_noop(
        "Another user of the directory ({with_whom}) already carries this employee."
    ),
    "user_gone": gettext_noop(
        "The user was deleted from the directory before this change reached it; import again."
    ),
    "manager_gone": gettext_noop(
        "The manager was deleted from the directory before the link was made; import again."
    ),
    "own_manager": gettext_noop("A user cannot be its own manager."),
    "value_refused": gettext_noop(
        "The directory refused a value of this employee; look for unusual characters or lengths."
    ),
}
