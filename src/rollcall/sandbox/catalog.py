"""The fixed furniture of the invented company: sites, companies, departments, positions, money."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "nordlicht-werke.example"


@dataclass(frozen=True, slots=True)
class Named:
    """Something with Personio's numeric id and a name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Office(Named):
    """A site; `share` is how many of 64 people sit there, `subcompany` a position in that list."""

    country: str
    state: str | None
    subcompany: int
    share: int


@dataclass(frozen=True, slots=True)
class Department(Named):
    """A department and the division it is a part of."""

    division: int


@dataclass(frozen=True, slots=True)
class Division:
    """A division under one head: its departments' names and its people's positions."""

    departments: tuple[str, ...]
    positions: tuple[str, ...]


SUBCOMPANIES = (
    Named(7120, "Nordlicht Werke GmbH"),
    Named(7121, "Nordlicht Österreich Ges.m.b.H."),
    Named(7122, "Nordlicht Polska Sp. z o.o."),
    Named(7123, "Nordlicht Ibérica S.L."),
    Named(7124, "Nordlicht Türkiye A.Ş."),
    Named(7125, "Nordlicht Japan K.K."),
)
LEGAL_ENTITIES = tuple(Named(170 + at, company.name) for at, company in enumerate(SUBCOMPANIES))
LEGAL_ENTITY_COUNTRIES = ("DE", "AT", "PL", "ES", "TR", "JP")

OFFICES = (
    Office(130551, "Kiel", "DE", "Schleswig-Holstein", 0, 20),
    Office(130552, "Hamburg", "DE", "Hamburg", 0, 12),
    Office(130553, "Köln", "DE", "Nordrhein-Westfalen", 0, 9),
    Office(130554, "München", "DE", "Bayern", 0, 7),
    Office(130555, "Görlitz", "DE", "Sachsen", 0, 4),
    Office(130556, "Wien", "AT", None, 1, 3),
    Office(130557, "Łódź", "PL", None, 2, 3),
    Office(130558, "A Coruña", "ES", None, 3, 2),
    Office(130559, "İstanbul", "TR", None, 4, 2),
    Office(130560, "大阪 (Osaka)", "JP", None, 5, 1),
    Office(130561, "Remote", "DE", None, 0, 1),
)
OFFICE_AT = tuple(at for at, office in enumerate(OFFICES) for _ in range(office.share))

DIVISIONS = (
    Division(
        ("Production", "Maintenance", "Plant Engineering"),
        (
            "Maschinenbediener",
            "Schichtführer Fertigung",
            "Industriemechaniker",
            "Production Planner",
            "Anlagenfahrer",
        ),
    ),
    Division(
        ("Research & Development", "Mechanical Design", "Electronics", "Software"),
        (
            "Entwicklungsingenieur",
            "Software Engineer",
            "Konstrukteur",
            "Test Engineer",
            "Data Engineer",
        ),
    ),
    Division(
        ("Sales", "Key Accounts", "Marketing"),
        ("Account Manager", "Vertrieb Innendienst", "Content Manager", "Sales Engineer"),
    ),
    Division(
        ("Quality", "Incoming Inspection", "Certification"),
        ("Prüfer Wareneingang", "Quality Engineer", "Auditor", "Messtechniker"),
    ),
    Division(
        ("Finance", "Controlling", "Accounts Payable"),
        ("Buchhalter", "Controller", "Financial Analyst", "Treasury Manager"),
    ),
    Division(
        ("Logistics", "Warehouse", "Purchasing"),
        ("Lagerlogistiker", "Einkäufer", "Disponent", "Supply Chain Analyst"),
    ),
    Division(
        ("IT", "IT Operations", "Information Security"),
        ("Systemadministrator", "IT-Supporter", "Security Engineer", "Business Analyst"),
    ),
    Division(
        ("People & Culture", "Payroll", "Training"),
        ("HR Business Partner", "Personalsachbearbeiter", "Recruiter", "Ausbilder"),
    ),
    Division(
        ("Customer Service", "Field Service", "Spare Parts"),
        ("Servicetechniker", "Support Agent", "Kundenberater", "Service Planner"),
    ),
)

MANAGEMENT = Department(280300, "Management", -1)


def _departments() -> tuple[tuple[Department, ...], ...]:
    rows: list[tuple[Department, ...]] = []
    next_id = MANAGEMENT.id + 1
    for at, division in enumerate(DIVISIONS):
        rows.append(
            tuple(Department(next_id + n, name, at) for n, name in enumerate(division.departments))
        )
        next_id += len(division.departments)
    return tuple(rows)


DEPARTMENTS = _departments()
"""The departments of each division, in the divisions' order."""
ALL_DEPARTMENTS = (MANAGEMENT, *(department for row in DEPARTMENTS for department in row))

COST_CENTERS = tuple(
    Named(82100 + at, f"{4000 + 10 * at} {department.name}")
    for at, department in enumerate(ALL_DEPARTMENTS)
)
COST_CENTER_OF = {department.id: COST_CENTERS[at] for at, department in enumerate(ALL_DEPARTMENTS)}
OVERHEAD = Named(82190, "4900 Overhead")
PROJECTS = Named(82191, "4950 Projects & Tools")
ALL_COST_CENTERS = (*COST_CENTERS, OVERHEAD, PROJECTS)

TEAM_IDS_FROM = 4500
