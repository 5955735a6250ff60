"""How v1 lists are paged, sorted, filtered and searched, as conditions on the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from rollcall.api.jumpcloud import factor_fields
from rollcall.api.jumpcloud.constants import Constant, flag
from rollcall.api.jumpcloud.errors import Problem, bad_request
from rollcall.core.patterns import PatternRefused, compiled
from rollcall.directory import search
from rollcall.directory.fields import SearchField

MAXIMUM_LIMIT: Final = 100
MAXIMUM_SEARCH_LIMIT: Final = 1000
"""Of `POST /api/search/systemusers`: the vendor's PowerShell module reads by the thousand."""
DEFAULT_LIMIT: Final = 10
FARTHEST: Final = 2**31 - 1
# Told to clients in docs/api.md, these bounds: change both.
MAXIMUM_VALUES: Final = 1000
MAXIMUM_COMPARISONS: Final = 200
MAXIMUM_NAMES: Final = 100
LONGEST_GAP: Final = 4
"""Blanks between two names."""
LOOKUPS: Final = {"gt": "gt", "ge": "gte", "gte": "gte", "lt": "lt", "le": "lte", "lte": "lte"}

Columns = Mapping[str, str | Constant]
"""Where each field is: a column, or the value that every row has of it."""

Row = TypeVar("Row", bound=Model)


def paged(rows: QuerySet[Row], limit: int, skip: int, most: int = MAXIMUM_LIMIT) -> QuerySet[Row]:
    """The page of at most `limit` rows after the first `skip`.

    Raises:
        Problem: 400 for a limit above `most`, or a negative number.
    """
    check_page(limit, skip, most)
    return rows[skip : skip + limit]


def check_page(limit: int, skip: int, most: int = MAXIMUM_LIMIT) -> None:
    """Refuse a page that the vendor would refuse.

    Raises:
        Problem: 400, in the vendor's words where they are known.
    """
    if limit > most:
        raise bad_request(f'Bad Request: request parameter "limit" exceeds maximum value of {most}')
    for name, value in (("limit", limit), ("skip", skip)):
        if value < 0:
            raise bad_request(f'Bad Request: request parameter "{name}" is below 0')
    # Beyond this a database's number overflows, which would be an error of ours and not the
    # caller's.
    if skip > FARTHEST:
        raise bad_request(f'Bad Request: request parameter "skip" exceeds {FARTHEST}')


def ordering(sort: str, columns: Columns, ignored: Iterable[str] = ()) -> list[str]:
    """The order by blank-separated fields, `-` for descending, the id last: no row comes twice.

    Raises:
        Problem: 400 for a field that cannot be sorted by.
    """
    order = []
    for word in names(sort):
        name = word.lstrip("-+")
        column = columns.get(name)
        if isinstance(column, str):
            order.append(("-" if word.startswith("-") else "") + column)
        elif column is None and name not in ignored:
            raise bad_request(f"Bad Request: cannot sort by {name!r}")
    # Without a last field that is unique, a client that pages by skip sees some rows twice and
    # others never.
    return [*order, "id"]


def filtered(filters: Iterable[str], columns: Columns) -> Q:
    """All of these v1 filters, `field:$operator:value`.

    Raises:
        Problem: 400 for an unknown field or operator, or a value of the wrong kind.
    """
    condition = Q()
    for name, operator, value in comparisons(filters):
        condition &= compared(name, operator, value, columns)
    return condition


def comparisons(filters: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The field, the operator without its `$`, and the value of each v1 filter.

    Raises:
        Problem: 400 where there are too many, or one is written otherwise.
    """
    for text in few(filters):
        if not text.strip():
            continue
        name, _, rest = text.partition(":")
        operator, colon, value = rest.partition(":")
        if not colon or not operator.startswith("$"):
            raise bad_request("Bad Request: a filter is written field:$operator:value")
        yield name.strip(), operator[1:], value


def compared(name: str, operator: str, value: object, columns: Columns) -> Q:
    """One comparison of a field with a value (for `in` and `nin`: a list, or text with commas).

    Raises:
        Problem: 400 for an unknown field or operator, or a value of the wrong kind.
    """
    if name == "suspended":
        return _suspended(operator, value)
    if name not in columns:
        raise bad_request(f"Bad Request: cannot filter by {name!r}")
    column = columns[name]
    if isinstance(column, Constant):
        return EVERYBODY if column.fits(operator, value) else NOBODY
    if operator in {"eq", "ne"}:
        return _equal(column, _value(name, value), wanted=operator == "eq")
    if operator in LOOKUPS:
        return Q((f"{column}__{LOOKUPS[operator]}", _value(name, value)))
    if operator in {"in", "nin"}:
        values = [_value(name, operand) for operand in _several(value)]
        condition = Q((f"{column}__in", values))
        return condition if operator == "in" else ~condition
    if operator == "exists":
        return _empty(column) if not flag(value) else ~_empty(column)
    if operator == "regex":
        return Q((f"{column}__regex", _pattern(value)))
    raise bad_request(f"Bad Request: unknown operator ${operator}")


OF_PASSWORDS: Final = frozenset({"account__password_set_at", "account__password_expires_at"})
MOMENTS: Final = frozenset({"created", "password_date", "password_expiration_date"})
NULLABLE: Final = OF_PASSWORDS | {"manager_id", "employeeIdentifier"}
BOOLEAN: Final = frozenset(
    {
        *("activated", "account_locked", "password_expired", "active", "disabled"),
        *(name for name in factor_fields.COLUMNS if name != "mfaEnrollment.overallStatus"),
        *(column for column in factor_fields.COLUMNS.values() if column != "factor_status"),
    }
)
# E-mails are stored in small letters, so they can be compared without a function on the column.
LOWERED: Final = frozenset({"email"})
NOBODY: Final = Q(pk__in=[])
EVERYBODY: Final = ~NOBODY
"""Not an empty `Q()`, which says nothing where it is joined by "or"."""
SEARCH_KEYS: Final = frozenset({"searchTerm", "fields"})


def by_object(given: object, columns: Columns) -> Q:
    """The condition of a search body's `filter`: `{and|or: [{field: value}, …]}`, or the list.

    A value may be an object of operators (`{"$in": […]}`), an expression also `field:$eq:value`.

    Raises:
        Problem: 400 for another shape, an unknown field or operator.
    """
    if not given:
        return Q()
    # Before the recursion below: what is refused must not have cost the work first.
    _count(given)
    if isinstance(given, dict) and set(given) <= {"and", "or"}:
        condition = Q()
        for word, expressions in given.items():
            if not isinstance(expressions, list):
                raise bad_request(f"Bad Request: filter.{word} is not a list")
            condition &= _joined(
                word, [_expression(expression, columns) for expression in expressions]
            )
        return condition
    expressions = given if isinstance(given, list) else [given]
    return _joined("and", [_expression(expression, columns) for expression in expressions])


def searched(given: object, columns: Columns) -> Q:
    """The condition of a `searchFilter`: the term (or one of them) is part of one of the fields.

    Raises:
        Problem: 400 for another shape or an unknown field.
    """
    if not given:
        return Q()
    if isinstance(given, str):
        given = {"searchTerm": given}
    if not isinstance(given, dict):
        raise bad_request("Bad Request: searchFilter is not an object")
    # What is not understood may narrow the search: without it, too many would be found.
    if unknown := sorted(map(str, given.keys() - SEARCH_KEYS)):
        raise bad_request(f"Bad Request: unknown key of searchFilter: {unknown[0][:100]!r}")
    terms = _texts(given.get("searchTerm", ""), "searchTerm")
    listed = _texts(given.get("fields") or [], "fields")
    if len(terms) * max(len(listed), 1) > MAXIMUM_COMPARISONS:
        raise bad_request("Bad Request: too many terms in too many fields")
    fields = [name for text in listed for name in names(text)]
    for name in fields:
        if name not in columns:
            raise bad_request(f"Bad Request: cannot search in {name!r}")
    # Counted before anything is built: SQLite's parser has a depth that a long OR runs into.
    if len(terms) * len(fields) > MAXIMUM_COMPARISONS:
        raise bad_request("Bad Request: too many terms in too many fields")
    condition = Q()
    for term in terms:
        if not fields:
            condition |= search.anywhere(term)
        for name in fields:
            condition |= contains(columns[name], term, search.OF_USERS)
    return condition


def contains(column: str | Constant, text: str, within: SearchField) -> Q:
    """The condition that the text is part of a field; neither case nor accents count.

    `within` is what is searched of the rows that have the field.
    """
    if isinstance(column, Constant):
        return EVERYBODY if column.holds(text) else NOBODY
    return search.in_field(column, text, within)


def search_parameter(query: Mapping[str, Any], lists: Callable[[str], Sequence[str]]) -> object:
    """What `search` says in an address: JSON, plain text, or `search[searchTerm]=…`."""
    text = query.get("search", "")
    if text.startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise bad_request("Bad Request: search is not valid JSON") from None
    if text:
        return text
    terms = [*lists("search[searchTerm]"), *lists("search[searchTerm][]")]
    fields = [*lists("search[fields]"), *lists("search[fields][]")]
    return {"searchTerm": terms, "fields": fields} if terms else None


def _count(given: object) -> None:
    """Refuse a filter of too many comparisons or values before anything is made of it."""
    comparisons = values = 0
    # Level by level and not by recursion: the depth is the client's.
    level = [given]
    while level:
        item = level.pop()
        if isinstance(item, dict):
            comparisons += sum(1 for name in item if name not in {"and", "or"})
            level.extend(item.values())
        elif isinstance(item, list):
            values += len(item)
            level.extend(item)
        if comparisons > MAXIMUM_COMPARISONS or values > MAXIMUM_VALUES + MAXIMUM_COMPARISONS:
            raise bad_request("Bad Request: too many filter expressions or values")


def _expression(given: object, columns: Columns) -> Q:
    if isinstance(given, str):
        return filtered([given], columns)
    if not isinstance(given, dict):
        raise bad_request("Bad Request: a filter expression is an object")
    condition = Q()
    for name, value in given.items():
        # The vendor describes one level.
        if name in {"and", "or"}:
            raise bad_request("Bad Request: and, or cannot be nested")
        if isinstance(value, dict):
            for operator, operand in value.items():
                condition &= compared(name, operator.removeprefix("$"), operand, columns)
        elif isinstance(value, list):
            condition &= compared(name, "in", value, columns)
        else:
            condition &= compared(name, "eq", value, columns)
    return condition


def _joined(word: str, conditions: Sequence[Q]) -> Q:
    if len(conditions) > MAXIMUM_COMPARISONS:
        raise bad_request("Bad Request: too many filter expressions")
    whole = Q()
    for condition in conditions:
        whole = whole | condition if word == "or" else whole & condition
    return whole


def _equal(column: str, value: object, *, wanted: bool) -> Q:
    if value is None or (value == "" and column in NULLABLE):
        return _empty(column) if wanted else ~_empty(column)
    if wanted:
        return Q((column, value))
    # In SQL nothing is unequal to NULL: who has no value would be missing from "is not this one".
    return ~Q((column, value)) | Q((column, None)) if column in NULLABLE else ~Q((column, value))


def _empty(column: str) -> Q:
    if column in NULLABLE:
        return Q((column, None))
    # A truth value or a time is never empty, and to compare it with a text is an error in
    # PostgreSQL.
    return NOBODY if column in {*BOOLEAN, "created"} else Q((column, ""))


def _suspended(operator: str, value: object) -> Q:
    if operator not in {"eq", "ne"}:
        raise bad_request(f"Bad Request: cannot filter suspended by ${operator}")
    suspended = Q(state="SUSPENDED")
    return suspended if flag(value) == (operator == "eq") else ~suspended


def _value(name: str, value: object) -> str | bool | datetime | None:
    if value is None:
        return None
    if name in BOOLEAN:
        return flag(value)
    if isinstance(value, bool | float | dict | list):
        raise bad_request(f"Bad Request: the value for {name} is not text")
    text = str(value)
    if name in MOMENTS:
        return _moment(text)
    return text.lower() if name in LOWERED else text


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text) or parse_datetime(f"{text}T00:00:00")
    except ValueError:
        moment = None
    if moment is None:
        raise bad_request("Bad Request: the value for created is not a time")
    try:
        # Near the first or the last year, a time falls out of the calendar on its way to UTC.
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        return aware.astimezone(UTC)
    except (OverflowError, ValueError):
        raise bad_request("Bad Request: the value for created is out of range") from None


def _several(value: object) -> list[object]:
    # Counted before it is split, so that a long text is refused without a long list.
    number = len(value) if isinstance(value, list) else str(value).count(",") + 1
    if number > MAXIMUM_VALUES:
        raise Problem(400, f"Bad Request: more than {MAXIMUM_VALUES} values")
    values = list(value) if isinstance(value, list) else str(value).strip("[]").split(",")
    return [operand.strip() if isinstance(operand, str) else operand for operand in values]


def _pattern(value: object) -> str:
    """A pattern that is searched for in linear time."""
    pattern = str(value)
    try:
        compiled(pattern)
    except PatternRefused as refusal:
        raise bad_request(f"Bad Request: {refusal}") from None
    return pattern


def names(text: str) -> list[str]:
    """The names in a text with blanks or commas between.

    Raises:
        Problem: 400 where they are too many; they are counted before they are taken apart.
    """
    plain = text.replace(",", " ")
    if plain.count(" ") > LONGEST_GAP * MAXIMUM_NAMES:
        raise bad_request("Bad Request: too many names")
    words = plain.split()
    if len(words) > MAXIMUM_NAMES:
        raise bad_request("Bad Request: too many names")
    return words


def few(filters: Iterable[str]) -> list[str]:
    """The filters, if they are few enough.

    Raises:
        Problem: 400 where they are not.
    """
    listed = list(filters)
    if len(listed) > MAXIMUM_COMPARISONS:
        raise bad_request("Bad Request: too many filters")
    return listed


def _texts(value: object, name: str) -> list[str]:
    values = value if isinstance(value, list) else [value]
    texts = [text for text in values if isinstance(text, str)]
    if len(texts) != len(values):
        raise bad_request(f"Bad Request: {name} is not text")
    return texts
