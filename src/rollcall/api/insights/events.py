"""`/insights/directory/v1/events` and its three counts (JumpCloud Directory Insights API 1.0)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Router

from rollcall.api.insights.bodies import (
    Distinct,
    EventCount,
    EventDistinctQuery,
    EventIntervalQuery,
    EventQuery,
    Intervals,
)
from rollcall.api.jumpcloud.errors import bad_request
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.v1.users import REFUSALS
from rollcall.audit import counting
from rollcall.audit.insights import as_insights
from rollcall.audit.questions import Place, page
from rollcall.audit.search_terms import Unsearchable
from rollcall.directory.models import Organization

router = Router(tags=["Directory Insights"])

Answering = TypeVar("Answering", bound=Callable[..., HttpResponse])


def refusing(view: Answering) -> Answering:
    """The view, with a question that cannot be answered refused as the API says it."""

    @wraps(view)
    def told(*args: Any, **more: Any) -> HttpResponse:
        try:
            return view(*args, **more)
        except Unsearchable as error:
            raise bad_request(f"Bad Request: {error}") from None

    return told  # type: ignore[return-value]  # the same call, as `wraps` says


@router.post("/events", response={200: list[dict[str, Any]], **REFUSALS})
@refusing
def query_events(request: HttpRequest, payload: EventQuery) -> HttpResponse:
    """The events, the newest first unless `sort` is ASC, a page at a time.

    `X-Result-Count` says how many came, `X-Limit` how many at the most; fewer are the last page.
    `X-Search_after` is the next page's `search_after`.
    """
    after = Place.from_texts(payload.search_after) if payload.search_after else None
    events = page(
        payload.question().events(),
        payload.size,
        newest_first=(payload.sort or "DESC").upper() == "DESC",
        after=after,
        skip=payload.skip or 0,
    )
    organization = Organization.the().id
    shown = [only(as_insights(event, organization), payload.fields) for event in events]
    response = answer(shown)
    response["X-Result-Count"] = str(len(events))
    response["X-Limit"] = str(payload.size)
    if events:
        response["X-Search_after"] = json.dumps(Place.of(events[-1]).as_texts())
    return response


@router.post("/events/count", response={200: EventCount, **REFUSALS})
@refusing
def count_events(request: HttpRequest, payload: EventQuery) -> HttpResponse:
    """How many events there are."""
    return answer({"count": payload.question().events().count()})


@router.post("/events/distinct", response={200: Distinct, **REFUSALS})
@refusing
def distinct_values(request: HttpRequest, payload: EventDistinctQuery) -> HttpResponse:
    """The values of a field, the most frequent first, with how many events have each."""
    tallies, others = counting.values(payload.question().events(), payload.field)
    buckets = [{"key": tally.value, "doc_count": tally.count} for tally in tallies]
    return answer(
        {"buckets": buckets, "doc_count_error_upper_bound": 0, "sum_other_doc_count": others}
    )


@router.post("/events/interval", response={200: Intervals, **REFUSALS})
@refusing
def count_by_interval(request: HttpRequest, payload: EventIntervalQuery) -> HttpResponse:
    """How many events there are in each interval, from the first that holds one to the last."""
    buckets = counting.by_interval(payload.question().events(), payload.interval())
    return answer({"buckets": [_interval(bucket) for bucket in buckets]})


def only(event: dict[str, Any], fields: Iterable[str] | None) -> dict[str, Any]:
    """Of an event these fields, by their dotted names; all of them where none are named."""
    if not fields:
        return event
    kept: dict[str, Any] = {}
    for name in fields:
        first, _, inner = name.partition(".")
        if first not in event:
            continue
        value = event[first]
        if inner and isinstance(value, dict) and isinstance(kept.get(first, {}), dict):
            kept[first] = {**kept.get(first, {}), **only(value, [inner])}
        elif not inner:
            kept[first] = value
    return kept


def _interval(bucket: counting.Bucket) -> dict[str, Any]:
    start = bucket.start.astimezone(UTC)
    return {
        "key": int(start.timestamp()) * 1000,
        "key_as_string": start.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "doc_count": bucket.count,
    }
