"""How django-oauth-toolkit is set up: our own tables, code with PKCE, nothing it offers beside."""

from __future__ import annotations

from typing import Any, Final

ACCESS_TOKEN_SECONDS: Final = 3600
ID_TOKEN_SECONDS: Final = 3600
CODE_SECONDS: Final = 60

SCOPES: Final = {
    "openid": "Who somebody is",
    "profile": "Their names",
    "email": "Their e-mail",
    "groups": "Their user groups",
    "offline_access": "Access while they are away",
}

PROVIDER: Final[dict[str, Any]] = {
    "OIDC_ENABLED": True,
    "OIDC_SERVER_CLASS": "rollcall.access.oidc.server.Server",
    "OAUTH2_VALIDATOR_CLASS": "rollcall.access.oidc.validator.Validator",
    "OAUTH2_BACKEND_CLASS": "rollcall.access.oidc.engine.Engine",
    "SCOPES": SCOPES,
    "ACCESS_TOKEN_EXPIRE_SECONDS": ACCESS_TOKEN_SECONDS,
    "PKCE_REQUIRED": True,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # What RFC 9700 advises against is refused: by our validator, and so by the library's checks.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}
"""Django's setting OAUTH2_PROVIDER."""

MODELS: Final = {
    "OAUTH2_PROVIDER_APPLICATION_MODEL": "oidc.Client",
    "OAUTH2_PROVIDER_GRANT_MODEL": "oidc.SignOn",
    "OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL": "oidc.AccessToken",
    "OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL": "oidc.RefreshToken",
    # ID tokens are not kept, and devices get no codes; the library asks for a model all the same.
    "OAUTH2_PROVIDER_ID_TOKEN_MODEL": "oidc.SignOn",
    "OAUTH2_PROVIDER_DEVICE_GRANT_MODEL": "oidc.SignOn",
}
"""Which of our models stands for which of the library's."""
