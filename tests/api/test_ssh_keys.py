"""A user's public SSH keys over the API, as JumpCloud's v1 has them."""

from __future__ import annotations

from rollcall.directory.models import User
from tests.accounts.test_ssh_keys import KNOWN
from tests.api.conftest import Caller


def test_keys_are_added_listed_and_removed(api: Caller, mara: User) -> None:
    address = f"/api/systemusers/{mara.pk}/sshkeys"
    added = api.post(address, {"name": "Laptop", "public_key": f"{KNOWN[0]} mara@laptop"})
    assert (added["name"], added["public_key"]) == ("Laptop", KNOWN[0])
    assert api.get(address) == [added]
    assert api("DELETE", f"{address}/{added['_id']}").status == 200
    assert api.get(address) == []
    assert api("DELETE", f"{address}/{added['_id']}").status == 404


def test_what_is_no_key_is_refused_with_the_reason(api: Caller, mara: User) -> None:
    address = f"/api/systemusers/{mara.pk}/sshkeys"
    refused = api("POST", address, {"name": "Laptop", "public_key": "hello"})
    assert refused.status == 400
    assert "no line of an SSH public key" in refused.json["message"]
    assert api("POST", address, {"name": "Laptop"}).status == 400
    api.post(address, {"name": "Laptop", "public_key": KNOWN[0]})
    assert api("POST", address, {"name": "Again", "public_key": KNOWN[0]}).status == 409


def test_the_keys_of_somebody_else_are_not_reached(api: Caller, mara: User) -> None:
    other = User.objects.create(username="ada", email="ada@example.org")
    address = f"/api/systemusers/{mara.pk}/sshkeys"
    added = api.post(address, {"name": "Laptop", "public_key": KNOWN[0]})
    assert api("DELETE", f"/api/systemusers/{other.pk}/sshkeys/{added['_id']}").status == 404
    assert api.get(address) == [added]
