"""Every address of the project, tried by nobody and by each role."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path

from rollcall import web
from rollcall.accounts import services
from rollcall.accounts.models import Role
from rollcall.accounts.permissions import Permission
from rollcall.web.shell.middleware import csp
from rollcall.web.shell.pages import INSTEAD, PAGES, Page, guarded, public_page
from tests.actors import TESTER
from tests.web.world import World, address

OTHER_ROOMS = (
    ".well-known/",
    "oauth2/",
    "userinfo",
    "saml2/",
    "api/",
    "scim/",
    "(?:api|scim|",
    "static/",
    "insights/directory/v1/",
)
"""Addresses that are not the portal's; their own tests guard them."""

BEFORE_SIGN_IN = {
    "account/sign-in/",
    "account/sign-out/",
    "account/inactive/",
    "account/second-factor/",
    "account/sign-up/",
    "account/password/renew/",
    "account/password/forgotten/",
    "account/password/forgotten/sent/",
    "account/password/new/done/",
    "account/^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "account/two-factor/authenticate/",
    "account/two-factor/webauthn/login/",
    "language/",
    "csp-report/",
}
BEHIND_SIGN_IN = {
    "account/",
    "account/confirm/",
    "account/email/",
    "account/password/change/",
    "account/password/set/",
    "account/two-factor/",
    "account/two-factor/reauthenticate/",
    "account/two-factor/totp/activate/",
    "account/two-factor/totp/deactivate/",
    "account/two-factor/recovery-codes/",
    "account/two-factor/recovery-codes/generate/",
    "account/two-factor/recovery-codes/download/",
    "account/two-factor/webauthn/",
    "account/two-factor/webauthn/add/",
    "account/two-factor/webauthn/reauthenticate/",
    "account/two-factor/webauthn/keys/<int:pk>/remove/",
    "account/two-factor/webauthn/keys/<int:pk>/edit/",
}
PUBLIC_PAGES = {"first-start", "set-password"}
OWN_PAGES = {
    "me",
    "me-profile",
    "me-security",
    "me-activity",
    "me-recovery",
    "me-recovery-confirm",
    "profile-look",
    "profile-sessions",
}
"""What whoever has access may open, without any role."""


WEB = Path(web.__file__).parent
FEATURES = set(WEB.rglob("urls.py")) - {WEB / "urls.py"}


def names() -> set[str]:
    """The names of all routes that stand at the top of the project or of the portal."""
    return {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}


def routes() -> Iterator[str]:
    """Every route of the project, as written."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            else:
                yield route

    return walk(get_resolver().url_patterns, "")


@pytest.mark.parametrize("urls", sorted(FEATURES, key=str), ids=lambda urls: urls.parent.name)
def test_every_feature_is_reached(urls: Path) -> None:
    module = import_module(".".join(["rollcall.web", *urls.relative_to(WEB).with_suffix("").parts]))
    assert {pattern.name for pattern in module.urlpatterns} <= PAGES.keys() & names()


def test_no_route_is_outside_the_lists() -> None:
    known = {one.route for one in PAGES.values()} | BEFORE_SIGN_IN | BEHIND_SIGN_IN
    unknown = [
        one for one in routes() if one not in known and not one.lstrip("^").startswith(OTHER_ROOMS)
    ]
    assert unknown == []


def test_only_the_one_time_links_are_pages_for_everybody() -> None:
    assert {one.name for one in PAGES.values() if one.reads is None} == PUBLIC_PAGES


def test_an_address_without_a_declared_role_stops_the_start() -> None:
    feature = ModuleType("feature")
    feature.urlpatterns = [path("open/", csp.report)]  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="nobody has said which role"):
        guarded(feature)


def test_two_pages_of_one_name_stop_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="two pages are called home"):
        public_page("elsewhere/", csp.report, name="home")


def test_nobody_is_sent_to_sign_in_from_every_page(client: Client, world: World) -> None:
    for page in _guarded():
        for method in ("get", "post"):
            answer = getattr(client, method)(address(page, world))
            assert (answer.status_code, _path(answer["Location"])) == (302, "/account/sign-in/"), (
                page.name
            )


def test_nobody_reaches_what_belongs_to_an_account(client: Client, world: World) -> None:
    for route in BEHIND_SIGN_IN:
        answer = client.get("/" + route.replace("<int:pk>", "1"))
        assert answer.status_code in (302, 404), route
        if answer.status_code == 302 and route not in ("account/", "account/email/"):
            assert _path(answer["Location"]) == "/account/sign-in/", route


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_it_may_and_nothing_else(
    client: Client, world: World, role: Role
) -> None:
    client.force_login(world.people[role.value], backend=_backend())
    for page in _guarded():
        for method in ("GET", "POST"):
            status = _status(client, page, world, method)
            if not page.takes(method):
                assert status == 405, (page.name, method)
            elif page.allows([role], method):
                assert status not in (401, 403, 405, 500), (page.name, method, status)
            else:
                assert status == 403, (page.name, method, status)


def test_a_page_for_managers_is_closed_to_readers() -> None:
    page = Page("x/", "x", Permission.WRITE_USERS, Permission.MANAGE_SETTINGS)
    assert not page.allows([Role.READ_ONLY], "GET")
    assert page.allows([Role.MANAGER], "GET")
    assert not page.allows([Role.MANAGER], "POST")
    assert page.allows([Role.ADMINISTRATOR], "POST")


def test_an_account_without_a_role_is_refused_by_every_page_of_administrators(
    client: Client, world: World
) -> None:
    account = services.create(TESTER, "employee@example.com", ())
    services.link(TESTER, account, world.user)
    client.force_login(account, backend=_backend())
    for page in _guarded():
        if page.name in OWN_PAGES:
            continue
        for method in ("GET", "POST"):
            expected = 403 if page.takes(method) else 405
            if page.name in INSTEAD and method == "GET":
                # whoever opens the site's own address is brought to their applications
                there = address(PAGES[INSTEAD[page.name]], world)
                assert client.get(address(page, world))["Location"] == there
                continue
            assert _status(client, page, world, method) == expected, (page.name, method)


def test_an_account_without_a_role_opens_its_own_pages(client: Client, world: World) -> None:
    account = services.create(TESTER, "employee@example.com", ())
    services.link(TESTER, account, world.user)
    client.force_login(account, backend=_backend())
    own = {page.name for page in _guarded() if page.allows((), "GET")}
    assert own == OWN_PAGES
    for name in own:
        assert client.get(address(PAGES[name], world)).status_code in (200, 302), name


def test_an_account_that_is_nobodys_is_as_good_as_none(client: Client, world: World) -> None:
    account = services.create(TESTER, "employee@example.com", ())
    client.force_login(account, backend=_backend())
    for page in _guarded():
        answer = client.get(address(page, world))
        assert (answer.status_code, _path(answer["Location"])) == (302, "/account/sign-in/")


def test_several_roles_open_what_each_of_them_opens(client: Client, world: World) -> None:
    roles = {Role.READ_ONLY, Role.ADMINISTRATOR}
    account = services.create(TESTER, "both@example.com", roles)
    client.force_login(account, backend=_backend())
    for page in _guarded():
        assert _status(client, page, world, "GET") not in (401, 403, 405, 500), page.name


def _status(client: Client, page: Page, world: World, method: str) -> int:
    return client.generic(method, address(page, world)).status_code


def _guarded() -> list[Page]:
    return [one for one in PAGES.values() if one.name not in PUBLIC_PAGES]


def _path(location: str) -> str:
    return location.partition("?")[0]


def _backend() -> str:
    return "rollcall.accounts.backend.AccountBackend"
