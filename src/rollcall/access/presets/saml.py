"""The presets of applications that sign people on by SAML 2.0."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from rollcall.access.presets.oidc import BIND
from rollcall.access.presets.preset import Blank, Kind, Preset, SamlPreset

GIVE_METADATA: Final = gettext_noop(
    "Give the application Rollcall's metadata from this page: the file, or its address."
)
GIVE_FIELDS: Final = gettext_noop(
    "Copy the IdP entity ID, the sign-on address and the certificate from this page into the "
    "fields there."
)
OWN_DOOR: Final = gettext_noop(
    "Keep one administrator there who can sign in without single sign-on until the test has "
    "succeeded."
)
_CLAIMS: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"

SAML: Final = (
    Preset(
        "custom-saml",
        SamlPreset(),
        (
            gettext_noop(
                "Upload the application's metadata here, or enter its entity ID and its ACS "
                "address letter by letter."
            ),
            GIVE_METADATA,
            OWN_DOOR,
            BIND,
        ),
    ),
    Preset(
        "google-workspace",
        SamlPreset(),
        (
            gettext_noop(
                "In Google's Admin console open Security, Authentication, SSO with third-party "
                "IdP, and add a SAML profile."
            ),
            GIVE_FIELDS,
            gettext_noop("Copy the entity ID and the ACS URL under SP details into the fields."),
            gettext_noop(
                "Assign the profile to organizational units or groups there. Super administrators "
                "always sign in at Google itself."
            ),
            BIND,
        ),
        source="https://support.google.com/a/answer/12032922",
    ),
    Preset(
        "microsoft-365",
        SamlPreset(
            "urn:federation:MicrosoftOnline",
            ("https://login.microsoftonline.com/login.srf",),
            name_id="id",
            name_id_format="persistent",
            attributes=(("IDPEmail", "email"),),
            login_url="https://www.office.com",
        ),
        (
            gettext_noop(
                "A verified domain of the tenant is federated, and not its default domain "
                "(onmicrosoft.com). Everybody of the domain signs in here from then on."
            ),
            gettext_noop(
                "Each user there needs an ImmutableId (OnPremisesImmutableId) that is the user's "
                "id in Rollcall, and the e-mail as user principal name."
            ),
            gettext_noop(
                "Federate the domain with the PowerShell command "
                "New-MgDomainFederationConfiguration, with the IdP entity ID as IssuerUri, the "
                "sign-on address as PassiveSignInUri and the certificate from this page."
            ),
            OWN_DOOR,
            BIND,
        ),
        source=(
            "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/"
            "how-to-connect-fed-saml-idp"
        ),
    ),
    Preset(
        "aws-iam-identity-center",
        SamlPreset(),
        (
            gettext_noop(
                "In IAM Identity Center open Settings, Identity source, Change identity source, "
                "and choose External identity provider."
            ),
            gettext_noop("Copy the issuer URL and the ACS URL from there into the fields."),
            GIVE_METADATA,
            gettext_noop("The users must be there beforehand, with the e-mail as user name."),
            BIND,
        ),
        source="https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html",
    ),
    Preset(
        "github",
        SamlPreset(
            "https://github.com/orgs/{organization}",
            ("https://github.com/orgs/{organization}/saml/consume",),
            name_id="id",
            name_id_format="persistent",
            attributes=(("emails", "email"), ("full_name", "displayname")),
            login_url="https://github.com/orgs/{organization}/sso",
        ),
        (
            gettext_noop(
                "In GitHub open the organization's Settings, Authentication security, and tick "
                "Enable SAML authentication; it takes GitHub Enterprise Cloud."
            ),
            GIVE_FIELDS,
            gettext_noop(
                "Press Test SAML configuration there, save, and keep the recovery codes; then "
                "require SAML of all members."
            ),
            BIND,
        ),
        blanks=(
            Blank(
                "organization",
                gettext_noop("Name of your organization at GitHub"),
                "mycompany",
                Kind.WORD,
            ),
        ),
        source="https://docs.github.com/en/enterprise-cloud@latest/organizations/managing-saml-single-sign-on-for-your-organization",
    ),
    Preset(
        "gitlab",
        SamlPreset(
            "https://gitlab.com/groups/{group}",
            ("https://gitlab.com/groups/{group}/-/saml/callback",),
            name_id="id",
            name_id_format="persistent",
            attributes=(
                ("email", "email"),
                ("first_name", "firstname"),
                ("last_name", "lastname"),
            ),
            groups="Groups",
            login_url="https://gitlab.com/groups/{group}/-/saml/sso",
        ),
        (
            gettext_noop(
                "In GitLab.com open the top-level group's Settings, SAML SSO; it takes Premium or "
                "Ultimate."
            ),
            gettext_noop(
                "Enter there the sign-on address as Identity provider single sign-on URL, and the "
                "certificate's fingerprint (SHA-256) from this page."
            ),
            gettext_noop("Press Verify SAML Configuration there before you enforce it."),
            BIND,
        ),
        blanks=(
            Blank("group", gettext_noop("Path of your group at GitLab"), "mycompany", Kind.WORD),
        ),
        source="https://docs.gitlab.com/user/group/saml_sso/",
    ),
    Preset(
        "slack",
        SamlPreset(
            "https://slack.com",
            ("https://{host}/sso/saml",),
            name_id="id",
            name_id_format="persistent",
            attributes=(
                ("User.Email", "email"),
                ("User.Username", "username"),
                ("first_name", "firstname"),
                ("last_name", "lastname"),
            ),
        ),
        (
            gettext_noop(
                "In Slack open Settings & administration, Workspace settings, Authentication, and "
                "configure SAML; it takes the Business plan."
            ),
            GIVE_FIELDS,
            gettext_noop("Let the response be signed; Slack takes the answer by POST alone."),
            gettext_noop("Press Test Configuration there before you require it of members."),
            BIND,
        ),
        blanks=(Blank("host", gettext_noop("Your workspace's host"), "mycompany.slack.com"),),
        source="https://slack.com/help/articles/205168057-Custom-SAML-single-sign-on",
    ),
    Preset(
        "atlassian",
        SamlPreset(
            attributes=(
                (f"{_CLAIMS}/givenname", "firstname"),
                (f"{_CLAIMS}/surname", "lastname"),
                (f"{_CLAIMS}/name", "id"),
            ),
        ),
        (
            gettext_noop(
                "In admin.atlassian.com open Security, Identity providers, add one and set up "
                "SAML; it takes Atlassian Guard and a verified domain."
            ),
            GIVE_FIELDS,
            gettext_noop(
                "Copy the service provider entity URL and the assertion consumer service URL from "
                "there into the fields."
            ),
            gettext_noop("Enforce single sign-on in an authentication policy there."),
            BIND,
        ),
        source="https://support.atlassian.com/security-and-access-policies/docs/configure-saml-single-sign-on-with-an-identity-provider/",
    ),
    Preset(
        "salesforce",
        SamlPreset(
            "https://{host}",
            ("https://{host}",),
            name_id_format="unspecified",
        ),
        (
            gettext_noop(
                "In Salesforce open Setup, Single Sign-On Settings, switch SAML on, and make a new "
                "setting from Rollcall's metadata file."
            ),
            gettext_noop(
                "Set the SAML identity type to Federation ID, in the NameID; each user's "
                "Federation ID there is the e-mail."
            ),
            gettext_noop("Add the setting to My Domain, Authentication configuration."),
            BIND,
        ),
        blanks=(Blank("host", gettext_noop("Your My Domain"), "mycompany.my.salesforce.com"),),
        source="https://help.salesforce.com/s/articleView?id=sf.sso_saml.htm",
    ),
    Preset(
        "zoom",
        SamlPreset(
            "{host}",
            ("https://{host}/saml/SSO",),
            attributes=(
                ("email", "email"),
                ("firstName", "firstname"),
                ("lastName", "lastname"),
                ("department", "department"),
            ),
        ),
        (
            gettext_noop(
                "In Zoom's web portal open Advanced, Single Sign-On; it takes an approved vanity "
                "URL."
            ),
            GIVE_FIELDS,
            gettext_noop(
                "Choose the binding HTTP-POST and SHA-256; under SAML Response Mapping enter the "
                "names of the attribute mapping on this page."
            ),
            BIND,
        ),
        blanks=(Blank("host", gettext_noop("Your vanity URL"), "mycompany.zoom.us"),),
        source="https://library.zoom.com/admin-corner/account-and-endpoint-management/sso-field-guide",
    ),
)
