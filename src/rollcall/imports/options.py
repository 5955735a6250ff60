"""What an administrator may choose for one import, and the rules that the choices make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from rollcall.core import usernames
from rollcall.imports.errors import Unfit
from rollcall.provisioning.change import Change
from rollcall.provisioning.consent import Consent
from rollcall.provisioning.mapping import (
    DEFAULT_MAPPING,
    AttributeMapping,
    MappingError,
    MappingRule,
)
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.safeguards import Safeguards
from rollcall.provisioning.user import State
from rollcall.sources.base import ESSENTIAL


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one import.

    `reactivation_allowed`: a suspended user whose employee is back at work becomes active.
    `activate_staged`: a staged user whose employee is at work becomes active.
    `max_suspensions`: how many people one import may suspend; None is the safeguard's own rule.
    `max_emptied`: how many users may lose their value of one field; None as above.
    `min_read_share`: the share (0 to 1) of the users that carry an employee whom the source has to
    list at the least; None as above.
    `default_state`: the state of new users; "" is the organization's own default.
    `without`: attributes that this import does not carry.
    `adopt`: users who were not made by the source's imports become employees' without a tick each.
    `same_person`: the ids of employees who are the person whose user the plan finds for them.
    `extra_mapping`: pairs of an attribute and the directory's field, beyond the default.
    """

    reactivation_allowed: bool = False
    activate_staged: bool = False
    max_suspensions: int | None = None
    max_emptied: int | None = None
    min_read_share: float | None = None
    default_state: str = ""
    without: tuple[str, ...] = ()
    extra_mapping: tuple[tuple[str, str], ...] = ()
    adopt: bool = False
    same_person: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """The options as JSON-able data."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Options:
        """The options that `to_record` wrote down; names that are no longer known are ignored."""
        known = {key: record[key] for key in cls.__slots__ if key in record}
        pairs = tuple((source, target) for source, target in known.pop("extra_mapping", ()))
        known |= {name: tuple(known.get(name, ())) for name in ("without", "same_person")}
        return cls(**known, extra_mapping=pairs)

    def unattended(self) -> Options:
        """The same for an import at which nobody looks: it takes no user over that asks."""
        return replace(self, adopt=False, same_person=())

    def agrees(self, change: Change) -> bool:
        """Whether what the change asks has been agreed to beforehand; so has what asks nothing."""
        if change.asks is Consent.SAME_PERSON:
            return change.employee_id in self.same_person
        return change.asks is None or self.adopt

    def mapping(self) -> AttributeMapping:
        """The default attribute mapping, with the extra rules and without what is left out.

        Raises:
            Unfit: a rule names a field that the directory does not have, the e-mail is left out, or
                so is an attribute that no import carries.
        """
        carried = {rule.source for rule in DEFAULT_MAPPING.rules}
        if unknown := [name for name in self.without if name not in carried]:
            raise Unfit(
                f"without: no import carries {unknown[0]!r}; what can be left out: "
                + ", ".join(sorted(carried - set(ESSENTIAL)))
            )
        try:
            extra = tuple(MappingRule(source, target) for source, target in self.extra_mapping)
            # Two rules for one field would overwrite each other: the one that somebody asked for
            # counts.
            targets = {rule.target for rule in extra}
            kept = tuple(
                rule
                for rule in DEFAULT_MAPPING.rules
                if rule.target not in targets and rule.source not in self.without
            )
            return AttributeMapping(kept + extra)
        except MappingError as error:
            raise Unfit(str(error)) from None

    def rules(
        self,
        organization_default: State,
        *,
        complete: bool,
        username_length: int = usernames.EVERYWHERE,
    ) -> Rules:
        """The rules that a plan with these options follows."""
        return Rules(
            mapping=self.mapping(),
            default_state=State(self.default_state or organization_default),
            reactivation_allowed=self.reactivation_allowed,
            activate_staged=self.activate_staged,
            complete=complete,
            username_length=username_length,
        )

    def safeguards(self) -> Safeguards:
        """The brakes that a plan with these options is held against."""
        brakes = Safeguards()
        if self.max_suspensions is not None:
            brakes = replace(
                # A number that somebody has given counts by itself: no share of the company loosens
                # it.
                brakes,
                min_suspensions=self.max_suspensions,
                max_suspensions_share=0.0,
            )
        if self.max_emptied is not None:
            brakes = replace(brakes, min_blanked=self.max_emptied, max_blanked_share=0.0)
        if self.min_read_share is not None:
            brakes = replace(brakes, min_read_share=self.min_read_share)
        return brakes
