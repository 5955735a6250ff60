"""What HR and administrators do between imports, as rules of a state machine."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from rollcall.directory import services
from rollcall.directory.models import ExternalIdentity, User
from rollcall.directory.services import HAND, NewUser, UserChange
from rollcall.imports import tombstones
from rollcall.imports.models import Run
from rollcall.privacy import people
from tests.actors import ADMIN, TESTER
from tests.imports.returning import Company, Person, Record

somebody = st.sampled_from("abc")
firms = st.sampled_from([0, 0, 0, 1])
any_of = st.integers(0, 5)


class Between(RuleBasedStateMachine):
    """Two companies and one directory, and what is known of whose record and user each is."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.folder = Path(tempfile.mkdtemp())
        self.firms = [Company(name, self.folder / f"{name}.csv") for name in ("north", "south")]
        self.owner: dict[str, Person] = {}
        self.person_of: dict[tuple[str, str], Person] = {}
        self.read: dict[str, dict[str, Record]] = {}
        self.previews: list[tuple[Run, Company]] = []
        self.ended: list[tuple[Run, Company]] = []
        self.erased: set[tuple[str, str]] = set()
        self.made = 0

    def teardown(self) -> None:
        """Nothing of a story stays."""
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        shutil.rmtree(self.folder)

    # what HR does

    def hired(self, firm: Company, person: Person, email: str, **names: str) -> Record:
        record = firm.hire(person, email, **names)
        self.person_of[firm.key, record.id] = person
        return record

    def one(self, firm: int, person: Person, which: int = -1) -> Record:
        records = self.firms[firm].of(person)
        assume(records)
        return records[which]

    @rule(
        firm=firms,
        who=somebody,
        status=st.sampled_from(["inactive", "leave", "active", "onboarding"]),
        which=st.sampled_from([0, -1]),
    )
    def stands(self, firm: int, who: Person, status: str, which: int) -> None:
        self.firms[firm].change(self.one(firm, who, which), status=status)

    @rule(
        firm=firms,
        who=somebody,
        email=st.sampled_from(["same", "new", "twin"]),
        old=st.sampled_from(["stays", "inactive", "without", "gone"]),
    )
    def gets_a_new_id(self, firm: int, who: Person, email: str, old: str) -> None:
        company, before = self.firms[firm], self.one(firm, who)
        address = {
            "same": before.email,
            "new": f"{who}{company.next_id}@north.example",
            "twin": f"{who}@other{company.next_id}.example",
        }[email]
        assume(address)
        if old == "gone":
            company.records.remove(before)
        elif old != "stays":
            values = {"inactive": {"status": "inactive"}, "without": {"email": ""}}[old]
            company.change(before, **values)
        self.hired(company, who, address, last=before.last)

    @rule(firm=firms, who=somebody, moves=st.booleans())
    def marries(self, firm: int, who: Person, moves: bool) -> None:
        company, before = self.firms[firm], self.one(firm, who)
        last = f"Neu{company.now}"
        email = f"{who}.{last.lower()}@north.example" if moves else before.email
        company.change(before, last=last, email=email)

    @rule(
        firm=firms,
        who=somebody,
        whose=somebody,
        left=st.sampled_from(["same", "new", "none", "swap"]),
    )
    def takes_the_email_of(self, firm: int, who: Person, whose: Person, left: str) -> None:
        assume(who != whose)
        company, taker, giver = self.firms[firm], self.one(firm, who), self.one(firm, whose)
        new = {"same": giver.email, "new": f"{whose}.{company.now}@north.example", "none": ""}
        company.change(giver, email=new.get(left, taker.email))
        company.change(taker, email=giver.email)

    @rule(firm=firms, who=somebody, newer=st.booleans())
    def is_told_of_twice(self, firm: int, who: Person, newer: bool) -> None:
        company, record = self.firms[firm], self.one(firm, who)
        if newer:
            company.records.append(company.change(record))
            company.change(record_again(company, record.id), last=f"Neuer{company.now}")
        else:
            company.change(record)
            company.records.append(
                Record(**{**vars_of(record), "last": "Alt", "status": "inactive"})
            )

    @rule(firm=firms, who=somebody)
    def is_listed_no_more(self, firm: int, who: Person) -> None:
        self.one(firm, who)
        company = self.firms[firm]
        company.records = [record for record in company.records if record.person != who]

    @rule(firm=firms, who=somebody)
    def gets_a_namesake(self, firm: int, who: Person) -> None:
        company, like = self.firms[firm], self.one(firm, who)
        person = f"{who}'{company.next_id}.{firm}"
        email = f"{who}@namesake{company.next_id}{firm}.example"
        self.hired(company, person, email, first=like.first, last=like.last)

    @rule(firm=firms, who=somebody, boss=somebody, which=st.sampled_from([0, -1]))
    def reports_to(self, firm: int, who: Person, boss: Person, which: int) -> None:
        self.firms[firm].change(self.one(firm, who), boss=self.one(firm, boss, which).id)

    @rule(who=somebody, stays=st.booleans())
    def works_for_the_other_company(self, who: Person, stays: bool) -> None:
        record = self.one(0, who)
        assume(record.email)
        if not stays:
            self.firms[0].change(record, status="inactive")
        self.hired(self.firms[1], who, record.email, last=record.last)

    # what administrators do

    def user(self, number: int) -> User:
        users = list(User.objects.order_by("username"))
        assume(users)
        return users[number % len(users)]

    @rule(number=any_of, state=st.sampled_from(["STAGED", "ACTIVATED", "SUSPENDED"]))
    def sets_the_state(self, number: int, state: str) -> None:
        services.update_users(TESTER, HAND, [UserChange(self.user(number).pk, {"state": state})])

    @rule(number=any_of)
    def renames_by_hand(self, number: int) -> None:
        change = UserChange(self.user(number).pk, {"lastname": "Hand"})
        services.update_users(TESTER, HAND, [change])

    @rule(number=any_of)
    def deletes(self, number: int) -> None:
        services.delete_users(TESTER, HAND, [self.user(number).pk])

    @rule(number=any_of)
    def unlinks(self, number: int) -> None:
        services.unlink_users(TESTER, [self.user(number).pk])

    @precondition(lambda self: not self.previews)
    @rule(number=any_of)
    def erases(self, number: int) -> None:
        user = self.user(number)
        known = ExternalIdentity.objects.filter(user=user).values_list("source", "external_id")
        self.erased |= set(known)
        (subject,) = people.identify(f"user:{user.pk}")
        people.erase(subject, ADMIN)
        self.ended = []

    @precondition(lambda self: self.erased)
    @rule(number=any_of)
    def lets_in_again(self, number: int) -> None:
        key, employee_id = sorted(self.erased)[number % len(self.erased)]
        for grave in tombstones.find(f"{key}:{employee_id}"):
            tombstones.readmit(ADMIN, grave)
        self.erased.remove((key, employee_id))

    @rule(firm=firms, who=somebody)
    def makes_by_hand(self, firm: int, who: Person) -> None:
        email = self.one(firm, who).email
        assume(email and not User.objects.filter(email=email).exists())
        values = {"username": f"hand{self.made}", "email": email, "state": "ACTIVATED"}
        self.made += 1
        (user,) = services.create_users(TESTER, HAND, [NewUser(values)])
        assert isinstance(user, User)
        self.owner[user.pk] = who


def record_again(company: Company, employee_id: str) -> Record:
    """The record with this id that was appended last."""
    return [record for record in company.records if record.id == employee_id][-1]


def vars_of(record: Record) -> dict[str, Any]:
    """The values of a record by their names."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
