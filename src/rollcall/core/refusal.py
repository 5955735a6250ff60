"""Why a value cannot be written: the one answer that each door renders in its own form."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

from rollcall.core import invisible


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators; it is translated where it is shown."""
    return text


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """Why a value of one field is not taken.

    `field` is the directory's name of the field, `""` where it is about the object itself.
    `code` is stable, for machines, and a key of `SENTENCES`. `value` is what was given and
    `params` what else fills the sentence; `with_whom` among them is the id of who has the value.
    Values may be a person's: a refusal belongs on a page or in an answer, never in a log.
    """

    field: str
    code: str
    value: str = ""
    params: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)

    def text(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The sentence, naming field and value, in the reader's language through `translate`."""
        known = {"field": self.field, "value": self.value, **self.params}
        return translate(SENTENCES[self.code]).format(**known)


def refuse_invisible(field: str, text: str, *, written: bool = True) -> Refusal | None:
    """The refusal of a text with a character that cannot be seen, by its name and place.

    `written` is False for what is no word of a language, an address say (`invisible.first_in`).
    """
    hidden = invisible.first_in(text, written=written)
    if hidden is None:
        return None
    return Refusal(
        field, "invisible", params={"character": hidden.name, "place": str(hidden.place)}
    )


SENTENCES: Final[Mapping[str, str]] = {
    "required": gettext_noop("{field}: fill this in."),
    "too_long": gettext_noop("{field}: at most {limit} characters, not {length}."),
    "out_of_range": gettext_noop("{field} “{value}”: write a number from {least} to {most}."),
    "too_many": gettext_noop("{field}: at most {limit} entries, not {length}."),
    "malformed": gettext_noop("{field} “{value}”: this is not in the form of this field."),
    "invisible": gettext_noop(
        "{field}: character {place} is {character}, which nobody sees. Leave it out."
    ),
    "email_malformed": gettext_noop("{field} “{value}”: this is not an e-mail address."),
    "address_malformed": gettext_noop(
        "{field} “{value}”: this is not a whole address that begins with https:// or http://."
    ),
    "username_malformed": gettext_noop(
        "{field} “{value}”: start with a letter; only letters without accents, digits, “.”, “_” "
        "and “-” may follow."
    ),
    "unknown_field": gettext_noop("{field}: there is no such field that can be written."),
    "unknown_state": gettext_noop("{field} “{value}”: use one of {known}."),
    "never_staged": gettext_noop("{field}: a user who is {before} never returns to STAGED."),
    "named_twice": gettext_noop("{field} “{value}”: named twice."),
    "reserved": gettext_noop("{field} “{value}”: this name is the protocol's own."),
    "taken": gettext_noop("{field} “{value}”: somebody else has it already."),
    "in_use": gettext_noop(
        "{field}: it stays “{before}” while the user reaches an application, which knows the "
        "user by it."
    ),
    "unknown_user": gettext_noop("{field} “{value}”: there is no such user."),
    "own_manager": gettext_noop("{field} “{value}”: nobody is their own manager."),
    "manager_circle": gettext_noop("{field} “{value}”: this is somebody who reports to the user."),
    "moved": gettext_noop("{field}: somebody else has changed it meanwhile."),
    "gone": gettext_noop("It has been deleted."),
    "has_imports": gettext_noop("It has imports on record and cannot be deleted."),
    "refused": gettext_noop("The database does not take one of the values."),
}
