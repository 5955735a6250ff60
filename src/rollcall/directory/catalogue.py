"""The catalogue: the templates that applications are configured from, one row of data each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rollcall.core import searching
from rollcall.directory.models import Application

FILE = "catalogue.json"


@dataclass(frozen=True, slots=True)
class Template:
    """What can be configured as an application (JumpCloud v1, `application-templates`).

    `name` is the key that applications are made from. `kind` is `import` for one whose connector
    brings employees, `bookmark` for one that is only an address, else how it signs people on.
    `ssoUrl` is the address to start from, `example` one to show beside the empty field. `featured`
    ones are listed first. `sso` is `oidc` or `saml` for one that signs people on, `source` the kind
    of source that employees come from.
    """

    name: str
    displayName: str
    kind: str
    description: str
    ssoUrl: str
    example: str
    color: str
    featured: bool = False
    sso: str = ""
    source: str = ""


@cache
def templates() -> tuple[Template, ...]:
    """Every template: the featured ones first, in the order of the file.

    Raises:
        TypeError: a row has a key that a template does not have, or lacks one.
    """
    # Through the package's resources, since an installed wheel need not be a folder.
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    rows = [Template(**row) for row in json.loads(text)]
    return tuple(sorted(rows, key=lambda entry: not entry.featured))


def template(name: str) -> Template:
    """The template of this name.

    Raises:
        KeyError: there is none.
    """
    entry = next((entry for entry in templates() if entry.name == name), None)
    if entry is None:
        raise KeyError(name)
    return entry


def search(text: str, translate: Callable[[str], str] = str) -> tuple[Template, ...]:
    """The templates in whose name or description every word of the text occurs.

    `translate` gives both in the reader's language, in which they are found as well.
    """
    words = searching.words(text)
    return tuple(
        entry for entry in templates() if all(word in _searched(entry, translate) for word in words)
    )


def _searched(entry: Template, translate: Callable[[str], str]) -> str:
    texts = (entry.displayName, entry.description)
    return searching.joined((*texts, *map(translate, texts)))


def draft(name: str) -> Application:
    """An application from this template, not yet saved.

    Raises:
        KeyError: there is no such template.
    """
    entry = template(name)
    # Copied and not referred to: the catalogue may change, an application that stands must not.
    return Application(
        name=entry.name,
        displayLabel=entry.displayName,
        description=entry.description,
        ssoUrl=entry.ssoUrl,
        color=entry.color,
    )
