"""What may be set of e-mails: the server that carries them, and who they come from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from rollcall.core.sections import Form, Secret, Section, checked
from rollcall.mail.senders import valid_sender


class MailSettings(Section):
    """E-mails."""

    model_config = SettingsConfigDict(env_prefix="ROLLCALL_")

    smtp_url: Annotated[
        Secret, Form("`smtp://user:password@host:port` (or `smtp+starttls://`, `smtps://`)")
    ] = Field(
        SecretStr(""),
        description="The mail server. Without it, e-mails are files in the folder `mail` of the "
        "data folder.",
    )
    mail_from: Annotated[
        str, *checked("an address like it@example.com or IT <it@example.com>", valid_sender)
    ] = Field(
        "Rollcall <rollcall@localhost>",
        description="The sender of e-mails; another may be set in the portal.",
    )
