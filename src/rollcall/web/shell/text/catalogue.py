"""The catalogue's words, for the translators: the catalogue itself is data."""

from __future__ import annotations

from django.utils.translation import gettext_noop

NAMES = (
    gettext_noop("CSV file"),
    gettext_noop("Bookmark"),
    gettext_noop("Custom OIDC"),
    gettext_noop("Custom SAML"),
    gettext_noop("GitLab (self-managed)"),
)
"""The templates that are called by a word; the others are called by a product's name."""

DESCRIPTIONS = (
    gettext_noop("Imports the employees of a Personio account as users."),
    gettext_noop("Imports the employees in a file as users, whichever HR system wrote it."),
    gettext_noop("Projects, tickets and pages: Jira and Confluence."),
    gettext_noop("Payroll and accounting."),
    gettext_noop("Design and prototypes."),
    gettext_noop("Source code and reviews."),
    gettext_noop("Source code and pipelines."),
    gettext_noop("Mail, calendar and documents."),
    gettext_noop("Customers and marketing."),
    gettext_noop("Shared whiteboards."),
    gettext_noop("Notes and knowledge."),
    gettext_noop("Customers and sales."),
    gettext_noop("Messages and channels."),
    gettext_noop("Video calls."),
    gettext_noop("Any application that signs people on by OpenID Connect."),
    gettext_noop("Any application that signs people on by SAML 2.0."),
    gettext_noop("Accounts and roles of Amazon Web Services."),
    gettext_noop("Source code and pipelines on a server of your own."),
    gettext_noop("Dashboards of figures and logs."),
    gettext_noop("Files, calendar and contacts on a server of your own."),
    gettext_noop("Any other address."),
)
