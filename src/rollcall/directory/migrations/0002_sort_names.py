"""Lists of users are sorted as people sort names: two columns for it, filled for who is there."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

import rollcall.directory.fields
from rollcall.directory.fields import sort_key

AT_ONCE = 1000
FILTERED = ("state", "department", "company", "location")
BY_NAME = ("sort_lastname", "sort_firstname")


def fill(apps: Any, schema_editor: Any) -> None:
    """Fill both columns of everybody, a thousand users at a time in the order of their ids."""
    users = apps.get_model("directory", "User").objects.using(schema_editor.connection.alias)
    rows = users.order_by("pk").values_list("pk", "lastname", "firstname")
    table = schema_editor.quote_name("directory_user")
    statement = f"UPDATE {table} SET sort_lastname = %s, sort_firstname = %s WHERE id = %s"
    last_id = ""
    with schema_editor.connection.cursor() as cursor:
        while some := list(rows.filter(pk__gt=last_id)[:AT_ONCE]):
            names = [(sort_key(last), sort_key(first), key) for key, last, first in some]
            cursor.executemany(statement, names)
            last_id = some[-1][0]


def forget(apps: Any, schema_editor: Any) -> None:
    """Nothing is to be undone: the columns go."""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sort_lastname",
            field=rollcall.directory.fields.SortField(of="lastname"),
        ),
        migrations.AddField(
            model_name="user",
            name="sort_firstname",
            field=rollcall.directory.fields.SortField(of="firstname"),
        ),
        migrations.RunPython(fill, forget),
        *(
            operation
            for name in FILTERED
            for operation in (
                migrations.RemoveIndex(model_name="user", name=f"user_by_{name}"),
                migrations.AddIndex(
                    model_name="user",
                    index=models.Index(fields=[name, *BY_NAME], name=f"user_by_{name}"),
                ),
            )
        ),
        migrations.AddIndex(
            model_name="user", index=models.Index(fields=BY_NAME, name="user_sorted")
        ),
    ]
