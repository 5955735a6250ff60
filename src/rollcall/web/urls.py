"""The portal's addresses: every feature's pages behind the guard, and the parts of sign-in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from rollcall.web.admin.applications import urls as applications
from rollcall.web.admin.audit import urls as audit
from rollcall.web.admin.groups import urls as groups
from rollcall.web.admin.home import urls as home
from rollcall.web.admin.imports import urls as imports
from rollcall.web.admin.policies import urls as policies
from rollcall.web.admin.profile import urls as profile
from rollcall.web.admin.settings import urls as settings
from rollcall.web.admin.settings.administrators import urls as administrators
from rollcall.web.admin.settings.api_keys import urls as api_keys
from rollcall.web.admin.settings.emails import urls as emails
from rollcall.web.admin.settings.events import urls as events
from rollcall.web.admin.settings.mfa import urls as mfa
from rollcall.web.admin.settings.notifications import urls as notifications
from rollcall.web.admin.settings.passwords import urls as passwords
from rollcall.web.admin.settings.people import urls as people
from rollcall.web.admin.settings.target import urls as target
from rollcall.web.admin.settings.user_management import urls as user_management
from rollcall.web.admin.settings.user_portal import urls as user_portal
from rollcall.web.admin.users import urls as users
from rollcall.web.me import urls as me
from rollcall.web.shell import pages
from rollcall.web.shell.middleware import csp
from rollcall.web.signin import urls as signin

urlpatterns: list[URLPattern | URLResolver] = [
    *pages.guarded(
        home,
        users,
        groups,
        applications,
        imports,
        policies,
        settings,
        user_management,
        user_portal,
        target,
        mfa,
        notifications,
        passwords,
        emails,
        administrators,
        api_keys,
        people,
        events,
        audit,
        profile,
        me,
        signin,
    ),
    path("account/", include(signin.ALLAUTH)),
    path("language/", set_language, name="set_language"),
    path(csp.REPORT_PATH.strip("/") + "/", csp.report, name="csp-report"),
]
