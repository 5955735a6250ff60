"""The choices that the stand-in account leaves open: Personio's own answers are not settled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class QueryCredentials(StrEnum):
    """Credentials in the query string of POST /v1/auth: refused from 2026-12-04 on."""

    REFUSE = "refuse"
    ACCEPT = "accept"


class LargeLimit(StrEnum):
    """What v1 does with a limit above 100."""

    REFUSE = "refuse"
    CLAMP = "clamp"


class UpdatedSince(StrEnum):
    """Whether updated_since goes together with limit and offset (measured) or not (documented)."""

    PAGED = "paged"
    UNPAGED = "unpaged"


class SupervisorDetail(StrEnum):
    """What v1 tells of a supervisor."""

    ID = "id"
    FULL = "full"


class EmptyObject(StrEnum):
    """How v1 writes an object attribute without a value."""

    NULL = "null"
    TEXT = "text"
    LIST = "list"


class RetryAfter(StrEnum):
    """Whether a 429 carries Retry-After."""

    NO = "no"
    YES = "yes"


class Tokens(StrEnum):
    """Whether a token of one version of the API opens the other."""

    SHARED = "shared"
    SEPARATE = "separate"


class V1Right(StrEnum):
    """Whether the credential may read employees over v1; over v2 its scopes decide."""

    GRANTED = "granted"
    MISSING = "missing"


class BetaHeader(StrEnum):
    """Whether v2's lists of names answer without the header `Beta: true`."""

    OPTIONAL = "optional"
    REQUIRED = "required"


class MissingRight(StrEnum):
    """The status with which v2 refuses a token that lacks the scope."""

    UNAUTHORIZED = "401"
    FORBIDDEN = "403"


class TypeCase(StrEnum):
    """How v2 writes the types of custom attributes: lower on the wire, upper in the contract."""

    LOWER = "lower"
    UPPER = "upper"


class NextLink(StrEnum):
    """What the link to v2's next page looks like."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    FILTERS = "filters"
    LOOPING = "looping"


class Drift(StrEnum):
    """Whether people vanish while v1's pages are read: each page one row on, the total one down."""

    NO = "no"
    YES = "yes"


SCOPES = (
    "personio:persons:read",
    "personio:compensations:read",
    "personio:absences:read",
    "personio:attendances:read",
    "personio:webhooks:read",
)
PERSONS_READ = "personio:persons:read"


@dataclass(frozen=True)
class Switches:
    """One choice for every open question; the defaults are the likelier answers.

    `unreadable` and `readable` hold v1's attribute keys: what the credential may not read, and
    (when given) the only ones it may. `id` is always readable.
    """

    query_credentials: QueryCredentials = QueryCredentials.REFUSE
    large_limit: LargeLimit = LargeLimit.REFUSE
    updated_since: UpdatedSince = UpdatedSince.PAGED
    supervisor: SupervisorDetail = SupervisorDetail.ID
    empty_object: EmptyObject = EmptyObject.NULL
    retry_after: RetryAfter = RetryAfter.NO
    tokens: Tokens = Tokens.SHARED
    v1_right: V1Right = V1Right.GRANTED
    beta_header: BetaHeader = BetaHeader.OPTIONAL
    missing_right: MissingRight = MissingRight.UNAUTHORIZED
    type_case: TypeCase = TypeCase.LOWER
    next_link: NextLink = NextLink.ABSOLUTE
    drift: Drift = Drift.NO
    readable: frozenset[str] | None = None
    unreadable: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = SCOPES
    paced: bool = False
    token_seconds: int = 86_400

    def may_read(self, key: str) -> bool:
        """Whether the credential may read the attribute with v1's key `key`."""
        if key == "id":
            return True
        return key not in self.unreadable and (self.readable is None or key in self.readable)
