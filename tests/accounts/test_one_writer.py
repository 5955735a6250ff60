"""Accounts and keys are written in their room alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import rollcall

SOURCE = Path(rollcall.__file__).parent
MODELS = {"Account", "AccountRole", "ApiKey", "OneTimeLink"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "save"}


def writes(tree: ast.AST) -> Iterator[str]:
    """Every writing verb that is called on a chain which begins with one of the models."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = {name.id for name in ast.walk(node.func.value) if isinstance(name, ast.Name)}
            if node.func.attr in WRITES and names & MODELS:
                yield ast.unparse(node)


def test_no_other_room_writes_them() -> None:
    found = {
        str(file.relative_to(SOURCE)): list(writes(ast.parse(file.read_text(encoding="utf-8"))))
        for file in SOURCE.rglob("*.py")
        if file.relative_to(SOURCE).parts[0] != "accounts"
    }
    assert {file: calls for file, calls in found.items() if calls} == {}


def test_the_search_finds_what_is_written_here() -> None:
    services = (SOURCE / "accounts" / "api_keys.py").read_text(encoding="utf-8")
    assert any("ApiKey.objects" in call for call in writes(ast.parse(services)))
