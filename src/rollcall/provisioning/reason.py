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

    def text(self, source: str = "HR", translate: Callable[[str], str] = gettext_noop) -> str:
        """The sentence, through `translate` where the reader's language is not English.

        `source` is what the source of the employees is called, which most sentences name.
        """
        param, of_one = OF_ONE.get(self.code, ("", ""))
        sentence = of_one if self.params.get(param) == "1" else SENTENCES[self.code]
        return translate(sentence).format(source=source, **self.params)

    def to_record(self) -> dict[str, Any]:
        """The reason as JSON-able data."""
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Reason:
        """The reason that `to_record` wrote down."""
        return cls(record["code"], record["params"])


SENTENCES: Mapping[str, str] = {
    # What happens to the user.
    "new": gettext_noop(
        "New in {source} ({status}); no user of the directory carries this employee."
    ),
    "differs": gettext_noop("{source}'s values differ from the directory's in {fields}."),
    "same": gettext_noop("The user already has every value that {source} has."),
    "manager_differs": gettext_noop(
        "The manager in {source} differs from the one in the directory."
    ),
    "adopted_by_email": gettext_noop(
        "A user with the e-mail {value} was in the directory already; from now on it is this "
        "employee's user, whatever happens to the e-mail."
    ),
    "adopted_by_identifier": gettext_noop(
        "A user with the employee identifier {value} was in the directory already; from now on it "
        "is this employee's user."
    ),
    "same_person_away": gettext_noop(
        "Perhaps a rehire: employee {employee} is not at work in {source}, has the e-mail {value} "
        "too, and has a user. If both are the same person, that user becomes this employee's."
    ),
    "same_person_absent": gettext_noop(
        "Perhaps a rehire: {source} no longer lists the employee {employee}, whose user has the "
        "e-mail {value}. If both are the same person, that user becomes this employee's."
    ),
    "same_person_without_email": gettext_noop(
        "Perhaps a rehire: employee {employee} has no e-mail in {source}, and their user has "
        "{value}. If both are the same person, that user becomes this employee's."
    ),
    "origin_hand": gettext_noop("The user is {user}, made by hand."),
    "origin_api": gettext_noop("The user is {user}, made through the API."),
    "origin_scim": gettext_noop("The user is {user}, made through SCIM."),
    "origin_import": gettext_noop("The user is {user}, made by an import."),
    "origin_integration": gettext_noop(
        "The user is {user}, made by an import or a program, and no source knows it now."
    ),
    "origin_unknown": gettext_noop("The user is {user}; how it came to be is not known."),
    "origin_account": gettext_noop("Somebody signs in to Rollcall as this user."),
    "origin_suspended": gettext_noop(
        "The user is suspended: make sure that the e-mail has not passed to somebody else."
    ),
    "origin_other_name": gettext_noop(
        "{source} calls the employee by another name: make sure that both are one person."
    ),
    "suspended": gettext_noop(
        "The employee's status in {source} is {status}, so the user loses access."
    ),
    "reactivated": gettext_noop(
        "The employee's status in {source} is {status} again, so the suspended user regains access."
    ),
    "activated": gettext_noop(
        "The employee's status in {source} is {status}, so the staged user is activated."
    ),
    # Why nobody is created.
    "not_working": gettext_noop(
        "The employee's status in {source} is {status} and there is no user; nobody is created for "
        "people who are inactive or on leave."
    ),
    "status_not_known": gettext_noop(
        "Rollcall does not know the status {status} and there is no user, so nobody is created."
    ),
    "status_missing": gettext_noop(
        "{source} gives no status for this employee and there is no user, so nobody is created. "
        "Set the status in {source}, or make it readable for the credentials."
    ),
    "at_work_elsewhere": gettext_noop(
        "The employee is not at work in {source}, but {account} has the same user at work "
        "(employee {id}), so the user keeps access, and this record changes nothing. If that is no "
        "longer true, import {account} again."
    ),
    "replaced_by_employee": gettext_noop(
        "Employee {employee} is at work and seems to be the same person, so this record neither "
        "holds the e-mail nor changes the user, and suspends nobody. Decide there; if they are two "
        "people, suspend the user by hand."
    ),
    "erased": gettext_noop(
        "Employee {employee} was erased on {day}; {source} still has this person. No user is made "
        "and nothing of the record is kept. Erase the person in {source} too, or let them in again "
        "(Settings → Personal data, or `rollcall people readmit`)."
    ),
    "erased_elsewhere": gettext_noop(
        "Employee {employee} was erased on {day}: what this import noted of the person was deleted "
        "when it ended. {source} and the directory may still have this person; erase them there."
    ),
    # What makes an employee invalid.
    "email_missing": gettext_noop(
        "The field email is empty in {source}, and a user cannot be made without one. "
        "Enter the e-mail in {source}."
    ),
    "email_invalid": gettext_noop(
        "The value {value} of the field email is no e-mail address, and a user cannot be made "
        "without one. Correct it in {source}."
    ),
    "email_invisible": gettext_noop(
        "The value {value} of the field email has a character that nobody sees: {character}, as "
        "character {place}. Take it out in {source}."
    ),
    "employee_id_invalid": gettext_noop(
        "The value {value} of the field id cannot be kept as an employee's id: it is empty, longer "
        "than {limit} characters, or has characters that cannot be shown."
    ),
    # Conflicts.
    "email_shared": gettext_noop(
        "The e-mail {value} is also that of {employees} in {source}. A user belongs to one "
        "employee: give each an e-mail of their own in {source}."
    ),
    "identifier_shared": gettext_noop(
        "The employee identifier {value} is also that of {employees} in {source}. It has to be "
        "different for everybody: correct it in {source}."
    ),
    "claim_one_user": gettext_noop(
        "The user {user} also matches {employees} by another key. Decide whose user it is, and "
        "correct the e-mail or the employee identifier of the other."
    ),
    "same_person_several": gettext_noop(
        "Several users may belong to the person with the e-mail {value} (see {employees}). Unlink "
        "or delete those who do not, or give each employee an e-mail of their own in {source}."
    ),
    "adopt_not_ticked": gettext_noop(
        "The user with the e-mail {email} was not made by this source's imports, and nobody has "
        "ticked that it is to become this employee's. Look at it in a preview and tick it there; "
        "in the terminal, use --adopt."
    ),
    "same_person_not_ticked": gettext_noop(
        "The user with the e-mail {email} belongs to the employee {employee}, and nobody has "
        "ticked that both are the same person. Look at it in a preview and tick it there; in the "
        "terminal, use --same-person. If they are two people, give that user another e-mail."
    ),
    "not_ticked": gettext_noop(
        "Nobody has ticked that this user is to become the employee's, so nothing was written. "
        "Look at it in a new preview."
    ),
    "tick_moved_employee": gettext_noop(
        "The user {user} belongs to the employee {employee} by now, which it did not when this "
        "import was planned. Nothing was written; make a new preview."
    ),
    "tick_moved_unlinked": gettext_noop(
        "The user {user} no longer belongs to the employee {employee}, as it did when this import "
        "was planned. Nothing was written; make a new preview."
    ),
    "tick_moved_email": gettext_noop(
        "The user {user} had the e-mail {before} when this import was planned, and has {email} "
        "now. Nothing was written; make a new preview."
    ),
    "tick_moved_account": gettext_noop(
        "Since this import was planned, somebody has got an account to sign in as the user {user}. "
        "Nothing was written; make a new preview."
    ),
    "tick_moved_suspended": gettext_noop(
        "The user {user} has been suspended since this import was planned. Nothing was written; "
        "make a new preview."
    ),
    "tick_moved_origin": gettext_noop(
        "What is known of how the user {user} came to be has changed since this import was "
        "planned. Nothing was written; make a new preview."
    ),
    "several_users_carry_id": gettext_noop(
        "Several users of the directory carry the employee id {value}: {users}. Remove it from all "
        "but one."
    ),
    "several_users_have_email": gettext_noop(
        "Several users of the directory have the e-mail {value}: {users}. Leave it with one."
    ),
    "several_users_have_identifier": gettext_noop(
        "Several users of the directory have the employee identifier {value}: {users}. Leave it "
        "with one of them."
    ),
    "held": gettext_noop(
        "The value {value} for {field} belongs to the user {user}, which keeps it. Change it there "
        "or in {source}."
    ),
    "held_by_employee": gettext_noop(
        "The value {value} for {field} belongs to the user {user} of the employee {employee}, "
        "which keeps it. Change it there or in {source}."
    ),
    "swap_by_employee": gettext_noop(
        "The value {value} for {field} belongs to the user {user} of the employee {employee}, and "
        "each is to get what another in the circle still holds. Give one of them another value "
        "first."
    ),
    # What to know about a change that goes ahead.
    "value_cut": gettext_noop(
        "The value for {field} is longer than the directory takes and is cut to {limit} characters."
    ),
    "value_invisible": gettext_noop(
        "The value for {field} has a character that nobody sees: {character}, as character "
        "{place}. The value is not taken until it is taken out in {source}."
    ),
    "email_kept_invisible": gettext_noop(
        "The value {value} of the field email in {source} has a character that nobody sees: "
        "{character}, as character {place}; the user keeps the e-mail that it has."
    ),
    "email_kept_empty": gettext_noop(
        "The field email is empty in {source}; the user keeps the e-mail that it has."
    ),
    "email_kept_invalid": gettext_noop(
        "The value {value} of the field email in {source} is no e-mail address; the user keeps the "
        "e-mail that it has."
    ),
    "reactivation_not_allowed": gettext_noop(
        "The employee's status in {source} is {status}, but the user stays suspended, since "
        "reactivation is not allowed. Activate the user, or allow reactivation."
    ),
    "not_suspended_contended": gettext_noop(
        "The user is not suspended, since employee {employee} is at work, may be the same person, "
        "and has no user. Settle that one first."
    ),
    "not_suspended_incomplete": gettext_noop(
        "The employee's status in {source} is {status}, but the user is not suspended, since "
        "{source} was read incompletely. The next complete import does it."
    ),
    "not_emptied_incomplete": gettext_noop(
        "The values for {fields} are empty in {source}, but the user keeps them, since {source} "
        "was read incompletely. The next complete import empties them."
    ),
    "manager_kept_incomplete": gettext_noop(
        "The employee has no supervisor in {source}, but the user keeps the manager, since "
        "{source} was read incompletely. The next complete import takes the manager away."
    ),
    "state_kept_status_not_known": gettext_noop(
        "Rollcall does not know the status {status}, so the state of the user stays as it is."
    ),
    "state_kept_status_empty": gettext_noop(
        "The status is empty in {source}, so the state of the user stays as it is."
    ),
    "supervisor_not_found": gettext_noop(
        "The supervisor (employee {supervisor}) is not in the directory; "
        "the manager stays as it is."
    ),
    "supervisor_without_user": gettext_noop(
        "The supervisor (employee {supervisor}) has no user in the directory and gets none by this "
        "import; the manager stays as it is."
    ),
    "supervises_self": gettext_noop(
        "The employee is their own supervisor in {source}; the manager stays as it is."
    ),
    "supervisor_circle": gettext_noop(
        "The supervisors of {employees} make a circle in {source}; the manager stays as it is."
    ),
    # What concerns the import as a whole.
    "lookalike_emails": gettext_noop(
        "The e-mail {value} looks like {other} and is another one, in other letters: make sure "
        "that nobody passes for somebody else."
    ),
    "incomplete_read": gettext_noop(
        "{source} was read incompletely: nobody is suspended and no value is emptied."
    ),
    "repeated_employees": gettext_noop(
        "{source} gave several records for {count} employees ({employees}); of each the one "
        "modified last counts, else the first one."
    ),
    "unknown_status_word": gettext_noop(
        "Rollcall does not know the status {status}, which {count} employees have; their users "
        "keep their state and nobody is created for them."
    ),
    "attribute_unknown": gettext_noop(
        "{source} gave {attribute} for nobody, so nothing is changed by it. Make it readable for "
        "the credentials, or take it out of the attribute mapping."
    ),
    "users_without_employee": gettext_noop(
        "{source} no longer lists the employees of {count} users who are not suspended. They are "
        "left as they are: look whether they should still have access."
    ),
    # What stops an import before it writes.
    "brake_suspensions": gettext_noop(
        "{count} of {users} users would lose access, more than the {limit} allowed. Nothing was "
        "written. If this is right, set the option “most suspensions” to {count} and import again."
    ),
    "brake_nobody_read": gettext_noop(
        "{source} listed no employee, while {users} users of the directory carry one. Nothing was "
        "written. If this is right, set the option “least share read” to 0 and import again."
    ),
    "brake_few_read": gettext_noop(
        "{source} listed {count} employees, while {users} users of the directory carry one; "
        "at least {limit} were expected. Nothing was written. If this is right, lower the "
        "option “least share read” and import again."
    ),
    "brake_blanked": gettext_noop(
        "{field} would become empty for {count} of the {users} users that have a value, more than "
        "the {limit} allowed. Nothing was written. If this is right, set the option "
        "“most emptied” to {count} and import again."
    ),
    # What JumpCloud has to tell of one user.
    "cloud_taken_elsewhere": gettext_noop(
        "JumpCloud calls {email} taken, although no user of this organization has it. An e-mail "
        "is unique across all JumpCloud organizations: have it freed in the other one, or give "
        "this employee another e-mail in {source}. JumpCloud's words: {message}"
    ),
    "cloud_refused": gettext_noop(
        "JumpCloud refused this change; its words: {message}. Correct the value in {source} or "
        "the user in JumpCloud, then import again."
    ),
    "cloud_not_made": gettext_noop(
        "JumpCloud took the request but made no such user; import again, and make this user by "
        "hand if that does not help."
    ),
    "cloud_unconfirmed": gettext_noop(
        "JumpCloud took the request, but the user does not show the change; import again."
    ),
    "cloud_no_answer": gettext_noop(
        "JumpCloud gave no usable answer for this user, however often asked; import again."
    ),
    "cloud_never_staged": gettext_noop(
        "JumpCloud never takes a user back to staged; suspend the user instead."
    ),
    # What a read has to tell.
    "total_moved": gettext_noop(
        "{source}'s number of employees changed while they were read ({before}, then {after}); "
        "everybody was read again."
    ),
    "total_still_moving": gettext_noop(
        "{source}'s number of employees kept changing while they were read ({before}, then "
        "{after}): this read is not complete."
    ),
    "total_not_reached": gettext_noop(
        "{source} announced {expected} employees, {received} arrived: this read is not complete."
    ),
    "total_unknown": gettext_noop(
        "{source} did not say how many employees there are: this read cannot be called complete."
    ),
    "page_lost": gettext_noop(
        "{source} did not deliver the employees {first} to {last} of its list, however often asked."
    ),
    "list_without_end": gettext_noop(
        "{source}'s list of employees led in circles, or went on without end, after {received} of "
        "them: this read is not complete."
    ),
    "employments_lost": gettext_noop(
        "{source} did not deliver the employments of {count} employees, however often asked; what "
        "the directory holds for their jobs stays, and this read is not complete."
    ),
    "csv_row_without_id": gettext_noop(
        "Row {row} of the file names nobody: it has no employee ID and no e-mail. Nobody is "
        "suspended by this import."
    ),
    "csv_row_repeated": gettext_noop(
        "Row {row} of the file has the employee ID {employee} again; the row modified last counts, "
        "else the first one."
    ),
    "csv_value_unusable": gettext_noop(
        "Row {row} of the file: “{attribute}” is in no form that Rollcall knows, and stays as it "
        "is."
    ),
    "csv_without_columns": gettext_noop(
        "The file has no column for {attributes}; what the directory holds for these stays."
    ),
    "csv_row": gettext_noop("Row {row} of the file."),
    "csv_row_too_long": gettext_noop(
        "Row {row} of the file has {count} values, more than there are headings ({limit}). What "
        "stands beyond the last heading is not taken, and the values before it may stand in wrong "
        "columns: look whether a value with a separator in it lacks quotation marks."
    ),
    "csv_heading_repeated": gettext_noop(
        "The file has the heading {heading} more than once; only the first of these columns is "
        "read."
    ),
    "csv_without_heading": gettext_noop(
        "The first row of the file holds an e-mail address: it seems to be a person, who is taken "
        "for the headings and not read. Put a row of headings above it, and choose the file again."
    ),
    "csv_more_rows": gettext_noop(
        "{count} more rows of the file have something to look at; the first ones are named above."
    ),
    "same_person_nobody": gettext_noop(
        "Nothing was asked about the employee {employee}, so naming them as the same person "
        "(--same-person) did nothing. Look whether the ID is right."
    ),
    "unreadable": gettext_noop(
        "This credential cannot read `{attribute}`; what the directory holds for it stays, and "
        "nobody is suspended until it can. Make it readable for the credential in {source}, or "
        "leave it out of the import (option “without”)."
    ),
    "values_unusable": gettext_noop(
        "`{attribute}` of {count} employees is not in a form that Rollcall knows; "
        "what the directory holds for it stays."
    ),
    "erased_listed": gettext_noop(
        "{count} people who were erased are still in {source}: {employees}. No users are made of "
        "them."
    ),
    "records_without_id": gettext_noop(
        "{count} records of {source} carry no employee id and were left out."
    ),
    # What carrying out a run has to tell.
    "retried_as_read": gettext_noop(
        "The credentials are not kept: this try goes by what was read then, not by what stands "
        "there now."
    ),
    "not_chosen": gettext_noop("Left out in the review; nothing was written."),
    "cancelled": gettext_noop("The import was cancelled before it came to this employee."),
    "run_failed": gettext_noop(
        "The import ended before it came to this employee; the run says why. Import again."
    ),
    "manager_not_created": gettext_noop(
        "The supervisor, employee {supervisor}, did not become a user in this import, so the "
        "manager is left as it was. The next import links them once both are there."
    ),
    "mail_not_sent": gettext_noop(
        "The e-mail about this import could not be sent: the mail server did not take it. "
        "Check ROLLCALL_SMTP_URL."
    ),
    # what a directory answered when a change was applied
    "email_taken": gettext_noop(
        "The e-mail {email} belongs to another user of the directory ({with_whom})."
    ),
    "username_taken": gettext_noop(
        "The username {username} belongs to another user of the directory ({with_whom})."
    ),
    "identifier_taken": gettext_noop(
        "The employee identifier {identifier} belongs to another user ({with_whom})."
    ),
    "employee_taken": gettext_noop(
        "Another user of the directory ({with_whom}) already carries this employee."
    ),
    "moved_since": gettext_noop(
        "Somebody else has written {fields} since this import was planned ({who}, {when}); what "
        "they wrote stays. The rest was written. Import again to see what {source} says now."
    ),
    "written_since": gettext_noop(
        "Everything that this import wanted to write was written by somebody else since it was "
        "planned."
    ),
    "made_since": gettext_noop(
        "Another import has made this employee's user since this one was planned, so nothing was "
        "written. The next import compares them."
    ),
    "manager_moved_since": gettext_noop(
        "Somebody else has changed the manager since this import was planned; the manager stays "
        "as it is. Import again to see what {source} says now."
    ),
    "source_moved_since": gettext_noop(
        "Import {number} has read something else about this employee from {source} since this one "
        "was planned, so nothing was written. Import again."
    ),
    "user_gone": gettext_noop(
        "The user was deleted from the directory before this change reached it; import again."
    ),
    "manager_gone": gettext_noop(
        "The manager was deleted from the directory before the link was made; import again."
    ),
    "own_manager": gettext_noop("A user cannot be its own manager."),
    "manager_circle": gettext_noop(
        "The manager reports to this user by now; the manager stays as it is."
    ),
    "value_refused": gettext_noop(
        "The directory refused a value of this employee; look for unusual characters or lengths."
    ),
}
"""The English sentence of every code; `{source}` is what the source is called, the other `{…}` are
the reason's parameters."""

OF_ONE: Mapping[str, tuple[str, str]] = {
    "repeated_employees": (
        "count",
        gettext_noop(
            "{source} gave several records for one employee ({employees}); the one modified last "
            "counts, else the first one."
        ),
    ),
    "unknown_status_word": (
        "count",
        gettext_noop(
            "Rollcall does not know the status {status}, which one employee has; their user keeps "
            "the state that it has, and nobody is created for them."
        ),
    ),
    "users_without_employee": (
        "count",
        gettext_noop(
            "{source} no longer lists the employee of one user who is not suspended. The user is "
            "left as it is: look whether they should still have access."
        ),
    ),
    "brake_nobody_read": (
        "users",
        gettext_noop(
            "{source} listed no employee, while one user of the directory carries one. Nothing was "
            "written. If this is right, set the option “least share read” to 0 and import again."
        ),
    ),
    "brake_few_read": (
        "count",
        gettext_noop(
            "{source} listed one employee, while {users} users of the directory carry one; "
            "at least {limit} were expected. Nothing was written. If this is right, lower the "
            "option “least share read” and import again."
        ),
    ),
    "total_not_reached": (
        "expected",
        gettext_noop(
            "{source} announced one employee, {received} arrived: this read is not complete."
        ),
    ),
    "employments_lost": (
        "count",
        gettext_noop(
            "{source} did not deliver the employments of one employee, however often asked; what "
            "the directory holds for their jobs stays, and this read is not complete."
        ),
    ),
    "values_unusable": (
        "count",
        gettext_noop(
            "`{attribute}` of one employee is not in a form that Rollcall knows; what the "
            "directory holds for it stays."
        ),
    ),
    "erased_listed": (
        "count",
        gettext_noop(
            "One person who was erased is still in {source}: {employees}. No user is made of them."
        ),
    ),
    "records_without_id": (
        "count",
        gettext_noop("One record of {source} carries no employee id and was left out."),
    ),
}
"""The sentences in which a parameter, which is named first, counts a single one."""
