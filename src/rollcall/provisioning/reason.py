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
    "personio_total_moved": gettext_noop(
        "Personio's number of employees changed while they were read ({before}, then {after}); "
        "everybody was read once more."
    ),
    "personio_incomplete": gettext_noop(
        "Personio announced {expected} employees, {received} arrived: this read is not complete."
    ),
    "personio_total_unknown": gettext_noop(
        "Personio did not say how many employees there are: this read cannot be called complete."
    ),
    "personio_page_lost": gettext_noop(
        "Personio did not deliver the employees {first} to {last} of its list, however often asked."
    ),
    "personio_unreadable": gettext_noop(
        "This credential cannot read `{attribute}`; what the directory holds for it stays. "
        "Make it readable in Personio: Settings, Integrations, API credentials."
    ),
    "personio_unusable": gettext_noop(
        "`{attribute}` of {count} employees is not in a form that Rollcall knows; "
        "what the directory holds for it stays."
    ),
    "personio_without_id": gettext_noop(
        "{count} records of Personio carry no employee id and were left out."
    ),
}
