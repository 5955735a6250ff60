"""Django's settings, made from the configuration."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.contrib.messages import constants

from rollcall.access.oidc import library
from rollcall.access.policies.settings import PolicySettings
from rollcall.audit.settings import EventSettings
from rollcall.core import configuration, secrets
from rollcall.core.outgoing import addresses
from rollcall.core.sections import ConfigurationError
from rollcall.database.keepalives import KEEPALIVES
from rollcall.jobs.settings import WaitingSettings
from rollcall.mail import smtp
from rollcall.mail.settings import MailSettings
from rollcall.project import logs
from rollcall.sources import registry as sources
from rollcall.targets import registry as targets

CONFIGURATION = configuration.load()
INSTALLATION = CONFIGURATION.installation
DATA_DIR = CONFIGURATION.data_dir
# A room's settings begin with its name.
ADDRESSES_OF_VENDORS = [f"{room.upper()}_URL" for room in (*sources.ROOMS, *targets.ROOMS)]
# An operator who sets an address means it to be reached.
addresses.allow(configuration.reachable(CONFIGURATION, *ADDRESSES_OF_VENDORS, "ROLLCALL_EVENTS_TO"))
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = secrets.secret_key(INSTALLATION.secret_key.get_secret_value(), DATA_DIR)
DEBUG = False
LOGGING = logs.SETTINGS
BASE_URL = INSTALLATION.base_url
ALLOWED_HOSTS = configuration.allowed_hosts(INSTALLATION)
ROOT_URLCONF = "rollcall.project.urls"
ASGI_APPLICATION = "rollcall.project.asgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "rollcall.web.shell",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "oauth2_provider",
    "rollcall.audit",
    "rollcall.jobs",
    "rollcall.mail",
    "rollcall.directory",
    "rollcall.accounts",
    "rollcall.access.policies",
    "rollcall.imports",
    "rollcall.access.oidc",
    "rollcall.access.saml",
    "rollcall.api",
]
# All its models are ours, in our own migrations.
MIGRATION_MODULES = {"oauth2_provider": None}

MIDDLEWARE = [
    "rollcall.project.proxies.TrustedProxiesMiddleware",
    "rollcall.project.machines.MachinesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before the static files, so that the policy is on their answers too.
    "rollcall.web.shell.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rollcall.web.shell.middleware.caching.KeepNothingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rollcall.web.shell.languages.ProfileLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rollcall.web.shell.middleware.moving.MovedSessionMiddleware",
    "axes.middleware.AxesMiddleware",
]

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    # First, since it must be able to refuse before a password is looked at.
    "axes.backends.AxesStandaloneBackend",
    "rollcall.accounts.backend.AccountBackend",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Each feature of the portal keeps its own templates; they stand before allauth's.
        "DIRS": sorted((PACKAGE / "web").rglob("templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "rollcall.web.shell.navigation.context",
            ]
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=0))
    except ValueError:
        database = {"ENGINE": ""}
    if not database["ENGINE"].endswith(("sqlite3", ".postgresql")):
        raise ConfigurationError(
            "ROLLCALL_DATABASE_URL must look like sqlite:///folder/rollcall.db"
            " or postgresql://user:password@host:5432/database"
        )
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = {
            "timeout": WAITING.database_timeout,
            "transaction_mode": "IMMEDIATE",
            # A write touches the same pages of many indexes over and over: they are kept
            # in memory (16 MB), and written back every 64 MB and not every 4.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=16000;"
                # What is deleted is written over with zeros: nothing of an erased person is left.
                "PRAGMA secure_delete=ON;"
            ),
        }
    else:
        database["ENGINE"] = "rollcall.database.postgresql"
        database["OPTIONS"] = {**KEEPALIVES, **database.get("OPTIONS", {})}
    return database


WAITING = WaitingSettings.of(CONFIGURATION.values)
TAKE_OVER_AFTER = WAITING.take_over_after
DATABASE_TIMEOUT = WAITING.database_timeout
LONGEST_WAIT = WAITING.longest_wait
SOURCE_PATIENCE = WAITING.source_patience
SCHEDULED_SOURCE_PATIENCE = WAITING.scheduled_source_patience
DATABASES = {"default": _database(CONFIGURATION.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["rollcall.web.shell.formats"]
USE_TZ = True
TIME_ZONE = INSTALLATION.time_zone
KEEP_RUNS = timedelta(days=INSTALLATION.keep_runs_days)
EVENTS = EventSettings.of(CONFIGURATION.values)
KEEP_SIGN_INS = timedelta(days=EVENTS.keep_sign_ins_days)
EVENTS_TO = EVENTS.events_to
EVENTS_TOKEN = EVENTS.events_token

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "rollcall.web.shell.static_files.PackageStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 7 * 24 * 3600  # an address changes with its file's content

_POLICIES = PolicySettings.of(CONFIGURATION.values)
POLICY_CONFIRM_PERCENT = _POLICIES.policy_confirm_percent
COUNTRY_FILE = str(DATA_DIR / _POLICIES.country_file) if _POLICIES.country_file else ""

# The portal

FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "rollcall.project.bodies.VeiledUploadHandler",
]
HTTPS = urlsplit(BASE_URL).scheme == "https"
FORM_RENDERER = "rollcall.web.shell.forms.Renderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {constants.DEBUG: "info", constants.ERROR: "danger"}  # Tabler's names
CSRF_FAILURE_VIEW = "rollcall.web.shell.errors.csrf_failure"

# With the prefix a browser takes the cookie only over https, from this host, for all paths: no
# neighbour under the same domain can plant one (RFC 6265bis, 4.1.3.2).
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}rollcall_session"
SESSION_ENGINE = "rollcall.accounts.session_store"
# A working day: nobody has to sign in twice, and no session waits for a stranger over night.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}rollcall_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
SECURE_HSTS_SECONDS = 365 * 24 * 3600  # sent over https only
SECURE_REFERRER_POLICY = "same-origin"
# Only behind a proxy that sets it: from a browser it would be anybody's word.
# `TrustedProxiesMiddleware` lets these headers through from the named proxies alone.
TRUSTED_PROXIES = configuration.networks(INSTALLATION.trusted_proxies)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
X_FRAME_OPTIONS = "DENY"

PASSWORD_HASHERS = [
    # The first makes new hashes; those of the others are replaced when their owners sign in.
    "rollcall.accounts.password_hashing.Argon2idHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "rollcall.accounts.password_check.PolicyValidator"}]
PASSWORD_RESET_TIMEOUT = 3600
# allauth's own writes an unverified address for whoever is asked for, signed in or not, and then
# refuses that account's second factors. Ours binds a link to e-mail and password.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (  # no password
    "rollcall.accounts.reset_tokens.ResetTokens"  # noqa: S105
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "rollcall.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "change_password": "rollcall.accounts.forms.ChangePasswordForm",
    "login": "rollcall.accounts.forms.SignInForm",
    "reset_password": "rollcall.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "rollcall.accounts.forms.NewPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# No letter to strangers: whoever types addresses would send mail in our name.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# What allauth counts there has to count for every process, and after a restart.
CACHES = {
    "default": {"BACKEND": "rollcall.accounts.attempt_cache.AttemptCache"},
    # What a page may find again quickly, and what it costs nothing to forget.
    "this process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # two requests a sign-in, and an office may have one address
    "login_failed": "60/m/ip,20/5m/key",  # axes locks out before that
}
MFA_ADAPTER = "rollcall.accounts.second_factors.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: addresses are given by administrators
MFA_TOTP_ISSUER = "Rollcall"
MFA_PASSKEY_LOGIN_ENABLED = True  # whether they do is a setting of the organization
MFA_FORMS = {"login_webauthn": "rollcall.accounts.passkeys.PasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "rollcall.accounts.lock_out.attempted_email"
AXES_CLIENT_IP_CALLABLE = "rollcall.accounts.actors.address_of"
AXES_CLIENT_STR_CALLABLE = "rollcall.accounts.lock_out.nobody_by_name"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

OAUTH2_PROVIDER = library.PROVIDER
globals().update(library.MODELS)

MAIL = MailSettings.of(CONFIGURATION.values)
DEFAULT_FROM_EMAIL = MAIL.mail_from
globals().update(smtp.settings_for(MAIL.smtp_url.get_secret_value(), DATA_DIR))
