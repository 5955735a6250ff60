"""What a role may do, as a rank; `web/shell/pages.py` asks it for pages."""

from __future__ import annotations

from rollcall.accounts.models import Role

RANK = {Role.READ_ONLY: 1, Role.MANAGER: 2, Role.ADMINISTRATOR: 3}
