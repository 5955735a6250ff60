"""Every setting there is: the sections of all rooms, and the table of them in the documents.

`python -m rollcall.project.schema` writes `docs/settings.md` anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from rollcall.access.policies.settings import PolicySettings
from rollcall.audit.settings import EventSettings
from rollcall.core.configuration import Installation
from rollcall.core.sections import Section, Without, form
from rollcall.jobs.settings import WaitingSettings
from rollcall.mail.settings import MailSettings
from rollcall.sources import registry as sources
from rollcall.targets.jumpcloud.settings import JumpCloudSettings

SECTIONS: Final[tuple[type[Section], ...]] = (
    Installation,
    WaitingSettings,
    MailSettings,
    PolicySettings,
    EventSettings,
    *(import_module(f"rollcall.sources.{room}.settings").SECTION for room in sources.ROOMS),
    JumpCloudSettings,
)
"""In the order of the document."""

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "settings.md"

HEAD: Final = """\
# Settings

<!-- Written by `python -m rollcall.project.schema` from the sections of the rooms. -->

Read from the environment, else from `rollcall.toml`: the file that `ROLLCALL_CONFIG` names, else
the one in the data folder, else `~/.config/rollcall/rollcall.toml` (in `$XDG_CONFIG_HOME` where
that is set). One file is read, and never one in the folder where the command happens to be started.
It is refused where another user of the machine can write it or its folder.

In the file a name is written in lower case, and one of Rollcall's own may leave the prefix out:
`data_dir = "data"` is `ROLLCALL_DATA_DIR`, and begins beside the file. An empty value is no value.
A secret is never an argument of a command, and is shown nowhere.

A setting that cannot be used ends the command with status 2 and one line that names the setting and
what would do.
"""


def names() -> Iterator[str]:
    """Every setting's environment name."""
    for section in SECTIONS:
        yield from (section.environment_name(field) for field in section.model_fields)


def page() -> str:
    """The document of all settings, as Markdown."""
    return "\n".join([HEAD, *(_table(section) for section in SECTIONS)])


def _table(section: type[Section]) -> str:
    rows = [
        f"| `{section.environment_name(name)}` | {_form(field)} | {_default(field)} "
        f"| {field.description} |"
        for name, field in section.model_fields.items()
    ]
    heading = (section.__doc__ or "").strip().rstrip(".")
    return "\n".join(
        [
            f"## {heading}",
            "",
            "| name | value | default | meaning |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _form(field: FieldInfo) -> str:
    secret = isinstance(field.default, SecretStr)
    return f"secret: {form(field)}" if secret else form(field)


def _default(field: FieldInfo) -> str:
    computed = next((item.text for item in field.metadata if isinstance(item, Without)), "")
    if computed:
        return computed
    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    return "" if default in ("", None) else f"`{default}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
