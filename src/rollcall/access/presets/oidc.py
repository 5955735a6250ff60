"""The presets of applications that sign people on by OpenID Connect."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from rollcall.access.presets.preset import Blank, Kind, OidcPreset, Preset

COPY_CLIENT: Final = gettext_noop(
    "Copy the client ID and the client secret that you get here into the application's settings."
)
COPY_ISSUER: Final = gettext_noop(
    "Give the application the issuer or, where it asks for it, the discovery address; it reads the "
    "rest from there."
)
NEEDS_PKCE: Final = gettext_noop(
    "Switch on PKCE with the method S256 there: Rollcall takes no sign-on without it."
)
BIND: Final = gettext_noop(
    "Bind the application to the user groups whose members are to use it, and try it with the test "
    "on this page."
)

OIDC: Final = (
    Preset(
        "custom-oidc",
        OidcPreset(),
        (
            gettext_noop(
                "Look up in the application's settings which redirect address (callback URL) it "
                "is answered at, and enter it here letter by letter."
            ),
            COPY_CLIENT,
            COPY_ISSUER,
            NEEDS_PKCE,
            BIND,
        ),
    ),
    Preset(
        "personio",
        # The second is the one of Personio's app on telephones.
        OidcPreset(
            redirect_uris=("{callback}", "https://auth.personio.de/providers/oauth/callback"),
        ),
        (
            gettext_noop(
                "In Personio open Settings, Integrations, Authentication, and there the tab OAuth "
                "2.0. Copy the Callback URI into the field here."
            ),
            gettext_noop(
                "Enter there the client ID, the client secret and, from this page, the "
                "authorization, token and userinfo addresses and the scopes."
            ),
            gettext_noop("Let Personio know people by their e-mail."),
            gettext_noop(
                "The import of employees goes on as it is: it has credentials of its own."
            ),
            BIND,
        ),
        blanks=(
            Blank(
                "callback",
                gettext_noop("Callback URI from Personio"),
                "https://mycompany.personio.de/…",
                Kind.ADDRESS,
            ),
        ),
        source="https://support.personio.de/hc/en-us/articles/360000019129",
    ),
    Preset(
        "nextcloud",
        OidcPreset(
            redirect_uris=("https://{host}/apps/user_oidc/code",),
            post_logout_redirect_uris=("https://{host}/",),
        ),
        (
            gettext_noop(
                "In Nextcloud install the app for OpenID Connect (user_oidc); then open "
                "Administration settings, OpenID Connect, and register a new provider."
            ),
            COPY_CLIENT,
            COPY_ISSUER,
            gettext_noop(
                "Enter the scopes from this page. Map the user ID to preferred_username or to sub, "
                "and do not change that afterwards."
            ),
            BIND,
        ),
        blanks=(Blank("host", gettext_noop("Host of your Nextcloud"), "cloud.example.com"),),
        source="https://github.com/nextcloud/user_oidc",
    ),
    Preset(
        "grafana",
        OidcPreset(
            redirect_uris=("https://{host}/login/generic_oauth",),
            post_logout_redirect_uris=("https://{host}/login",),
            initiate_login_uri="https://{host}/login/generic_oauth",
        ),
        (
            gettext_noop(
                "In Grafana open Administration, Authentication, Generic OAuth, or the section "
                "[auth.generic_oauth] of its configuration."
            ),
            COPY_CLIENT,
            gettext_noop(
                "Enter there the authorization, token and userinfo addresses and the scopes from "
                "this page."
            ),
            NEEDS_PKCE,
            gettext_noop(
                "Roles come from the claim groups, by an expression such as: contains(groups[*], "
                "'Engineering') && 'Editor' || 'Viewer'."
            ),
            BIND,
        ),
        blanks=(Blank("host", gettext_noop("Host of your Grafana"), "grafana.example.com"),),
        source=(
            "https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/"
            "configure-authentication/generic-oauth/"
        ),
    ),
    Preset(
        "gitlab-self-managed",
        OidcPreset(redirect_uris=("https://{host}/users/auth/openid_connect/callback",)),
        (
            gettext_noop(
                "In gitlab.rb add the provider openid_connect to omniauth_providers, with "
                "discovery and with the scopes from this page."
            ),
            COPY_CLIENT,
            COPY_ISSUER,
            NEEDS_PKCE,
            gettext_noop("Let GitLab know people by the claim sub (uid_field)."),
            BIND,
        ),
        blanks=(Blank("host", gettext_noop("Host of your GitLab"), "gitlab.example.com"),),
        source="https://docs.gitlab.com/administration/auth/oidc/",
    ),
)
