"""The vendors whose single sign-on is known beforehand: their addresses, names and guides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rollcall.access.presets.oidc import OIDC
from rollcall.access.presets.preset import Preset
from rollcall.access.presets.saml import SAML

PRESETS: Final[Mapping[str, Preset]] = {preset.name: preset for preset in (*OIDC, *SAML)}
"""Every preset by the name of its template in the catalogue."""
