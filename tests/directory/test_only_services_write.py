"""Users, groups, applications and what ties them are written by the directory's services alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path

import pytest

import rollcall

SOURCE = Path(rollcall.__file__).parent
WRITERS = {*(SOURCE / "directory" / "services").glob("*.py"), SOURCE / "directory" / "feed.py"}
NAMES = (
    "User",
    "UserGroup",
    "Membership",
    "Application",
    "Association",
    "Organization",
    "ExternalIdentity",
    "DirectoryChange",
)
MODELS = {**{name: name for name in NAMES}, "UserQuerySet": "User"}
OF_A_QUERY = frozenset(
    [
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "update",
        "bulk_update",
        "delete",
        "_raw_delete",
    ]
)
OF_A_RELATION = frozenset({"add", "set", "clear", "remove", "create"})
OF_AN_OBJECT = frozenset({"save", "delete"})
RELATIONS = frozenset({"members", "groups", "applications", "identities", "reports"})
INSERTS = frozenset({"insert", "insert_selected"})
SQL = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\s+\"?directory_", re.IGNORECASE)

NOT_YET_MOVED: dict[str, frozenset[str]] = {}
"""The verbs that a module outside the services still has; it may only get shorter."""


def test_nobody_else_writes_the_directory() -> None:
    found = {
        str(path.relative_to(SOURCE)): verbs
        for path in sorted(SOURCE.rglob("*.py"))
        if path not in WRITERS and "migrations" not in path.parts
        if (verbs := frozenset(writing_verbs(path.read_text(encoding="utf-8"))))
    }
    listed = NOT_YET_MOVED
    new = {path: sorted(verbs - listed.get(path, frozenset())) for path, verbs in found.items()}
    assert {path: verbs for path, verbs in new.items() if verbs} == {}, "write through services"
    moved = {path: sorted(verbs - found.get(path, frozenset())) for path, verbs in listed.items()}
    assert {path: verbs for path, verbs in moved.items() if verbs} == {}, "take these off the list"


WAYS = """
from rollcall.database.bulk_insert import insert
from rollcall.directory import models
from rollcall.directory.models import Membership, User, UserGroup, UserQuerySet
def write(group: UserGroup, users: UserQuerySet, numbers: dict) -> None:
    {line}
"""


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("User.objects.filter(pk=1).update(state='x')", "User.update"),
        ("models.UserGroup.objects.create(name='x')", "UserGroup.create"),
        ("Membership._default_manager.bulk_create([])", "Membership.bulk_create"),
        ("users.exclude(pk=1).delete()", "User.delete"),
        ("group.save(update_fields=['name'])", "UserGroup.save"),
        ("user = User(username='x'); user.save()", "User.save"),
        ("user = User.objects.get(pk=1); user.delete()", "User.delete"),
        ("group.members.add('x')", "UserGroup.add"),
        ("insert(User, ('id',), [])", "User.insert"),
        ("cursor.execute('UPDATE directory_user SET state = 1')", "SQL"),
        ("numbers.update(x=1)", None),
        ("User.objects.filter(pk=1).first()", None),
    ],
)
def test_the_check_finds_each_way_of_writing(line: str, verb: str | None) -> None:
    assert list(writing_verbs(WAYS.format(line=line))) == ([verb] if verb else [])


def writing_verbs(text: str) -> Iterator[str]:
    """Each writing verb on a model of the directory, as far as it can be told: `User.update`."""
    tree = ast.parse(text)
    models = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "rollcall.directory.models"
        for alias in node.names
    } & MODELS.keys()
    for scope in ast.walk(tree):
        if isinstance(scope, ast.Module | ast.FunctionDef):
            yield from _verbs_in(scope, models)


@cache
def _makers() -> Mapping[str, str]:
    """The functions of the product that say that they return an object of the directory."""
    return {
        node.name: MODELS[node.returns.id]
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id in MODELS
    }


def _verbs_in(scope: ast.Module | ast.FunctionDef, models: Set[str]) -> Iterator[str]:
    known = {name: MODELS[name] for name in models}
    objects: dict[str, str] = {}
    if isinstance(scope, ast.FunctionDef):
        for argument in (*scope.args.args, *scope.args.kwonlyargs):
            if isinstance(argument.annotation, ast.Name) and argument.annotation.id in known:
                objects[argument.arg] = known[argument.annotation.id]
    for node in _own(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if model := _model_of(value, known, objects):
                    objects[name] = model
            case ast.Constant(value=str(text)) if SQL.search(text):
                yield "SQL"
        if isinstance(node, ast.Call) and (verb := _verb(node, known, objects)):
            yield verb


def _verb(call: ast.Call, known: Mapping[str, str], objects: Mapping[str, str]) -> str | None:
    if isinstance(call.func, ast.Name):
        first = call.args[0] if call.args else None
        if call.func.id in INSERTS and isinstance(first, ast.Name) and first.id in known:
            return f"{known[first.id]}.{call.func.id}"
        return None
    if not isinstance(call.func, ast.Attribute):
        return None
    verb, owner = call.func.attr, call.func.value
    model = _model_of(owner, known, objects)
    related = isinstance(owner, ast.Attribute) and owner.attr in RELATIONS
    verbs = OF_A_RELATION if related else OF_A_QUERY | OF_AN_OBJECT
    return f"{model}.{verb}" if model and verb in verbs else None


def _model_of(node: ast.expr, known: Mapping[str, str], objects: Mapping[str, str]) -> str | None:
    """The model whose objects, manager or rows this expression is about."""
    while True:
        if isinstance(node, ast.Call):
            arguments = [one.id for one in node.args if isinstance(one, ast.Name)]
            shortcut = isinstance(node.func, ast.Name) and node.func.id == "get_object_or_404"
            if shortcut and arguments and arguments[0] in known:
                return known[arguments[0]]
            if isinstance(node.func, ast.Name) and node.func.id in _makers():
                return _makers()[node.func.id]
            node = node.func
        elif isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == "models":
                return MODELS.get(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            break
    name = node.id if isinstance(node, ast.Name) else ""
    return known.get(name) or objects.get(name)


def _own(scope: ast.Module | ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in the scope in the order of the text, without the functions in it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef):
            yield node
            yield from _own(node)  # type: ignore[arg-type]  # any node has children
