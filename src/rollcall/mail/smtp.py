"""Which mail server carries the e-mails: `ROLLCALL_SMTP_URL` as Django's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from rollcall.core.sections import ConfigurationError
from rollcall.mail.server import TO_FILES

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def settings_for(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's e-mail settings for `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port`.

    Without a URL, e-mails are written as files into the folder `mail` of the data folder.

    Raises:
        ConfigurationError: the URL has another scheme, no host, or a port that is none.
    """
    if not url:
        return {
            "EMAIL_BACKEND": TO_FILES,
            "EMAIL_FILE_PATH": str(data_dir / "mail"),
        }
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port that is no number, half an IPv6 address
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigurationError(
            "ROLLCALL_SMTP_URL must look like smtp://user:password@host:port"
            " (or smtp+starttls://, smtps://)"
        )
    return {
        "EMAIL_BACKEND": "rollcall.mail.bounded_smtp.BoundedBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        # Without one a silent server would hold the sending thread for as long as the system likes.
        "EMAIL_TIMEOUT": 20,
    }
