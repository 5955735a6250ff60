"""A section of the settings: what one room may be told from outside, as fields with bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

import annotated_types
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

LONGEST: Final = 2000
"""Characters of one setting."""


class ConfigurationError(Exception):
    """A setting cannot be used; the message names it and says what would do.

    `names` are the environment names concerned; empty where it is the file that cannot be read.
    """

    def __init__(self, message: str, *names: str) -> None:
        super().__init__(message)
        self.names = names


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must look like, as the end of the sentence "The setting must be …"."""

    text: str


@dataclass(frozen=True, slots=True)
class Without:
    """What counts where the setting is not made and its default is no fixed value."""

    text: str


def checked(form: str, check: Callable[[str], str]) -> tuple[AfterValidator, Form]:
    """The annotations of a text that `check` puts in order, or refuses with a ValueError."""
    return AfterValidator(check), Form(form)


Secret = Annotated[SecretStr, Field(max_length=LONGEST)]


class Section(BaseSettings):
    """The settings of one room. A field's environment name is `env_prefix` and its own in capitals.

    The class's docstring is its heading in `docs/settings.md`, a field's description what is said
    there of its meaning; `project.schema` lists every section.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        enable_decoding=False,  # a list is written with commas, not as JSON
        hide_input_in_errors=True,
        str_max_length=LONGEST,
        validate_default=False,  # no address is the default of an address
    )

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """The section as these values, by environment name, say it.

        Raises:
            ConfigurationError: one of them cannot be used; it is named, its value is not shown.
        """
        try:
            sources = (_Found(cls, values),)
            # mypy makes an __init__ of the fields alone
            return cls(_build_sources=(sources, {}))  # type: ignore[call-arg]
        except ValidationError as error:
            # Reversed, so that of several complaints about one setting the first one stays.
            problems = {str(p["loc"][0]): p for p in reversed(error.errors(include_url=False))}
            raise ConfigurationError(
                "; ".join(cls._complaint(name, problems[name]) for name in problems),
                *(cls.environment_name(name) for name in problems),
            ) from None

    @classmethod
    def environment_name(cls, field: str) -> str:
        """The name of the variable that a field is read from."""
        return f"{cls.model_config['env_prefix']}{field}".upper()

    @classmethod
    def _complaint(cls, field: str, problem: Any) -> str:
        own = str(problem.get("ctx", {}).get("error", ""))
        return f"{cls.environment_name(field)} {own or f'must be {form(cls.model_fields[field])}'}"


class _Found(EnvSettingsSource):
    """Reads the environment and `rollcall.toml` as they were merged, and not the process's own."""

    def __init__(self, section: type[Section], values: Mapping[str, str]) -> None:
        self._values = values
        super().__init__(section)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._values.items() if value.strip()}


def form(field: FieldInfo) -> str:
    """What a field's value must be: its own `Form`, else its type with its bounds."""
    named = next((item.text for item in field.metadata if isinstance(item, Form)), "")
    if named:
        return named
    noun = {int: "a whole number", float: "a number"}.get(_plain(field.annotation), "")
    bounds = " ".join(_bounds(field))
    return f"{noun} {bounds}".strip() if noun else f"a text of at most {LONGEST:,} characters"


def _plain(annotation: Any) -> Any:
    """The type without the `None` that stands for "not set"."""
    return next((part for part in getattr(annotation, "__args__", ()) if part), annotation)


def _bounds(field: FieldInfo) -> Iterator[str]:
    for item in field.metadata:
        match item:
            case annotated_types.Ge(ge=least):
                yield f"from {least:,}"
            case annotated_types.Gt(gt=least):
                yield f"above {least:,}"
            case annotated_types.Le(le=most):
                yield f"to {most:,}"


def web_address(text: str) -> str:
    """An http or https address as it was written, without its trailing slash.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(text)
    _ = parts.port  # a port that is no number shows only when it is asked for
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError
    return text.rstrip("/")
