"""Cursors are followed to the end, and never in circles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.sources.personio.v2.pagination import MOST_PAGES_WITHOUT_NEWS, Cursors, cursor_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["_meta", "links", "next", "href", "_data"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


def page(link: object = None) -> dict[str, Any]:
    links: dict[str, Any] = {"self": {"href": "https://api.personio.de/v2/persons"}}
    return {"_meta": {"links": links if link is None else {**links, "next": {"href": link}}}}


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        ("https://api.personio.de/v2/persons?cursor=cur_82sQ", "cur_82sQ"),
        ("/v2/persons?cursor=cur_82sQ", "cur_82sQ"),
        ("?status=ACTIVE&cursor=cur_82sQ&limit=50", "cur_82sQ"),
        ("https://elsewhere.example/?cursor=a%26b%3D", "a&b="),
        ("https://api.personio.de/v2/persons", None),
        ("https://api.personio.de/v2/persons?cursor=", None),
        (f"?cursor={'x' * 5000}", None),
        ("?" + "a=b&" * 200 + "cursor=x", None),
        ("http://[", None),
        (7, None),
        ({"cursor": "x"}, None),
    ],
)
def test_of_a_link_only_the_cursor_is_taken(link: object, cursor: str | None) -> None:
    assert cursor_of(link) == cursor


def test_a_page_without_a_next_link_is_the_end() -> None:
    cursors = Cursors()
    assert cursors.after(page("?cursor=a"), news=True) == "a"
    assert not cursors.is_whole
    assert cursors.after(page(), news=True) is None
    assert cursors.is_whole


def test_a_link_without_a_cursor_is_no_end() -> None:
    cursors = Cursors()
    assert cursors.after(page("https://api.personio.de/v2/persons"), news=True) is None
    assert not cursors.is_whole


def test_a_cursor_that_comes_again_ends_the_walk_unfinished() -> None:
    cursors = Cursors()
    assert cursors.after(page("?cursor=a"), news=True) == "a"
    assert cursors.after(page("?cursor=b"), news=True) == "b"
    assert cursors.after(page("?cursor=a"), news=True) is None
    assert not cursors.is_whole


def test_pages_that_bring_nothing_new_end_the_walk_and_a_few_do_not() -> None:
    cursors = Cursors()
    for number in range(MOST_PAGES_WITHOUT_NEWS - 1):
        assert cursors.after(page(f"?cursor=a{number}"), news=False)
    assert cursors.after(page("?cursor=b"), news=True)
    for number in range(MOST_PAGES_WITHOUT_NEWS - 1):
        assert cursors.after(page(f"?cursor=c{number}"), news=False)
    assert cursors.after(page("?cursor=d"), news=False) is None
    assert not cursors.is_whole


def test_so_many_pages_and_no_more() -> None:
    cursors = Cursors(most_pages=3)
    walked = [cursors.after(page(f"?cursor={number}"), news=True) for number in range(4)]
    assert walked == ["0", "1", None, None]


@given(JSON)
def test_whatever_a_page_holds_the_next_cursor_is_one_or_none(content: object) -> None:
    if isinstance(content, dict):
        found = Cursors().after(content, news=True)
        assert found is None or 0 < len(found) <= 4096
