"""What attributes are called that people may change about themselves, in both portals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OWN: Final[Mapping[str, Promise]] = {
    "displayname": _("Display name"),
    "middlename": _("Middle name"),
    "location": _("Location"),
    "description": _("Description"),
    "phoneNumbers": _("Phone numbers"),
    "addresses": _("Postal addresses"),
}
