"""Run by itself on a changed copy of the tree: what every door tells of the field `weeklyHours`."""

from __future__ import annotations

import json
import os
from typing import Any

import django
from django.test.utils import setup_test_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollcall.project.settings")
django.setup()
setup_test_environment()

from django.test import Client  # noqa: E402

from rollcall.accounts import api_keys, services  # noqa: E402
from rollcall.accounts.models import Role  # noqa: E402
from rollcall.audit.actor import Actor, Door, Initiator  # noqa: E402
from rollcall.directory.models import User  # noqa: E402
from rollcall.provisioning.change import Change, FieldChange, Kind  # noqa: E402
from rollcall.provisioning.reason import Reason  # noqa: E402
from rollcall.targets.jumpcloud import payloads, users  # noqa: E402
from rollcall.targets.jumpcloud.identity import Identity  # noqa: E402

TESTER = Actor(Initiator.ADMIN, Door.CLI, "tests")
BACKEND = "rollcall.accounts.backend.AccountBackend"


def portal(user: User) -> dict[str, Any]:
    """What the pages, the form and the file show, and what the form takes."""
    client = Client()
    administrator = services.create(TESTER, "mara@example.com", {Role.ADMINISTRATOR})
    client.force_login(administrator, backend=BACKEND)
    address = f"/users/{user.pk}/"
    german = client.get(address, headers={"accept-language": "de"}).content.decode()
    typed = client.get(f"{address}edit/").context["form"].initial
    refused = client.post(f"{address}edit/", {**typed, "weeklyHours": "9" * 65})
    client.post(f"{address}edit/", {**typed, "weeklyHours": "30"})
    exported: Any = client.get("/users/?export=csv&columns=email&columns=weeklyHours")
    return {
        "form": typed["weeklyHours"],
        "german": german,
        "errors": refused.context["form"].errors["weeklyHours"],
        "page": client.get(address).content.decode(),
        "csv": b"".join(exported.streaming_content).decode("utf-8-sig"),
    }


def api(user: User) -> dict[str, Any]:
    """What the API shows, finds, takes and describes."""
    client = Client(headers={"x-api-key": api_keys.create(TESTER, "tests")[1]})
    found = client.get("/api/systemusers?filter=weeklyHours:$eq:30").json()["results"]
    body = json.dumps({"weeklyHours": "24"})
    changed = client.put(f"/api/systemusers/{user.pk}", body, content_type="application/json")
    described = client.get("/api/openapi.json").json()["components"]["schemas"]
    return {
        "found": [shown["weeklyHours"] for shown in found],
        "changed": changed.json()["weeklyHours"],
        "shown": described["SystemUser"]["properties"]["weeklyHours"]["anyOf"],
        "taken": described["NewUser"]["properties"]["weeklyHours"]["anyOf"],
    }


def jumpcloud() -> dict[str, Any]:
    """What is sent to JumpCloud's cloud, whose users have no such field, and what is read back."""
    fields = FieldChange("username", None, "lena"), FieldChange("weeklyHours", None, "32")
    new = Reason("new")
    change = Change(Kind.CREATE, "1", "Lena Brandt", "lena@example.org", new, fields=fields)
    sent = payloads.creation(change, Identity(), (), None)
    read = users.user_of({"_id": "1", "username": "lena", **sent}, Identity())
    return {"sent": sent, "read": getattr(read, "weeklyHours", None), "asked": users.FIELDS}


if __name__ == "__main__":
    the_user = User.objects.get()
    told = {"portal": portal(the_user), "api": api(the_user), "jumpcloud": jumpcloud()}
    print(json.dumps(told))
