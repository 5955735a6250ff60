"""A person of v2 and their employment turned into an employee; no record is ever too odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rollcall.provisioning.employee import UNKNOWN, CostCenter, Employee, Unknown
from rollcall.sources.personio import cleaning
from rollcall.sources.personio.v2.names import LISTS, Names

UNSPECIFIED: Final = "UNSPECIFIED"
"""The word of v2's enumerations for "not told"."""
INACTIVE: Final = "INACTIVE"

Wire = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one person: the person, the employment that counts, the names for its ids.

    `employment` is empty where there is none, or where it could not be read.
    """

    person: Wire
    employment: Wire
    names: Mapping[str, Names]

    def names_of(self, attribute: str) -> Names:
        """The names for this attribute's ids."""
        return self.names.get(attribute, Names(readable=False))


@dataclass(frozen=True, slots=True)
class Parsed:
    """One employee, None without an id; and the keys, by v1's names, that the record carried."""

    employee: Employee | None
    keys: frozenset[str]


def parsed(record: Record, asked: frozenset[str], unusable: Counter[str]) -> Parsed:
    """The employee of a record; `asked` are the attributes wanted, everything where it is empty.

    A value that cannot be understood is left unknown, and counted in `unusable` by its key.
    """
    known: dict[str, Any] = {}
    keys: set[str] = set()
    for key, (field, read) in FIELDS.items():
        if asked and key not in asked:
            continue
        try:
            value = read(record)
        except (cleaning.Unusable, RecursionError):
            unusable[key] += 1
            value = UNKNOWN
            # Carried all the same: the credential may read it, and nobody has to be told to allow
            # it.
            keys.add(key)
        if value is not UNKNOWN:
            known[field] = value
            keys.add(key)
    custom = _custom_attributes(record.person, asked, unusable)
    keys.update(custom)
    try:
        number = cleaning.identity(record.person.get("id"))
    except cleaning.Unusable:
        return Parsed(None, frozenset(keys))
    return Parsed(Employee(id=number, custom=custom, **known), frozenset(keys))


def current(employments: list[Any]) -> Wire:
    """The employment that counts: the most recent, unless that has ended and another has not.

    Personio lists the most recent first (v2, GET employments).
    """
    # Somebody hired again has an ended employment beside the new one, and must not be suspended.
    usable = [employment for employment in employments if isinstance(employment, dict)]
    going_on = [employment for employment in usable if employment.get("status") != INACTIVE]
    return next(iter(going_on or usable), {})


def _read(
    part: Callable[[Record], Wire], key: str, read: Callable[[object], object]
) -> Callable[[Record], object]:
    def value(record: Record) -> object:
        wire = part(record)
        return read(wire[key]) if key in wire else UNKNOWN

    return value


def _of_person(key: str, read: Callable[[object], object]) -> Callable[[Record], object]:
    return _read(lambda record: record.person, key, read)


def _of_employment(key: str, read: Callable[[object], object]) -> Callable[[Record], object]:
    return _read(lambda record: record.employment, key, read)


def _word(value: object) -> str | None:
    """A word of one of v2's enumerations as v1 writes it.

    Raises:
        Unusable: it says that nothing is told.
    """
    word = cleaning.text(value)
    # Unusable and not empty: an empty value would be written, this one says nothing.
    if word and word.upper() == UNSPECIFIED:
        raise cleaning.Unusable
    return word.lower() if word else None


def _status(record: Record) -> object:
    """The employment's status; the person's own knows no more than whether there is a job."""
    # Of the person only INACTIVE is of use: ACTIVE may be on leave, or still to start.
    if "status" in record.employment:
        return _word(record.employment["status"])
    return "inactive" if record.person.get("status") == INACTIVE else UNKNOWN


def _title(value: object) -> str | None:
    return cleaning.text(value.get("title") if isinstance(value, dict) else value)


def _subcompany(record: Record) -> object:
    """The legal entity's name, which v1 calls subcompany; v2 has no names for its sub-companies."""
    if "legal_entity" not in record.employment:
        return UNKNOWN
    return record.names_of("subcompany").of(record.employment["legal_entity"])


def _office(record: Record) -> object:
    if "office" not in record.employment:
        return UNKNOWN
    return record.names_of("office").of(record.employment["office"])


def _department(record: Record) -> object:
    if "org_units" not in record.employment:
        return UNKNOWN
    # Teams stand in the same list, with ids of their own that may equal a department's.
    units = record.employment["org_units"]
    if not isinstance(units, list):
        return record.names_of("department").of(units)
    departments = (
        unit
        for unit in units
        if isinstance(unit, dict) and str(unit.get("type", "")).lower() == "department"
    )
    return record.names_of("department").of(next(departments, None))


def _cost_centers(record: Record) -> tuple[CostCenter, ...] | Unknown:
    shares = record.employment.get("cost_centers", UNKNOWN)
    names = record.names_of("cost_centers")
    if shares is UNKNOWN or not names.readable:
        return UNKNOWN
    if cleaning.is_empty(shares):
        return ()
    if not isinstance(shares, list):
        raise cleaning.Unusable
    return tuple(_share(share, names) for share in shares)


def _share(share: object, names: Names) -> CostCenter:
    name = names.of(share)
    if not isinstance(share, dict) or not isinstance(name, str):
        raise cleaning.Unusable
    return CostCenter(name, cleaning.percentage(share.get("weight")))


def _termination_date(record: Record) -> object:
    """The day of the termination; the employment's last one where there is no termination."""
    termination = record.employment.get("termination")
    if isinstance(termination, dict) and "termination_date" in termination:
        return cleaning.day(termination["termination_date"])
    if "employment_end_date" in record.employment:
        return cleaning.day(record.employment["employment_end_date"])
    return UNKNOWN if "termination" not in record.employment else None


def _last_modified(record: Record) -> object:
    """The later of the two moments: v1 keeps one for what v2 keeps in two places."""
    # The one or the other alone moves when only the person or only the job was changed.
    texts = [
        part["updated_at"] for part in (record.person, record.employment) if "updated_at" in part
    ]
    moments = [moment for moment in map(cleaning.moment, texts) if moment is not None]
    return max(moments) if moments else (None if texts else UNKNOWN)


FIELDS: Final[Mapping[str, tuple[str, Callable[[Record], object]]]] = {
    "first_name": ("first_name", _of_person("first_name", cleaning.text)),
    "last_name": ("last_name", _of_person("last_name", cleaning.text)),
    "email": ("email", _of_person("email", cleaning.text)),
    "status": ("status", _status),
    "position": ("position", _of_employment("position", _title)),
    "supervisor": ("supervisor", _of_employment("supervisor", cleaning.supervisor)),
    "employment_type": ("employment_type", _of_employment("type", _word)),
    "subcompany": ("subcompany", _subcompany),
    "office": ("office", _office),
    "department": ("department", _department),
    "cost_centers": ("cost_centers", _cost_centers),
    "hire_date": ("hire_date", _of_employment("employment_start_date", cleaning.day)),
    "termination_date": ("termination_date", _termination_date),
    "last_modified_at": ("last_modified", _last_modified),
}
"""By Personio's key (v1's name for it): the field of `Employee`, and what reads it off a record."""


def is_custom(key: str) -> bool:
    """Whether a key is that of a custom attribute."""
    return key not in FIELDS and key != "id"


def lists_for(asked: frozenset[str]) -> tuple[str, ...]:
    """Those of these attributes (all where empty) whose names stand in a list of their own."""
    return tuple(attribute for attribute in LISTS if not asked or attribute in asked)


def _custom_attributes(
    person: Wire, asked: frozenset[str], unusable: Counter[str]
) -> dict[str, str | None]:
    """The custom attributes by id, which is v1's key for them (`dynamic_612345`)."""
    custom: dict[str, str | None] = {}
    attributes = person.get("custom_attributes")
    for attribute in attributes if isinstance(attributes, list) else ():
        key = attribute.get("id") if isinstance(attribute, dict) else None
        if not isinstance(key, str) or "value" not in attribute or (asked and key not in asked):
            continue
        try:
            custom[cleaning.storable(key)] = _custom(attribute["value"], attribute.get("type"))
        except (cleaning.Unusable, RecursionError):
            unusable[key] += 1
    return custom


def _custom(value: object, kind: object) -> str | None:
    """A custom attribute's value as text; its type comes in either case of letters."""
    name = kind.upper() if isinstance(kind, str) else ""
    if name == "STRING_LIST":
        return cleaning.tags(value)
    if name == "DATE" and isinstance(value, str) and value:
        day = cleaning.day(value)
        return day.isoformat() if day else None
    return cleaning.text(value)
