"""The department, team and cost centers that follow from a place in the org chart."""

from __future__ import annotations

from . import catalog, orgchart
from .person import Share


def department(chain: list[int]) -> catalog.Department:
    """The department of whoever stands at the end of a chain from the top down."""
    if len(chain) == 1:
        return catalog.MANAGEMENT
    division = catalog.DEPARTMENTS[(chain[1] - 1) % len(catalog.DEPARTMENTS)]
    return division[chain[2] % len(division)] if len(chain) > 2 else division[0]


def team(number: int) -> tuple[catalog.Named, catalog.Department]:
    """The team numbered `number` (from 0) and its department."""
    home = department(orgchart.chain(orgchart.level_start(2) + number))
    return catalog.Named(catalog.TEAM_IDS_FROM + number, f"{home.name} {number + 1}"), home


def teams(people: int) -> int:
    """How many teams a company of that size has: its managers on the levels two and three."""
    start, end = orgchart.level_start(2), orgchart.level_start(4)
    return max(0, min(orgchart.last_manager(people) + 1, end) - start)


def cost_centers(home_of: catalog.Department, bits: int) -> tuple[Share, ...]:
    """A person's cost centers: their department's, for one in seven shared with others."""
    home = catalog.COST_CENTER_OF[home_of.id]
    draw = (bits >> 40) % 100
    if draw < 3:
        return Share(home, 50), Share(catalog.OVERHEAD, 30), Share(catalog.PROJECTS, 20)
    if draw < 14:
        return Share(home, 60), Share(catalog.OVERHEAD, 40)
    return (Share(home, 100),)
